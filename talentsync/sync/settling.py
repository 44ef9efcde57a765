"""Settling a batch: verdicts become rows, in one transaction and a constant number of statements.

Whoever lost the lane meanwhile settles nothing: the first statement says so.
"""

from __future__ import annotations

import logging
import random
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from connectors.base.errors import ConnectorError, Unanswered
from connectors.base.explain import Verdict as Meaning
from connectors.base.resource import Step
from connectors.base.results import News, Outcome
from talentsync.core.columns import if_whole
from talentsync.sync import (
    agreements,
    erasures,
    history,
    kinds,
    lanes,
    nudges,
    policy,
    records_of_calls,
    services,
    snapshots,
    summary,
    waiting,
    wishes,
)
from talentsync.sync.calling import Batch, Report
from talentsync.sync.kinds import Kind, Route, erases_nothing
from talentsync.sync.models import Delivery, Lane, RemoteTask
from talentsync.sync.policy import CallVerdict, Situation, Verdict
from talentsync.sync.rows import update_rows
from talentsync.sync.states import Failure, Operation, Priority, RemoteState, State, Why

logger = logging.getLogger(__name__)

PRACTICE_SECONDS = 3  # served simulators finish a task in two

SETTLE_FIELDS = (
    *wishes.WISH_FIELDS,
    *("lease", "submitted_at", "settled_operation", "settled_revision", "settled_at", "unsure_at", "first_unsure_at"),
)


def settle(batch: Batch, report: Report, *, now: datetime) -> bool:
    """Write down what came of a batch. False when another worker had taken the lane over: then nothing is written but
    what it used of the vendor's limits.
    """
    try:
        runs = _settled(batch, report, now)
    except (OperationalError, InterfaceError):
        raise  # the database is away: whoever takes the lane over puts it right
    except Exception as error:
        # The last line: an answer that cannot be kept would be fetched again for ever, and keep the lane waiting.
        _log_unkept(batch, error)
        report = replace(report, outcomes={}, error=error)
        runs = _settled(batch, report, now)
    if runs is None:
        return False
    records_of_calls.log(batch, report, runs)
    return True


def _log_unkept(batch: Batch, error: Exception) -> None:
    """Where it happened, and not what the error says: databases quote what they refuse."""
    where = "".join(traceback.format_tb(error.__traceback__))
    named = [row.pk for row in batch.rows][: records_of_calls.MOST_NAMED]
    logger.error(
        "lane %s: what was said cannot be kept: %s\n%s",
        batch.lane,
        type(error).__name__,
        where,
        extra={"lane": str(batch.lane), "deliveries": named},
    )


def _settled(batch: Batch, report: Report, now: datetime) -> set[int] | None:
    """The runs of which something ended with it; None when another worker had taken the lane over."""
    with transaction.atomic():
        if not Lane.objects.filter(pk=batch.lane.pk, lease_name=batch.lease).update(lease_name="", lease_ends_at=None):
            logger.warning("lane %s was taken over, a result of %d records is dropped", batch.lane, len(batch.rows))
            lanes.give_units_back(batch, report)
            return None
        kind = kinds.get(batch.lane.kind)
        if batch.operation == Operation.DELETE:
            waiting.hold_above_still(kind, [row.object_id for row in batch.rows], waiting.deleted_after(kind))
        records = summary.lock(kind, [row.object_id for row in batch.rows], complete=False)
        bringing = [(above, summary.lock_bringing(above, kind, records)) for above in kinds.that_bring(kind.name)]
        lane = Lane.objects.select_related("connection__customer").get(pk=batch.lane.pk)
        rows = Delivery.objects.select_for_update(of=("self",)).filter(
            pk__among=[row.pk for row in batch.rows], lease=batch.lease
        )
        changed_at = {record.pk: record.changed_at for record in records}
        settling = _Settling(
            batch=batch, report=report, kind=kind, rows=list(rows.order_by("pk")), changed_at=changed_at, now=now
        )
        settling.apply(lane)
        known = settling.rows if lane.connection.is_current else ()
        for row in known:
            row.connection = lane.connection
        summary.refresh(kind, records, known=known, confirmed_at=now, confirmed=frozenset(settling.confirmed))
        for above, theirs in bringing:
            summary.refresh(above, theirs)
        history.refill(batch.lane, now)
    return settling.runs


