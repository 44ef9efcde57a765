"""The tables of DESIGN 5, row by row: what follows from what a vendor said."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from connectors.base import errors
from connectors.base.explain import Verdict as Meaning
from connectors.base.resource import Step
from connectors.base.results import News
from talentsync.sync import kinds, merging, policy
from talentsync.sync.merging import Merge
from talentsync.sync.policy import LaneEffect, Situation
from talentsync.sync.states import Failure, Operation, RemoteState, State, Why

UPSERT, RENEW, CLOSE = Operation.UPSERT, Operation.RENEW, Operation.CLOSE
DELETE, LINK, UNLINK, RECORD = Operation.DELETE, Operation.LINK, Operation.UNLINK, Operation.RECORD
SEND, POLL, CHECK = Step.SEND, Step.POLL, Step.CHECK


def situation(**given: object) -> Situation:
    return Situation(**{"operation": UPSERT, "step": SEND, **given})  # type: ignore[arg-type]


def judged(news: News | None, meaning: Meaning | None = None, **given: object) -> policy.Verdict:
    return policy.judge(news, meaning, situation(**given))


def called(error: Exception, meaning: Meaning | None = None, **given: object) -> policy.CallVerdict:
    return policy.judge_call(error, meaning, situation(**given))


# wishes


PAIRS = sorted(
    {
        pair
        for kind in kinds.all_kinds()
        for route in kind.routes
        for pair in product(route.operations, route.operations)
    }
)


@pytest.mark.parametrize(("waiting", "requested"), PAIRS)
def test_every_pair_of_wishes_that_a_kind_knows_has_a_rule(waiting: Operation, requested: Operation) -> None:
    assert merging.merge(waiting, requested) in Merge


def test_no_rule_is_about_a_pair_that_no_kind_knows() -> None:
    assert set(merging.MERGES) == set(PAIRS)


@pytest.mark.parametrize(
    ("waiting", "requested", "expected"),
    [
        (UPSERT, UPSERT, Merge.ABSORB),
        (UPSERT, RENEW, Merge.THEN),
        (UPSERT, CLOSE, Merge.REPLACE),
        (RENEW, UPSERT, Merge.THEN),
        (RENEW, RENEW, Merge.ABSORB),
        (RENEW, CLOSE, Merge.REPLACE),
        (CLOSE, UPSERT, Merge.THEN),
        (CLOSE, RENEW, Merge.REFUSE),
        (CLOSE, CLOSE, Merge.ABSORB),
        (UPSERT, DELETE, Merge.REPLACE),
        (UPSERT, LINK, Merge.THEN),
        (UPSERT, UNLINK, Merge.THEN),
        (DELETE, UPSERT, Merge.THEN),
        (DELETE, DELETE, Merge.ABSORB),
        (DELETE, LINK, Merge.REFUSE),
        (DELETE, UNLINK, Merge.REFUSE),
        (LINK, UPSERT, Merge.THEN),
        (LINK, DELETE, Merge.REPLACE),
        (LINK, LINK, Merge.ABSORB),
        (LINK, UNLINK, Merge.REPLACE),
        (UNLINK, UPSERT, Merge.THEN),
        (UNLINK, DELETE, Merge.REPLACE),
        (UNLINK, LINK, Merge.REPLACE),
        (UNLINK, UNLINK, Merge.ABSORB),
        (RECORD, RECORD, Merge.ABSORB),
        (RECORD, UPSERT, Merge.REPLACE),
        (RECORD, RENEW, Merge.THEN),
        (RECORD, CLOSE, Merge.REPLACE),
        (UPSERT, RECORD, Merge.REPLACE),
        (RENEW, RECORD, Merge.REPLACE),
        (CLOSE, RECORD, Merge.REPLACE),
    ],
)
def test_how_a_wish_joins_the_last_unsent_one(waiting: Operation, requested: Operation, expected: Merge) -> None:
    assert merging.merge(waiting, requested) == expected


@pytest.mark.parametrize(
    ("sent", "requested", "changed", "expected"),
    [
        (UPSERT, UPSERT, False, Merge.ABSORB),  # a double click
        (UPSERT, UPSERT, True, Merge.THEN),  # an edit while it travels
        (RENEW, RENEW, True, Merge.ABSORB),
        (CLOSE, CLOSE, True, Merge.ABSORB),
        (UPSERT, RENEW, False, Merge.THEN),
        (UPSERT, CLOSE, False, Merge.THEN),
        (RENEW, UPSERT, False, Merge.THEN),
        (RENEW, CLOSE, False, Merge.THEN),
        (CLOSE, UPSERT, False, Merge.THEN),
        (CLOSE, RENEW, False, Merge.REFUSE),
        (UPSERT, DELETE, False, Merge.THEN),
        (DELETE, DELETE, True, Merge.ABSORB),
        (DELETE, UPSERT, False, Merge.THEN),
        (DELETE, LINK, False, Merge.REFUSE),
        (LINK, LINK, True, Merge.THEN),  # somebody else was linked while it travels
        (LINK, UNLINK, False, Merge.THEN),
        (UNLINK, LINK, False, Merge.THEN),
    ],
)
def test_what_is_on_its_way_is_followed_and_never_replaced(
    sent: Operation, requested: Operation, changed: bool, expected: Merge
) -> None:
    assert merging.merge_in_flight(sent, requested, changed_since_sent=changed) == expected


# news about one record


@pytest.mark.parametrize(
    ("operation", "remote"),
    [(UPSERT, "live"), (RENEW, "live"), (CLOSE, "closed"), (DELETE, "deleted"), (LINK, "live"), (UNLINK, "live")],
)
@pytest.mark.parametrize("step", [SEND, POLL])
def test_accepted_is_synced(step: Step, operation: Operation, remote: str) -> None:
    verdict = judged(News.ACCEPTED, step=step, operation=operation)
    assert (verdict.state, verdict.remote_state) == (State.SYNCED, remote)


def test_a_submitted_task_is_asked_about_after_the_first_poll_time() -> None:
    verdict = judged(News.SUBMITTED, first_poll=timedelta(seconds=300))
    assert (verdict.state, verdict.step, verdict.wait) == (State.SUBMITTED, POLL, timedelta(minutes=5))


def test_a_task_is_asked_about_rarer_and_rarer() -> None:
    waits = [judged(News.WORKING, step=POLL, polls=polls).wait for polls in range(1, 9)]
    assert waits == sorted(waits)  # type: ignore[type-var]
    assert waits[-1] == timedelta(hours=1)


def test_a_task_that_works_for_a_day_is_settled_by_the_posting_status() -> None:
    verdict = judged(News.WORKING, step=POLL, polls=30, overdue=True)
    assert (verdict.step, verdict.why) == (CHECK, Why.OVERDUE)


@pytest.mark.parametrize(
    ("meaning", "given", "state", "failure", "remote", "step", "why"),
    [
        (Meaning.REJECT, {}, State.FAILED, Failure.REJECTED, None, None, None),
        (Meaning.CONTRACT, {}, State.FAILED, Failure.REJECTED, None, None, None),
        (Meaning.RETRY, {}, State.PENDING, None, None, SEND, Why.NONE),
        (Meaning.THROTTLE, {}, State.PENDING, None, None, SEND, Why.NONE),
        (Meaning.CHECK_STATUS, {"operation": UPSERT}, State.FAILED, Failure.REJECTED, None, None, None),
        (Meaning.ALREADY_EXISTS, {"unsure": True}, State.SYNCED, None, RemoteState.LIVE, CHECK, Why.ROUTINE),
        (Meaning.ALREADY_EXISTS, {}, State.FAILED, Failure.REJECTED, RemoteState.UNKNOWN, None, None),
        (Meaning.NOT_FOUND_THERE, {}, State.FAILED, Failure.REJECTED, RemoteState.CLOSED, None, None),
    ],
)
@pytest.mark.parametrize(("news", "step_taken"), [(News.REJECTED, SEND), (News.TASK_FAILED, POLL)])
def test_a_refusal_of_one_record_means_what_its_row_says(
    news: News, step_taken: Step, meaning: Meaning, given: dict[str, object], state: State, failure: Failure | None,
    remote: RemoteState | None, step: Step | None, why: Why | None,
) -> None:  # fmt: skip
    verdict = judged(news, meaning, step=step_taken, **given)
    assert (verdict.state, verdict.failure, verdict.remote_state) == (state, failure, remote)
    assert (verdict.step, verdict.why) == (step, why)


@pytest.mark.parametrize("meaning", [Meaning.CHECK_STATUS, Meaning.NOT_FOUND_THERE])
def test_a_close_that_is_refused_as_already_closed_is_checked(meaning: Meaning) -> None:
    verdict = judged(News.REJECTED, meaning, operation=CLOSE)
    assert (verdict.state, verdict.step, verdict.why) == (State.PENDING, CHECK, Why.CONFLICT)


def test_a_failed_close_task_is_believed_only_after_the_posting_status() -> None:
    verdict = judged(News.TASK_FAILED, Meaning.REJECT, step=POLL, operation=CLOSE)
    assert (verdict.state, verdict.step, verdict.why) == (State.PENDING, CHECK, Why.FAILED_CLOSE)


def test_a_record_the_answer_does_not_mention_is_asked_again_and_charged() -> None:
    verdict = judged(None, operation=RENEW)
    assert (verdict.state, verdict.step, verdict.charged) == (State.PENDING, SEND, True)


def test_a_create_the_answer_does_not_mention_is_checked_before_it_is_sent_again() -> None:
    verdict = judged(None, creating=True, once=True)
    assert (verdict.step, verdict.why, verdict.unsure) == (CHECK, Why.UNSURE, True)


def test_what_cannot_be_built_fails_without_a_call() -> None:
    assert judged(News.UNMAPPABLE).failure == Failure.UNMAPPABLE


def test_what_would_erase_something_waits_for_a_person() -> None:
    assert judged(News.UNCONFIRMED).failure == Failure.UNCONFIRMED


def test_a_delete_of_what_is_not_there_is_done() -> None:
    """linkedin.md 8.2: 404 on a delete is treated as done, also where it is the answer to a call about one record."""
    verdict = judged(News.REJECTED, Meaning.NOT_FOUND_THERE, operation=DELETE)
    assert (verdict.state, verdict.remote_state) == (State.SYNCED, "deleted")


@pytest.mark.parametrize(
    ("before", "after"),
    [("unknown", "absent"), ("absent", "absent"), ("live", "absent"), ("deleted", "deleted")],
)
def test_what_is_left_of_a_record_that_is_not_there_any_more(before: str, after: str) -> None:
    assert policy.gone_after(RemoteState(before), RemoteState.ABSENT, was_there=False) == after


@pytest.mark.parametrize(
    ("settled", "after"),
    [("", "absent"), ("upsert", "closed"), ("renew", "closed"), ("close", "absent"), ("record", "absent")],
)
def test_what_is_not_known_to_be_there_was_there_if_its_post_was_accepted_last(settled: str, after: str) -> None:
    was_there = policy.is_there_after(settled)
    assert policy.gone_after(RemoteState.UNKNOWN, RemoteState.CLOSED, was_there=was_there) == after


def test_progress_goes_on_at_once_and_is_not_charged() -> None:
    verdict = judged(News.PROGRESS, operation=CLOSE)
    assert (verdict.state, verdict.step, verdict.wait, verdict.charged) == (State.PENDING, SEND, timedelta(0), False)


# answers to a look


LIVE, GONE = News.LIVE, News.GONE
ANSWERS = [
    # why, operation, answer, what else, state, failure, remote state, next step
    (Why.FIRST, UPSERT, LIVE, {}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.FIRST, UPSERT, GONE, {}, State.PENDING, None, RemoteState.ABSENT, SEND),
    (Why.FIRST, RENEW, LIVE, {}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.FIRST, RENEW, GONE, {}, State.FAILED, Failure.REJECTED, RemoteState.ABSENT, None),
    (Why.FIRST, CLOSE, LIVE, {}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.FIRST, CLOSE, GONE, {}, State.SYNCED, None, RemoteState.CLOSED, CHECK),
    (Why.FIRST, CLOSE, GONE, {"unsure_recently": True}, State.PENDING, None, None, CHECK),
    (Why.UNSURE, UPSERT, LIVE, {"creating": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.UNSURE, RENEW, LIVE, {"proved": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.UNSURE, RENEW, LIVE, {"unsure_recently": True}, State.PENDING, None, None, CHECK),
    (Why.UNSURE, RENEW, LIVE, {}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.UNSURE, RENEW, LIVE, {"proved": True, "outdated": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.UNSURE, RENEW, News.WORKING, {"proved": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.UNSURE, RENEW, News.WORKING, {}, State.PENDING, None, None, CHECK),
    (Why.OVERDUE, RENEW, LIVE, {"proved": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.UNSURE, UPSERT, GONE, {}, State.PENDING, None, RemoteState.ABSENT, SEND),
    (Why.CONFLICT, CLOSE, GONE, {}, State.SYNCED, None, RemoteState.CLOSED, CHECK),
    (Why.CONFLICT, CLOSE, LIVE, {}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.CONFLICT, CLOSE, LIVE, {"alone": False, "company": 100}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.PROCESSED, UPSERT, LIVE, {}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.PROCESSED, UPSERT, LIVE, {"creating": True, "outdated": True}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.PROCESSED, UPSERT, LIVE, {"outdated": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.OVERDUE, UPSERT, LIVE, {"creating": True, "outdated": True}, State.PENDING, None, RemoteState.LIVE, SEND),
    (Why.PROCESSED, UPSERT, GONE, {}, State.FAILED, Failure.NOT_LIVE, RemoteState.ABSENT, None),
    (Why.PROCESSED, CLOSE, GONE, {}, State.SYNCED, None, RemoteState.CLOSED, CHECK),
    (Why.PROCESSED, CLOSE, LIVE, {}, State.FAILED, Failure.NOT_LIVE, RemoteState.LIVE, None),
    (Why.OVERDUE, UPSERT, LIVE, {"creating": True}, State.SYNCED, None, RemoteState.LIVE, CHECK),
    (Why.OVERDUE, UPSERT, LIVE, {}, State.FAILED, Failure.UNKNOWN_OUTCOME, RemoteState.LIVE, None),
    (Why.OVERDUE, RENEW, LIVE, {}, State.FAILED, Failure.UNKNOWN_OUTCOME, RemoteState.LIVE, None),
    (Why.OVERDUE, UPSERT, GONE, {}, State.FAILED, Failure.UNKNOWN_OUTCOME, RemoteState.UNKNOWN, None),
    (Why.OVERDUE, CLOSE, GONE, {}, State.SYNCED, None, RemoteState.CLOSED, CHECK),
    (Why.OVERDUE, CLOSE, LIVE, {}, State.FAILED, Failure.UNKNOWN_OUTCOME, RemoteState.LIVE, None),
    (Why.FAILED_CLOSE, CLOSE, GONE, {}, State.SYNCED, None, RemoteState.CLOSED, CHECK),
    (Why.FAILED_CLOSE, CLOSE, LIVE, {}, State.FAILED, Failure.REJECTED, RemoteState.LIVE, None),
    (Why.FAILED_CLOSE, CLOSE, LIVE, {"kept": Meaning.RETRY}, State.PENDING, None, RemoteState.LIVE, SEND),
]


@pytest.mark.parametrize(("why", "operation", "news", "given", "state", "failure", "remote", "step"), ANSWERS)
def test_what_the_posting_status_means_depends_on_why_it_was_asked(
    why: Why, operation: Operation, news: News, given: dict[str, object], state: State, failure: Failure | None,
    remote: RemoteState | None, step: Step | None,
) -> None:  # fmt: skip
    verdict = judged(news, step=CHECK, why=why, operation=operation, **given)
    assert (verdict.state, verdict.failure, verdict.remote_state, verdict.step) == (state, failure, remote, step)


@pytest.mark.parametrize("why", [why for why in Why if why not in {Why.ASKED, Why.ROUTINE, Why.NONE}])
def test_a_listing_in_progress_is_looked_at_again(why: Why) -> None:
    verdict = judged(News.WORKING, step=CHECK, why=why)
    assert (verdict.state, verdict.step, verdict.why, verdict.charged) == (State.PENDING, CHECK, why, False)


@pytest.mark.parametrize("why", [Why.ASKED, Why.ROUTINE])
@pytest.mark.parametrize(
    ("news", "before", "after"),
    [
        (LIVE, RemoteState.UNKNOWN, RemoteState.LIVE),
        (LIVE, RemoteState.CLOSED, RemoteState.LIVE),
        (GONE, RemoteState.LIVE, RemoteState.CLOSED),
        (GONE, RemoteState.UNKNOWN, RemoteState.ABSENT),
        (GONE, RemoteState.CLOSED, RemoteState.CLOSED),
        (News.WORKING, RemoteState.LIVE, None),
    ],
)
def test_a_regular_look_learns_and_leaves_the_wish_alone(
    why: Why, news: News, before: RemoteState, after: RemoteState | None
) -> None:
    verdict = judged(news, step=CHECK, why=why, state=State.SYNCED, remote_state=before)
    assert verdict.looked
    assert (verdict.state, verdict.remote_state) == (None, after)


@pytest.mark.parametrize(
    ("operation", "failure", "news"),
    [(CLOSE, "unknown_outcome", GONE), (CLOSE, "rejected", GONE), (UPSERT, "not_live", LIVE)],
)
def test_a_look_settles_a_failure_that_it_proves_wrong(operation: Operation, failure: str, news: News) -> None:
    verdict = judged(news, step=CHECK, why=Why.ASKED, state=State.FAILED, failure=failure, operation=operation)
    assert verdict.is_done


def test_a_first_post_goes_ahead_when_the_status_stays_silent_about_it_twice() -> None:
    """linkedin.md 3.11 does not say how an id is answered that LinkedIn never saw: perhaps not at all."""
    first = judged(None, step=CHECK, why=Why.FIRST, attempts=0)
    assert (first.step, first.why, first.charged) == (CHECK, Why.FIRST, True)
    second = judged(None, step=CHECK, why=Why.FIRST, attempts=1)
    assert (second.step, second.remote_state) == (SEND, RemoteState.ABSENT)
    close = judged(None, step=CHECK, why=Why.FIRST, attempts=1, operation=CLOSE)
    assert (close.step, close.remote_state) == (SEND, RemoteState.LIVE)


def test_on_a_silence_nothing_is_sent_that_could_erase() -> None:
    silent = {"step": CHECK, "why": Why.FIRST, "replaces": True}
    assert judged(None, attempts=0, **silent).step == CHECK
    assert judged(None, attempts=1, **silent).failure == Failure.UNCONFIRMED
    agreed = judged(None, attempts=1, agreed=True, **silent)
    assert (agreed.step, agreed.remote_state) == (SEND, RemoteState.ABSENT)


@pytest.mark.parametrize("why", [Why.FIRST, Why.UNSURE, Why.CONFLICT])
def test_a_refusal_to_tell_is_asked_about_again_and_says_nothing_of_what_is_there(why: Why) -> None:
    verdicts = [judged(News.REJECTED, step=CHECK, why=why, replaces=True, attempts=tries) for tries in range(8)]
    assert {(each.step, each.charged, each.remote_state) for each in verdicts[:7]} == {(CHECK, True, None)}
    assert (verdicts[7].failure, verdicts[7].remote_state) == (Failure.EXHAUSTED, None)


# charging


def test_charged_tries_wait_1_5_30_minutes_2_5_10_10_hours_and_then_fail() -> None:
    verdicts = [judged(None, operation=RENEW, attempts=attempts) for attempts in range(8)]
    hours = [verdict.wait / timedelta(hours=1) for verdict in verdicts[:7] if verdict.wait]
    assert hours == pytest.approx([1 / 60, 5 / 60, 0.5, 2, 5, 10, 10])
    assert verdicts[7].failure == Failure.EXHAUSTED


# whole calls


REFUSED = [400, 402, 404, 409, 413, 414, 422]


@pytest.mark.parametrize("status", REFUSED)
def test_a_refused_call_is_halved_and_is_never_a_verdict_on_a_record_in_company(status: int) -> None:
    verdict = called(errors.Rejected(status=status), Meaning.REJECT, alone=False, company=100)
    assert (verdict.record.state, verdict.record.company, verdict.record.charged) == (None, 50, False)
    assert verdict.lane == LaneEffect.ON


@pytest.mark.parametrize("status", REFUSED)
def test_a_refused_call_rejects_the_record_that_travelled_alone(status: int) -> None:
    verdict = called(errors.Rejected(status=status), Meaning.REJECT, alone=True)
    assert (verdict.record.failure, verdict.lane) == (Failure.REJECTED, LaneEffect.COUNT_ALIKE)


def test_halving_ends_at_one() -> None:
    company, steps = 100, 0
    while company > 1:
        company, steps = policy.halved(company), steps + 1
    assert steps <= 7


@pytest.mark.parametrize("alone", [True, False])
def test_a_409_on_close_asks_the_posting_status_once_for_the_batch(alone: bool) -> None:
    verdict = called(errors.Rejected(status=409), Meaning.CHECK_STATUS, operation=CLOSE, alone=alone, company=100)
    assert (verdict.record.step, verdict.record.why, verdict.lane) == (CHECK, Why.CONFLICT, LaneEffect.ON)


def test_a_403_holds_the_operation_and_touches_no_record() -> None:
    verdict = called(errors.Forbidden(status=403), Meaning.HOLD_OPERATION, alone=False)
    assert (verdict.record.state, verdict.record.charged, verdict.lane) == (None, False, LaneEffect.HOLD_OPERATION)


def test_a_403_about_the_contract_rejects_the_record_that_travelled_alone() -> None:
    assert called(errors.Forbidden(status=403), Meaning.CONTRACT, alone=True).record.failure == Failure.REJECTED
    assert called(errors.Forbidden(status=403), Meaning.CONTRACT, alone=False, company=8).record.company == 4


@pytest.mark.parametrize("error", [errors.Unauthorized(status=401), errors.Misconfigured()])
def test_wrong_credentials_hold_the_connection_and_touch_no_record(error: Exception) -> None:
    verdict = called(error, Meaning.CREDENTIALS)
    assert (verdict.record.state, verdict.record.charged, verdict.lane) == (None, False, LaneEffect.HOLD_CONNECTION)


def test_a_throttle_does_not_use_up_an_attempt() -> None:
    verdict = called(errors.Throttled(status=429), Meaning.THROTTLE)
    assert (verdict.record.state, verdict.record.charged, verdict.lane) == (None, False, LaneEffect.BLOCK_BUDGET)


def test_a_token_that_another_worker_fetches_costs_a_moment() -> None:
    assert called(errors.TokenBusy()).lane == LaneEffect.SOON


def test_no_connection_backs_the_lane_off_and_exhausts_nothing() -> None:
    verdict = called(errors.Unreachable(), alone=True, succeeded_since=True, attempts=7)
    assert (verdict.record.state, verdict.record.charged, verdict.lane) == (None, False, LaneEffect.BACK_OFF)


def test_a_create_that_may_have_arrived_is_checked_before_it_is_sent_again() -> None:
    verdict = called(errors.Unanswered(), creating=True, once=True, alone=False, company=100).record
    assert (verdict.state, verdict.step, verdict.why, verdict.unsure) == (State.PENDING, CHECK, Why.UNSURE, True)


def test_an_unanswered_call_is_charged_only_alone_and_after_another_success_on_the_lane() -> None:
    charged = {
        (alone, succeeded): called(
            errors.Unanswered(), operation=CLOSE, alone=alone, succeeded_since=succeeded
        ).record.charged
        for alone, succeeded in product([True, False], repeat=2)
    }
    assert charged == {(True, True): True, (True, False): False, (False, True): False, (False, False): False}


def test_a_record_that_failed_twice_in_company_travels_alone() -> None:
    first = called(errors.Unanswered(), operation=CLOSE, alone=False, company=100, company_failures=0).record
    second = called(errors.Unanswered(), operation=CLOSE, alone=False, company=100, company_failures=1).record
    assert (first.company, second.company) == (None, 1)


def test_what_is_too_long_for_the_wire_is_halved_and_alone_cannot_be_sent() -> None:
    assert called(errors.TooLong(), alone=False, company=100).record.company == 50
    assert called(errors.TooLong(), alone=True).record.failure == Failure.UNMAPPABLE


def test_our_own_fault_is_charged_and_at_last_says_so() -> None:
    assert called(KeyError(), alone=True).record.charged
    assert called(KeyError(), alone=True, attempts=7).record.failure == Failure.INTERNAL
    assert called(KeyError(), alone=False, company=10).record.company == 5


def test_our_own_fault_about_a_task_ends_with_a_look_at_the_posting() -> None:
    """What was sent may be there: it must not be sent again because its task could not be read."""
    verdict = called(KeyError("x"), step=POLL, overdue=True, attempts=7).record
    assert (verdict.step, verdict.why, verdict.is_failed) == (CHECK, Why.OVERDUE, False)


@pytest.mark.parametrize("why", [Why.ASKED, Why.ROUTINE])
@pytest.mark.parametrize("error", [KeyError("x"), errors.Unanswered()])
def test_a_look_that_belongs_to_no_wish_fails_nothing(error: Exception, why: Why) -> None:
    spent = {"attempts": len(policy.CHARGED_SCHEDULE), "alone": True, "succeeded_since": True}
    verdict = called(error, step=CHECK, why=why, state=State.SYNCED, **spent).record
    assert (verdict.looked, verdict.is_failed, verdict.why) == (True, False, Why.ROUTINE)


@pytest.mark.parametrize("alone", [True, False])
def test_our_own_fault_about_what_may_have_arrived_looks_before_it_repeats(alone: bool) -> None:
    unsent = called(KeyError(), alone=alone, company=2, once=True).record
    assert (unsent.step, unsent.why, unsent.unsure) == (SEND, Why.NONE, None)
    sent = called(KeyError(), alone=alone, company=2, once=True, sent=True).record
    assert (sent.step, sent.why, sent.unsure) == (CHECK, Why.UNSURE, True)
    assert called(KeyError(), alone=True, attempts=7, once=True, sent=True).record.remote_state == RemoteState.UNKNOWN


# what was over before anybody posted it


@pytest.mark.parametrize("why", [Why.NONE, Why.FIRST])
def test_what_is_not_listed_is_recorded_and_what_is_live_is_not_touched(why: Why) -> None:
    unknown = judged(News.GONE, operation=RECORD, step=CHECK, why=why)
    assert (unknown.step, unknown.remote_state) == (SEND, RemoteState.ABSENT)
    live = judged(News.LIVE, operation=RECORD, step=CHECK, why=why)
    assert (live.step, live.remote_state) == (SEND, RemoteState.LIVE)  # where the route refuses it


def test_a_recorded_job_is_closed() -> None:
    assert judged(News.ACCEPTED, operation=RECORD, step=POLL, creating=True).remote_state == RemoteState.CLOSED
    assert judged(News.GONE, operation=RECORD, step=CHECK, why=Why.PROCESSED, creating=True).is_done


def test_that_nothing_is_listed_proves_no_record() -> None:
    """What is closed and what LinkedIn never heard of look alike: a lost answer leads to the same call once more."""
    lost = {"operation": RECORD, "step": CHECK, "creating": True, "once": True, "unsure": True}
    again = judged(News.GONE, why=Why.UNSURE, remote_state=RemoteState.ABSENT, **lost)
    assert (again.step, again.state) == (SEND, State.PENDING)
    assert judged(News.GONE, why=Why.OVERDUE, **lost).failure == Failure.UNKNOWN_OUTCOME
    assert not judged(News.LIVE, why=Why.UNSURE, **lost).is_done
    exists = judged(News.TASK_FAILED, Meaning.ALREADY_EXISTS, **{**lost, "step": POLL})
    assert (exists.is_done, exists.remote_state) == (True, RemoteState.CLOSED)


def test_asked_twice_in_vain_it_is_told_all_the_same() -> None:
    verdict = judged(None, operation=RECORD, step=CHECK, why=Why.FIRST, attempts=1)
    assert (verdict.step, verdict.remote_state) == (SEND, RemoteState.ABSENT)
