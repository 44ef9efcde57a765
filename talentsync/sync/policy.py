"""What follows from what: pure decisions, as tables. No database, no clock, no randomness in here.

Two questions are answered: what news about one record means for its delivery (`judge`), and what a failed call means
for its records and its lane (`judge_call`). DESIGN 5 is the source of every row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from connectors.base import errors
from connectors.base.explain import Verdict as Meaning
from connectors.base.resource import Step
from connectors.base.results import News
from talentsync.sync.states import Failure, Operation, RemoteState, State, Why

CHARGED_SCHEDULE = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 5 * 60, 10 * 60, 10 * 60)
)  # DESIGN 5; a day and a half of trying
POLL_SCHEDULE = tuple(timedelta(minutes=minutes) for minutes in (5, 5, 10, 20, 40, 60))  # linkedin.md 3.9
OVERDUE_AFTER = timedelta(hours=24)  # the shorter documented life of a task (linkedin.md 10.1, row 1)
UNSURE_FOR = timedelta(minutes=15)  # tasks usually end within 5 minutes (linkedin.md 3.9): three times that
LOOK_AGAIN = timedelta(minutes=5)
SHOWN_TOO_LONG = timedelta(days=3)  # after an accepted delete: linkedin.md 5 names no time in which it is carried out
THROTTLE_SCHEDULE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8))  # linkedin.md 8.3
OUTAGE_SCHEDULE = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120, 300))
NOW = timedelta(0)


# --- what is said about one record ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What policy needs to know of a delivery and its journey."""

    operation: Operation
    step: Step
    why: Why = Why.NONE
    state: State = State.PENDING
    failure: str = ""
    remote_state: RemoteState = RemoteState.UNKNOWN
    gone: RemoteState = RemoteState.CLOSED  # what is left of a record that was there and is not any more
    was_there: bool = False  # what the vendor accepted last of it was no removal
    creating: bool = False  # nothing was there before
    sent: bool = False  # the record was in the call, so that the vendor may have done what it was told
    once: bool = False  # the verb must not be repeated blindly: a second create, a renewal on top of a renewal
    replaces: bool = False  # an update takes the place of all that is there: what is there must be known
    agreed: bool = False  # … unless somebody agreed that it may go
    proved: bool = False  # a look: what the vendor holds shows that a change of ours took effect
    alone: bool = True
    company: int = 1  # how many travelled together
    attempts: int = 0
    company_failures: int = 0
    polls: int = 0
    unsure: bool = False  # what must not be repeated blindly may have arrived
    unsure_recently: bool = False  # … and may still be worked on
    outdated: bool = False  # the record was changed after the first that may have arrived was sent
    overdue: bool = False
    succeeded_since: bool = False  # a call of this step on this lane was answered since this delivery's last was not
    kept: Meaning = Meaning.REJECT  # what the refusal that led to this check meant
    repeated: bool = False  # a look: the vendor says again what the refusal said
    first_poll: timedelta = LOOK_AGAIN

    @property
    def is_mere_look(self) -> bool:
        """Somebody or the calendar wants to know; no wish waits for what is said."""
        return self.step == Step.CHECK and self.why in {Why.ASKED, Why.ROUTINE}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What happens to one delivery. None leaves a column as it is."""

    state: State | None = None
    failure: Failure | None = None
    remote_state: RemoteState | None = None
    step: Step | None = None
    why: Why | None = None
    wait: timedelta | None = None  # None: not due by itself
    charged: bool = False
    company: int | None = None
    company_failed: bool = False
    unsure: bool | None = None
    submitted: bool = False
    looked: bool = False  # only the vendor's facts are new; the wish is untouched

    @property
    def is_done(self) -> bool:
        return self.state == State.SYNCED and not self.looked

    @property
    def is_failed(self) -> bool:
        return self.state == State.FAILED and not self.looked


REMOTE_AFTER: Mapping[Operation, RemoteState] = {
    Operation.UPSERT: RemoteState.LIVE,
    Operation.RENEW: RemoteState.LIVE,
    Operation.CLOSE: RemoteState.CLOSED,
    Operation.DELETE: RemoteState.DELETED,
    Operation.RECORD: RemoteState.CLOSED,
    Operation.LINK: RemoteState.LIVE,
    Operation.UNLINK: RemoteState.LIVE,
}


def is_there_after(settled: str) -> bool:
    """Whether what was accepted last of a record left it there; nothing was accepted of "" so far."""
    return settled != "" and REMOTE_AFTER[Operation(settled)] == RemoteState.LIVE


REMOVING = {Operation.CLOSE, Operation.DELETE}
"""What is done when nothing is there any more."""

NOT_SHOWN = REMOVING | {Operation.RECORD}
"""What leaves nothing that the vendor shows. That it shows nothing proves a removal, but no record: a look cannot tell
what is closed from what it never heard of.
"""
FIRST_SENT = {Operation.UPSERT, Operation.RECORD}


def done(now: Situation) -> Verdict:
    return Verdict(
        state=State.SYNCED, remote_state=REMOTE_AFTER[now.operation], step=Step.CHECK, why=Why.ROUTINE, unsure=False
    )


def fail(failure: Failure, *, remote_state: RemoteState | None = None) -> Verdict:
    return Verdict(state=State.FAILED, failure=failure, remote_state=remote_state)


def send(*, wait: timedelta = NOW, remote_state: RemoteState | None = None, company: int | None = None) -> Verdict:
    return Verdict(
        state=State.PENDING, step=Step.SEND, why=Why.NONE, wait=wait, remote_state=remote_state, company=company
    )


def check(why: Why, *, wait: timedelta = NOW, unsure: bool | None = None) -> Verdict:
    return Verdict(state=State.PENDING, step=Step.CHECK, why=why, wait=wait, unsure=unsure)


def poll(now: Situation) -> Verdict:
    wait = POLL_SCHEDULE[min(now.polls, len(POLL_SCHEDULE) - 1)]
    return Verdict(state=State.SUBMITTED, step=Step.POLL, wait=now.first_poll if now.polls == 0 else wait)


def charge(now: Situation, verdict: Verdict, *, at_last: Failure = Failure.EXHAUSTED) -> Verdict:
    """The same, counted: later each time, and failed once the schedule is used up. A look that belongs to no wish fails
    nothing: it is left to the next one.
    """
    if now.attempts >= len(CHARGED_SCHEDULE):
        if now.is_mere_look:
            return Verdict(looked=True, step=Step.CHECK, why=Why.ROUTINE)
        # What may have arrived may be there: whatever is asked for next must look first.
        remote = RemoteState.UNKNOWN if now.unsure or verdict.unsure else None
        return replace(fail(at_last, remote_state=remote), unsure=verdict.unsure)
    return replace(verdict, charged=True, wait=CHARGED_SCHEDULE[now.attempts])


def judge(news: News | None, meaning: Meaning | None, now: Situation) -> Verdict:
    """What one record's news means. `news` None: the call succeeded and did not mention the record."""
    match now.step:
        case Step.SEND:
            return _judge_send(news, meaning or Meaning.REJECT, now)
        case Step.POLL:
            return _judge_poll(news, meaning or Meaning.REJECT, now)
        case Step.CHECK:
            return _judge_check(news, now)


