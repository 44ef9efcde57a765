"""Registers core, its system checks, and the heartbeats of worker and beat."""

from __future__ import annotations

from celery.signals import beat_init, worker_init, worker_ready
from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "talentsync.core"
    label = "core"
    verbose_name = _("Service")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from talentsync.core import checks, heartbeats, keys, lookups, starting

        lookups.register()
        register(checks.encryption_keys, checks.SETTINGS)
        register(keys.check_probe, Tags.database)
        beat_init.connect(starting.worker_or_beat_starts, weak=False)
        worker_init.connect(starting.worker_or_beat_starts, weak=False)
        beat_init.connect(heartbeats.beat_lives, weak=False)
        worker_ready.connect(heartbeats.worker_lives, weak=False)
