"""The status columns that recruiters read, computed from what vendors said and what is being asked of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from talentsync.jobs.models import GreenhouseStatus, PostingStatus
from talentsync.sync.states import Failure, Operation, RemoteState, State


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the status needs to know of a delivery."""

    state: State = State.IDLE
    failure: str = ""
    operation: str = ""
    then: tuple[str, ...] = ()
    settled: str = ""  # the operation last confirmed
    remote_state: RemoteState = RemoteState.UNKNOWN

    @property
    def wishes(self) -> tuple[str, ...]:
        """What has been asked for and is not done yet, first things first."""
        return (self.operation, *self.then) if self.state in {State.PENDING, State.SUBMITTED} and self.operation else ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the status needs to know of a posting."""

    is_private: bool = False
    expire_at: datetime | None = None


def posting_status(asked: Asked, seen: Seen, *, before: str, now: datetime) -> tuple[PostingStatus, datetime | None]:
    """The status and, for what is live, until when.

    `before` is the status so far: whether a posting expired or was removed is told apart when it is first missed,
    because later every date lies in the past.
    """
    if asked.remote_state == RemoteState.LIVE:
        return _live(asked, seen)
    if asked.wishes:
        return _MEANWHILE[Operation(asked.wishes[-1])], None
    match asked.remote_state:
        case RemoteState.CLOSED:
            return _gone(asked, seen, before=before, now=now), None
        case RemoteState.UNKNOWN if asked.state == State.FAILED and asked.failure != Failure.UNMAPPABLE:
            return PostingStatus.UNKNOWN, None
        case _:
            return PostingStatus.NOT_POSTED, None


def greenhouse_status(asked: Asked, seen: str) -> GreenhouseStatus:
    """`seen` is the status that Greenhouse gave, "" for a job that was never looked at."""
    if Operation.CLOSE in asked.wishes:
        return GreenhouseStatus.CLOSING
    if seen:
        return GreenhouseStatus(seen)
    return GreenhouseStatus.CLOSED if asked.remote_state == RemoteState.CLOSED else GreenhouseStatus.UNKNOWN


_MEANWHILE = {
    Operation.UPSERT: PostingStatus.POSTING,
    Operation.RENEW: PostingStatus.POSTING,
    Operation.CLOSE: PostingStatus.CLOSING,
    Operation.RECORD: PostingStatus.CLOSING,
}


def _live(asked: Asked, seen: Seen) -> tuple[PostingStatus, datetime | None]:
    if Operation.CLOSE in asked.wishes:
        return PostingStatus.CLOSING, seen.expire_at
    return (PostingStatus.PRIVATE_LIVE if seen.is_private else PostingStatus.LIVE), seen.expire_at


def _gone(asked: Asked, seen: Seen, *, before: str, now: datetime) -> PostingStatus:
    if asked.settled in {Operation.CLOSE, Operation.RECORD}:
        return PostingStatus.CLOSED
    if before in {PostingStatus.EXPIRED, PostingStatus.REMOVED}:
        return PostingStatus(before)
    has_ended = seen.expire_at is not None and seen.expire_at <= now
    return PostingStatus.EXPIRED if has_ended else PostingStatus.REMOVED