def _judge_send(news: News | None, meaning: Meaning, now: Situation) -> Verdict:
    match news:
        case News.ACCEPTED:
            return done(now)
        case News.SUBMITTED:
            return replace(poll(replace(now, polls=0)), submitted=True)
        case News.PROGRESS:
            return send()
        case News.UNMAPPABLE:
            return fail(Failure.UNMAPPABLE)
        case News.UNCONFIRMED:
            return fail(Failure.UNCONFIRMED)
        case News.REJECTED:
            return _refused(meaning, now)
        case _:
            return charge(now, _find_out(now) or send())


def _find_out(now: Situation) -> Verdict | None:
    """Of what may have arrived: look before it is sent again, or before anything else is believed of it."""
    if now.once:
        return check(Why.UNSURE, unsure=True)
    if now.replaces and now.operation == Operation.UPSERT:
        return replace(check(Why.FIRST, unsure=True), remote_state=RemoteState.UNKNOWN)
    return None


def _refused(meaning: Meaning, now: Situation) -> Verdict:
    """A refusal that is about this record: inside a successful call, or of a call it made alone."""
    match meaning:
        case Meaning.RETRY | Meaning.THROTTLE:
            return charge(now, send())
        case Meaning.CHECK_STATUS | Meaning.NOT_FOUND_THERE if now.operation == Operation.CLOSE:
            return check(Why.CONFLICT)
        case Meaning.ALREADY_EXISTS if now.unsure:
            return _arrived(now)
        case Meaning.ALREADY_EXISTS:  # not by our hand: the next try looks first and then updates
            return fail(Failure.REJECTED, remote_state=RemoteState.UNKNOWN)
        case Meaning.NOT_FOUND_THERE if now.operation == Operation.DELETE:
            return done(now)
        case Meaning.NOT_FOUND_THERE:
            return fail(Failure.REJECTED, remote_state=now.gone)
        case _:
            return fail(Failure.REJECTED)


