"""Switching automatic sync on and off for a customer: what it would mean is shown first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from talentsync.core import audit
from talentsync.customers.models import Connection, Customer
from talentsync.sync import comparing, kinds
from talentsync.sync.comparing import Fate
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LOOKED_AT = 300  # records of each kind; the newest changes


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Of one kind: what of the records changed last is new to the vendor, and how many there are in all."""

    kind: Kind
    fates: Counter[Fate]
    n_records: int
    n_looked_at: int


def outlook(customer: Customer) -> Iterator[Outlook]:
    """What a save of each record would mean today; reads only."""
    for connection in Connection.objects.filter(customer=customer, is_current=True).select_related("customer"):
        for kind in kinds.all_kinds():
            if kind.automatic and connection.destination in kind.action(kind.automatic).destinations:
                yield _of_kind(kind, customer, connection)


def switch(customer: Customer, *, on: bool, by: User) -> bool:
    """False when it was so already."""
    with transaction.atomic():
        if not Customer.objects.filter(pk=customer.pk, sends_changes=not on).update(sends_changes=on):
            return False
        audit.record(by, "switch automatic sync on" if on else "switch automatic sync off", customer=customer)
    return True


def _of_kind(kind: Kind, customer: Customer, connection: Connection) -> Outlook:
    rows = kind.rows().filter(customer=customer)
    records = list(rows.order_by("-changed_at", "-pk")[:LOOKED_AT])
    mine = Delivery.objects.filter(connection=connection)
    deliveries = mine.by_record(kind.name, [record.pk for record in records])
    snapshots = Snapshot.objects.in_bulk([row.pk for row in deliveries.values()])
    action, fates = kind.action(kind.automatic), Counter[Fate]()
    for record in records:
        delivery = deliveries.get(record.pk)
        code = action.skip(record, delivery, connection, {})
        if code and code != kinds.INCOMPLETE:
            fates[Fate.UNCHANGED if code == kinds.UNCHANGED else Fate.PASSED_OVER] += 1
            continue
        snapshot = snapshots.get(delivery.pk) if delivery else None
        fates[comparing.compared(kind, record, connection, delivery, snapshot).fate] += 1
    return Outlook(kind=kind, fates=fates, n_records=rows.count(), n_looked_at=len(records))
