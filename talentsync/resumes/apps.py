from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResumesConfig(AppConfig):
    name = "talentsync.resumes"
    verbose_name = _("Resumes")

    def ready(self) -> None:
        """Register the checks of the settings."""
        from talentsync.resumes import checks as checks  # apps are ready only now
