"""Everything of a customer as one request: kind by kind, a window at a time, so that it can be paused and overtaken.

It keeps no list of what waits: a part remembers how far it is, and an item comes into being together with its wish. The
lanes are kept filled by whoever settles a batch (`refill`) and by the sweep (decision 0024).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Connection
from talentsync.sync import automatic, kinds, nudges, records_of_calls, services, summary, waiting
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Lane, Run, RunItem, RunPart
from talentsync.sync.states import UNFINISHED, Priority, State

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 200  # records in one transaction, as in `runs`
WAITS_FOR_ANOTHER = Q(delivery__state=State.PENDING, delivery__due_at=None)
ENDED_BY = "ended_by"  # the option that says why, where nobody cancelled it
NOT_IN_USE = "not_in_use"  # another connection of the customer was taken into use
UNDER_WAY = (Run.State.WAITING, Run.State.RUNNING, Run.State.PAUSED)


# --- asking for it ----------------------------------------------------------------------------------------------------


def draft(connection: Connection, *, by: User | None, now: datetime) -> Run:
    """What would be sent, in numbers. Changes nothing else."""
    taking_part = kinds.of_history(connection.destination)
    with transaction.atomic():
        run = Run.objects.create(
            kind=taking_part[0].name,
            action=kinds.HISTORY,
            by=by,
            created_at=now,
            destinations=[connection.destination],
        )
        parts = [
            RunPart(run=run, kind=kind.name, place=place, connection=connection)
            for place, kind in enumerate(taking_part)
        ]
        RunPart.objects.bulk_create(parts)
        _measure(run)
    return run


def confirm(run: Run, *, options: Mapping[str, Any], by: User | None, now: datetime) -> bool:
    """Let a draft go ahead. False when somebody already decided about it, or the same is under way."""
    with transaction.atomic():
        connection = Connection.objects.select_for_update(of=("self",)).get(runpart__run=run, runpart__place=0)
        if not connection.is_current or under_way(connection).exists():
            return False
        if not Run.objects.filter(pk=run.pk, state=Run.State.DRAFT).update(state=Run.State.WAITING):
            return False
        _measure(run)  # it may have been open for a day
        run.state, run.options, run.starts_at = Run.State.WAITING, {**run.options, **options}, now
        run.save(update_fields=["state", "options", "starts_at"])
        _note_who(run, by or run.by, "send all history")
        nudges.nudge_run(run.pk)
    return True


def under_way(connection: Connection) -> QuerySet[Run]:
    """Histories of a connection that are not over: there is one at most."""
    return Run.objects.filter(action=kinds.HISTORY, state__in=UNDER_WAY, parts__connection=connection).distinct()


def records_of(part: RunPart) -> QuerySet[Any]:
    """All that there is of the kind."""
    return kinds.get(part.kind).model._default_manager.filter(customer=part.connection.customer_id)


def _measure(run: Run) -> None:
    """How many records take part: those that are there by now."""
    parts = list(run.parts.select_related("connection"))
    for part in parts:
        part.total = records_of(part).count()
        part.upto = records_of(part).aggregate(last=Max("pk"))["last"] or 0
    RunPart.objects.bulk_update(parts, ["total", "upto"])
    run.total = sum(part.total for part in parts)
    run.save(update_fields=["total"])


# --- pausing, going on, cancelling ------------------------------------------------------------------------------------


def pause(run: Run, *, by: User | None) -> bool:
    """Ask for nothing more. False when there is nothing to pause. What is on its way goes on."""
    with transaction.atomic():
        _stand_still(run)
        if not _this(run, Run.State.WAITING, Run.State.RUNNING).update(state=Run.State.PAUSED):
            return False
        _note_who(run, by, "pause all history")
    return True


def resume(run: Run, *, by: User | None, now: datetime) -> bool:
    """Go on where it was paused. False when it is not paused."""
    with transaction.atomic():
        if not _this(run, Run.State.PAUSED).update(state=Run.State.RUNNING):
            return False
        _note_who(run, by, "resume all history")
        records_of_calls.close_settled(Run.objects.filter(pk=run.pk), now)
        nudges.nudge_run(run.pk)
    return True


def cancel(run: Run, *, by: User | None, now: datetime) -> bool:
    """Leave out what has not been asked for. False when it is over. What is on its way goes on."""
    with transaction.atomic():
        _stand_still(run)
        if not _cancelled(run, now):
            return False
        _note_who(run, by, "cancel all history")
    return True


def _this(run: Run, *states: Run.State) -> QuerySet[Run]:
    return Run.objects.filter(pk=run.pk, action=kinds.HISTORY, state__in=states)


def _stand_still(run: Run) -> None:
    """Whoever is just asking for the next records has finished when this returns."""
    list(run.parts.select_for_update(of=("self",)).order_by("place"))


def _cancelled(run: Run, now: datetime) -> bool:
    left = F("total") - run.items.count()
    return bool(
        _this(run, *UNDER_WAY).update(state=Run.State.CANCELLED, finished_at=now, n_skipped=F("n_skipped") + left)
    )


def _note_who(run: Run, by: User | None, verb: str) -> None:
    part = run.parts.select_related("connection__customer").order_by("place").first()
    assert part is not None
    audit.record(by, verb, kind=run.kind, customer=part.connection.customer, count=run.total, run_id=run.pk)


# --- carrying it out --------------------------------------------------------------------------------------------------


def going_on() -> Q:
    """Runs that have not asked for everything yet, or have not ended."""
    return Q(action=kinds.HISTORY, state=Run.State.RUNNING)


def carry_on(run: Run, *, until: datetime) -> bool:
    """Ask for as much as the lanes can do with. True when nothing is left to ask for now."""
    Run.objects.filter(pk=run.pk, state=Run.State.WAITING, starts_at__lte=timezone.now()).update(
        state=Run.State.RUNNING
    )
    if _end_where_replaced(run):
        return True
    while _ask_for_more(run):
        if timezone.now() >= until:
            return False
    _let_go(run)
    return True


def _end_where_replaced(run: Run) -> bool:
    """Nothing more goes through a connection that is no longer in use: what was asked for is not waited for either."""
    if not run.parts.filter(connection__is_current=False).exists():
        return False
    with transaction.atomic():
        _stand_still(run)
        if _this(run, Run.State.RUNNING).exists() and _cancelled(run, timezone.now()):
            run.refresh_from_db(fields=["options"])
            run.options = {**run.options, ENDED_BY: NOT_IN_USE}
            run.save(update_fields=["options"])
    return True


def refill(lane: Lane, now: datetime) -> None:
    """Have more asked for before this lane runs dry."""
    names = [lane.kind, *(kind.name for kind in kinds.that_bring(lane.kind))]
    parts = RunPart.objects.filter(connection=lane.connection_id, kind__in=names, asked_at=None)
    found = parts.filter(run__state=Run.State.RUNNING).values_list("run", "kind").first()
    if found is not None and _waiting(lane.connection_id, found[1], now) < settings.HISTORY_WINDOW // 2:
        nudges.nudge_run(found[0])


def _ask_for_more(run: Run) -> bool:
    """The next records of the first kind of which some are left; False when there are none, or enough is waiting."""
    with transaction.atomic():
        part = _open_part(run)
        now = timezone.now()
        if part is None or _waiting(part.connection_id, part.kind, now) >= settings.HISTORY_WINDOW:
            return False
        if not part.connection.is_current:
            return False  # the next look ends it
        run.refresh_from_db(fields=["options", "starts_at"])
        keys = list(
            records_of(part)
            .filter(pk__gt=part.last_id, pk__lte=part.upto)
            .order_by("pk")
            .values_list("pk", flat=True)[:CHUNK]
        )
        if keys:
            _ask_chunk(run, part, keys, now)
        if len(keys) < CHUNK:
            _close(run, part, now)
    return True


def _open_part(run: Run) -> RunPart | None:
    """Locked; None where the run does not go on, or somebody else is at it."""
    parts = RunPart.objects.filter(run=run, asked_at=None, run__state=Run.State.RUNNING)
    first = parts.order_by("place").values("pk")[:1]
    locked = parts.filter(pk__in=first).select_for_update(of=("self",), skip_locked=True)
    return locked.select_related("connection__customer").first()


def _waiting(connection_id: int, kind: str, now: datetime) -> int:
    """Records of large requests that could be sent right now, up to the window. Those that wait for another record, for
    a later try, or for the vendor's own work keep no lane busy.
    """
    names = [kind, *kinds.get(kind).brings]
    rows = Delivery.objects.filter(
        connection=connection_id, kind__in=names, priority=Priority.BACKFILL, due_at__lte=now
    )
    return rows.filter(state=State.PENDING)[: settings.HISTORY_WINDOW].count()


def _ask_chunk(run: Run, part: RunPart, keys: Sequence[int], now: datetime) -> None:
    kind, connection = kinds.get(part.kind), part.connection
    action = kind.action(kinds.HISTORY)
    waiting.hold_above_still(kind, keys)
    records = summary.lock(kind, keys)
    options = {**run.options, kinds.AS_ACCEPTED: _as_accepted(kind, connection, records)}
    asked, overtaken = services.ask(
        kind,
        action,
        records,
        connection,
        options=options,
        now=now,
        priority=Priority.BACKFILL,
        agreed_at=run.starts_at,
    )
    items = [RunItem(run=run, kind=kind.name, object_id=each.object_id, connection=connection) for each in asked]
    counts: Counter[tuple[int, RunItem.State]] = Counter(overtaken)
    for item, each in zip(items, asked, strict=True):
        counts[run.pk, services.noted(item, each, action)] += 1
    RunItem.objects.bulk_create(items)
    part.last_id = keys[-1]
    part.save(update_fields=["last_id"])
    del counts[run.pk, RunItem.State.ASKED]
    records_of_calls.count(counts, now)
    summary.refresh(kind, records)
    nudges.nudge_lanes(services.lanes_of(kind, connection))


def _as_accepted(kind: Kind, connection: Connection, records: Sequence[Any]) -> set[int]:
    rows = Delivery.objects.filter(connection=connection).of_records(kind.name, [record.pk for record in records])
    known = {row.object_id: row for row in rows.select_related("connection").defer("words")}
    return automatic.as_accepted(kind, records, known)


def _let_go(run: Run) -> None:
    """When nothing of a run is on its way but what waits for records that nobody sends, the run is over. What waits
    still goes by itself once these are there.
    """
    asked = run.items.filter(state=RunItem.State.ASKED)
    if run.parts.filter(asked_at=None).exists() or asked.exclude(WAITS_FOR_ANOTHER).exists():
        return
    for part in run.parts.select_related("connection"):
        last = 0
        while chunk := list(asked.filter(kind=part.kind, pk__gt=last).order_by("pk")[:CHUNK]):
            last = chunk[-1].pk
            with transaction.atomic():
                _let_go_of(part, chunk, timezone.now())


def _let_go_of(part: RunPart, items: Sequence[RunItem], now: datetime) -> None:
    rows = Delivery.objects.filter(pk__in=[item.delivery_id for item in items], state=State.PENDING, due_at=None)
    locked = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk").defer("words")}
    keys = [row.object_id for row in locked.values()]
    above = waiting.Above(kinds.get(part.kind), part.connection, keys, locked=False)
    forsaken = [pk for pk, row in locked.items() if not any(map(_is_on_its_way, above.missing(row.object_id)))]
    given_up = part.run.items.filter(pk__in=[item.pk for item in items], delivery__in=forsaken)
    number = given_up.filter(state=RunItem.State.ASKED).update(state=RunItem.State.SKIPPED, reason="waits_for_another")
    records_of_calls.count(Counter({(part.run_id, RunItem.State.SKIPPED): number}), now)


def _is_on_its_way(parent: tuple[str, int, Delivery | None]) -> bool:
    row = parent[2]
    return row is not None and row.state in UNFINISHED and row.due_at is not None


def _close(run: Run, part: RunPart, now: datetime) -> None:
    """All records of the kind were asked for; what is gone here since the beginning counts no longer."""
    found = run.items.filter(kind=part.kind).count()
    Run.objects.filter(pk=run.pk).update(total=F("total") + (found - part.total))
    part.total, part.asked_at = found, now
    part.save(update_fields=["total", "asked_at"])
    records_of_calls.close_settled(Run.objects.filter(pk=run.pk), now)
