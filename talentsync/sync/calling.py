"""One batch's call: build each record's part, make the call, and keep what came of it. Writes nothing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from connectors.base.errors import ConnectorError, NotSent, Rejected, Unmappable, Unreachable, WouldErase
from connectors.base.resource import Entry, Resource, Step
from connectors.base.results import Answer, Exchange, News, Outcome
from talentsync.sync import agreements, kinds, waiting
from talentsync.sync.budgets import Grant
from talentsync.sync.kinds import Kind, Route, as_it_is, erases_nothing
from talentsync.sync.models import Delivery, Lane, RemoteTask, Snapshot
from talentsync.sync.states import Operation

logger = logging.getLogger(__name__)

WITH_PARENT = "with_parent"  # removed together with what it hung on


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Deliveries that share a call, as they were when they were leased."""

    lane: Lane
    lease: str
    rows: list[Delivery]
    endpoints: Mapping[Step, str]
    started_at: datetime
    ends_at: datetime
    grant: Grant

    @property
    def step(self) -> Step:
        return Step(self.rows[0].step)

    @property
    def operation(self) -> str:
        return self.rows[0].operation


@dataclass(kw_only=True)
class Report:
    """What came of a batch. `outcomes` by delivery; where the whole call failed, `error` says so and holds for every
    other row.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    error: Exception | None = None
    broken: dict[int, Exception] = field(default_factory=dict)  # our own fault while building that record
    payloads: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()
    travelled: int = 0  # how many were in the call

    @property
    def n_calls(self) -> int:
        """How many calls the vendor saw, as far as we know: a token that was refused costs a second one, whatever came
        of that.
        """
        if self._arrived:
            return max(1, len(self.exchanges))
        return len(self.error.earlier) if isinstance(self.error, ConnectorError) else 0

    @property
    def n_used(self) -> int:
        """How many records the vendor saw, as far as we know; behind a token that it refuses it looks at none."""
        return self.travelled if self._arrived else 0

    @property
    def _arrived(self) -> bool:
        """Whether the last call may have come to the vendor: it was made, and not for want of a token given up."""
        if self.travelled == 0 or isinstance(self.error, NotSent | Unreachable):
            return False
        return not (self.exchanges and self.exchanges[-1].of_token)


def call(batch: Batch, resource: Resource) -> Report:
    """Build and make the call. Never raises: what goes wrong is part of the report."""
    report = Report()
    entries = _entries(batch, report)
    report.travelled = len(entries)
    if not entries:
        return report
    try:
        answer = _speak(resource, batch.step, list(entries.values()))
    except ConnectorError as error:
        report.error = error
        report.exchanges = error.exchanges
        _hear_of_parents(batch, report, entries)
    except Exception as error:
        # The last line: whatever is wrong with us, the batch is settled and a person sees it.
        logger.exception("lane %s: the call failed by our own fault", batch.lane)
        report.error = error
    else:
        report.exchanges = answer.exchanges
        report.outcomes |= {
            pk: answer.outcomes[entry.key] for pk, entry in entries.items() if entry.key in answer.outcomes
        }
    return report


def _hear_of_parents(batch: Batch, report: Report, entries: Mapping[int, Entry]) -> None:
    """A whole-call 404 says nothing of any record, except below a parent whose delete was accepted (DESIGN 5): then it
    is the parent that is not found, and what hung on it is gone.
    """
    kind, is_sent = kinds.get(batch.lane.kind), batch.step == Step.SEND
    if not (isinstance(report.error, Rejected) and report.error.status == 404 and kind.below):
        return
    if is_sent and batch.operation != Operation.DELETE:
        return
    if entries.keys() <= waiting.went_along(kind, batch.lane.connection, batch.rows):
        news = News.ACCEPTED if is_sent else News.GONE
        report.outcomes |= {pk: Outcome(news=news, status=404, code=WITH_PARENT) for pk in entries}
        report.error = None


def _speak(resource: Resource, step: Step, entries: list[Entry]) -> Answer:
    match step:
        case Step.SEND:
            return resource.send(entries)
        case Step.POLL:
            return resource.poll(entries)
        case Step.CHECK:
            return resource.check(entries)


def _entries(batch: Batch, report: Report) -> dict[int, Entry]:
    match batch.step:
        case Step.POLL:
            return _questions_about_tasks(batch)
        case _:
            return _built(batch, report)


def _questions_about_tasks(batch: Batch) -> dict[int, Entry]:
    """A delivery's newest task is the one it waits for."""
    tasks = RemoteTask.objects.filter(delivery__among=[row.pk for row in batch.rows]).order_by("pk")
    urns = dict(tasks.values_list("delivery_id", "urn"))
    return {row.pk: Entry(key=row.entity_key, task_urn=urns.get(row.pk, "")) for row in batch.rows}


