"""What the confirmation pages count, for each job that is not passed over; `confirmations` puts it into words."""

from __future__ import annotations

from collections.abc import Mapping

from talentsync.customers.models import Connection, Destination
from talentsync.jobs import records, rules, updates
from talentsync.jobs.models import GreenhouseJob, Job
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation, RemoteState


def post(job: Job, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    """Who will see them, premium slots, and whether these are the customer's first."""
    seen_by = "premium" if _is_premium(job) else "private" if records.is_private(job, connection) else "public"
    return {
        seen_by: 1,
        "with_budget": int(bool(job.budget_amount)),
        "availability_not_chosen": int(not job.is_promoted and not job.availability),
        "first_for_customer": int(not _has_posted(connection)),
        "posted_anew": int(rules.remote_state(delivery) == RemoteState.CLOSED),
    }


def update(job: Job, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    """What changes beside the text: the end, who sees it, and slots."""
    accepted = rules.accepted(delivery)
    return {
        "premium": int(updates.becomes_premium(job, accepted)),
        "budget": int(updates.changes_budget(job, accepted)),
        "public": int(updates.becomes_public(job, connection)),
        "moves_end": int(accepted is not None and records.end_of(job) != accepted.get(records.END)),
    }


def close(job: Job, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    """Which postings go, and how many openings close, as far as is known."""
    if connection.destination == Destination.GREENHOUSE:
        there = _there(job, connection)
        known = there is not None and there.open_openings is not None
        return {"open_openings": there.open_openings or 0} if there and known else {"openings_unknown": 1}
    unknown = rules.remote_state(delivery) in {RemoteState.UNKNOWN, RemoteState.ABSENT}
    return {"unknown_there": int(unknown), "premium": int(_is_premium(job) and not unknown)}


def _is_premium(job: Job) -> bool:
    return bool(job.listing_type == "PREMIUM")


def _there(job: Job, connection: Connection) -> GreenhouseJob | None:
    return next((row for row in job.greenhouse_jobs.all() if row.connection_id == connection.pk), None)


def _has_posted(connection: Connection) -> bool:
    """Whether anything of this customer was ever posted through us; asked once for a connection object."""
    if "has_posted" not in connection.__dict__:
        posted = Delivery.objects.filter(connection=connection, kind="job", settled_operation=Operation.UPSERT)
        connection.__dict__["has_posted"] = posted.exists()
    return bool(connection.__dict__["has_posted"])
