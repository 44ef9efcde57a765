"""Automatic sync: what a save or an import changes is asked for by itself, where the customer has it switched on.

Only what would be sent decides: a record whose payload is the one that was accepted last, but for the moment of its
last change, is not sent again. Whoever cannot be sent as they are is passed over, as by a click.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection, Customer
from talentsync.sync import nudges, records_of_calls, services, summary, wishes
from talentsync.sync.kinds import Kind, Route
from talentsync.sync.models import Delivery, RunItem, Snapshot
from talentsync.sync.states import Operation, State


def follow(kind: Kind, records: Sequence[Any], *, now: datetime) -> int:
    """Ask for what these saved records of one kind need; returns how many deliveries were asked. Idempotent.

    In the caller's transaction, which holds the records' locks (`summary.lock`).
    """
    switched_on = _switched_on(records)
    if not kind.automatic or not switched_on:
        return 0
    mine = [record for record in records if record.customer_id in switched_on]
    action = kind.action(kind.automatic)
    current = Connection.objects.filter(customer__in=switched_on, is_current=True, destination__in=action.destinations)
    n_asked, counts = 0, Counter[tuple[int, RunItem.State]]()
    lanes: set[int] = set()
    for connection in current.select_related("customer").order_by("pk"):
        changed = _changed(kind, [each for each in mine if each.customer_id == connection.customer_id], connection)
        asked, overtaken = services.ask(kind, action, changed, connection, options={"by_itself": True}, now=now)
        n_asked += sum(1 for each in asked if not each.skipped)
        counts.update(overtaken)
        lanes.update(services.lanes_of(kind, connection))
    records_of_calls.count(counts, now)
    summary.refresh(kind, mine)
    nudges.nudge_lanes(lanes)
    return n_asked


def _switched_on(records: Sequence[Any]) -> set[int]:
    customers = {record.customer_id for record in records}
    rows = Customer.objects.filter(pk__in=customers, sends_changes=True)
    return set(rows.values_list("pk", flat=True)) if customers else set()


def _changed(kind: Kind, records: Sequence[Any], connection: Connection) -> list[Any]:
    """Those of which the vendor would be told something new; a few queries, whatever their number."""
    route = kind.route(connection.destination)
    mine = Delivery.objects.filter(connection=connection)
    found = mine.by_record(kind.name, [record.pk for record in records])
    snapshots = Snapshot.objects.in_bulk([row.pk for row in found.values()])
    accepted = {pk: snapshots.get(row.pk) for pk, row in found.items()}
    replaced = {pk for pk, row in found.items() if _is_being_replaced(row)}
    return [
        each
        for each in records
        if _is_news(route, each, connection, accepted.get(each.pk), is_replaced=each.pk in replaced)
    ]


def _is_being_replaced(delivery: Delivery) -> bool:
    """What is on its way, or was refused, took the place of what was accepted last: going back to that is news."""
    replaces = delivery.state == State.FAILED or wishes.in_flight(delivery)
    return replaces and delivery.operation == Operation.UPSERT


def as_accepted(kind: Kind, records: Sequence[Any], deliveries: Mapping[int, Delivery]) -> set[int]:
    """Those of these records whose payload is the one that was accepted last, whatever has happened to them since."""
    settled = {pk: row for pk, row in deliveries.items() if row.state == State.SYNCED}
    snapshots = Snapshot.objects.in_bulk([row.pk for row in settled.values()])
    return {
        record.pk
        for record in records
        if (row := settled.get(record.pk)) is not None
        and (snapshot := snapshots.get(row.pk)) is not None
        and snapshot.accepted
        and not _is_news(kind.route(row.connection.destination), record, row.connection, snapshot)
    }


def _is_news(
    route: Route, record: Any, connection: Connection, snapshot: Snapshot | None, *, is_replaced: bool = False
) -> bool:
    accepted: Any = snapshot.accepted if snapshot is not None else None
    if route.needs_a_page(record, connection, accepted):
        return False
    if not accepted or is_replaced:
        return True
    try:
        payload = route.record(record, connection, Operation.UPSERT, {})
    except Unmappable:
        return True
    return _compared(route, payload) != _compared(route, accepted)


def _compared(route: Route, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in route.undecisive}
