"""What a vendor said: one `Outcome` per record, one `Exchange` per HTTP call, and the `Answer` that holds both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class News(StrEnum):
    """What was said about one record."""

    ACCEPTED = "accepted"  # done, by the vendor's own word about this record
    SUBMITTED = "submitted"  # taken for later: a remote task was made
    WORKING = "working"  # the vendor has not finished (remote task or listing in progress)
    TASK_FAILED = "task_failed"
    TASK_PROCESSED = "task_processed"  # terminal, but not "live" (linkedin.md 3.9)
    TASK_UNKNOWN = "task_unknown"  # the vendor no longer knows the remote task
    REJECTED = "rejected"  # refused inside a call that succeeded
    PROGRESS = "progress"  # part of the work is done, more remains (Greenhouse openings)
    LIVE = "live"  # checked: it is there
    GONE = "gone"  # checked: it is not there, or no longer
    UNMAPPABLE = "unmappable"  # nothing was sent: the record cannot be said in the vendor's words
    UNCONFIRMED = "unconfirmed"  # nothing was sent: it would erase what the vendor holds, and nobody agreed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One record's part of an answer."""

    news: News
    status: int | None = None  # the element's own status, where it has one
    code: str = ""  # the vendor's short code, where there is one
    words: str = ""  # the vendor's own words; may quote personal data
    field_name: str = ""  # the field at fault, in the vendor's spelling
    task_urn: str = ""  # SUBMITTED: the remote task
    task_location: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)  # JSON values; what the kind's `absorb` stores
    request: Any = None  # the record's own part of the request (JSON)
    answer: Any = None  # the record's own part of the answer (JSON)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One HTTP call as it may be shown: no query, no headers, no body, and no ID of a person in the path."""

    method: str
    path: str
    status: int | None
    milliseconds: int
    request_id: str = ""
    tunneled: bool = False
    of_token: bool = False  # asked for a token, which no limit on records is about


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Outcomes by entity key. A key that was asked for and is missing here was not answered about."""

    outcomes: Mapping[str, Outcome]
    exchanges: tuple[Exchange, ...] = ()
