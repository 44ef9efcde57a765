"""Which member of LinkedIn a candidate is, by a person's word: kept here, because every update carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentsync.sync import kinds, summary

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from talentsync.candidates.models import Candidate


def link(candidates: QuerySet[Candidate], urn: str) -> None:
    """Link a person, or nobody (""); in the caller's transaction. No change to be sent: the link itself is told."""
    keys = list(candidates.order_by("pk").values_list("pk", flat=True))
    summary.hold_still(kinds.get("candidate"), keys)  # a call that is being prepared has read it, or is older
    candidates.filter(pk__in=keys).update(manual_matched_member=urn)
