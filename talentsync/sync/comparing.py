"""What an update would change at the vendor, value by value: what is new, changed, unchanged, and what would be erased.

Compares what would be sent with what the vendor holds as far as we know (`Snapshot.known`). Reads only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection
from talentsync.sync import kinds, values
from talentsync.sync.kinds import Kind, Route
from talentsync.sync.models import Delivery, Run, RunItem, Snapshot
from talentsync.sync.runs import taking_part
from talentsync.sync.states import Operation, RemoteState

NOT_THERE = {RemoteState.ABSENT, RemoteState.DELETED}


class Mark(StrEnum):
    """What becomes of one value."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    ERASED = "erased"


class Fate(StrEnum):
    """What becomes of a whole record."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERASES = "erases"  # changed, and something would be lost
    NOT_READ = "not_read"  # what is there is read before anything is sent
    CANNOT = "cannot"  # be sent as it is
    PASSED_OVER = "passed_over"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One value: where it stands in the vendor's record, what is held and what would be sent."""

    path: str
    mark: Mark
    before: Any = None
    after: Any = None


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One record. `reason` is the code for one that is passed over or unchanged, or our sentence for one that cannot be
    sent.
    """

    kind: Kind
    record: Any
    connection: Connection
    fate: Fate
    changes: Sequence[Change] = field(default=())
    reason: str = ""
    at_fault: str = ""  # our field


def of_run(run: Run, items: Sequence[RunItem]) -> Iterator[Compared]:
    """What a draft would do to these of its records; a few queries for each kind and connection among them."""
    for kind, action in taking_part(run):
        if action.operation != Operation.UPSERT:
            continue
        mine = [item for item in items if item.kind == kind.name]
        records = kind.rows().in_bulk([item.object_id for item in mine])
        connections = Connection.objects.select_related("customer").in_bulk({item.connection_id for item in mine})
        deliveries = {
            pk: Delivery.objects.filter(connection=pk).by_record(kind.name, [item.object_id for item in mine])
            for pk in connections
        }
        known = [row.pk for rows in deliveries.values() for row in rows.values()]
        snapshots = Snapshot.objects.in_bulk(known)
        for item in mine:
            record, connection = records.get(item.object_id), connections.get(item.connection_id or 0)
            if record is None or connection is None:
                continue
            delivery = deliveries[connection.pk].get(item.object_id)
            found = compared(kind, record, connection, delivery, snapshots.get(delivery.pk) if delivery else None)
            code = action.skip(record, delivery, connection, run.options)
            if code and code != kinds.INCOMPLETE:
                fate = Fate.UNCHANGED if code == kinds.UNCHANGED else Fate.PASSED_OVER
                found = Compared(kind=kind, record=record, connection=connection, fate=fate, reason=code)
            yield found


def compared(
    kind: Kind, record: Any, connection: Connection, delivery: Delivery | None, snapshot: Snapshot | None
) -> Compared:
    """One record beside what the vendor holds."""
    route = kind.route(connection.destination)
    try:
        payload = route.record(record, connection, Operation.UPSERT, {})
    except Unmappable as error:
        return Compared(
            kind=kind,
            record=record,
            connection=connection,
            fate=Fate.CANNOT,
            reason=error.detail,
            at_fault=error.field,
        )
    known = {} if delivery and delivery.remote_state in NOT_THERE else snapshot.known if snapshot else None
    changes = list(differences(route, known or {}, payload))
    return Compared(kind=kind, record=record, connection=connection, fate=_fate(known, changes), changes=changes)


def differences(route: Route, held: Mapping[str, Any], payload: Mapping[str, Any]) -> Iterator[Change]:
    """What is sent in its order, then what would be erased."""
    before, after = dict(values.leaves(held)), dict(values.leaves(payload))
    for path, value in after.items():
        if before.get(path) == value or _stands_elsewhere(path, value, before):
            yield Change(path=path, mark=Mark.SAME, before=value, after=value)
        elif path in before:
            yield Change(path=path, mark=Mark.CHANGED, before=before[path], after=value)
        else:
            yield Change(path=path, mark=Mark.NEW, after=value)
    for path in route.erases(held, payload) if held else ():
        yield Change(path=path, mark=Mark.ERASED, before=before.get(path) or values.below(held, path))


def _stands_elsewhere(path: str, value: Any, before: Mapping[str, Any]) -> bool:
    """A list's item is the same wherever it stands."""
    if "[" not in path:
        return False
    start, _, rest = path.partition("[")
    end = rest.partition("]")[2]
    return any(
        held == value for other, held in before.items() if other.startswith(f"{start}[") and other.endswith(f"]{end}")
    )


def _fate(known: Any, changes: Sequence[Change]) -> Fate:
    if known is None:
        return Fate.NOT_READ
    marks = {change.mark for change in changes}
    if Mark.ERASED in marks:
        return Fate.ERASES
    if marks <= {Mark.SAME}:
        return Fate.UNCHANGED
    return Fate.CHANGED if known else Fate.NEW


def declared_to_erase(run: Run) -> bool:
    """Whether an update of this run could erase anything at all."""
    action = kinds.get(run.kind).action(run.action)
    routes = [route for kind, _ in taking_part(run) for route in kind.routes]
    return action.operation == Operation.UPSERT and any(route.erases is not kinds.erases_nothing for route in routes)
