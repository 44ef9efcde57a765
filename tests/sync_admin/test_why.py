"""*Why not yet?*: one sentence for everything that is unfinished, as a table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from connectors.base.resource import Step
from talentsync.customers.models import Connection, Customer
from talentsync.sync.limits import Share
from talentsync.sync.models import Delivery, Hold, Lane, Run
from talentsync.sync.states import UNFINISHED, State, Why
from talentsync.sync.why import why_not_yet

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
AT = NOW + timedelta(minutes=7)
TOMORROW = NOW + timedelta(days=1)


def delivery(**columns) -> Delivery:
    columns = {"state": State.PENDING, "step": Step.SEND, "operation": "upsert", "due_at": NOW, **columns}
    return Delivery(connection=connection(), kind="job", object_id=1, entity_key="TS-1", **columns)


def connection() -> Connection:
    return Connection(pk=5, customer=Customer(pk=3, name="Acme"), destination="linkedin", environment="simulator")


def lane(**columns) -> Lane:
    return Lane(connection=connection(), kind="job", **columns)


def leased(until: datetime) -> Lane:
    return lane(lease_name="x", lease_ends_at=until)


def waiting(action: str = "close") -> Run:
    return Run(kind="job", action=action, state=Run.State.WAITING, starts_at=AT)


TABLE = {
    "being_sent": (delivery(lease="x"), {"lane": leased(AT)}, "Being sent to LinkedIn right now."),
    "being_asked": (delivery(lease="x", step=Step.POLL), {"lane": leased(AT)}, "LinkedIn is being asked right now."),
    "a_lease_that_ended_sends_nothing": (
        delivery(lease="x"),
        {"lane": leased(NOW - timedelta(seconds=1))},
        "Next in line for LinkedIn.",
    ),
    "everything_stopped": (delivery(), {"holds": [Hold(reason="The audit.")]}, "Stopped: The audit."),
    "customer_stopped": (delivery(), {"holds": [Hold(customer_id=3, reason="Asked.")]}, "Stopped: Asked."),
    "connection_stopped": (delivery(), {"holds": [Hold(connection_id=5, reason="No key.")]}, "Stopped: No key."),
    "another_customer_stopped": (
        delivery(),
        {"holds": [Hold(customer_id=4, reason="Asked.")]},
        "Next in line for LinkedIn.",
    ),
    "another_operation_stopped": (
        delivery(operation="close"),
        {"holds": [Hold(connection_id=5, kind="job", operation="upsert", reason="No.")]},
        "Next in line for LinkedIn.",
    ),
    "no_worker": (
        delivery(),
        {"worker_silent": True},
        "No worker is running. It goes on by itself once one is started.",
    ),
    "a_stop_is_told_before_a_missing_worker": (
        delivery(),
        {"worker_silent": True, "holds": [Hold(reason="The audit.")]},
        "Stopped: The audit.",
    ),
    "too_many_calls": (
        delivery(),
        {"blocked_until": AT},
        "LinkedIn allows no more calls until 10:07 (daily limit or too many calls).",
    ),
    "daily_limit_until_tomorrow": (
        delivery(),
        {"blocked_until": TOMORROW},
        "LinkedIn allows no more calls until 22 November, 10:00 (daily limit or too many calls).",
    ),
    "our_count_of_the_day": (
        delivery(),
        {"spent": [Share.CLICK]},
        "LinkedIn's daily limit for jobs is used up; it goes on at 00:00.",
    ),
    "the_share_of_somebody_else_is_used_up": (
        delivery(operation="close"),
        {"spent": [Share.CLICK]},
        "Next in line for LinkedIn.",
    ),
    "a_day_that_is_used_up_before_its_turn": (
        delivery(due_at=AT),
        {"spent": [Share.CLICK]},
        "It is sent at 10:07.",
    ),
    "the_vendors_word_is_told_before_our_count": (
        delivery(),
        {"blocked_until": AT, "spent": [Share.CLICK]},
        "LinkedIn allows no more calls until 10:07 (daily limit or too many calls).",
    ),
    "a_minute_that_is_used_up": (
        delivery(),
        {"lane": lane(not_before=AT)},
        "Next in line for LinkedIn; it goes on in a moment.",
    ),
    "a_minute_that_is_used_up_before_its_turn": (
        delivery(due_at=AT),
        {"lane": lane(not_before=AT)},
        "It is sent at 10:07.",
    ),
    "a_block_that_is_over": (delivery(), {"blocked_until": NOW}, "Next in line for LinkedIn."),
    "outage": (
        delivery(),
        {"lane": lane(outages=1, not_before=AT)},
        "LinkedIn did not answer. The next try is at 10:07.",
    ),
    "retry": (delivery(attempts=2, due_at=AT), {}, "Try 2 of 8 did not work. The next try is at 10:07."),
    "later": (delivery(due_at=AT), {}, "It is sent at 10:07."),
    "next_in_line": (delivery(), {}, "Next in line for LinkedIn."),
    "waits_for_a_parent": (
        delivery(due_at=None),
        {},
        "It waits until another record that it needs has arrived at LinkedIn.",
    ),
    "linkedin_works": (
        delivery(state=State.SUBMITTED, step=Step.POLL, due_at=AT),
        {},
        "LinkedIn is working on it. The next look is at 10:07.",
    ),
    "linkedin_worked_long_enough": (
        delivery(state=State.SUBMITTED, step=Step.POLL),
        {},
        "LinkedIn is working on it. We are about to look again.",
    ),
    "asked_first": (
        delivery(step=Step.CHECK, why=Why.FIRST),
        {},
        "LinkedIn is asked what it shows before anything is sent.",
    ),
    "asked_later": (
        delivery(step=Step.CHECK, why=Why.UNSURE, due_at=AT),
        {},
        "LinkedIn did not answer in time. It is asked whether our message arrived. Next look: 10:07.",
    ),
    "undo_time": (delivery(state=State.SYNCED, due_at=None), {"run": waiting()}, "Closes at 10:07."),
    "undo_time_of_a_record_nobody_was_told_about": (None, {"run": waiting()}, "Closes at 10:07."),
    "nobody_agreed": (None, {"run": Run(kind="job", action="close")}, "Nobody has confirmed this yet."),
    "done": (delivery(state=State.SYNCED), {}, ""),
    "failed": (delivery(state=State.FAILED), {}, ""),
    "never_asked": (None, {}, ""),
}


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_the_sentence(case):
    row, facts, sentence = TABLE[case]
    assert str(why_not_yet(row, now=NOW, **facts)) == sentence


@pytest.mark.parametrize("state", UNFINISHED)
@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("due_at", [None, NOW, AT])
def test_whatever_is_unfinished_gets_a_sentence(state, step, why, due_at):
    words = str(why_not_yet(delivery(state=state, step=step, why=why, due_at=due_at), now=NOW))

    assert words.endswith(".")
    assert "%" not in words


def test_times_are_the_viewers():
    row = delivery(due_at=AT)
    words = why_not_yet(row, now=NOW)

    with timezone.override("Asia/Tokyo"):
        assert str(words) == "It is sent at 19:07."
    with timezone.override("UTC"), translation.override("en"):
        assert str(words) == "It is sent at 10:07."


def test_the_vendors_midnight_is_told_by_the_viewers_clock():
    words = why_not_yet(delivery(), now=NOW, spent=[Share.CLICK])

    with timezone.override("Europe/Vienna"):
        assert str(words) == "LinkedIn's daily limit for jobs is used up; it goes on at 01:00."