def _arrived(now: Situation) -> Verdict:
    """What we sent is there after all; what a post could not know yet follows as an update."""
    if now.outdated and now.operation == Operation.UPSERT:
        return send(remote_state=RemoteState.LIVE)
    return done(now)


def _judge_poll(news: News | None, meaning: Meaning, now: Situation) -> Verdict:
    match news:
        case News.ACCEPTED:
            return done(now)
        case News.TASK_FAILED if now.operation == Operation.CLOSE:
            return check(Why.FAILED_CLOSE)
        case News.TASK_FAILED:
            return _refused(meaning, now)
        case News.TASK_PROCESSED:
            return check(Why.PROCESSED)
        case News.TASK_UNKNOWN:
            return check(Why.OVERDUE)
        case _:
            return check(Why.OVERDUE) if now.overdue else poll(replace(now, polls=max(1, now.polls)))


def _judge_check(news: News | None, now: Situation) -> Verdict:
    if now.is_mere_look:
        return _looked(news, now)
    if news is None:
        return _not_mentioned(now)
    if news == News.REJECTED:
        return charge(now, check(now.why))
    if news not in {News.LIVE, News.GONE}:
        return done(now) if now.proved else check(now.why, wait=LOOK_AGAIN)
    return _ANSWERS[now.why](news == News.LIVE, now)


def _not_mentioned(now: Situation) -> Verdict:
    """LinkedIn does not say how it answers about an id it has never seen. Asked twice in vain before a first post or a
    close, the vendor is told what is wished: its answer to that is about the record, and cannot be silently wrong.
    What would replace a whole record is not sent on a silence: that answer would come after the loss.
    """
    if now.why == Why.FIRST and now.attempts >= 1 and now.operation in FIRST_SENT:
        is_harmless = now.agreed or not now.replaces
        return send(remote_state=_gone(now)) if is_harmless else fail(Failure.UNCONFIRMED)
    if now.why == Why.FIRST and now.attempts >= 1 and now.operation == Operation.CLOSE:
        return send(remote_state=RemoteState.LIVE)
    return charge(now, check(now.why))


def _looked(news: News | None, now: Situation) -> Verdict:
    """A look that nobody's wish waits for. It settles a failure that the vendor's answer proves wrong."""
    live, gone = news == News.LIVE, news == News.GONE
    is_closed = gone and not now.unsure_recently and not now.repeated
    if now.state == State.FAILED and now.operation in REMOVING and is_closed:
        return done(now)
    if now.state == State.FAILED and now.failure == Failure.NOT_LIVE and live and now.operation not in REMOVING:
        return done(now)
    if now.state == State.FAILED and now.unsure and now.proved and not gone:
        return done(now)
    remote = seen(news, now.remote_state, gone=now.gone, was_there=now.was_there)
    return Verdict(remote_state=remote, looked=True, step=Step.CHECK, why=Why.ROUTINE)


