"""One click as a thing of its own: drafted, looked at, confirmed, taken back or started, and carried out in chunks.

The click keeps the ids it was made on, in one statement; until it starts, a run touches no delivery.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Value
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Connection, Customer
from talentsync.sync import (
    budgets,
    erasure_requests,
    erasures,
    history,
    kinds,
    nudges,
    policy,
    records_of_calls,
    services,
    summary,
    waiting,
)
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.models.run import SETTLED
from talentsync.sync.rows import insert_from, update_rows
from talentsync.sync.states import Operation, Priority, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 200  # records in one transaction: about 0.1 s on SQLite, where nobody else writes meanwhile
EXAMPLES = 3  # passed-over records that are named for each reason
NOT_IN_USE = "not_in_use"  # another connection of the customer was taken into use since the click
STILL_GOES = Q(state=State.FAILED, operation__in=policy.REMOVING)  # if tried again, also where nothing else goes
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
    """Add to a run an item for each of these records and connection in use; returns how many. Whoever wants to be
    erased is obeyed also where there is none, and a removal that failed is tried again where it was asked for.
    """
    everything = kind.model._default_manager.filter(chosen)
    records = everything.filter(
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
    columns = ["run", "kind", "object_id", "connection", "state", "reason"]
    kept = insert_from(RunItem, columns, rows)
    if kinds.get(run.kind).action(run.action).task == "retry":
        still = Delivery.objects.filter(STILL_GOES, connection__is_current=False, kind=kind.name)
        known = still.filter(object_id__in=everything.values("pk"), connection__destination__in=run.destinations)
        kept += insert_from(
            RunItem,
            columns,
            known.order_by("object_id", "pk").values_list(
                Value(run.pk), "kind", "object_id", "connection", Value(RunItem.State.DRAFTED.value), Value("")
            ),
        )
    if kinds.get(run.kind).action(run.action).erases:
        in_use = Connection.objects.filter(is_current=True, destination__in=run.destinations)
        others = everything.exclude(customer__in=in_use.values("customer")).order_by("pk")
        alone = others.values_list(Value(run.pk), Value(kind.name), "pk", Value(RunItem.State.DRAFTED.value), Value(""))
        kept += insert_from(RunItem, ["run", "kind", "object_id", "state", "reason"], alone)
    return kept


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
            if alone := [item.object_id for item in items if item.connection_id is None]:
                _survey_alone(found[action.destinations[0]], run, kind, alone)
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
    found.looked_at[kind.name] += len(records)
    for record, delivery, code in _judged(kind, action, connection, records, options):
        if code:
            found.skipped[code] += 1
            if found.skipped[code] <= EXAMPLES:
                found.passed_over[code].append((kind.name, record.pk))
            continue
        found.n_applies += 1
        found.by_kind[kind.name] += 1
        if kind.name == run.kind:
            found.records.add(record.pk)
        found.tally.update(action.tally(record, delivery, connection))


def _judged(
    kind: Kind, action: Action, connection: Connection, records: Sequence[Any], options: Mapping[str, Any]
) -> Iterator[tuple[Any, Delivery | None, str]]:
    """Each record with its delivery and the reason why it is passed over, "" for none."""
    known = _known(kind, connection, records, snapshots=action.reads_snapshots)
    withheld = services.withheld(kind, action, records)
    for record in records:
        delivery = known.get(record.pk)
        code = erasures.BEING_ERASED if record.pk in withheld else ""
        yield record, delivery, code or _passed_over(action, record, delivery, connection, options)


def pass_over(run: Run, now: datetime) -> None:
    """Skip right away those records of a draft that are passed over, so that nothing is written down for them when it
    is confirmed. In the caller's transaction.
    """
    for kind, action in taking_part(run):
        last = 0
        while items := list(run.items.filter(kind=kind.name, pk__gt=last).order_by("pk")[:CHUNK]):
            last = items[-1].pk
            skipped = []
            for connection, records in _by_connection(kind, items):
                codes = {each.pk: code for each, _, code in _judged(kind, action, connection, records, run.options)}
                mine = [each for each in items if each.connection_id == connection.pk and codes.get(each.object_id)]
                for item in mine:
                    item.state, item.reason = RunItem.State.SKIPPED, codes[item.object_id]
                skipped += mine
            update_rows(skipped, ["state", "reason"])
            records_of_calls.count(Counter({(run.pk, RunItem.State.SKIPPED): len(skipped)}), now)


def _survey_alone(found: Survey, run: Run, kind: Kind, object_ids: Sequence[int]) -> None:
    found.looked_at[kind.name] += len(object_ids)
    found.n_applies += len(object_ids)
    found.by_kind[kind.name] += len(object_ids)
    if kind.name == run.kind:
        found.records.update(object_ids)
        found.tally["unconnected"] += len(object_ids)


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
    if connection.is_current or _still_goes(action, delivery):
        return action.skip(record, delivery, connection, options)
    return NOT_IN_USE


def _still_goes(action: Action, delivery: Delivery | None) -> bool:
    """Another try of a removal: that goes also through a connection that is no longer in use."""
    if delivery is None or action.task != "retry":
        return False
    return delivery.state == State.FAILED and delivery.operation in policy.REMOVING


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
        _keep_latecomers(run)
        run.items.exclude(connection=None).exclude(connection__destination__in=destinations).delete()
        run.total = run.items.count()
        wait = settings.UNDO_SECONDS if action.undo and has_several(run) and not at_once else 0
        run.destinations, run.options = list(destinations), {**run.options, **options, **action.writes(run)}
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


def _keep_latecomers(run: Run) -> int:
    """What was added below a record since the click goes with it at the vendor, and must be asked for with it; returns
    how many. The caller holds the run's row.
    """
    action = kinds.get(run.kind).action(run.action)
    if action.operation != Operation.DELETE:
        return 0
    chosen, kept = run.items.filter(kind=run.kind).values("object_id"), 0
    for name in action.reaches:
        known = run.items.filter(kind=name).values("object_id")
        late = Q(**{f"{kinds.path_to(kinds.get(name), run.kind)}__in": chosen}) & ~Q(pk__in=known)
        kept += keep(run, kinds.get(name), late)
    if kept:
        Run.objects.filter(pk=run.pk).update(total=F("total") + kept)
    return kept


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


def is_a_click(run: Run) -> bool:
    """Small enough to be started beside everything that goes on. A history is not, however little is left of it."""
    return not run.is_history and budgets.priority_of(run.total) == Priority.CLICK


def carry_on(run: Run, *, until: datetime) -> bool:
    """Start a run whose time has come, or go on with one, chunk by chunk. True when nothing is left to start now."""
    if run.is_history:
        return history.carry_on(run, until=until)
    if not _begin(run, timezone.now()):
        return True
    while True:
        went_on = False
        for kind, action in taking_part(run):
            while _expand_next(run, kind, action):
                went_on = True
                if timezone.now() >= until:
                    return False
        if not went_on and not _keep_added_meanwhile(run):
            break
    with transaction.atomic():
        _finish(run, timezone.now())
    return True


def _expand_next(run: Run, kind: Kind, action: Action) -> bool:
    with transaction.atomic():
        return _expand_chunk(run, kind, action, timezone.now())


def waiting_to_start(now: datetime) -> QuerySet[Run]:
    """Runs whose time has come, and runs that were interrupted while they started, or before they ended."""
    started = Q(state=Run.State.RUNNING, items__state=RunItem.State.DRAFTED)
    over = Q(state=Run.State.RUNNING, total=SETTLED)
    found = Run.objects.filter(Q(state=Run.State.WAITING) | started | over | history.going_on(), starts_at__lte=now)
    return found.distinct()


def _note_who(run: Run, by: User | None, *, undone: bool = False) -> None:
    """One line of the audit for each customer, so that each can be shown their own."""
    verb = run.action.replace("_", " ")
    what = f"undo {verb}" if undone else verb
    counted = run.items.exclude(connection=None).values_list("connection__customer", "kind")
    told = list(counted.annotate(number=Count("object_id", distinct=True)).order_by("connection__customer", "kind"))
    alone = run.items.filter(connection=None)
    for name in alone.order_by("kind").values_list("kind", flat=True).distinct():
        rows = kinds.get(name).model._default_manager.filter(pk__in=alone.filter(kind=name).values("object_id"))
        numbers = rows.order_by("customer").values_list("customer").annotate(number=Count("pk"))
        told += [(customer, name, number) for customer, number in numbers]
    for pk, name, number in told:
        customer = Customer.objects.get(pk=pk)
        audit.record(by, what, kind=name, customer=customer, count=number, run_id=run.pk)


def _begin(run: Run, now: datetime) -> bool:
    with transaction.atomic():
        waiting = Run.objects.filter(pk=run.pk, state=Run.State.WAITING, starts_at__lte=now)
        if waiting.update(state=Run.State.RUNNING):
            _keep_latecomers(run)
    return Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).exists()


def _keep_added_meanwhile(run: Run) -> int:
    """What was added while the rest was being asked for. Later nothing below can be sent any more: all that is above is
    on its way out.
    """
    with transaction.atomic():
        Run.objects.select_for_update().get(pk=run.pk)
        kept = _keep_latecomers(run)
        if kept:  # all that was asked for before may be settled already
            Run.objects.filter(pk=run.pk, state=Run.State.DONE).update(state=Run.State.RUNNING, finished_at=None)
        return kept


def _finish(run: Run, now: datetime) -> None:
    complete = Run.objects.filter(pk=run.pk).exclude(items__state=RunItem.State.DRAFTED)
    records_of_calls.close_settled(complete, now)
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
    keys = list({item.object_id for item in items})
    waiting.hold_above_still(kind, keys)
    locked = {record.pk: record for record in summary.lock(kind, keys)}
    counts: Counter[tuple[int, RunItem.State]] = Counter()
    lanes: set[int] = set()
    for connection, records in _by_connection(kind, items, locked):
        if not connection.is_current:
            known = _known(kind, connection, records, snapshots=False)
            records = [record for record in records if _still_goes(action, known.get(record.pk))]
        if not records:
            continue
        asked, overtaken = erasure_requests.ask(run, kind, action, records, connection, now)
        counts.update(overtaken)
        mine = {item.object_id: item for item in items if item.connection_id == connection.pk}
        for each in asked:
            counts[run.pk, services.noted(mine[each.object_id], each, action)] += 1
        lanes.update(services.lanes_of(kind, connection))
    counts.update(erasure_requests.ask_elsewhere(run, kind, action, list(locked.values()), now))
    if action.erases:
        left = [item for item in items if item.state == RunItem.State.DRAFTED and item.object_id in locked]
        counts.update(erasure_requests.ask_for_left(run, kind, left, list(locked.values()), now))
    for item in items:
        if item.state == RunItem.State.DRAFTED:  # nobody asked
            item.state = RunItem.State.SKIPPED
            item.reason = "gone_here" if item.object_id not in locked else NOT_IN_USE
            counts[run.pk, item.state] += 1
    update_rows(items, ["state", "reason", "delivery", "revision"])
    del counts[run.pk, RunItem.State.ASKED]
    counts[run.pk, RunItem.State.DONE] += 0  # its row is locked in its place among the others
    records_of_calls.count(counts, now)
    if not run.items.filter(state=RunItem.State.DRAFTED).exists():
        _keep_added_meanwhile(run)  # with the last of them, lest nobody comes back for it
    summary.refresh(kind, list(locked.values()))
    nudges.nudge_lanes(lanes)
    return True


def _by_connection(
    kind: Kind, items: Sequence[RunItem], locked: Mapping[int, Any] | None = None
) -> list[tuple[Connection, list[Any]]]:
    """The items' records, in the order of their keys, under the connection each is meant for."""
    if locked is None:
        ids = {item.object_id for item in items}
        locked = kind.rows().prefetch_related(*kind.related).in_bulk(list(ids))
    connections = Connection.objects.select_related("customer").in_bulk({item.connection_id for item in items} - {None})
    grouped: dict[int, list[Any]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.object_id):
        if item.object_id in locked and item.connection_id is not None and item.connection_id in connections:
            grouped[item.connection_id].append(locked[item.object_id])
    return [(connections[pk], records) for pk, records in sorted(grouped.items())]


def _known(kind: Kind, connection: Connection, records: Sequence[Any], *, snapshots: bool) -> dict[int, Delivery]:
    mine = Delivery.objects.filter(connection=connection)
    rows = mine.select_related("snapshot") if snapshots else mine
    return rows.by_record(kind.name, [record.pk for record in records])