def _built(batch: Batch, report: Report) -> dict[int, Entry]:
    kind, route = kinds.get(batch.lane.kind), batch.lane.route
    found = kind.rows().filter(pk__among=[row.object_id for row in batch.rows])
    records = {record.pk: record for record in found}
    snapshots = _snapshots(batch)
    gone = _went_with_their_parents(kind, batch)
    entries = {}
    for row in batch.rows:
        if row.pk in gone:
            report.outcomes[row.pk] = Outcome(news=News.ACCEPTED, code=WITH_PARENT)
            continue
        try:
            payload = _payload(row, batch, records, snapshots.get(row.pk))
            _refuse_to_erase(route, row, payload, snapshots.get(row.pk), batch.step)
            entry = _entry(kind, route, row, payload, records.get(row.object_id), snapshots.get(row.pk), batch.step)
        except (Unmappable, WouldErase) as error:
            report.outcomes[row.pk] = _not_sent(error)
        except Exception as error:
            logger.exception(
                "lane %s: delivery %s cannot be built by our own fault", batch.lane, row.pk, extra={"delivery": row.pk}
            )
            report.broken[row.pk] = error
        else:
            entries[row.pk] = entry
            report.payloads[row.pk] = payload
    return entries


def _entry(
    kind: Kind,
    route: Route,
    row: Delivery,
    payload: Mapping[str, Any],
    record: Any,
    snapshot: Snapshot | None,
    step: Step,
) -> Entry:
    verb = route.verb(row.operation, row.remote_state) if step == Step.SEND else ""
    parent, own = row.names
    accepted = snapshot.accepted if snapshot is not None else None
    travels = route.on_wire(record, payload, cast("Any", accepted), verb)
    content = route.content(record) if route.content and step == Step.SEND else None
    named = {"key": str(row.pk), "external_id": own} if kind.mixed else {"key": own}
    return Entry(**named, parent=parent, verb=verb, payload=travels, content=content)


def _not_sent(error: Unmappable | WouldErase) -> Outcome:
    if isinstance(error, WouldErase):
        return Outcome(news=News.UNCONFIRMED, code="unconfirmed", words=error.detail, field_name=error.fields[0])
    return Outcome(news=News.UNMAPPABLE, code=error.code or "unmappable", words=error.detail, field_name=error.field)


def _payload(row: Delivery, batch: Batch, records: Mapping[int, Any], snapshot: Snapshot | None) -> Mapping[str, Any]:
    route = batch.lane.route
    operation = Operation(row.operation) if batch.step == Step.SEND else None  # a look needs no complete record
    if operation in route.by_key or row.true_key:
        return {}
    if operation in route.from_snapshot and snapshot is not None and snapshot.accepted:
        return cast("Mapping[str, Any]", snapshot.accepted)  # a close must name the posting as it was posted
    return route.record(records[row.object_id], batch.lane.connection, operation, row.params)


def _refuse_to_erase(
    route: Route, row: Delivery, payload: Mapping[str, Any], snapshot: Snapshot | None, step: Step
) -> None:
    """Raises `WouldErase` for an upsert that would erase values that the vendor holds and nobody agreed to lose."""
    if step != Step.SEND or row.operation != Operation.UPSERT or snapshot is None or not snapshot.known:
        return
    held = dict(snapshot.known)
    if names := agreements.not_covered(row.params, held, route.erases(held, payload)):
        raise WouldErase(names)


def _snapshots(batch: Batch) -> dict[int, Snapshot]:
    """What the vendor took or holds, by delivery; of a look nothing is needed."""
    if batch.step != Step.SEND or not _is_compared(batch):
        return {}
    found = Snapshot.objects.filter(pk__among=[row.pk for row in batch.rows])
    return {snapshot.pk: snapshot for snapshot in found}


def _is_compared(batch: Batch) -> bool:
    route, operation = batch.lane.route, Operation(batch.operation)
    if operation in route.from_snapshot or route.on_wire is not as_it_is:
        return True
    return operation == Operation.UPSERT and route.erases is not erases_nothing


def _went_with_their_parents(kind: Kind, batch: Batch) -> set[int]:
    """Deletes of what the vendor has already removed together with a parent: nothing is left to be asked for."""
    if batch.step != Step.SEND or batch.operation != Operation.DELETE or not kind.needs:
        return set()
    return waiting.went_along(kind, batch.lane.connection, batch.rows)
