"""The status that recruiters read of a record about a person, computed from its delivery at LinkedIn. Pure."""

from __future__ import annotations

from talentsync.candidates.models import LinkedInStatus
from talentsync.sync.models import Delivery
from talentsync.sync.removals import is_removed
from talentsync.sync.states import UNFINISHED, Failure, Operation, RemoteState, State

UNSEEN = {Failure.UNMAPPABLE, Failure.UNCONFIRMED}
"""Failures of which LinkedIn never heard."""


def linkedin_status(delivery: Delivery | None) -> LinkedInStatus:
    """What is there, or about to be; a failure is shown beside it."""
    if delivery is None:
        return LinkedInStatus.NOT_SENT
    if (delivery.state in UNFINISHED and wished(delivery) == Operation.DELETE) or is_still_shown(delivery):
        return LinkedInStatus.REMOVING
    if delivery.remote_state == RemoteState.LIVE:
        return LinkedInStatus.SENT
    if delivery.state in UNFINISHED:
        return LinkedInStatus.WAITING
    if is_removed(delivery):
        return LinkedInStatus.REMOVED
    if delivery.remote_state == RemoteState.UNKNOWN and delivery.state == State.FAILED:
        return LinkedInStatus.NOT_SENT if delivery.failure in UNSEEN else LinkedInStatus.UNKNOWN
    return LinkedInStatus.NOT_SENT


def is_still_shown(delivery: Delivery) -> bool:
    """LinkedIn has accepted the delete, and is asked until it shows the record no longer."""
    told = (delivery.state, delivery.operation, delivery.remote_state)
    return told == (State.SYNCED, Operation.DELETE, RemoteState.LIVE) and delivery.due_at is not None


def wished(delivery: Delivery | None) -> str:
    """What is asked for last and not done yet."""
    if delivery is None or delivery.state not in UNFINISHED:
        return ""
    return str(delivery.then_operations[-1][0]) if delivery.then_operations else delivery.operation