def seen(news: News | None, before: RemoteState, *, gone: RemoteState, was_there: bool) -> RemoteState | None:
    """What the vendor holds by its own word, whatever is wished; None when it did not say."""
    match news:
        case News.LIVE:
            return RemoteState.LIVE
        case News.GONE:
            return gone_after(before, gone, was_there=was_there)
        case _:
            return None


def gone_after(before: RemoteState, gone: RemoteState, *, was_there: bool) -> RemoteState:
    """What was never there is absent; what was removed at our wish stays so. Of what is not known by now, what was
    accepted last says whether it was there: an update of that must not become a first post (decision 0003).
    """
    match before:
        case RemoteState.LIVE | RemoteState.CLOSED:
            return gone
        case RemoteState.UNKNOWN:
            return gone if was_there else RemoteState.ABSENT
        case _:
            return before


def _gone(now: Situation) -> RemoteState:
    return gone_after(now.remote_state, now.gone, was_there=now.was_there)


def _after_first(live: bool, now: Situation) -> Verdict:
    if live:
        return send(remote_state=RemoteState.LIVE)
    match now.operation:
        case Operation.CLOSE | Operation.DELETE:
            return check(now.why, wait=LOOK_AGAIN) if now.unsure_recently else done(now)
        case Operation.UPSERT | Operation.RECORD:
            return send(remote_state=_gone(now))
        case _:
            return fail(Failure.REJECTED, remote_state=_gone(now))


def _after_unsure(live: bool, now: Situation) -> Verdict:
    if not live:
        return send(remote_state=_gone(now))
    if (now.creating and now.operation != Operation.RECORD) or now.proved:
        return _arrived(now)
    if now.unsure_recently:  # the task may not have run yet
        return check(now.why, wait=LOOK_AGAIN)
    return replace(send(remote_state=RemoteState.LIVE), unsure=False)


def _after_conflict(live: bool, now: Situation) -> Verdict:
    if not live:
        return check(now.why, wait=LOOK_AGAIN) if now.unsure_recently else done(now)
    if now.alone:
        return charge(now, send(remote_state=RemoteState.LIVE))
    return send(remote_state=RemoteState.LIVE, company=halved(now.company))


def _as_wished(live: bool, now: Situation) -> bool:
    return live == (now.operation not in NOT_SHOWN)


def _after_processed(live: bool, now: Situation) -> Verdict:
    if _as_wished(live, now):
        return _arrived(now) if now.creating else done(now)
    return fail(Failure.NOT_LIVE, remote_state=RemoteState.LIVE if live else _gone(now))


def _after_overdue(live: bool, now: Situation) -> Verdict:
    """An update of what was live before leaves no trace in the status: its outcome stays unknown."""
    leaves_a_trace = now.creating and now.operation != Operation.RECORD
    if _as_wished(live, now) and (now.operation == Operation.CLOSE or leaves_a_trace or now.proved):
        return _arrived(now) if now.creating else done(now)
    unknown = fail(Failure.UNKNOWN_OUTCOME, remote_state=RemoteState.LIVE if live else RemoteState.UNKNOWN)
    return replace(unknown, unsure=True) if now.once else unknown  # it may still be done


def _after_failed_close(live: bool, now: Situation) -> Verdict:
    if not live:
        return done(now)
    if now.kept == Meaning.RETRY:
        return charge(now, send(remote_state=RemoteState.LIVE))
    return fail(Failure.REJECTED, remote_state=RemoteState.LIVE)


_ANSWERS = {
    Why.NONE: _after_first,
    Why.FIRST: _after_first,
    Why.UNSURE: _after_unsure,
    Why.CONFLICT: _after_conflict,
    Why.PROCESSED: _after_processed,
    Why.OVERDUE: _after_overdue,
    Why.FAILED_CLOSE: _after_failed_close,
}


# --- a call that failed as a whole ------------------------------------------------------------------------------------


class LaneEffect(StrEnum):
    """What a failed call means beyond its records."""

    ON = "on"
    SOON = "soon"  # try again in a second (another worker is fetching the token)
    BACK_OFF = "back_off"  # one probe at a time, later each time
    BLOCK_BUDGET = "block_budget"
    HOLD_OPERATION = "hold_operation"
    HOLD_CONNECTION = "hold_connection"
    COUNT_ALIKE = "count_alike"  # hold kind and operation when it goes on like this


