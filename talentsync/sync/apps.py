from __future__ import annotations

from celery.signals import worker_ready
from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    name = "talentsync.sync"
    label = "sync"
    verbose_name = _("Sync")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Discover the kinds that the apps declare (sync names none of them), and hear of changed connections, and of a
        worker that is ready.
        """
        autodiscover_modules("kinds")
        from talentsync.customers import services  # apps are ready only now
        from talentsync.sync import housekeeping, removals, slots, summary

        services.current_changes.append(summary.hold_customer_still)
        services.current_changed.append(removals.keep_out)
        services.current_changed.append(summary.refresh_customer)
        services.found_working.append(housekeeping.go_on)
        worker_ready.connect(slots.worker_is_ready, weak=False)
