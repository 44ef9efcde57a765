"""Registers core and its system checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "talentsync.core"
    label = "core"
    verbose_name = _("Service")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from talentsync.core.checks import encryption_keys

        register(encryption_keys)
