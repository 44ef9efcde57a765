"""Registers the app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "talentsync.demo"
    label = "demo"
    verbose_name = _("Invented world")
    default_auto_field = "django.db.models.BigAutoField"
