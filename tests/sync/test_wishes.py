"""How wishes join, follow and move up on one delivery; in memory, no database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.base.explain import Explanation
from connectors.base.resource import Step
from talentsync.sync import wishes
from talentsync.sync.kinds import Route
from talentsync.sync.models import Delivery
from talentsync.sync.states import Failure, Operation, RemoteState, State, Why

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
UPSERT, RENEW, CLOSE = Operation.UPSERT, Operation.RENEW, Operation.CLOSE


def never(*_: object, **__: object) -> Explanation:
    raise AssertionError("joining asks nobody for an explanation")


ROUTE = Route(
    destination="linkedin",
    resource="job_postings",
    record=lambda *_: {},
    operations=frozenset(Operation),
    verbs={
        (UPSERT, RemoteState.ABSENT): "CREATE",
        (UPSERT, RemoteState.CLOSED): "CREATE",
        (UPSERT, RemoteState.LIVE): "UPDATE",
        (RENEW, RemoteState.LIVE): "RENEW",
        (CLOSE, RemoteState.LIVE): "CLOSE",
    },
    refusals={(UPSERT, RemoteState.CLOSED): "closed_there", (RENEW, RemoteState.CLOSED): "nothing_to_renew"},
    explain=never,
    next_look=lambda *_: None,
)


def delivery(remote: RemoteState = RemoteState.LIVE, **given: Any) -> Delivery:
    return Delivery(remote_state=remote, **given)


def asked(
    row: Delivery, operations: Iterable[Operation], *, changed: bool = True, **params: Any
) -> list[wishes.Joined]:
    return [wishes.join(row, ROUTE, op, dict(params), changed_since_sent=changed, now=NOW) for op in operations]


def line(row: Delivery) -> list[str]:
    """What is wished, head first."""
    return [row.operation, *(operation for operation, _, _ in row.then_operations)]


def in_flight(operation: Operation, **given: Any) -> Delivery:
    row = delivery(**given)
    asked(row, [operation])
    row.lease, row.sent_at, row.sent_revision = "a batch", NOW, row.revision
    return row


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([UPSERT], [UPSERT]),
        ([UPSERT, UPSERT], [UPSERT]),
        ([UPSERT, RENEW], [UPSERT, RENEW]),
        ([RENEW, UPSERT], [RENEW, UPSERT]),
        ([UPSERT, RENEW, UPSERT], [UPSERT, RENEW]),
        ([RENEW, UPSERT, RENEW], [RENEW, UPSERT]),
        ([UPSERT, RENEW, CLOSE], [CLOSE]),
        ([CLOSE, CLOSE], [CLOSE]),
        ([CLOSE, UPSERT], [CLOSE, UPSERT]),
        ([CLOSE, UPSERT, CLOSE], [CLOSE]),
        ([CLOSE, UPSERT, RENEW], [CLOSE, UPSERT, RENEW]),
        ([CLOSE, RENEW], [CLOSE]),
    ],
)
def test_wishes_that_nobody_sent_yet(operations: list[Operation], expected: list[Operation]) -> None:
    row = delivery()
    asked(row, operations)
    assert line(row) == expected
    assert row.state == State.PENDING


@pytest.mark.parametrize(
    ("sent", "operations", "expected"),
    [
        (UPSERT, [CLOSE], [UPSERT, CLOSE]),
        (UPSERT, [RENEW, UPSERT], [UPSERT, RENEW, UPSERT]),
        (UPSERT, [RENEW, CLOSE], [UPSERT, CLOSE]),
        (CLOSE, [CLOSE], [CLOSE]),
        (CLOSE, [RENEW], [CLOSE]),
        (CLOSE, [UPSERT], [CLOSE, UPSERT]),
        (CLOSE, [UPSERT, CLOSE], [CLOSE]),
        (RENEW, [RENEW], [RENEW]),
    ],
)
def test_wishes_behind_one_that_travels(
    sent: Operation, operations: list[Operation], expected: list[Operation]
) -> None:
    row = in_flight(sent)
    asked(row, operations)
    assert line(row) == expected


def test_a_double_click_waits_for_the_same_revision() -> None:
    row = delivery()
    first, second = asked(row, [CLOSE, CLOSE])
    assert first.revision == second.revision == 1


def test_a_double_click_on_what_travels_waits_for_that() -> None:
    row = in_flight(CLOSE)
    assert asked(row, [CLOSE])[0].revision == row.revision


def test_an_edit_while_an_update_travels_is_sent_after_it() -> None:
    row = in_flight(UPSERT)
    changed, unchanged = asked(row, [UPSERT], changed=True), asked(in_flight(UPSERT), [UPSERT], changed=False)
    assert (changed[0].revision, unchanged[0].revision) == (2, 1)


def test_a_close_says_which_wishes_it_overtook() -> None:
    row = delivery()
    *_, closed = asked(row, [UPSERT, RENEW, CLOSE])
    assert set(closed.superseded) == {1, 2}
    assert closed.revision == 3


def test_a_renewal_of_what_is_being_closed_is_refused() -> None:
    row = delivery()
    assert asked(row, [CLOSE, RENEW])[1].revision is None


def test_revisions_only_grow() -> None:
    row = delivery()
    revisions = [joined.revision for joined in asked(row, [UPSERT, RENEW, CLOSE, UPSERT])]
    assert revisions == [1, 2, 3, 4]


def test_a_new_wish_starts_with_fresh_tries_and_no_old_words() -> None:
    row = delivery(state=State.FAILED, operation=UPSERT, revision=4, attempts=7, words="old", failure=Failure.EXHAUSTED)
    asked(row, [UPSERT])
    assert (row.state, row.attempts, row.words, row.failure) == (State.PENDING, 0, "", "")


@pytest.mark.parametrize(
    ("operation", "remote", "step", "why"),
    [
        (UPSERT, RemoteState.UNKNOWN, Step.CHECK, Why.FIRST),
        (UPSERT, RemoteState.ABSENT, Step.SEND, Why.NONE),
        (UPSERT, RemoteState.LIVE, Step.SEND, Why.NONE),
        (CLOSE, RemoteState.UNKNOWN, Step.CHECK, Why.FIRST),
        (CLOSE, RemoteState.ABSENT, Step.CHECK, Why.FIRST),  # "not posted by us" is no reason to skip a close
        (CLOSE, RemoteState.CLOSED, Step.CHECK, Why.FIRST),
        (CLOSE, RemoteState.LIVE, Step.SEND, Why.NONE),
        (RENEW, RemoteState.UNKNOWN, Step.CHECK, Why.FIRST),
    ],
)
def test_the_first_step_depends_on_what_is_there(
    operation: Operation, remote: RemoteState, step: Step, why: Why
) -> None:
    row = delivery(remote)
    asked(row, [operation])
    assert (row.step, row.why) == (step, why)


def test_an_update_never_posts_again_what_is_closed_there() -> None:
    row = delivery(RemoteState.CLOSED)
    asked(row, [UPSERT])
    assert (row.state, row.error_code) == (State.FAILED, "closed_there")


def test_a_post_that_was_agreed_to_posts_again_what_is_closed_there() -> None:
    row = delivery(RemoteState.CLOSED)
    asked(row, [UPSERT], agreed=["closed_there"])
    assert (row.state, row.step) == (State.PENDING, Step.SEND)


def test_the_next_wish_moves_up_after_the_head_is_settled() -> None:
    row = in_flight(UPSERT)
    asked(row, [CLOSE])
    row.state, row.lease = State.SYNCED, ""
    assert wishes.promote(row, ROUTE, NOW)
    assert (row.operation, row.revision, row.state, row.then_operations) == (CLOSE, 2, State.PENDING, [])


def test_a_close_follows_a_failed_update_but_a_renewal_does_not() -> None:
    for operation, expected in [(CLOSE, True), (RENEW, False)]:
        row = in_flight(UPSERT)
        asked(row, [operation])
        row.state, row.lease = State.FAILED, ""
        assert wishes.promote(row, ROUTE, NOW) is expected


def test_a_renewal_behind_a_failed_update_is_kept_for_the_next_try() -> None:
    row = in_flight(UPSERT)
    asked(row, [RENEW])
    row.state, row.lease = State.FAILED, ""
    wishes.promote(row, ROUTE, NOW)
    wishes.retry(row, ROUTE, NOW)
    assert line(row) == [UPSERT, RENEW]


@pytest.mark.parametrize("failure", [Failure.NOT_LIVE, Failure.UNKNOWN_OUTCOME, Failure.EXHAUSTED])
def test_a_retry_after_an_uncertain_end_looks_first(failure: Failure) -> None:
    row = delivery(RemoteState.LIVE, state=State.FAILED, operation=UPSERT, revision=1, failure=failure)
    wishes.retry(row, ROUTE, NOW)
    assert (row.step, row.why) == (Step.CHECK, Why.FIRST)


def test_a_look_does_not_make_a_wish_unreplaceable() -> None:
    row = delivery(RemoteState.UNKNOWN)
    asked(row, [UPSERT])
    row.lease = "a batch that asks first"
    asked(row, [CLOSE])
    assert line(row) == [CLOSE]
