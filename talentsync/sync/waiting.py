"""What a delivery waits for before it may be sent: parents that must be there, and what must be gone first.

A delivery that waits is pending and has no `due_at`. Whoever settles what it waits for sets it (`wake`). Nothing is
missed, because whoever lets something wait holds the records above (`hold_above_still`) and reads their deliveries
under their locks, those above before those below: what is waited for is asked for and settled either before it is read,
or after the one that waits is written. Where a delete waits for children to go first it is the other way round: whoever
settles a child's delete holds the record above, as everybody does who lets that wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from connectors.base.resource import Step
from talentsync.customers.models import Connection
from talentsync.sync import kinds, summary
from talentsync.sync.hashes import hashed
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Erasure, Lane
from talentsync.sync.states import UNFINISHED, Operation, RemoteState, State

THERE = {RemoteState.LIVE, RemoteState.CLOSED}
GONE = {RemoteState.DELETED, RemoteState.ABSENT}
A_MOMENT = timedelta(seconds=5)  # until a call about a child is settled
A_WHILE = timedelta(minutes=5)  # until a record that is erased here is looked at again: nobody can wake it
CHUNK = 500  # waiting deliveries that are looked at in one transaction

Parents = Mapping[str, Mapping[int, int]]
"""Kind of the parent → record's primary key → parent's primary key."""


class Above:
    """The parents of some records at one connection; read under lock by whoever lets something wait for them."""

    def __init__(self, kind: Kind, connection: Connection, object_ids: Iterable[int], *, locked: bool = True) -> None:
        self.kind, self.connection = kind, connection
        self.parents = _parents(kind, object_ids)
        self.deliveries = {
            name: _read(name, connection, set(self.parents[name].values()), locked=locked)
            for name in kinds.in_order(self.parents)
        }

    def missing(self, object_id: int) -> Iterator[tuple[str, int, Delivery | None]]:
        """Kind, primary key and delivery of each parent that the vendor does not know."""
        for name, above in self.parents.items():
            parent = above.get(object_id)
            if parent is None:
                continue
            delivery = self.deliveries[name].get(parent)
            is_ready = _is_there(delivery) and (name not in self.kind.brings or _is_settled(delivery))
            if not is_ready and not (name in self.kind.may_lack and _was_never_asked_for(delivery)):
                yield name, parent, delivery

    def is_brought_anew(self, object_id: int) -> bool:
        """Whether what the record brings along is on its way once more: a call under way names what was there."""
        keys = {name: self.parents[name].get(object_id) for name in self.kind.brings}
        return any(key and not _is_settled(self.deliveries[name].get(key)) for name, key in keys.items())

    def is_being_deleted(self, object_id: int) -> bool:
        """Whether a parent that takes the record along is on its way out."""
        return any(is_wished(delivery, Operation.DELETE) for delivery in self._taking_along(object_id))

    def took_along(self, object_id: int) -> bool:
        """Whether the record went with its parent."""
        return any(delivery.remote_state == RemoteState.DELETED for delivery in self._taking_along(object_id))

    def _taking_along(self, object_id: int) -> Iterator[Delivery]:
        for name, above in self.parents.items():
            delivery = self.deliveries[name].get(above.get(object_id, 0))
            if delivery is not None and self.kind.name in kinds.get(name).takes_along:
                yield delivery


def held_back(above: Above, rows: Sequence[Delivery], *, now: datetime) -> dict[int, datetime | None]:
    """Of these rows those that cannot be sent yet, by primary key, with when to look again (None: when woken). What is
    leased is on its way: whoever settles it, or takes its lane over, decides.
    """
    about_to = [row for row in rows if row.state == State.PENDING and not row.lease]
    waiting = [row for row in about_to if _waits(above, row)]
    deletes = [row for row in about_to if row.operation == Operation.DELETE and row not in waiting]
    return {row.pk: None for row in waiting} | _held_by_children(above.kind, above.connection, deletes, now)


def _waits(above: Above, row: Delivery) -> bool:
    if row.operation == Operation.DELETE:
        return above.is_being_deleted(row.object_id)
    return any(above.missing(row.object_id))


def went_along(kind: Kind, connection: Connection, rows: Sequence[Delivery]) -> set[int]:
    """Those of these rows, by primary key, whose record went with a parent: the vendor has accepted its delete."""
    above = Above(kind, connection, [row.object_id for row in rows], locked=False)
    found = {row.pk for row in rows if above.took_along(row.object_id)}
    return found | {row.pk for row in rows if row.true_key and _is_below_erased(kind, connection, row)}


def _is_below_erased(kind: Kind, connection: Connection, row: Delivery) -> bool:
    """Of a record that is erased here nothing leads to its parent but the parent's ID."""
    above = (name for name, foreign_key in kind.needs.items() if foreign_key == kind.below)
    parent = next((name for name in above if kind.name in kinds.get(name).takes_along), "")
    if not parent:
        return False
    key_hash = hashed(connection.customer_id, parent, ("", row.names[0]))
    its = Delivery.objects.filter(connection=connection, kind=parent, entity_key__in=[row.names[0], key_hash])
    if (known := its.first()) is not None:
        return known.remote_state == RemoteState.DELETED
    gone = Erasure.objects.filter(connection=connection, kind=parent, key_hash=key_hash, accepted_at__isnull=False)
    return gone.exists()


