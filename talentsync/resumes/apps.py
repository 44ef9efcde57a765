from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResumesConfig(AppConfig):
    name = "talentsync.resumes"
    verbose_name = _("Resumes")

    def ready(self) -> None:
        """Register the checks of the settings, and say which files have rows."""
        from talentsync.resumes import checks as checks  # apps are ready only now
        from talentsync.resumes import orphans
        from talentsync.resumes.models import ResumeFile

        orphans.owners.append(ResumeFile.stored_names)
