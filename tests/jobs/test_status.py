"""What recruiters read of a job, as a table: what the vendor holds, what is asked for, and the status that follows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from talentsync.jobs.models import GreenhouseStatus, PostingStatus
from talentsync.jobs.status import Asked, Seen, greenhouse_status, posting_status
from talentsync.sync.states import RemoteState, State

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOMORROW, YESTERDAY = NOW + timedelta(days=1), NOW - timedelta(days=1)

POSTINGS = {
    "nothing was ever asked": ({}, {}, "not_posted", None),
    "looked for and not there": ({"remote_state": "absent"}, {}, "not_posted", None),
    "a post waits": ({"state": "pending", "operation": "upsert"}, {}, "posting", None),
    "a post is worked on": (
        {"state": "submitted", "operation": "upsert", "remote_state": "absent"}, {}, "posting", None,
    ),
    "a post cannot be sent as it is": (
        {"state": "failed", "failure": "unmappable", "operation": "upsert"}, {}, "not_posted", None,
    ),
    "a post was refused, nothing is there": (
        {"state": "failed", "failure": "rejected", "operation": "upsert", "remote_state": "absent"}, {},
        "not_posted", None,
    ),
    "nobody knows what became of a post": (
        {"state": "failed", "failure": "unknown_outcome", "operation": "upsert"}, {}, "unknown", None,
    ),
    "live until tomorrow": (
        {"state": "synced", "operation": "upsert", "settled": "upsert", "remote_state": "live"},
        {"expire_at": TOMORROW}, "live", TOMORROW,
    ),
    "live, and its end not known yet": (
        {"state": "synced", "settled": "upsert", "remote_state": "live"}, {}, "live", None,
    ),
    "live in Recruiter only": (
        {"state": "synced", "settled": "upsert", "remote_state": "live"},
        {"expire_at": TOMORROW, "is_private": True}, "private_live", TOMORROW,
    ),
    "live while an update waits": (
        {"state": "pending", "operation": "upsert", "remote_state": "live"}, {"expire_at": TOMORROW},
        "live", TOMORROW,
    ),
    "live although an update was refused": (
        {"state": "failed", "failure": "rejected", "operation": "upsert", "remote_state": "live"},
        {"expire_at": TOMORROW}, "live", TOMORROW,
    ),
    "a close waits": (
        {"state": "pending", "operation": "close", "remote_state": "live"}, {"expire_at": TOMORROW},
        "closing", TOMORROW,
    ),
    "a close waits for the post before it": (
        {"state": "submitted", "operation": "upsert", "then": ("close",), "remote_state": "absent"}, {},
        "closing", None,
    ),
    "a close of what nobody knows": ({"state": "pending", "operation": "close"}, {}, "closing", None),
    "a close was refused": (
        {"state": "failed", "failure": "rejected", "operation": "close", "remote_state": "live"},
        {"expire_at": TOMORROW}, "live", TOMORROW,
    ),
    "closed": (
        {"state": "synced", "operation": "close", "settled": "close", "remote_state": "closed"},
        {"expire_at": YESTERDAY}, "closed", None,
    ),
    "closed and being posted anew": (
        {"state": "submitted", "operation": "upsert", "settled": "close", "remote_state": "closed"}, {},
        "posting", None,
    ),
    "gone after its end": (
        {"state": "synced", "settled": "upsert", "remote_state": "closed"}, {"expire_at": YESTERDAY},
        "expired", None,
    ),
    "gone before its end": (
        {"state": "synced", "settled": "upsert", "remote_state": "closed"}, {"expire_at": TOMORROW},
        "removed", None,
    ),
    "gone, its end was never known": (
        {"state": "synced", "settled": "renew", "remote_state": "closed"}, {}, "removed", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", POSTINGS)
def test_posting_status(name: str) -> None:
    asked, seen, expected, until = POSTINGS[name]
    found = posting_status(_asked(asked), Seen(**seen), before="not_posted", now=NOW)
    assert found == (PostingStatus(expected), until)


def test_what_was_removed_does_not_become_expired_when_its_end_passes() -> None:
    gone = _asked({"state": "synced", "settled": "upsert", "remote_state": "closed"})
    assert posting_status(gone, Seen(expire_at=YESTERDAY), before="removed", now=NOW) == ("removed", None)


def test_every_state_and_every_remote_state_has_a_status() -> None:
    for state in State:
        for remote in RemoteState:
            for operation in ("", "upsert", "renew", "close"):
                asked = Asked(state=state, remote_state=remote, operation=operation)
                status, _ = posting_status(asked, Seen(), before="not_posted", now=NOW)
                assert status in PostingStatus


GREENHOUSE = {
    "never looked at": ({}, "", "unknown"),
    "looked at": ({}, "open", "open"),
    "a close waits": ({"state": "pending", "operation": "close"}, "open", "closing"),
    "openings close": ({"state": "pending", "operation": "close", "remote_state": "live"}, "open", "closing"),
    "a close failed": ({"state": "failed", "operation": "close", "failure": "rejected"}, "open", "open"),
    "closed": ({"state": "synced", "operation": "close", "remote_state": "closed"}, "closed", "closed"),
    "closed, no word of it": ({"state": "synced", "operation": "close", "remote_state": "closed"}, "", "closed"),
    "a draft": ({"state": "failed", "operation": "close", "failure": "rejected"}, "draft", "draft"),
    "not found": ({"state": "failed", "operation": "close", "failure": "rejected"}, "not_found", "not_found"),
    "several fit": ({"state": "failed", "operation": "close", "failure": "rejected"}, "several", "several"),
}  # fmt: skip


@pytest.mark.parametrize("name", GREENHOUSE)
def test_greenhouse_status(name: str) -> None:
    asked, seen, expected = GREENHOUSE[name]
    assert greenhouse_status(_asked(asked), seen) == GreenhouseStatus(expected)


def _asked(said: dict[str, Any]) -> Asked:
    states = {
        "state": State(said.get("state", "idle")),
        "remote_state": RemoteState(said.get("remote_state", "unknown")),
    }
    return Asked(**{**said, **states})
