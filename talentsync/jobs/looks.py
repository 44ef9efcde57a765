"""What a vendor says of jobs: stored, summed up in the columns that lists show, and how soon to look again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from talentsync.core.columns import cut, if_whole
from talentsync.customers.models import Connection, Destination
from talentsync.jobs import records, status
from talentsync.jobs.models import GreenhouseJob, GreenhouseStatus, Job, Posting
from talentsync.jobs.status import Asked, Seen
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation, RemoteState, State

LAST_WEEK = timedelta(days=7)
DAILY, HOURLY = timedelta(days=1), timedelta(hours=1)  # DESIGN 4: daily, hourly in its last week
SOON = timedelta(seconds=60)  # not at once: nobody says that the status knows what a task has just reported
DETAILS = ["listing_detail", "apply_detail", "promotion_detail", "location", "company_name", "company_url"]
STATUSES = ("listing_status", "apply_status", "promotion_status")
SUMMARY = ("posting_status", "posting_until", "greenhouse_status", "sync_trouble")


def absorb(connection: Connection, facts: Mapping[int, Mapping[str, Any]], now: datetime) -> None:
    """Store what the vendor said, by job; a constant number of queries."""
    model, take = _SHAPES[connection.destination]
    known = _by_job(model, facts, {connection.pk})
    rows = [known.get(pk) or model(job_id=pk, connection=connection) for pk in facts]
    for row in rows:
        take(row, facts[row.job_id], now)
    columns = [field.name for field in model._meta.concrete_fields if field.name not in {"id", "job", "connection"}]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["job", "connection"], update_fields=columns
    )


def proves(asked: Sequence[Delivery], facts: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Jobs that end later now than at our last look: a renewal whose answer was lost did arrive (linkedin.md 3.2).

    A look from before the last thing that was done proves nothing: that may have moved the end as well.
    """
    renewed = {row.object_id: row for row in asked if row.operation == Operation.RENEW and row.object_id in facts}
    if not renewed:
        return set()
    known = _by_job(Posting, renewed, {row.connection_id for row in renewed.values()})
    return {
        pk
        for pk, row in renewed.items()
        if pk in known and _seen_since(known[pk], row.settled_at) and _ends_later(known[pk], facts[pk])
    }


def _seen_since(before: Posting, settled_at: datetime | None) -> bool:
    return settled_at is None or (before.checked_at is not None and before.checked_at >= settled_at)


def _ends_later(before: Posting, said: Mapping[str, Any]) -> bool:
    ends = _moment(said.get("expire_at"))
    return ends is not None and before.expire_at is not None and ends - before.expire_at >= DAILY


def next_look(facts: Mapping[str, Any], now: datetime) -> timedelta | None:
    """A live posting is looked at daily and hourly in its last week; soon, when its status was not part of the news."""
    if "listing_status" not in facts:
        return SOON
    expire_at = _moment(facts.get("expire_at"))
    return HOURLY if expire_at is not None and expire_at - now <= LAST_WEEK else DAILY


def never(facts: Mapping[str, Any], now: datetime) -> None:
    """Greenhouse is looked at when somebody asks."""


def summarise(jobs: Sequence[Job], deliveries: Mapping[int, Sequence[Delivery]]) -> Sequence[str]:
    """Set the columns that lists show on these jobs, and name them; a constant number of queries."""
    now = timezone.now()
    current = {delivery.connection_id for found in deliveries.values() for delivery in found}
    ids = [job.pk for job in jobs]
    postings, there = _by_job(Posting, ids, current), _by_job(GreenhouseJob, ids, current)
    for job in jobs:
        at = {delivery.connection.destination: delivery for delivery in deliveries.get(job.pk, ())}
        _summarise_linkedin(job, at.get(Destination.LINKEDIN), postings.get(job.pk), now)
        _summarise_greenhouse(job, at.get(Destination.GREENHOUSE), there.get(job.pk))
        failed = [delivery.failure for delivery in at.values() if delivery.state == State.FAILED]
        job.sync_trouble = failed[0] if failed else ""
    return SUMMARY


