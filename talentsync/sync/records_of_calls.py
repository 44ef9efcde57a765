"""What is kept of a call: the try, each record's part of it, and what the runs that waited for it learn."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from connectors.base.errors import ConnectorError
from connectors.base.results import News, Outcome
from talentsync.core.logs import redact
from talentsync.sync.calling import Batch, Report
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Run, RunItem, RunPart, Snapshot
from talentsync.sync.models.run import SETTLED
from talentsync.sync.rows import insert_rows

logger = logging.getLogger(__name__)

MOST_NAMED = 20  # refused records in a line of the log

SAMPLED = {News.ACCEPTED, News.SUBMITTED, News.WORKING, News.LIVE, News.GONE, News.PROGRESS}
"""Successes, of which one in each call keeps its request and answer; failures all keep theirs (DESIGN 4)."""

FAILED_LATER = {News.TASK_FAILED, News.TASK_PROCESSED}

CODE = re.compile(r"[\w.:/-]{1,100}")  # no vendor's code holds a space; what does is a sentence, or our request


def kept_words(words: str) -> str:
    """A vendor's words for people to read. Gateways throw back what they were sent, with the credentials in it."""
    return redact(words)


def kept_code(code: str) -> str:
    """A vendor's code, which is kept in clear: what is not shaped like one is left out."""
    return code if CODE.fullmatch(code) else ""


def kept_status(status: int | None) -> int | None:
    """A vendor's status of a record; None for a number that is none."""
    return status if status is not None and 0 <= status < 1000 else None


def record(batch: Batch, report: Report, rows: Sequence[Delivery], now: datetime) -> None:
    """Keep the try and its items."""
    attempt = _attempt(batch, report, now)
    attempt.save()
    sampled = False
    sent = _sent_before(report, rows)
    items = []
    for row in rows:
        outcome = report.outcomes.get(row.pk)
        routine = outcome is not None and outcome.news in SAMPLED
        item = _item(attempt, row, outcome, report, with_bodies=not routine or not sampled)
        item.request = item.request or sent.get(row.pk)
        items.append(item)
        sampled = sampled or routine
    insert_rows(items)


def log(batch: Batch, report: Report, runs: Collection[int]) -> None:
    """One line for each batch: what was done, what was said of how many, which records were refused, and of which runs
    something ended with it.
    """
    said = Counter(outcome.news.value for outcome in report.outcomes.values())
    if report.error is not None:
        said[type(report.error).__name__] += len(batch.rows) - len(report.outcomes)
    exchange = report.exchanges[-1] if report.exchanges else None
    milliseconds = exchange.milliseconds if exchange else 0
    refused = [pk for pk, outcome in report.outcomes.items() if outcome.news not in SAMPLED][:MOST_NAMED]
    logger.info(
        "lane %s: %s %s of %d records in %d ms: %s",
        batch.lane,
        batch.step.value,
        batch.operation,
        len(batch.rows),
        milliseconds,
        ", ".join(f"{number} {news}" for news, number in sorted(said.items())) or "nothing was said",
        extra={
            "lane": str(batch.lane),
            "records": len(batch.rows),
            "milliseconds": milliseconds,
            "vendor_request": kept_code(exchange.request_id) if exchange else "",
            "deliveries": refused,
            "runs": sorted(runs),
        },
    )


def answered_since(batch: Batch, moment: datetime) -> bool:
    """Whether a call of this batch's sort, on its lane, was answered since then. Sending, asking about tasks and asking
    what is there each have outages of their own.
    """
    calls = Attempt.objects.filter(
        connection=batch.lane.connection_id, kind=batch.lane.kind, step=batch.step, error="", n_calls__gt=0
    )
    return calls.filter(at__gt=moment).exists()


def _sent_before(report: Report, rows: Sequence[Delivery]) -> dict[int, Any]:
    """What was sent of records whose task failed: the question about the task says nothing of it."""
    failed = [row for row in rows if (said := report.outcomes.get(row.pk)) and said.news in FAILED_LATER]
    if not failed:
        return {}
    waiting = Snapshot.objects.filter(delivery__in=failed, waiting__isnull=False)
    return dict(waiting.values_list("delivery_id", "waiting"))


