"""One click as a thing of its own: drafted, looked at, confirmed, taken back or started, and carried out in chunks.

The click keeps the ids it was made on, in one statement; until it starts, a run touches no delivery.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Connection, Customer
from talentsync.sync import erasure_requests, erasures, kinds, nudges, records_of_calls, services, summary
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery, Lane, Run, RunItem
from talentsync.sync.models.run import SETTLED
from talentsync.sync.rows import insert_from, update_rows
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 200  # records in one transaction: about 0.1 s on SQLite, where nobody else writes meanwhile
EXAMPLES = 3  # passed-over records that are named for each reason
NOT_IN_USE = "not_in_use"  # another connection of the customer was taken into use since the click
A_MOMENT = timedelta(seconds=2)  # of a click; the rest is carried on by a worker
AT_ONCE = 100  # up to one batch is started by the click itself, so that the page already shows it waiting


@dataclass(kw_only=True)
class Survey:
    """What a draft would do at one destination, in counts; of a large one as far as it was looked at."""

    looked_at: Counter[str] = field(default_factory=Counter)
    n_applies: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    tally: Counter[str] = field(default_factory=Counter)
    records: set[int] = field(default_factory=set)  # those of the run's own kind that it applies to
    passed_over: dict[str, list[tuple[str, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # kind and primary key of the first few of each reason


def draft(kind: Kind, action: Action, records: QuerySet[Any], *, by: User | None, now: datetime) -> Run:
    """Keep the selection: one item per record and connection in use, then one for each record of the kinds that the
    action reaches and that hangs on one of these. Changes nothing else.
    """
    with transaction.atomic():
        run = Run.objects.create(
            kind=kind.name, action=action.name, by=by, created_at=now, destinations=list(action.destinations)
        )
        run.total = keep(run, kind, Q(pk__in=records.order_by().values("pk")))
        chosen = run.items.filter(kind=kind.name).values("object_id")
        for name in action.reaches:
            run.total += keep(run, kinds.get(name), Q(**{f"{kinds.path_to(kinds.get(name), kind.name)}__in": chosen}))
        run.options = {"n_selected": records.count()}
        run.save(update_fields=["total", "options"])
    return run


def keep(run: Run, kind: Kind, chosen: Q) -> int:
    """Add to a draft an item for each of these records and connection in use; returns how many."""
    records = kind.model._default_manager.filter(
        chosen,
        customer__connections__is_current=True,
        customer__connections__destination__in=run.destinations,
    )
    rows = records.order_by("pk").values_list(
        Value(run.pk),
        Value(kind.name),
        "pk",
        "customer__connections__pk",
        Value(RunItem.State.DRAFTED.value),
        Value(""),
    )
    return insert_from(RunItem, ["run", "kind", "object_id", "connection", "state", "reason"], rows)


def survey(run: Run, options: Mapping[str, Any] | None = None, *, at_most: int | None = None) -> dict[str, Survey]:
    """What would happen, by destination; reads only, in chunks of constant memory. `at_most` looks at no more than
    about so many of its items, the first of each kind.
    """
    found: dict[str, Survey] = defaultdict(Survey)
    parts = taking_part(run)
    for kind, action in parts:
        last, left = 0, max(1, at_most // len(parts)) if at_most else sys.maxsize
        while items := list(run.items.filter(kind=kind.name, pk__gt=last).order_by("pk")[: min(left, CHUNK * 5)]):
            last, left = items[-1].pk, left - len(items)
            for connection, records in _by_connection(kind, items):
                _survey(found[connection.destination], run, kind, action, connection, records, options or run.options)
    return found


def _survey(
    found: Survey,
    run: Run,
    kind: Kind,
    action: Action,
    connection: Connection,
    records: Sequence[Any],
    options: Mapping[str, Any],
) -> None:
    known = _known(kind, connection, records, snapshots=action.reads_snapshots)
    withheld = services.withheld(kind, action, records)
    found.looked_at[kind.name] += len(records)
    for record in records:
        delivery = known.get(record.pk)
        code = erasures.BEING_ERASED if record.pk in withheld else ""
        if code := code or _passed_over(action, record, delivery, connection, options):
            found.skipped[code] += 1
            if found.skipped[code] <= EXAMPLES:
                found.passed_over[code].append((kind.name, record.pk))
            continue
        found.n_applies += 1
        found.by_kind[kind.name] += 1
        if kind.name == run.kind:
            found.records.add(record.pk)
        found.tally.update(action.tally(record, delivery, connection))


def taking_part(run: Run) -> list[tuple[Kind, Action]]:
    """The kinds of which the run holds records, each with the action that they take part with, in the order in which
    they are asked for: what others wait for comes first.
    """
    kind, action = kinds.get(run.kind), kinds.get(run.kind).action(run.action)
    others = run.items.exclude(kind=run.kind).order_by().values_list("kind", flat=True).distinct()
    named = {run.kind: run.action} | dict(action.reaches)
    named |= {name: run.action for name in others if name not in named}
    first = kind.deletes_first if action.operation == Operation.DELETE else ()
    order = [*(name for name in first if name in named), *(name for name in named if name not in first)]
    return [(kinds.get(name), kinds.get(name).action(named[name])) for name in order]


def _passed_over(
    action: Action, record: Any, delivery: Delivery | None, connection: Connection, options: Mapping[str, Any]
) -> str:
    return action.skip(record, delivery, connection, options) if connection.is_current else NOT_IN_USE


def confirm(
    run: Run,
    *,
    destinations: Sequence[str],
    options: Mapping[str, Any],
    now: datetime,
    by: User | None = None,
    at_once: bool = False,
    start: bool = True,
) -> bool:
    """Let a draft go ahead. False when somebody already decided about it: a double click is one run.

    Runs that close more than one record start after UNDO_SECONDS, unless `at_once` (commands have no Undo). Whoever
    calls this inside a transaction says `start=False`, and `start_small` behind it.
    """
    action = kinds.get(run.kind).action(run.action)
    with transaction.atomic():
        if not Run.objects.filter(pk=run.pk, state=Run.State.DRAFT).update(state=Run.State.WAITING):
            return False
        if action.operation == Operation.DELETE:
            _keep_latecomers(run, action)
        run.items.exclude(connection__destination__in=destinations).delete()
        run.total = run.items.count()
        wait = settings.UNDO_SECONDS if action.undo and has_several(run) and not at_once else 0
        run.destinations, run.options = list(destinations), {**run.options, **options}
        run.state, run.starts_at = Run.State.WAITING, now + timedelta(seconds=wait)
        run.save(update_fields=["total", "destinations", "options", "state", "starts_at"])
        _note_who(run, by or run.by)
        if not _is_small(run, wait):
            nudges.nudge_run(run.pk, in_seconds=wait)
    if start:
        start_small(run)
    run.refresh_from_db()
    return True


def start_small(run: Run) -> None:
    """Begin at once with a confirmed request that is small and waits for nothing, so that its page already shows it on
    its way.

    Each chunk is a transaction of its own: several kinds in one would lock records behind deliveries. What a crash
    leaves undone is found by the sweep.
    """
    if run.starts_at is not None and _is_small(run, (run.starts_at - timezone.now()).total_seconds()):
        carry_on(run, until=timezone.now() + A_MOMENT)


def _is_small(run: Run, wait: float) -> bool:
    return wait <= 0 and run.total <= AT_ONCE


def _keep_latecomers(run: Run, action: Action) -> None:
    """What was added below a record since the click goes with it at the vendor, and must be asked for with it."""
    chosen = run.items.filter(kind=run.kind).values("object_id")
    for name in action.reaches:
        known = run.items.filter(kind=name).values("object_id")
        keep(run, kinds.get(name), Q(**{f"{kinds.path_to(kinds.get(name), run.kind)}__in": chosen}) & ~Q(pk__in=known))


def has_several(run: Run) -> bool:
    """Whether it is about more than one record."""
    return len(run.items.order_by().values_list("kind", "object_id").distinct()[:2]) > 1


def undo(run: Run, *, by: User, now: datetime) -> bool:
    """Take a run back before it starts. False when it has started: what was sent cannot be taken back."""
    with transaction.atomic():
        waiting = Run.objects.filter(pk=run.pk, state=Run.State.WAITING, starts_at__gt=now)
        if not waiting.update(state=Run.State.UNDONE, finished_at=now):
            return False
        _note_who(run, by, undone=True)
    return True


def carry_on(run: Run, *, until: datetime) -> bool:
    """Start a run whose time has come, or go on with one, chunk by chunk. True when nothing is left to start."""
    if not _begin(run, timezone.now()):
        return True
    for kind, action in taking_part(run):
        while _expand_next(run, kind, action):
            if timezone.now() >= until:
                return False
    with transaction.atomic():
        _finish(run, timezone.now())
    return True


def _expand_next(run: Run, kind: Kind, action: Action) -> bool:
    with transaction.atomic():
        return _expand_chunk(run, kind, action, timezone.now())


def waiting_to_start(now: datetime) -> QuerySet[Run]:
    """Runs whose time has come, and runs that were interrupted while they started."""
    started = Q(state=Run.State.RUNNING, items__state=RunItem.State.DRAFTED)
    return Run.objects.filter(Q(state=Run.State.WAITING) | started, starts_at__lte=now).distinct()


def _note_who(run: Run, by: User | None, *, undone: bool = False) -> None:
    """One line of the audit for each customer, so that each can be shown their own."""
    verb = run.action.replace("_", " ")
    what = f"undo {verb}" if undone else verb
    counted = run.items.values("connection__customer", "kind").annotate(number=Count("object_id", distinct=True))
    for row in counted.order_by("connection__customer", "kind"):
        customer = Customer.objects.get(pk=row["connection__customer"])
        audit.record(by, what, kind=row["kind"], customer=customer, count=row["number"], run_id=run.pk)


def _begin(run: Run, now: datetime) -> bool:
    waiting = Run.objects.filter(pk=run.pk, state=Run.State.WAITING, starts_at__lte=now)
    waiting.update(state=Run.State.RUNNING)
    return Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).exists()


def _finish(run: Run, now: datetime) -> None:
    complete = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING, total=SETTLED)
    complete.exclude(items__state=RunItem.State.DRAFTED).update(state=Run.State.DONE, finished_at=now)
    if kinds.get(run.kind).action(run.action).erases:
        nudges.nudge_erasure(run.pk)


def _expand_chunk(run: Run, kind: Kind, action: Action, now: datetime) -> bool:
    """Turn the next items into wishes; False when there are none left."""
    drafted = run.items.filter(kind=kind.name, state=RunItem.State.DRAFTED).select_for_update(
        of=("self",), skip_locked=True
    )
    items = list(drafted.order_by("object_id", "pk")[:CHUNK])
    if not items:
        return False
    locked = {record.pk: record for record in summary.lock(kind, list({item.object_id for item in items}))}
    counts: Counter[tuple[int, RunItem.State]] = Counter()
    lanes: set[int] = set()
    for connection, records in _by_connection(kind, items, locked):
        if not connection.is_current:
            continue
        asked, overtaken = erasure_requests.ask(run, kind, action, records, connection, now)
        counts.update(overtaken)
        mine = {item.object_id: item for item in items if item.connection_id == connection.pk}
        for each in asked:
            counts[run.pk, _note(mine[each.object_id], each, action)] += 1
        lanes.update(Lane.objects.filter(connection=connection, kind=kind.name).values_list("pk", flat=True))
    counts.update(erasure_requests.ask_elsewhere(run, kind, action, list(locked.values()), now))
    for item in items:
        if item.state == RunItem.State.DRAFTED:  # nobody asked
            item.state = RunItem.State.SKIPPED
            item.reason = "gone_here" if item.object_id not in locked else NOT_IN_USE
            counts[run.pk, item.state] += 1
    update_rows(items, ["state", "reason", "delivery", "revision"])
    del counts[run.pk, RunItem.State.ASKED]
    records_of_calls.count(counts, now)
    summary.refresh(kind, list(locked.values()))
    nudges.nudge_lanes(lanes)
    return True


def _note(item: RunItem, asked: services.Asked, action: Action) -> RunItem.State:
    item.delivery_id, item.revision, item.reason = asked.delivery_id, asked.revision, asked.skipped
    if asked.skipped:
        item.state = RunItem.State.SKIPPED
    elif asked.failed:
        item.state = RunItem.State.FAILED
    else:
        item.state = RunItem.State.DONE if action.task == "check" else RunItem.State.ASKED
    return RunItem.State(item.state)


def _by_connection(
    kind: Kind, items: Sequence[RunItem], locked: Mapping[int, Any] | None = None
) -> list[tuple[Connection, list[Any]]]:
    """The items' records, in the order of their keys, under the connection each is meant for."""
    if locked is None:
        ids = {item.object_id for item in items}
        locked = kind.rows().prefetch_related(*kind.related).in_bulk(list(ids))
    connections = Connection.objects.select_related("customer").in_bulk({item.connection_id for item in items})
    grouped: dict[int, list[Any]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.object_id):
        if item.object_id in locked and item.connection_id in connections:
            grouped[item.connection_id].append(locked[item.object_id])
    return [(connections[pk], records) for pk, records in sorted(grouped.items())]


def _known(kind: Kind, connection: Connection, records: Sequence[Any], *, snapshots: bool) -> dict[int, Delivery]:
    rows = Delivery.objects.filter(connection=connection).of_records(kind.name, [record.pk for record in records])
    rows = rows.select_related("snapshot") if snapshots else rows
    return {row.object_id: row for row in rows.defer("words")}
