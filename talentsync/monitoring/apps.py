from __future__ import annotations

from celery.signals import beat_init, worker_ready
from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "talentsync.monitoring"
    label = "monitoring"
    verbose_name = _("Monitoring")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Worker and beat keep watch; the web processes begin in wsgi.py."""
        from talentsync.core.checks import SETTINGS
        from talentsync.monitoring import checks, watching

        register(checks.check_receivers, SETTINGS)
        register(checks.check_metrics, SETTINGS)
        beat_init.connect(watching.begin, weak=False)
        worker_ready.connect(watching.begin, weak=False)
