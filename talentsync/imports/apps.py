from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "talentsync.imports"
    verbose_name = _("Imports")

    def ready(self) -> None:
        """Hear of records that are erased."""
        from talentsync.imports import forgetting  # apps are ready only now
        from talentsync.sync import erasing

        erasing.erased.append(forgetting.forget)