@dataclass(frozen=True, kw_only=True)
class CallVerdict:
    """The records' verdict (each the same) and the lane's."""

    record: Verdict
    lane: LaneEffect


ALIKE_LIMITS: Mapping[int, int] = {400: 3, 404: 3, 413: 3, 414: 3, 402: 10, 409: 10, 422: 10}  # DESIGN 5


def halved(company: int) -> int:
    return max(1, company // 2)


def stay(now: Situation) -> Verdict:
    """Untouched: due again at once, as soon as the lane is."""
    return Verdict(wait=NOW, step=now.step, why=now.why)


def judge_call(error: Exception, meaning: Meaning | None, now: Situation) -> CallVerdict:
    """What an error about the whole call means for each of its records, and for the lane."""
    match error:
        case errors.TokenBusy():
            return CallVerdict(record=stay(now), lane=LaneEffect.SOON)
        case errors.Misconfigured() | errors.Unauthorized():
            return CallVerdict(record=stay(now), lane=LaneEffect.HOLD_CONNECTION)
        case errors.Throttled():
            return CallVerdict(record=stay(now), lane=LaneEffect.BLOCK_BUDGET)
        case errors.Unreachable():
            return CallVerdict(record=stay(now), lane=LaneEffect.BACK_OFF)
        case errors.Unanswered():
            return CallVerdict(record=_unanswered(now), lane=LaneEffect.BACK_OFF)
        case errors.Forbidden() if meaning != Meaning.CONTRACT:
            # The hold stops sending alone: a question that is not allowed must not be asked again at once.
            record = stay(now) if now.step == Step.SEND else replace(stay(now), wait=LOOK_AGAIN)
            return CallVerdict(record=record, lane=LaneEffect.HOLD_OPERATION)
        case errors.Unmappable() | errors.TooLong() | errors.Refused():
            return _whole_call_refused(error, meaning or Meaning.REJECT, now)
        case _:
            return CallVerdict(record=_our_bug(now), lane=LaneEffect.ON)


def _unanswered(now: Situation) -> Verdict:
    again = (_find_out(now) if now.step == Step.SEND else None) or stay(now)
    if now.alone and now.succeeded_since:
        return charge(now, again)
    return replace(again, company_failed=True, company=1 if now.company_failures >= 1 else None)


def _whole_call_refused(error: Exception, meaning: Meaning, now: Situation) -> CallVerdict:
    if now.step == Step.SEND and now.operation == Operation.CLOSE and meaning == Meaning.CHECK_STATUS:
        return CallVerdict(record=check(Why.CONFLICT), lane=LaneEffect.ON)
    if not now.alone:
        return CallVerdict(record=replace(stay(now), company=halved(now.company)), lane=LaneEffect.ON)
    return CallVerdict(record=_alone_refused(error, meaning, now), lane=LaneEffect.COUNT_ALIKE)


def _alone_refused(error: Exception, meaning: Meaning, now: Situation) -> Verdict:
    match now.step:
        case Step.SEND if isinstance(error, errors.NotSent):
            return fail(Failure.UNMAPPABLE)
        case Step.SEND if now.operation == Operation.DELETE and meaning == Meaning.NOT_FOUND_THERE:
            return fail(Failure.REJECTED)  # the address may be wrong: nobody said that the record is not there
        case Step.SEND:
            return _refused(meaning, now)
        case Step.POLL:
            return check(Why.OVERDUE)
        case Step.CHECK if now.is_mere_look:
            return Verdict(looked=True, step=Step.CHECK, why=Why.ROUTINE)
        case Step.CHECK:
            return charge(now, check(now.why))


def _our_bug(now: Situation) -> Verdict:
    if now.step == Step.POLL and now.overdue:
        return check(Why.OVERDUE)
    again = (_find_out(now) if now.step == Step.SEND and now.sent else None) or stay(now)
    if now.alone:
        return charge(now, again, at_last=Failure.INTERNAL)
    return replace(again, company=halved(now.company), wait=CHARGED_SCHEDULE[0])
