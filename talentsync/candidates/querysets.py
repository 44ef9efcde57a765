"""The questions that are asked of candidates, and of what hangs on a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from talentsync.core.columns import begins

if TYPE_CHECKING:
    from talentsync.candidates.models import Candidate  # noqa: F401  # the base class names it as text

SEARCHED = ("first_key", "last_key", "external_key")


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def beginning_with(self, text: str) -> CandidateQuerySet:
        """Whose first or last name, ID in the ATS or any e-mail address begins like this; served by indexes."""
        emails = apps.get_model("candidates", "CandidateEmail").objects.filter(begins("address", text))
        found = [self.model._default_manager.filter(begins(key, text)).values("pk") for key in SEARCHED]
        return self.filter(pk__in=emails.values("candidate_id").union(*found))


class HangingQuerySet(models.QuerySet[Any]):
    """Of records that hang on another one, which `UNDER` names."""

    def beginning_with(self, text: str) -> HangingQuerySet:
        """Whose ID in the ATS begins like this, or what hangs on a record that is found by it; served by indexes."""
        under: Any = self.model._meta.get_field(self.model.UNDER)
        parents = under.related_model._default_manager.beginning_with(text)
        found: HangingQuerySet = found_under(self, under.name, parents, text)
        return found


def found_under(rows: Any, name: str, parents: Any, text: str) -> Any:
    """The rows whose own ID begins like this, or that hang on one of `parents`.

    As a union of keys: of two conditions joined by OR, PostgreSQL serves none from an index where one is a subquery.
    """
    everything = rows.model._default_manager
    own = everything.filter(begins("external_key", text)).values("pk")
    return rows.filter(pk__in=own.union(everything.filter(**{f"{name}__in": parents.values("pk")}).values("pk")))
