"""How a new wish joins a delivery, and how the next one moves up. Works on the row in memory; the caller holds its
lock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.base.resource import Step
from talentsync.sync import agreements, merging
from talentsync.sync.kinds import Route
from talentsync.sync.merging import Merge
from talentsync.sync.models import Delivery
from talentsync.sync.states import UNFINISHED, Failure, Operation, RemoteState, State, Why

WISH_FIELDS = (
    *("operation", "params", "revision", "then_operations", "step", "why", "state", "failure", "remote_state"),
    *("due_at", "priority", "attempts", "polls", "company", "company_failures", "failed_at"),
    *("error_code", "error_field", "fingerprint", "words"),
)
"""What changes when a wish joins or moves up."""

_DETERMINING = {Why.CONFLICT, Why.PROCESSED, Why.OVERDUE, Why.FAILED_CLOSE}
_UNCERTAIN = {Failure.NOT_LIVE, Failure.UNKNOWN_OUTCOME, Failure.EXHAUSTED, Failure.INTERNAL}


@dataclass(kw_only=True)
class Wish:
    """One thing asked for; `revision` names it to the runs that wait for it."""

    operation: Operation
    revision: int
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Which revision will settle the new wish (None: refused), and which ones are no longer wanted."""

    revision: int | None
    superseded: tuple[int, ...] = ()


def in_flight(delivery: Delivery) -> bool:
    """Whether the head is with the vendor, or its outcome is being found out: it can be followed but not replaced."""
    if delivery.state == State.SUBMITTED:
        return True
    if delivery.state != State.PENDING:
        return False
    travels = delivery.lease and delivery.step == Step.SEND and delivery.sent_revision == delivery.revision
    return bool(travels) or (delivery.step == Step.CHECK and delivery.why in _DETERMINING)


def join(
    delivery: Delivery,
    route: Route,
    operation: Operation,
    params: dict[str, Any],
    *,
    changed_since_sent: bool,
    now: datetime,
) -> Joined:
    """Ask for `operation` on top of whatever waits."""
    waiting = _wishes(delivery)
    sent = waiting[:1] if in_flight(delivery) else []
    unsent = waiting[len(sent) :]
    dropped: list[int] = []
    if unsent and merging.merge(unsent[-1].operation, operation) == Merge.REPLACE:
        while unsent and merging.merge(unsent[-1].operation, operation) == Merge.REPLACE:
            dropped.append(unsent.pop().revision)
    if same := next((wish for wish in unsent if wish.operation == operation), None):
        return _absorbed(delivery, route, same, params, sent + unsent, dropped, now)
    verdict = _verdict(unsent, sent, operation, changed_since_sent=changed_since_sent)
    if verdict == Merge.REFUSE:
        return Joined(revision=None)
    if verdict == Merge.ABSORB:
        return _absorbed(delivery, route, sent[0], {}, sent + unsent, dropped, now)
    wish = Wish(operation=operation, revision=_next_revision(delivery), params=params)
    _store(delivery, route, [*sent, *unsent, wish], now)
    return Joined(revision=wish.revision, superseded=tuple(dropped))


def promote(delivery: Delivery, route: Route, now: datetime) -> bool:
    """Move the next wish up after the head was settled; False when there is none, or it does not follow a failure."""
    waiting = _wishes(delivery)[1:] if delivery.then_operations else []
    if not waiting or (delivery.state == State.FAILED and not merging.FOLLOWS_A_FAILURE[waiting[0].operation]):
        return False
    _become_head(delivery, route, waiting[0], now)
    delivery.then_operations = _packed(waiting[1:])
    return True


def skip_to_delete(delivery: Delivery, route: Route, now: datetime) -> list[int]:
    """Give up what cannot be sent any more for the delete that waits behind it; returns the revisions given up."""
    waiting = _wishes(delivery)
    place = next((index for index, wish in enumerate(waiting) if wish.operation == Operation.DELETE), 0)
    if place == 0 or in_flight(delivery):
        return []
    delivery.then_operations = _packed(waiting[place + 1 :])
    _become_head(delivery, route, waiting[place], now)
    return [wish.revision for wish in waiting[:place]]


def withdraw(delivery: Delivery) -> list[int]:
    """Give up all that is asked for; returns the revisions given up."""
    waiting = _wishes(delivery) if delivery.state in UNFINISHED else []
    delivery.state, delivery.failure, delivery.due_at = State.IDLE, "", None
    delivery.then_operations, delivery.step, delivery.why = [], Step.SEND, Why.NONE
    delivery.error_code = delivery.error_field = delivery.fingerprint = delivery.words = ""
    return [wish.revision for wish in waiting]