def _attempt(batch: Batch, report: Report, now: datetime) -> Attempt:
    exchange = report.exchanges[-1] if report.exchanges else None
    error = report.error
    return Attempt(
        connection=batch.lane.connection,
        kind=batch.lane.kind,
        step=batch.step,
        operation=batch.operation,
        at=now,
        method=exchange.method if exchange else "",
        path=exchange.path[:500] if exchange else "",
        tunneled=bool(exchange and exchange.tunneled),
        status=exchange.status if exchange else None,
        milliseconds=sum(each.milliseconds for each in report.exchanges),
        request_id=exchange.request_id if exchange else "",
        n_calls=sum(not exchange.of_token for exchange in report.exchanges),
        n_records=report.travelled,
        error=type(error).__name__[:40] if error else "",
        words=kept_words(error.words or error.detail) if isinstance(error, ConnectorError) else "",
    )


def _item(
    attempt: Attempt, row: Delivery, outcome: Outcome | None, report: Report, *, with_bodies: bool
) -> AttemptItem:
    item = AttemptItem(attempt=attempt, delivery=row, news=_news(row, outcome, report))
    if outcome is not None:
        item.status, item.code = kept_status(outcome.status), kept_code(outcome.code)
        item.field_name = outcome.field_name[:100]
        item.words = kept_words(outcome.words)
    if with_bodies:
        sent: Any = (outcome and outcome.request) or report.payloads.get(row.pk)
        item.request = sent
        answered: Any = (outcome.answer or dict(outcome.facts) or None) if outcome else None
        item.answer = answered
    return item


def _news(row: Delivery, outcome: Outcome | None, report: Report) -> str:
    if outcome is not None:
        return str(outcome.news)
    if row.pk in report.broken:
        return "internal"
    return "call_failed" if report.error else "not_mentioned"


def tell_runs(
    ended: Sequence[tuple[Delivery, int, bool]],
    now: datetime,
    *,
    beside: Mapping[tuple[int, RunItem.State], int] = MappingProxyType({}),
) -> set[int]:
    """Move the items that waited for these revisions, and their runs' counters; a run with nothing left is done. Gives
    the keys of these runs. `beside` is counted with them: all runs of a transaction are locked in one order.
    """
    if not ended:
        return set()
    by_delivery: dict[int, list[tuple[int, bool]]] = defaultdict(list)  # revisions grow: first things first
    for row, revision, good in ended:
        by_delivery[row.pk].append((revision, good))
    moved: dict[RunItem.State, list[int]] = defaultdict(list)
    counts: Counter[tuple[int, RunItem.State]] = Counter(beside)
    asked = RunItem.objects.filter(delivery__among=by_delivery, state=RunItem.State.ASKED)
    for pk, run_id, delivery_id, waits_for in asked.values_list("pk", "run_id", "delivery_id", "revision"):
        ends = by_delivery[delivery_id or 0]
        went = next((good for revision, good in ends if waits_for is not None and waits_for <= revision), None)
        if went is not None:
            state = RunItem.State.DONE if went else RunItem.State.FAILED
            moved[state].append(pk)
            counts[run_id, state] += 1
    for state, keys in moved.items():
        RunItem.objects.filter(pk__among=keys).update(state=state)
    count(counts, now)
    return {run_id for run_id, _ in counts}


def count(counts: Counter[tuple[int, RunItem.State]], now: datetime) -> None:
    """Add to the runs' counters, in the order of their keys, and close the runs that are complete."""
    columns = {
        RunItem.State.DONE: "n_done",
        RunItem.State.FAILED: "n_failed",
        RunItem.State.SKIPPED: "n_skipped",
        RunItem.State.SUPERSEDED: "n_superseded",
    }
    for (run_id, state), number in sorted(counts.items()):
        Run.objects.filter(pk=run_id).update(**{columns[state]: F(columns[state]) + number})
    close_settled(Run.objects.filter(pk__in={run_id for run_id, _ in counts}), now)


def close_settled(runs: QuerySet[Run], now: datetime) -> None:
    """Those of these runs are done of which all is settled, and nothing is left to be asked for."""
    left = RunPart.objects.filter(run=OuterRef("pk"), asked_at=None)
    settled = runs.filter(~Exists(left), state=Run.State.RUNNING, total=SETTLED)
    settled.update(state=Run.State.DONE, finished_at=now)


def fingerprint(words: str, status: int | None) -> str:
    """The same for the same refusal, whatever numbers and ids it quotes."""
    shape = re.sub(r"[\d'\"][\w:./-]*", "#", words.lower())
    return hashlib.sha256(f"{status} {shape}".encode()).hexdigest()[:16]
