"""The questions that are asked of applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from talentsync.candidates.models import Candidate
from talentsync.candidates.querysets import found_under

if TYPE_CHECKING:
    from talentsync.applications.models import Application  # noqa: F401  # the base class names it as text


class ApplicationQuerySet(models.QuerySet["Application"]):
    def beginning_with(self, text: str) -> ApplicationQuerySet:
        """Whose ID in the ATS begins like this, or whose candidate is found by it; served by indexes."""
        found: ApplicationQuerySet = found_under(self, "candidate", Candidate.objects.beginning_with(text), text)
        return found