def hold_above_still(kind: Kind, object_ids: Iterable[int], names: Iterable[str] | None = None) -> None:
    """Lock the records above these (of the kinds `names`: of all that a record of this kind may wait for), before these
    are locked themselves. Deliveries alone would not do: one that is just being asked for is seen by nobody yet.
    """
    wanted = set(kind.needs) - kind.may_lack - kind.brings.keys() if names is None else set(names)
    if not wanted:
        return
    parents = _parents(kind, object_ids)
    for name in kinds.in_order(wanted):
        summary.hold_still(kinds.get(name), sorted(set(parents[name].values())))


def deleted_after(kind: Kind) -> list[str]:
    """The kinds of whose records a delete waits until those of this kind below them are gone."""
    return [name for name in kind.needs if kind.name in kinds.get(name).deletes_first]


def wake(kind: Kind, connection: Connection, object_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Make due what waited for these records, which have just been settled; returns the lanes that owe something."""
    below_it = kinds.that_need(kind.name)
    above_it = deleted_after(kind)
    names = [*(below.name for below in below_it), *above_it]
    if not object_ids or not _waiting(names, connection).exists():  # mostly nothing waits, and one look says so
        return []
    touched = set()
    for below in below_it:
        children = below.model._default_manager.filter(**{f"{below.needs[kind.name]}__among": object_ids})
        if _waiting([below.name], connection).filter(object_id__in=children.values("pk")).update(due_at=now):
            touched.add(below.name)
    for name in above_it:
        parents = kind.model._default_manager.filter(pk__among=object_ids).values(kind.needs[name])
        deletes = _waiting([name], connection).filter(operation=Operation.DELETE, object_id__in=parents)
        if deletes.update(due_at=now):
            touched.add(name)
    return list(Lane.objects.filter(connection=connection, kind__in=touched).values_list("pk", flat=True))


def repair(kind: Kind, *, now: datetime) -> int:
    """Make due what nobody woke. Looks at everything that waits, chunk by chunk: once an hour is enough."""
    woken = last = 0
    while rows := list(
        Delivery.objects.filter(kind=kind.name, state=State.PENDING, due_at=None, pk__gt=last)
        .select_related("connection")
        .order_by("pk")[:CHUNK]
    ):
        last = rows[-1].pk
        for connection, mine in _by_connection(rows):
            with transaction.atomic():
                held = held_back(Above(kind, connection, [row.object_id for row in mine]), mine, now=now)
                free = [row.pk for row in mine if row.pk not in held]
                woken += Delivery.objects.filter(pk__in=free, state=State.PENDING, due_at=None).update(due_at=now)
    return woken


def _parents(kind: Kind, object_ids: Iterable[int]) -> Parents:
    if not kind.needs:
        return {}
    names = list(kind.needs)
    columns = [f"{kind.needs[name]}_id" for name in names]
    rows = kind.model._default_manager.filter(pk__among=set(object_ids)).values_list("pk", *columns)
    found: dict[str, dict[int, int]] = {name: {} for name in names}
    for pk, *keys in rows:
        for name, key in zip(names, keys, strict=True):
            if key is not None:
                found[name][pk] = key
    return found


def _read(name: str, connection: Connection, object_ids: set[int], *, locked: bool) -> dict[int, Delivery]:
    rows = Delivery.objects.filter(connection=connection).order_by("pk")
    return (rows.select_for_update(of=("self",)) if locked else rows).by_record(name, object_ids)


def _held_by_children(
    kind: Kind, connection: Connection, rows: Sequence[Delivery], now: datetime
) -> dict[int, datetime | None]:
    """A record is deleted after the children that must go first, and never while a call about one is under way."""
    if not rows:
        return {}
    ids = [row.object_id for row in rows]
    under_way: set[int] = set()
    left: set[int] = set()
    for below in kinds.all_kinds():
        if not (path := kinds.path_to(below, kind.name)):
            continue
        hanging = below.model._default_manager.filter(**{f"{path}__in": ids})
        children = Delivery.objects.filter(connection=connection, kind=below.name, object_id__in=hanging.values("pk"))
        under_way |= _above_of(below, path, children.exclude(lease="").filter(step=Step.SEND))
        if below.name in kind.deletes_first:
            left |= _above_of(below, path, children.filter(operation=Operation.DELETE).exclude(state=State.SYNCED))
    soon = {row.pk: now + A_MOMENT for row in rows if row.object_id in under_way}
    later = {pk: now + A_WHILE for pk in _held_by_erased(kind, connection, rows)}
    return soon | later | {row.pk: None for row in rows if row.object_id in left}


def _held_by_erased(kind: Kind, connection: Connection, rows: Sequence[Delivery]) -> set[int]:
    """Where the records are erased here already, what was asked for together says what must be deleted first."""
    masked = [row.pk for row in rows if row.true_key]
    if not masked or not kind.deletes_first:
        return set()
    first = Erasure.objects.filter(
        run=OuterRef("run"), root_id=OuterRef("root_id"), connection=connection, kind__in=kind.deletes_first
    ).filter(with_parent=False, accepted_at__isnull=True)
    held = Erasure.objects.filter(Exists(first), delivery__in=masked)
    return set(held.values_list("delivery_id", flat=True))


def _above_of(below: Kind, path: str, children: QuerySet[Delivery]) -> set[int]:
    """The records that these children hang on."""
    found = below.model._default_manager.filter(pk__in=children.values("object_id"))
    return set(found.values_list(path, flat=True))


def _is_there(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.remote_state in THERE and not is_wished(delivery, Operation.DELETE)


def _is_settled(delivery: Delivery | None) -> bool:
    """What is brought along may be there and on its way again: the new one is waited for."""
    return delivery is not None and delivery.state == State.SYNCED


def _was_never_asked_for(delivery: Delivery | None) -> bool:
    return delivery is None or (delivery.state == State.IDLE and not delivery.settled_operation)


def is_wished(delivery: Delivery, operation: Operation) -> bool:
    """Asked for and not done yet, whether next or later."""
    wished = [delivery.operation] if delivery.state in UNFINISHED else []
    return operation in [*wished, *(each[0] for each in delivery.then_operations)]


def _waiting(names: Sequence[str], connection: Connection) -> QuerySet[Delivery]:
    return Delivery.objects.filter(connection=connection, kind__in=names, state=State.PENDING, due_at=None)


def _by_connection(rows: Sequence[Delivery]) -> Iterable[tuple[Connection, list[Delivery]]]:
    grouped: dict[Any, list[Delivery]] = defaultdict(list)
    for row in rows:
        grouped[row.connection].append(row)
    return grouped.items()
