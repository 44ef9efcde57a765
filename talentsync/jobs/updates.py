"""What an update of a live post means beside its text: slots, budgets, who sees it, when it ends (decision 0022).

`accepted` is what LinkedIn took last, None where that is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from connectors.base.errors import Unmappable
from connectors.linkedin.records import on_wire as wired
from connectors.linkedin.rules import Problem
from talentsync.jobs import records
from talentsync.jobs.models import Job, PostingStatus

if TYPE_CHECKING:
    from talentsync.customers.models import Connection

LISTING, PLACES, BUDGET = "listingType", "alternateLocations", "budget"
SEVERAL_PLACES = gettext_lazy("LinkedIn makes only jobs with one location premium: close it, then post it as premium.")


def on_wire(
    job: Job | None, payload: Mapping[str, Any], accepted: Mapping[str, Any] | None, verb: str
) -> Mapping[str, Any]:
    """An end that nobody has changed since it was last sent is not sent again: a renewal has moved it meanwhile, and an
    update with the old one would take the renewal back. The end that LinkedIn named last stands in its place.

    Raises `Unmappable` for an upgrade that LinkedIn does not know.
    """
    if verb == "UPDATE" and job is not None and upgrades_several(job, accepted):
        problem = _several_places()
        raise Unmappable(records.sentence(problem), field=problem.field)
    rest = {name: value for name, value in payload.items() if name != records.END}
    if verb == "RENEW":  # moves the end by itself (linkedin.md 3.2)
        return rest
    if verb != "UPDATE" or job is None or accepted is None or payload.get(records.END) != accepted.get(records.END):
        return payload
    soon = timezone.now() + timedelta(days=1)
    return (
        {**rest, records.END: records.milliseconds(job.posting_until)}
        if job.posting_until and job.posting_until > soon
        else rest
    )


def problems(job: Job, accepted: Mapping[str, Any] | None) -> Iterator[Problem]:
    """What LinkedIn would not accept of a job because of how it is live."""
    if job.is_live and upgrades_several(job, accepted):
        yield _several_places()


def becomes_premium(job: Job, accepted: Mapping[str, Any] | None) -> bool:
    """An update would use a slot of the contract."""
    return job.listing_type == "PREMIUM" and accepted is not None and accepted.get(LISTING) != "PREMIUM"


def upgrades_several(job: Job, accepted: Mapping[str, Any] | None) -> bool:
    """A live basic job becomes premium, which LinkedIn allows in one location only (linkedin.md 3.2)."""
    if not becomes_premium(job, accepted):
        return False
    return bool(job.alternate_locations or (accepted or {}).get(PLACES))


def changes_budget(job: Job, accepted: Mapping[str, Any] | None) -> bool:
    """An update would let LinkedIn spend another sum."""
    return accepted is not None and bool(job.budget_amount) and accepted.get(BUDGET) != wired(records.budget_of(job))


def becomes_public(job: Job, connection: Connection) -> bool:
    """An update would show everybody what only Recruiter shows now."""
    return job.posting_status == PostingStatus.PRIVATE_LIVE and not records.is_private(job, connection)


def needs_a_page(job: Job, connection: Connection, accepted: Mapping[str, Any] | None) -> bool:
    """No slot is used, no budget set and nothing made public without a person who has read that."""
    return becomes_premium(job, accepted) or becomes_public(job, connection) or changes_budget(job, accepted)


def _several_places() -> Problem:
    return Problem(field="listing_type", rule=str(SEVERAL_PLACES))