UNWELCOME = {News.REJECTED, News.TASK_FAILED, News.TASK_PROCESSED, News.TASK_UNKNOWN, News.UNMAPPABLE, News.UNCONFIRMED}
"""News whose words a person may need to see; a later look must not replace them."""


class _Settling:
    """One batch while it is settled."""

    def __init__(
        self,
        *,
        batch: Batch,
        report: Report,
        kind: Kind,
        rows: list[Delivery],
        changed_at: Mapping[int, datetime],
        now: datetime,
    ) -> None:
        self.batch, self.report, self.kind, self.rows, self.now = batch, report, kind, rows, now
        self.changed_at = changed_at  # of the records, by primary key
        self.route: Route = batch.lane.route
        self.leased = {row.pk: row for row in batch.rows}
        self.confirmed: set[int] = set()
        self.proved: set[int] = set()
        self.unheard: set[int] = set()  # deliveries whose proof came too late to be used, and must be found again
        self.ended: list[tuple[Delivery, int, bool]] = []  # delivery, revision, whether it succeeded
        self.tasks: list[RemoteTask] = []
        self.waiting: dict[int, Any] = {}
        self.accepted: dict[int, Any] = {}
        self.held: dict[int, Any] = {}  # what the vendor says that it holds
        self.runs: set[int] = set()  # of which something ended

    def apply(self, lane: Lane) -> None:
        self.proved = self._proved()
        call = self._judge_call()
        outcomes = self.report.outcomes
        for row in self.rows:
            verdict = self._verdict(row, call)
            self._write(row, verdict, outcomes.get(row.pk))
        services.give_up_unneeded(self.kind, lane.connection, self.rows)
        for run_id in erasures.heard(self.batch, self.report, self.rows, self.ended, self.now):
            nudges.nudge_erasure(run_id)
        update_rows(self.rows, SETTLE_FIELDS)
        self._wake_others()
        self._keep_tasks()
        snapshots.keep(self.batch.operation, self.waiting, self.accepted, self.held, now=self.now)
        facts = {
            row.object_id: outcomes[row.pk].facts
            for row in self.rows
            if row.pk in outcomes and outcomes[row.pk].facts and row.pk not in self.unheard and not row.true_key
        }
        if facts:
            self.kind.absorb(self.batch.lane.connection, facts, self.now)
        records_of_calls.record(self.batch, self.report, self.rows, self.now)
        self.runs = records_of_calls.tell_runs(self.ended, self.now)
        lanes.settle(lane, self.batch, self.report, call, now=self.now)

    # verdicts

    def _proved(self) -> set[int]:
        """Records that show by themselves what became of a call whose answer was lost; seen before facts are stored."""
        if self.batch.step != Step.CHECK:
            return set()
        outcomes = self.report.outcomes
        return self.route.proves(
            self.rows, {row.object_id: outcomes[row.pk].facts for row in self.rows if row.pk in outcomes}
        )

    def _judge_call(self) -> CallVerdict | None:
        """None when the call itself went through."""
        if self.report.error is None:
            return None
        row = self.rows[0] if self.rows else self.batch.rows[0]
        return policy.judge_call(self.report.error, self._meaning_of_call(), self._situation(row))

    def _meaning_of_call(self) -> Meaning | None:
        error = self.report.error
        if not isinstance(error, ConnectorError):
            return None
        return self.route.explain(
            words=error.words or error.detail,
            status=error.status,
            code=error.code,
            task=False,
            operation=self.batch.operation,
        ).verdict

    def _verdict(self, row: Delivery, call: CallVerdict | None) -> Verdict:
        outcome = self.report.outcomes.get(row.pk)
        repeated = outcome is not None and outcome.code != "" and outcome.code == row.error_code
        now = self._situation(row, repeated=repeated)
        if row.pk in self.report.broken:
            return policy.judge_call(self.report.broken[row.pk], None, replace(now, alone=True)).record
        if call is not None and outcome is None:
            return policy.judge_call(self.report.error or Exception(), self._meaning_of_call(), now).record
        return policy.judge(outcome.news if outcome else None, self._meaning(outcome, row), now)

    def _meaning(self, outcome: Outcome | None, row: Delivery) -> Meaning | None:
        if outcome is None or outcome.news not in {News.REJECTED, News.TASK_FAILED}:
            return None
        task = outcome.news == News.TASK_FAILED
        return self.route.explain(
            words=outcome.words, status=outcome.status, code=outcome.code, task=task, operation=row.operation
        ).verdict

    def _situation(self, row: Delivery, *, repeated: bool = False) -> Situation:
        route, now = self.route, self.now
        verb = route.verb(row.operation, row.remote_state) if row.operation else ""
        return Situation(
            operation=Operation(row.operation or Operation.UPSERT),
            step=self.batch.step,
            why=Why(self.batch.rows[0].why),
            state=State(row.state),
            failure=row.failure,
            remote_state=RemoteState(row.remote_state),
            gone=route.gone,
            was_there=policy.is_there_after(row.settled_operation),
            creating=verb in route.creating,
            sent=row.pk in self.report.payloads,
            once=verb in route.once,
            replaces=route.erases is not erases_nothing,
            agreed=agreements.covers_everything(row.params),
            proved=row.object_id in self.proved,
            alone=self.report.travelled <= 1,
            company=max(1, self.report.travelled),
            attempts=row.attempts,
            company_failures=row.company_failures,
            polls=row.polls,
            unsure=row.unsure_at is not None,
            unsure_recently=row.unsure_at is not None and now - row.unsure_at < policy.UNSURE_FOR,
            outdated=self._is_outdated(row),
            overdue=row.submitted_at is not None and now - row.submitted_at >= policy.OVERDUE_AFTER,
            succeeded_since=self._others_went_through(row),
            kept=self._kept(row),
            first_poll=self._first_poll(),
            repeated=repeated,
        )

    def _others_went_through(self, row: Delivery) -> bool:
        """Calls of this sort were answered since this one last was not: it is the record, not an outage."""
        if row.failed_at is None or not isinstance(self.report.error, Unanswered):
            return False
        return records_of_calls.answered_since(self.batch, row.failed_at)

    def _is_outdated(self, row: Delivery) -> bool:
        """Of several that may have arrived, the first one may be what is there."""
        first = row.first_unsure_at
        return first is not None and self.changed_at.get(row.object_id, first) > first

    def _first_poll(self) -> timedelta:
        """The simulators finish in seconds, and nobody should wait five minutes to see how practice goes on."""
        seconds = settings.LINKEDIN_TASK_FIRST_POLL_SECONDS
        return timedelta(seconds=min(seconds, PRACTICE_SECONDS) if self.batch.lane.connection.is_practice else seconds)

    def _kept(self, row: Delivery) -> Meaning:
        if row.why != Why.FAILED_CLOSE:
            return Meaning.REJECT
        return self.route.explain(
            words=row.words, status=None, code=row.error_code, task=True, operation=row.operation
        ).verdict

    # rows

    def _write(self, row: Delivery, verdict: Verdict, outcome: Outcome | None) -> None:
        row.lease = ""
        self._keep_what_is_held(row, outcome)
        has_moved_on = self._has_moved_on(row)
        if has_moved_on and row.object_id in self.proved:
            self.unheard.add(row.pk)
        if verdict.looked or has_moved_on:
            self._write_look(row, outcome)
            return
        self._keep_words(row, verdict, outcome)
        if self.batch.step == Step.POLL and outcome is not None:  # answered: whatever went wrong with asking is over
            row.company, row.company_failures, row.failed_at = None, 0, None
        self._move(row, verdict)
        if verdict.submitted:
            self._submitted(row, outcome)
        elif self.batch.step == Step.SEND and (verdict.unsure or self._may_be_what_is_there(outcome)):
            self.waiting[row.pk] = self.report.payloads.get(row.pk)
        if verdict.is_done:
            self._done(row, outcome)
        elif verdict.is_failed:
            self._failed(row, outcome)
        elif row.step == Step.SEND:
            self._take_first_step(row, outcome)

    def _may_be_what_is_there(self, outcome: Outcome | None) -> bool:
        """Of what is sent again without a look: nobody answered, so that the vendor may have taken this."""
        if self.route.once or self.route.erases is not erases_nothing or self.batch.operation != Operation.UPSERT:
            return False
        error = self.report.error  # one of our own is an answer that could not be kept
        return outcome is None and (isinstance(error, Unanswered) or not isinstance(error, ConnectorError))

    def _keep_what_is_held(self, row: Delivery, outcome: Outcome | None) -> None:
        """For routes whose updates could erase something: what is there now, and what would be lost."""
        if self.batch.step != Step.CHECK or self.route.erases is erases_nothing or outcome is None:
            return
        if outcome.news in {News.LIVE, News.GONE}:
            self.held[row.pk] = outcome.answer if outcome.news == News.LIVE else {}

    def _wake_others(self) -> None:
        """What waits for one of these records can go on, or be told that it cannot."""
        ended = {row.pk for row, _, _ in self.ended}
        moved = [
            row.object_id
            for row in self.rows
            if row.pk in ended or row.remote_state != self.leased[row.pk].remote_state
        ]
        nudges.nudge_lanes(waiting.wake(self.kind, self.batch.lane.connection, moved, now=self.now))

    def _has_moved_on(self, row: Delivery) -> bool:
        """Somebody asked for something else while a question was on its way: what is wished now was not in the call."""
        then = self.leased[row.pk]
        return (row.revision, row.state, row.step, row.why) != (then.revision, then.state, then.step, then.why)

    def _write_look(self, row: Delivery, outcome: Outcome | None) -> None:
        """Only the vendor's facts count: nobody's wish was in this call, or a newer wish has come since."""
        before = RemoteState(row.remote_state)
        was_there = policy.is_there_after(row.settled_operation)
        news = outcome.news if outcome else None
        row.remote_state = policy.seen(news, before, gone=self.route.gone, was_there=was_there) or before
        if row.state in {State.IDLE, State.SYNCED} and outcome is not None:  # as with a question about a task
            row.company, row.company_failures, row.failed_at, row.attempts = None, 0, None, 0
        if row.state in {State.IDLE, State.SYNCED, State.FAILED}:
            self._plan_look(row, outcome)
        elif row.state == State.PENDING and row.step == Step.SEND and row.remote_state != before:
            self._take_first_step(row, outcome)

    def _take_first_step(self, row: Delivery, outcome: Outcome | None) -> None:
        """What is there decides over the verb, and whether the wish still makes sense."""
        wishes.take_first_step(row, self.route, row.due_at or self.now)
        if row.state == State.FAILED:
            self._failed(row, outcome)

    def _move(self, row: Delivery, verdict: Verdict) -> None:
        """Columns that the verdict names; the others stay."""
        row.polls = row.polls + 1 if row.step == Step.POLL else 0
        for name in ("state", "failure", "remote_state", "step", "why", "company"):
            value = getattr(verdict, name)
            if value is not None:
                setattr(row, name, getattr(value, "value", value))
        jitter = random.uniform(1.0, 1.1) if verdict.charged else 1.0
        row.due_at = None if verdict.wait is None else self.now + verdict.wait * jitter
        row.attempts += verdict.charged
        row.company_failures += verdict.company_failed
        if verdict.charged or verdict.company_failed:
            row.failed_at = self.now
        if verdict.unsure:
            row.note_unsure(row.sent_at or self.now)
        elif verdict.unsure is not None:
            row.note_sure()

    def _keep_words(self, row: Delivery, verdict: Verdict, outcome: Outcome | None) -> None:
        if self.leased[row.pk].why in {Why.ASKED, Why.ROUTINE}:
            return
        error = self.report.error if outcome is None else None
        if outcome is not None and outcome.news in UNWELCOME:
            row.words = records_of_calls.kept_words(outcome.words)
            row.error_code, row.error_field = records_of_calls.kept_code(outcome.code), outcome.field_name[:100]
        elif isinstance(error, ConnectorError):
            row.words = records_of_calls.kept_words(error.words or error.detail)
            row.error_code = records_of_calls.kept_code(error.code) or type(error).__name__.lower()

    def _submitted(self, row: Delivery, outcome: Outcome | None) -> None:
        assert outcome is not None
        row.submitted_at, row.company, row.company_failures = self.now, None, 0
        task = RemoteTask(
            delivery=row, operation=row.operation, revision=row.revision, urn=outcome.task_urn, created_at=self.now
        )
        task.location = if_whole(RemoteTask, "location", outcome.task_location)
        self.tasks.append(task)
        self.waiting[row.pk] = self.report.payloads.get(row.pk)

    def _done(self, row: Delivery, outcome: Outcome | None) -> None:
        row.settled_operation, row.settled_revision, row.settled_at = row.operation, row.revision, self.now
        row.attempts = row.company_failures = row.polls = 0
        row.company = row.failed_at = row.submitted_at = None
        row.failure = row.error_code = row.error_field = row.fingerprint = row.words = ""
        self.confirmed.add(row.object_id)
        self.ended.append((row, row.revision, True))
        self.accepted[row.pk] = self.report.payloads.get(row.pk) if self.batch.step == Step.SEND else None
        self._go_on(row, outcome)

    def _failed(self, row: Delivery, outcome: Outcome | None) -> None:
        row.failure = row.failure or Failure.REJECTED
        row.submitted_at = None
        self.ended.append((row, row.revision, False))
        self._go_on(row, outcome)

    def _go_on(self, row: Delivery, outcome: Outcome | None) -> None:
        """The next wish moves up; one that makes no sense any more ends here, and its request is told."""
        while wishes.promote(row, self.route, self.now):
            if row.state != State.FAILED:
                return
            self.ended.append((row, row.revision, False))
        self._plan_look(row, outcome)

    def _plan_look(self, row: Delivery, outcome: Outcome | None) -> None:
        """What is live is looked at regularly, whatever became of the last wish."""
        row.step, row.why, row.priority = Step.CHECK, Why.ROUTINE, Priority.ROUTINE
        wait = None
        if row.remote_state == RemoteState.LIVE:
            wait = self.route.next_look(outcome.facts if outcome else {}, self.now)
        if wait is not None and self.batch.step != Step.CHECK:
            wait = min(wait, self._first_poll())
        elif wait is not None and outcome is None:
            wait = max(wait, policy.LOOK_AGAIN)  # nothing was said of it: not again at once
        row.due_at = None if wait is None else self.now + wait

    # what stands beside the rows

    def _keep_tasks(self) -> None:
        RemoteTask.objects.bulk_create(self.tasks)
        if self.batch.step != Step.POLL:
            return
        status = {
            News.ACCEPTED: "SUCCEEDED",
            News.TASK_FAILED: "FAILED",
            News.TASK_PROCESSED: "PROCESSED",
            News.TASK_UNKNOWN: "UNKNOWN",
        }
        for news, name in status.items():
            ended = [pk for pk, outcome in self.report.outcomes.items() if outcome.news == news]
            if ended:
                RemoteTask.objects.filter(delivery__in=ended, status="IN_PROGRESS").update(status=name)
