"""Asking vendors to erase: a delete that is written down as part of a request, at every connection that may hold the
record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from talentsync.customers.models import Connection
from talentsync.sync import budgets, erasures, nudges, records_of_calls, services, summary
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.services import Asked
from talentsync.sync.states import UNFINISHED, RemoteState

Counts = Counter[tuple[int, RunItem.State]]

MAY_BE_THERE = ~Q(remote_state__in=[RemoteState.ABSENT, RemoteState.DELETED]) | Q(state__in=UNFINISHED)


def ask(
    run: Run,
    kind: Kind,
    action: Action,
    records: Sequence[Any],
    connection: Connection,
    now: datetime,
) -> tuple[list[Asked], Counts]:
    """As `services.ask`; what an action erases is noted."""
    priority = budgets.priority_of(run.total)
    asked, overtaken = services.ask(
        kind,
        action,
        records,
        connection,
        options=run.options,
        now=now,
        priority=priority,
        agreed_at=run.starts_at,
    )
    if action.erases:
        erasures.note(run, kind, connection, records, asked, now)
    return asked, overtaken


def ask_elsewhere(run: Run, kind: Kind, action: Action, records: Sequence[Any], now: datetime) -> Counts:
    """Whoever is to be erased is deleted wherever we may have sent them, in use or not; returns which items of which
    requests were overtaken.
    """
    counts: Counts = Counter()
    if not action.erases:
        return counts
    keys = [record.pk for record in records]
    sent = Delivery.objects.filter(MAY_BE_THERE, connection__is_current=False).of_records(kind.name, keys)
    found = Connection.objects.filter(pk__in=sent.values("connection"), destination__in=action.destinations)
    for connection in found.select_related("customer").order_by("pk"):
        here = set(sent.filter(connection=connection).values_list("object_id", flat=True))
        _, overtaken = ask(run, kind, action, [each for each in records if each.pk in here], connection, now)
        counts.update(overtaken)
        _nudge(kind, connection)
    return counts


def ask_for_left(run: Run, kind: Kind, items: Sequence[RunItem], records: Sequence[Any], now: datetime) -> Counts:
    """Settle the items of records that nobody was asked about through the connection they were clicked with: there was
    none, or it is no longer in use. Whoever is in use by now is asked; what is left waits for a delete that is asked
    for elsewhere, or for nobody.
    """
    if not items:
        return Counter()
    ids = {item.object_id for item in items}
    mine = [record for record in records if record.pk in ids]
    counts = _ask_in_use(run, kind, mine, now)
    erasures.note_unasked(run, kind, mine, now)
    noted = {row.object_id: row for row in run.erasures.filter(kind=kind.name, object_id__in=ids).order_by("pk")}
    for item in items:
        row = noted[item.object_id]
        item.delivery_id, item.revision = row.delivery_id, row.revision or None
        item.state = RunItem.State.ASKED if row.delivery_id else RunItem.State.DONE
        counts[run.pk, RunItem.State(item.state)] += 1
    return counts


def ask_late(run: Run, kind: Kind, object_ids: Sequence[int], now: datetime) -> set[int]:
    """Ask for what was added after the click; returns those that a vendor is asked about."""
    records = summary.lock(kind, object_ids)
    counts = ask_elsewhere(run, kind, kind.action(run.action), records, now)
    counts.update(_ask_in_use(run, kind, records, now))
    records_of_calls.count(counts, now)
    summary.refresh(kind, records)
    noted = run.erasures.filter(kind=kind.name, object_id__in=object_ids)
    told = set(noted.values_list("object_id", flat=True))
    erasures.note_unasked(run, kind, records, now)
    return told


def _ask_in_use(run: Run, kind: Kind, records: Sequence[Any], now: datetime) -> Counts:
    action, counts = kind.action(run.action), Counter[tuple[int, RunItem.State]]()
    customers = {record.customer_id for record in records}
    current = Connection.objects.filter(is_current=True, destination__in=action.destinations, customer__in=customers)
    for connection in current.select_related("customer").order_by("pk"):
        mine = [each for each in records if each.customer_id == connection.customer_id]
        _, overtaken = ask(run, kind, action, mine, connection, now)
        counts.update(overtaken)
        _nudge(kind, connection)
    return counts


def _nudge(kind: Kind, connection: Connection) -> None:
    nudges.nudge_lanes(services.lanes_of(kind, connection))
