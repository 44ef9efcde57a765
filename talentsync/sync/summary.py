"""The columns that lists show of a record, recomputed from its current deliveries by everyone who changes one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from talentsync.sync.kinds import Kind, all_kinds, get
from talentsync.sync.models import Delivery
from talentsync.sync.rows import update_rows
from talentsync.sync.states import SUMMARY_ORDER, State

if TYPE_CHECKING:
    from talentsync.customers.models import Customer

CHUNK = 500  # records in memory at a time


def lock(kind: Kind, object_ids: Sequence[int], *, complete: bool = True) -> list[Any]:
    """The records, locked in the order of their keys: the order that every writer keeps. Who writes what hangs on them
    may still refer to them (`no_key`): the database looks at them when that is committed, whatever is locked by then.
    What they bring along is locked before them. Not `complete`: with what a summary needs of them.
    """
    _hold_brought_still(kind, object_ids)
    rows = kind.rows()
    if not complete and kind.summarised is not None:
        rows = kind.model._default_manager.only("changed_at", "synced_at", *kind.summarised)
    return list(rows.select_for_update(of=("self",), no_key=True).filter(pk__among=object_ids).order_by("pk"))


def lock_bringing(kind: Kind, brought: Kind, records: Sequence[Any]) -> list[Any]:
    """The records of a kind that bring these locked ones along: their columns speak of them, too."""
    rows = kind.rows().select_for_update(of=("self",), no_key=True)
    return list(rows.filter(**{f"{kind.brings[brought.name]}__in": records}).order_by("pk"))


def hold_still(kind: Kind, object_ids: Sequence[int]) -> None:
    """Lock the records as `lock` does, without reading them."""
    _hold_brought_still(kind, object_ids)
    rows = kind.model._default_manager.select_for_update(no_key=True).filter(pk__among=object_ids)
    list(rows.order_by("pk").values_list("pk"))


def _hold_brought_still(kind: Kind, object_ids: Sequence[int]) -> None:
    """Whoever lets a record bring another one holds the one that it brings so far: once that is ours, it stays. Until
    then another one may take its place, and is locked in turn.
    """
    for name, foreign_key in kind.brings.items():
        held: set[int] = set()
        while not held.issuperset(brought := _brought(kind, foreign_key, object_ids)):
            hold_still(get(name), sorted(brought))
            held |= brought


def _brought(kind: Kind, foreign_key: str, object_ids: Sequence[int]) -> set[int]:
    rows = kind.model._default_manager.filter(pk__among=object_ids)
    return set(rows.values_list(f"{foreign_key}_id", flat=True))


def refresh(
    kind: Kind,
    records: Sequence[Any],
    *,
    known: Sequence[Delivery] = (),
    confirmed_at: datetime | None = None,
    confirmed: frozenset[int] = frozenset(),
) -> None:
    """Recompute `sync_state` and the kind's own columns of these locked records; a constant number of queries. `known`
    are deliveries of theirs at a connection in use, as they have just been written: these are not read again.
    """
    deliveries: dict[int, list[Delivery]] = defaultdict(list)
    mine = Delivery.objects.current().filter(kind=kind.name, object_id__among=[record.pk for record in records])
    others = mine.exclude(pk__among=[row.pk for row in known]).select_related("connection__customer")
    for delivery in sorted([*known, *others], key=lambda row: row.pk):
        deliveries[delivery.object_id].append(delivery)
    names = kind.summarise(records, deliveries)
    for record in records:
        record.sync_state = summarised([delivery.state for delivery in deliveries[record.pk]])
        if record.pk in confirmed:
            record.synced_at = confirmed_at
    update_rows(records, ["sync_state", "synced_at", *names])


def hold_customer_still(customer: Customer) -> None:
    """Lock all records of a customer, before any delivery: whoever takes another connection into use comes to all of
    them, and writes deliveries of some on the way.
    """
    for kind in all_kinds():
        keys = kind.model._default_manager.filter(customer=customer).order_by("pk").values_list("pk", flat=True)
        for chunk in batched(keys.iterator(), CHUNK):
            hold_still(kind, chunk)


def refresh_customer(customer: Customer) -> None:
    """Recompute everything of a customer whose connection in use has changed: about a millisecond a record.

    In the caller's transaction, because a list that shows the other connection's state would be silently wrong.
    """
    for kind in all_kinds():
        keys = kind.model._default_manager.filter(customer=customer).order_by("pk").values_list("pk", flat=True)
        for chunk in batched(keys.iterator(), CHUNK):
            refresh(kind, lock(kind, chunk))


def batched(keys: Iterator[int], size: int) -> Iterator[list[int]]:
    while chunk := list(islice(keys, size)):
        yield chunk


def summarised(states: Sequence[str]) -> State:
    """The first of the summary order that any delivery is in."""
    return next((state for state in SUMMARY_ORDER if state in states), State.IDLE)
