"""The questions that are asked of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from talentsync.candidates.models import Candidate
from talentsync.core.columns import begins

if TYPE_CHECKING:
    from talentsync.applications.models import Application  # noqa: F401  # the base class names it as text


class ApplicationQuerySet(models.QuerySet["Application"]):
    def beginning_with(self, text: str) -> ApplicationQuerySet:
        """Whose ID in the ATS begins like this, or whose candidate is found by it; served by indexes."""
        candidates = Candidate.objects.beginning_with(text)
        return self.filter(begins("external_key", text) | Q(candidate__in=candidates.values("pk")))

    def in_trouble(self) -> ApplicationQuerySet:
        """A person must do something about them."""
        return self.exclude(sync_trouble="")
