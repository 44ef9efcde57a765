"""The questions that are asked of candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Q

from talentsync.core.columns import begins

if TYPE_CHECKING:
    from talentsync.candidates.models import Candidate  # noqa: F401  # the base class names it as text

SEARCHED = ("first_key", "last_key", "external_key")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def beginning_with(self, text: str) -> CandidateQuerySet:
        """Whose first or last name, ID in the ATS or any e-mail address begins like this; served by indexes."""
        emails = apps.get_model("candidates", "CandidateEmail").objects.filter(begins("address", text))
        found = Q(pk__in=emails.values("candidate_id"))
        for key in SEARCHED:
            found |= begins(key, text)
        return self.filter(found)

    def in_trouble(self) -> CandidateQuerySet:
        """A person must do something about them."""
        return self.exclude(sync_trouble="")
