"""What somebody removed from a vendor stays out until somebody sends it again (DESIGN 7), also at a connection that is
taken into use later.

At a connection where it was not removed itself, a delivery says so that was never asked for anything: what was settled
last about its record is a delete, and what is there is not known. Whoever sends it again has the vendor asked first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds, records_of_calls, services, summary, waiting, wishes
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery
from talentsync.sync.querysets import DeliveryQuerySet
from talentsync.sync.rows import update_rows
from talentsync.sync.states import Operation, RemoteState, State

LONG_AGO, AT_LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
FIELDS = ("settled_operation", "settled_at", *wishes.WISH_FIELDS)

HERE = Q(remote_state=RemoteState.DELETED)
ELSEWHERE = Q(state=State.IDLE, remote_state=RemoteState.UNKNOWN, settled_operation=Operation.DELETE)
WISHED = Q(operation=Operation.DELETE, state__in=[State.PENDING, State.SUBMITTED, State.FAILED]) | ~Q(
    then_operations=[]
)


def is_removed(delivery: Delivery | None) -> bool:
    """At somebody's wish or with its parent, at this connection or at one that was in use before; nothing is asked."""
    if delivery is None or delivery.state in {State.PENDING, State.SUBMITTED}:
        return False
    return delivery.remote_state == RemoteState.DELETED or is_removed_elsewhere(delivery)


def is_removed_elsewhere(delivery: Delivery) -> bool:
    told = (delivery.state, delivery.remote_state, delivery.settled_operation)
    return told == (State.IDLE, RemoteState.UNKNOWN, Operation.DELETE)


def keep_out(customer: Customer) -> None:
    """Carry over to the connections in use what was removed at others of their environment: practice stays practice.

    In the transaction that takes them into use, before anything can be sent through them.
    """
    now = timezone.now()
    for connection in Connection.objects.filter(customer=customer, is_current=True).order_by("pk"):
        for kind in kinds.all_kinds():
            if any(
                each.destination == connection.destination and Operation.DELETE in each.operations
                for each in kind.routes
            ):
                _keep_out(kind, connection, now)


def _keep_out(kind: Kind, connection: Connection, now: datetime) -> None:
    removed = _at_alike(connection).filter(HERE | ELSEWHERE | WISHED, kind=kind.name, true_key__isnull=True)
    keys = removed.order_by("object_id").values_list("object_id", flat=True).distinct()
    for chunk in summary.batched(iter(list(keys)), summary.CHUNK):
        records = summary.lock(kind, chunk)
        rows: dict[int, list[Delivery]] = defaultdict(list)
        mine = _at_alike(connection).of_records(kind.name, chunk).filter(true_key__isnull=True)
        for row in mine.select_for_update(of=("self",)).order_by("pk"):
            rows[row.object_id].append(row)
        _settle(kind, connection, [(record, rows[record.pk]) for record in records], now)


def _settle(kind: Kind, connection: Connection, found: Sequence[tuple[Any, Sequence[Delivery]]], now: datetime) -> None:
    new, changed, given_up = [], [], []
    for record, rows in found:
        mine = next((row for row in rows if row.connection_id == connection.pk), None)
        at, out = max(map(_said, rows), key=lambda said: said[0])
        if out and mine is None:
            batch_key, entity_key = kind.key_of(record)
            mine = Delivery(connection=connection, kind=kind.name, object_id=record.pk)
            mine.batch_key, mine.entity_key = batch_key, entity_key
            mine.settled_operation, mine.settled_at = Operation.DELETE, min(at, now)
            new.append(mine)
        elif mine is not None and out != is_removed(mine) and _may_be_told(mine):
            given_up += [(mine.pk, revision) for revision in wishes.withdraw(mine)]
            mine.remote_state = RemoteState.UNKNOWN
            mine.settled_operation, mine.settled_at = (Operation.DELETE, min(at, now)) if out else ("", None)
            changed.append(mine)
    Delivery.objects.bulk_create(new)
    update_rows(changed, FIELDS)
    records_of_calls.count(services.overtake(given_up), now)


def _said(row: Delivery) -> tuple[datetime, bool]:
    """When the last word was spoken on whether a record is out, and whether it is."""
    failed = row.state == State.FAILED and row.operation == Operation.DELETE
    if failed or waiting.is_wished(row, Operation.DELETE):
        return AT_LAST, True
    if row.remote_state == RemoteState.DELETED or is_removed_elsewhere(row):
        return row.settled_at or LONG_AGO, True
    return row.settled_at if row.remote_state == RemoteState.LIVE and row.settled_at else LONG_AGO, False


def _may_be_told(row: Delivery) -> bool:
    """What is there, or on its way, says itself how it stands."""
    return row.remote_state != RemoteState.LIVE and not row.lease and not waiting.is_wished(row, Operation.DELETE)


def _at_alike(connection: Connection) -> DeliveryQuerySet:
    alike = {name: getattr(connection, name) for name in ("customer_id", "destination", "environment")}
    return Delivery.objects.filter(**{f"connection__{name}": value for name, value in alike.items()})