def retry(delivery: Delivery, route: Route, now: datetime) -> int:
    """Ask again for what failed; what the vendor holds is looked up first where that is not certain. That something was
    live is not forgotten meanwhile: if it is gone, an update must not post it anew.
    """
    wish = _wishes(delivery)[0]
    wish.params = agreements.kept_for_another_try(wish.params)
    is_uncertain = delivery.failure in _UNCERTAIN
    if is_uncertain and (delivery.remote_state != RemoteState.LIVE or route.refusal(wish.operation, RemoteState.LIVE)):
        delivery.remote_state = RemoteState.UNKNOWN
    _become_head(delivery, route, wish, now)
    goes_at_once = delivery.state == State.PENDING and delivery.step == Step.SEND
    if is_uncertain and goes_at_once and not route.verb(wish.operation, RemoteState.UNKNOWN):
        delivery.step, delivery.why = Step.CHECK, Why.FIRST
    return wish.revision


def take_first_step(delivery: Delivery, route: Route, now: datetime) -> None:
    """Send, or ask what is there first; fails with the reason where the wish makes no sense for what is there."""
    refusal = route.refusal(delivery.operation, delivery.remote_state)
    if refusal and refusal not in delivery.params.get("agreed", []):
        delivery.state, delivery.failure, delivery.error_code = State.FAILED, Failure.REJECTED, refusal
        delivery.due_at = None
        return
    knows = bool(route.verb(delivery.operation, delivery.remote_state))
    delivery.state, delivery.failure, delivery.due_at = State.PENDING, "", now
    delivery.step, delivery.why = (Step.SEND, Why.NONE) if knows else (Step.CHECK, Why.FIRST)


def unsettled(delivery: Delivery) -> list[tuple[Operation, int]]:
    """Operation and revision of each wish that is not settled, those that wait behind the first one among them."""
    return [(wish.operation, wish.revision) for wish in _wishes(delivery)]


def _verdict(unsent: list[Wish], sent: list[Wish], operation: Operation, *, changed_since_sent: bool) -> Merge:
    if unsent:
        return merging.merge(unsent[-1].operation, operation)
    if sent:
        return merging.merge_in_flight(sent[0].operation, operation, changed_since_sent=changed_since_sent)
    return Merge.THEN


def _absorbed(
    delivery: Delivery,
    route: Route,
    wish: Wish,
    params: dict[str, Any],
    wishes: list[Wish],
    dropped: list[int],
    now: datetime,
) -> Joined:
    wish.params = {**agreements.without(wish.params), **params}
    _store(delivery, route, wishes, now)
    return Joined(revision=wish.revision, superseded=tuple(dropped))


def _wishes(delivery: Delivery) -> list[Wish]:
    """Head first; a settled delivery wishes nothing."""
    if delivery.state in {State.IDLE, State.SYNCED} and not delivery.then_operations:
        return []
    head = Wish(operation=Operation(delivery.operation), revision=delivery.revision, params=delivery.params)
    return [
        head,
        *(Wish(operation=Operation(op), revision=rev, params=its) for op, rev, its in delivery.then_operations),
    ]


def _store(delivery: Delivery, route: Route, wishes: list[Wish], now: datetime) -> None:
    delivery.then_operations = _packed(wishes[1:])
    if in_flight(delivery):
        return
    if delivery.state == State.PENDING and wishes[0].revision == delivery.revision:
        delivery.params = wishes[0].params
        delivery.due_at = min(delivery.due_at or now, now)
        return
    _become_head(delivery, route, wishes[0], now)


def _become_head(delivery: Delivery, route: Route, wish: Wish, now: datetime) -> None:
    was_sent = delivery.unsure_at is not None and delivery.sent_revision == delivery.revision == wish.revision
    delivery.operation, delivery.revision, delivery.params = wish.operation, wish.revision, wish.params
    delivery.attempts = delivery.polls = delivery.company_failures = 0
    delivery.company = delivery.failed_at = None
    delivery.error_code = delivery.error_field = delivery.fingerprint = delivery.words = ""
    take_first_step(delivery, route, now)
    if was_sent and delivery.state == State.PENDING and route.verb(wish.operation, RemoteState.LIVE) in route.once:
        delivery.step, delivery.why = Step.CHECK, Why.UNSURE  # what arrived after all must not be done once more


def _packed(wishes: list[Wish]) -> list[Any]:
    return [[wish.operation.value, wish.revision, wish.params] for wish in wishes]


def _next_revision(delivery: Delivery) -> int:
    waiting: list[int] = [revision for _, revision, _ in delivery.then_operations]
    return 1 + max([delivery.revision, *waiting])
