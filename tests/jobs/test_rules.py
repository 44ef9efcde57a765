"""What a click passes over, as a table: what is known of the job, the action, and the code of the reason."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from talentsync.customers.models import Connection, Customer
from talentsync.jobs import explanations, rules, sentences
from talentsync.jobs.kinds import AT_LINKEDIN
from talentsync.jobs.models import Job
from talentsync.sync import kinds
from talentsync.sync.kinds import BEING_SENT, INCOMPLETE, KNOWN_THERE, UNCHANGED
from talentsync.sync.models import Delivery
from talentsync.sync.states import Failure
from tests.sync.driving import make_job

pytestmark = pytest.mark.django_db

NEW: dict[str, Any] | None = None
LIVE = {"state": "synced", "remote_state": "live", "settled_operation": "upsert"}
CLOSED = {"state": "synced", "remote_state": "closed", "settled_operation": "close"}
GONE = {"state": "synced", "remote_state": "closed", "settled_operation": "upsert"}
ABSENT = {"state": "idle", "remote_state": "absent"}
POSTING = {"state": "submitted", "operation": "upsert", "remote_state": "absent"}
CLOSING = {"state": "pending", "operation": "close", "remote_state": "live"}
POSTING_THEN_CLOSING = {**POSTING, "then_operations": [["close", 2, {}]]}
RENEWING = {"state": "pending", "operation": "renew", "remote_state": "live"}
REFUSED = {"state": "failed", "failure": "rejected", "operation": "upsert", "remote_state": "live"}
OVERTAKEN = {**REFUSED, "error_code": "nothing_to_renew", "remote_state": "closed"}
UNKNOWN = {"state": "failed", "failure": "unknown_outcome", "operation": "upsert", "remote_state": "unknown"}
CLOSE_REFUSED = {"state": "failed", "failure": "rejected", "operation": "close", "remote_state": "live"}

AT_LINKEDIN_TABLE = {
    "new": (NEW, {"update": "not_live", "renew": "not_live", "try_again": "nothing_failed"}),
    "looked for, not there": (ABSENT, {"update": "not_live", "renew": "not_live", "try_again": "nothing_failed"}),
    "live": (LIVE, {"post": "already_live", "try_again": "nothing_failed"}),
    "closed": (
        CLOSED,
        {"update": "not_live", "renew": "not_live", "close": "already_closed", "try_again": "nothing_failed"},
    ),
    "removed there": (
        GONE,
        {"update": "not_live", "renew": "not_live", "close": "already_closed", "try_again": "nothing_failed"},
    ),
    "being posted": (POSTING, {"post": "being_posted", "try_again": "nothing_failed"}),
    "being closed": (
        CLOSING,
        {"update": "being_closed", "renew": "being_closed", "close": "being_closed", "try_again": "nothing_failed"},
    ),
    "being posted, then closed": (
        POSTING_THEN_CLOSING,
        {"update": "being_closed", "renew": "being_closed", "close": "being_closed", "try_again": "nothing_failed"},
    ),
    "being renewed": (RENEWING, {"post": "already_live", "try_again": "nothing_failed"}),
    "an update was refused": (REFUSED, {"post": "already_live"}),
    "nothing left to renew": (
        OVERTAKEN,
        {"update": "not_live", "renew": "not_live", "close": "already_closed", "try_again": "post_instead"},
    ),
    "outcome unknown": (UNKNOWN, {"update": "not_live", "renew": "not_live"}),
    "a close was refused": (CLOSE_REFUSED, {"post": "already_live"}),
}
"""What is not named applies."""

WITH_ALL_HISTORY = {  # an open job, and one that is closed in the ATS
    "new": ("", ""),
    "looked for, not there": ("", ""),
    "live": ("known_there", "live_there"),
    "closed": ("ended_there", "known_there"),
    "removed there": ("ended_there", "known_there"),
    "being posted": ("being_sent", "being_sent"),
    "being closed": ("being_sent", "being_sent"),
    "being posted, then closed": ("being_sent", "being_sent"),
    "being renewed": ("being_sent", "being_sent"),
    "an update was refused": ("known_there", "live_there"),
    "nothing left to renew": ("ended_there", "known_there"),
    "outcome unknown": ("", ""),
    "a close was refused": ("known_there", "live_there"),
}


@pytest.mark.parametrize("name", AT_LINKEDIN_TABLE)
def test_with_all_history(name: str, acme: Customer, at_linkedin: Connection) -> None:
    columns, _ = AT_LINKEDIN_TABLE[name]
    found = [
        skipped("history", make_job(acme, f"TS-{status}", status=status), at_linkedin, columns)
        for status in ("open", "closed")
    ]
    assert tuple(found) == WITH_ALL_HISTORY[name]


@pytest.mark.parametrize("action", [action.name for action in kinds.get("job").actions if action.name != "history"])
@pytest.mark.parametrize("name", AT_LINKEDIN_TABLE)
def test_at_linkedin(name: str, action: str, acme: Customer, at_linkedin: Connection) -> None:
    columns, expected = AT_LINKEDIN_TABLE[name]
    assert skipped(action, make_job(acme), at_linkedin, columns) == expected.get(action, "")


@pytest.mark.parametrize("action", ["post", "update", "renew"])
def test_what_is_closed_in_the_ats_is_closed_and_nothing_else(
    action: str, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme, status="closed")
    assert skipped(action, job, at_linkedin, LIVE) == "closed_in_ats"
    assert skipped("close", job, at_linkedin, LIVE) == ""


@pytest.mark.parametrize(
    ("action", "known"), [("post", NEW), ("update", LIVE), ("renew", LIVE), ("try_again", REFUSED)]
)
def test_an_incomplete_job_is_passed_over(
    action: str, known: dict[str, Any] | None, acme: Customer, at_linkedin: Connection
) -> None:
    assert skipped(action, make_job(acme, description="Too short."), at_linkedin, known) == "incomplete"


@pytest.mark.parametrize("known", [NEW, LIVE, ABSENT, REFUSED, CLOSE_REFUSED])
def test_no_local_rule_blocks_a_close(known: dict[str, Any] | None, acme: Customer, at_linkedin: Connection) -> None:
    bare = make_job(acme, description="", location="", company_apply_url="", poster_email="", status="closed")
    assert skipped("close", bare, at_linkedin, known) == ""
    if known is CLOSE_REFUSED:
        assert skipped("try_again", bare, at_linkedin, known) == ""


def test_an_update_that_would_turn_public_into_private_is_passed_over(acme: Customer, at_linkedin: Connection) -> None:
    job = make_job(acme, availability="private", posting_status="live")
    assert skipped("update", job, at_linkedin, LIVE) == "turns_private"


def test_an_update_without_news_is_passed_over(acme: Customer, at_linkedin: Connection) -> None:
    job = make_job(acme)
    sent = {**LIVE, "sent_operation": "upsert", "sent_at": timezone.now()}
    assert skipped("update", job, at_linkedin, sent) == "nothing_changed"
    job.changed_at = timezone.now()
    assert skipped("update", job, at_linkedin, sent) == ""


GREENHOUSE_TABLE = {
    "no reference": ({}, NEW, {"close": "no_reference", "check_now": "no_reference"}),
    "a requisition id": ({"requisition_id": "R-1"}, NEW, {}),
    "a job id": ({"greenhouse_job_id": 71}, NEW, {}),
    "closed there": ({"requisition_id": "R", "greenhouse_status": "closed"}, CLOSED, {"close": "closed_at_greenhouse"}),
    "a draft when last looked at": ({"requisition_id": "R-1", "greenhouse_status": "draft"}, NEW, {}),
    "being closed": ({"requisition_id": "R-1"}, CLOSING, {"close": "being_closed"}),
    "incomplete for LinkedIn": ({"requisition_id": "R-1", "description": ""}, CLOSE_REFUSED, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", GREENHOUSE_TABLE)
def test_at_greenhouse(name: str, acme: Customer, at_greenhouse: Connection) -> None:
    columns, known, expected = GREENHOUSE_TABLE[name]
    job = make_job(acme, **columns)
    for action in ("close", "check_now"):
        assert skipped(action, job, at_greenhouse, known) == expected.get(action, ""), action
    retry = "" if known is CLOSE_REFUSED else "nothing_failed"
    assert skipped("try_again", job, at_greenhouse, known) == retry


def test_every_reason_has_a_sentence_and_every_sentence_a_reason() -> None:
    source = ast.parse(Path(rules.__file__).read_text())
    returned = [node.value for node in ast.walk(source) if isinstance(node, ast.Return)]
    words = [leaf.value for each in returned if each for leaf in ast.walk(each) if isinstance(leaf, ast.Constant)]
    codes = {word for word in words if isinstance(word, str) and "_" in word}
    codes |= {INCOMPLETE, UNCHANGED, BEING_SENT, KNOWN_THERE}
    assert codes == set(sentences.REASONS)
    assert all(str(sentence).endswith(".") for sentence in sentences.REASONS.values())


def test_every_stop_of_ours_is_explained_at_both_vendors() -> None:
    codes = {*AT_LINKEDIN.refusals.values(), *Failure.values} - {Failure.REJECTED.value, Failure.UNCONFIRMED.value}
    assert codes == set(sentences.STOPS)
    for code, row in sentences.STOPS.items():
        assert explanations.at_linkedin(code=code) is row
        assert explanations.at_greenhouse(code=code) is row
        assert row.meaning.endswith(".")
        assert row.remedy.endswith(".")


def skipped(action: str, job: Job, connection: Connection, known: dict[str, Any] | None) -> str:
    delivery = None if known is None else Delivery(connection=connection, kind="job", object_id=job.pk, **known)
    return kinds.get("job").action(action).skip(job, delivery, connection, {})