def _summarise_linkedin(job: Job, delivery: Delivery | None, posting: Posting | None, now: datetime) -> None:
    seen = Seen(is_private=_is_private(job, delivery, posting), expire_at=posting.expire_at if posting else None)
    job.posting_status, job.posting_until = status.posting_status(
        _asked(delivery), seen, before=job.posting_status, now=now
    )


def _summarise_greenhouse(job: Job, delivery: Delivery | None, there: GreenhouseJob | None) -> None:
    job.greenhouse_status = status.greenhouse_status(_asked(delivery), there.status if there else "")


def _is_private(job: Job, delivery: Delivery | None, posting: Posting | None) -> bool:
    """LinkedIn's own word; until it has given one, what it was asked for."""
    if posting is not None and posting.visibility:
        return posting.visibility == "PRIVATE"
    return delivery is not None and records.is_private(job, delivery.connection)


def _asked(delivery: Delivery | None) -> Asked:
    if delivery is None:
        return Asked()
    return Asked(
        state=State(delivery.state),
        failure=delivery.failure,
        operation=delivery.operation,
        then=tuple(operation for operation, _, _ in delivery.then_operations),
        settled=delivery.settled_operation,
        remote_state=RemoteState(delivery.remote_state),
    )


def _by_job(model: Any, job_ids: Iterable[int], connections: set[int]) -> dict[int, Any]:
    rows = model._default_manager.filter(job__in=job_ids, connection__in=connections)
    return {row.job_id: row for row in rows}


def _take_posting(row: Posting, said: Mapping[str, Any], now: datetime) -> None:
    """What is not said stays as it was; a new URN is a new posting, of which nothing is known yet."""
    urn = if_whole(Posting, "urn", said.get("job_urn") or "")
    if urn and urn != row.urn:
        row.url = row.visibility = row.listing_status = row.apply_status = row.promotion_status = ""
        row.listed_at = row.expire_at = row.checked_at = None
        row.details = {}
    row.urn = urn or row.urn
    row.url = if_whole(Posting, "url", said.get("url") or "") or row.url
    row.details = {**row.details, **{name: said[name] for name in DETAILS if said.get(name)}}
    if "listing_status" not in said:
        return
    for column in STATUSES:
        setattr(row, column, cut(Posting, column, said[column]))
    row.visibility = cut(Posting, "visibility", said["visibility"]) or row.visibility
    row.checked_at = now
    row.listed_at = _moment(said["listed_at"]) or row.listed_at
    row.expire_at = _moment(said["expire_at"]) or row.expire_at
    row.details = {name: said[name] for name in DETAILS if said.get(name)}


def _take_greenhouse(row: GreenhouseJob, said: Mapping[str, Any], now: datetime) -> None:
    row.checked_at = now
    row.candidates = list(said.get("job_ids", ()))
    if "job_id" not in said:
        row.status = GreenhouseStatus.SEVERAL if said.get("found") else GreenhouseStatus.NOT_FOUND
        row.greenhouse_id = row.open_openings = row.total_openings = row.closed_at = None
        row.name = ""
        return
    row.greenhouse_id, row.status = said["job_id"], said["status"]
    row.name = cut(GreenhouseJob, "name", said["name"])
    row.open_openings, row.total_openings = said["open_openings"], said["total_openings"]
    row.closed_at = parse_datetime(said["closed_at"]) if said["closed_at"] else None


def _moment(milliseconds: Any) -> datetime | None:
    """None also for what no calendar holds, or a page could not show in every zone."""
    try:
        said = records.moment(milliseconds) if milliseconds else None
    except (ValueError, OverflowError, OSError):
        return None
    return said if said is not None and MINYEAR < said.year < MAXYEAR else None


_SHAPES: Mapping[str, tuple[Any, Any]] = {
    Destination.LINKEDIN: (Posting, _take_posting),
    Destination.GREENHOUSE: (GreenhouseJob, _take_greenhouse),
}
