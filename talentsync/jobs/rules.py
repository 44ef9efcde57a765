"""Which jobs a click passes over, and why. The reasons are codes; their sentences stand in `sentences`.

What is passed over is decided from what we know; where that may be stale and the vendor has the last word, nothing is
passed over (a close of a job that we never posted asks LinkedIn first).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from talentsync.customers.models import Connection, Destination
from talentsync.jobs import records, updates
from talentsync.jobs.models import GreenhouseStatus, Job
from talentsync.sync.kinds import BEING_SENT, INCOMPLETE, KNOWN_THERE, UNCHANGED
from talentsync.sync.models import Delivery
from talentsync.sync.states import UNFINISHED, Operation, RemoteState, State

OVERTAKEN = {"closed_there", "nothing_to_renew"}
"""Refusals that trying again can never cure: posting anew does."""


THERE_ANOTHER_WAY = {"changed_since", "ended_there", "live_there"}
"""LinkedIn has it, though not as the ATS does: a history leaves that to a person."""


def skip_post(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    if not job.is_open:
        return "closed_in_ats"
    if wished(delivery) == Operation.UPSERT:
        return "being_posted"
    if remote_state(delivery) == RemoteState.LIVE and wished(delivery) != Operation.CLOSE:
        return "already_live"
    return incomplete(job, connection)


def skip_update(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    if not job.is_open:
        return "closed_in_ats"
    if wished(delivery) == Operation.CLOSE:
        return "being_closed"
    if not _is_or_becomes_live(delivery):
        return "not_live"
    if is_unchanged(job, delivery):
        return UNCHANGED
    if job.listing_type == "PREMIUM" and updates.upgrades_several(job, accepted(delivery)):
        return "several_places"
    return incomplete(job, connection)


def skip_renew(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    if not job.is_open:
        return "closed_in_ats"
    if wished(delivery) == Operation.CLOSE:
        return "being_closed"
    if not _is_or_becomes_live(delivery):
        return "not_live"
    return incomplete(job, connection)


def skip_history(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    """What LinkedIn knows already stays as it is: an update, a close or a post anew is somebody's own click."""
    if wished(delivery):
        return BEING_SENT
    state = remote_state(delivery)
    if not job.is_open:
        return (
            "live_there"
            if state == RemoteState.LIVE
            else KNOWN_THERE
            if state == RemoteState.CLOSED
            else _unclosed(job, connection)
        )
    if state == RemoteState.LIVE:
        return "changed_since" if _has_changed(job, delivery) else KNOWN_THERE
    return "ended_there" if state == RemoteState.CLOSED else incomplete(job, connection)


def skip_close(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    if wished(delivery) == Operation.CLOSE:
        return "being_closed"
    if connection.destination == Destination.GREENHOUSE:
        return _skip_close_at_greenhouse(job)
    if remote_state(delivery) == RemoteState.CLOSED and not wished(delivery):
        return "already_closed"
    return ""


def skip_try_again(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    if delivery is None or delivery.state != State.FAILED:
        return "nothing_failed"
    if delivery.error_code in OVERTAKEN:
        return "post_instead"
    if delivery.operation == Operation.RECORD:
        return "opened_again" if job.is_open else _unclosed(job, connection)
    if delivery.operation != Operation.CLOSE and not job.is_open:
        return "closed_in_ats"
    needs_all = connection.destination == Destination.LINKEDIN and delivery.operation != Operation.CLOSE
    return incomplete(job, connection) if needs_all else ""


def skip_check_now(job: Job, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]) -> str:
    return "" if connection.destination == Destination.LINKEDIN or _has_reference(job) else "no_reference"


def incomplete(job: Job, connection: Connection) -> str:
    """The code for a job that LinkedIn would not accept as it is."""
    if records.turns_private(job, connection):
        return "turns_private"
    return INCOMPLETE if any(records.problems(job, connection, now=timezone.now())) else ""


def _unclosed(job: Job, connection: Connection) -> str:
    """The code for a closed job that LinkedIn would not accept as it is."""
    return INCOMPLETE if any(records.problems_of_closed(job, connection, now=timezone.now())) else ""


def is_unchanged(job: Job, delivery: Delivery | None) -> bool:
    """What LinkedIn was last sent is what would be sent now."""
    if delivery is None or delivery.sent_at is None or delivery.sent_operation != Operation.UPSERT:
        return False
    return job.changed_at <= delivery.sent_at and delivery.state != State.FAILED


def _has_changed(job: Job, delivery: Delivery | None) -> bool:
    """Since it was last sent from here."""
    return delivery is not None and delivery.sent_at is not None and job.changed_at > delivery.sent_at


def wished(delivery: Delivery | None) -> str:
    """What is asked for last and not done yet."""
    if delivery is None or delivery.state not in UNFINISHED:
        return ""
    return str(delivery.then_operations[-1][0]) if delivery.then_operations else delivery.operation


def accepted(delivery: Delivery | None) -> Mapping[str, Any] | None:
    """What LinkedIn took last (`Action.reads_snapshots`)."""
    snapshot = getattr(delivery, "snapshot", None) if delivery is not None else None
    found: Mapping[str, Any] | None = snapshot.accepted if snapshot is not None else None
    return found


def remote_state(delivery: Delivery | None) -> str:
    return delivery.remote_state if delivery else RemoteState.UNKNOWN


def _is_or_becomes_live(delivery: Delivery | None) -> bool:
    return remote_state(delivery) == RemoteState.LIVE or wished(delivery) in {Operation.UPSERT, Operation.RENEW}


def _skip_close_at_greenhouse(job: Job) -> str:
    if not _has_reference(job):
        return "no_reference"
    return "closed_at_greenhouse" if job.greenhouse_status == GreenhouseStatus.CLOSED else ""


def _has_reference(job: Job) -> bool:
    return bool(job.requisition_id.strip() or job.greenhouse_job_id)
