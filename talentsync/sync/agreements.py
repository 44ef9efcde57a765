"""What somebody agreed to erase at a vendor: the values that would have been lost at that moment, and no others.

A wish keeps each of them as the path at which it stands and a hash of the value (decision 0018): neither what was
emptied later is covered, nor another value in the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection
from talentsync.sync import hashes, values
from talentsync.sync.kinds import Key, Kind
from talentsync.sync.models import Delivery, Snapshot
from talentsync.sync.states import Failure, Operation

MAY_ERASE = "may_erase"  # in a request's options, and in what a delivery is asked for
SEEN_AT = "seen_at"  # in a request's options: when the page was made that showed what would be erased
EVERYTHING = "everything"  # what a command may say, of its own run alone

Agreement = dict[str, str] | str  # EVERYTHING where nobody could say what there is


def reached(
    kind: Kind,
    connection: Connection,
    records: Sequence[Any],
    deliveries: Mapping[Key, Delivery],
    *,
    options: Mapping[str, Any],
    at: datetime,
) -> dict[int, Agreement]:
    """What was agreed to by whoever said `may_erase` at that moment, by record; of what has changed since, nothing.

    Where the vendor did not say what it holds, and the record stopped for that, the yes is to whatever there is.
    """
    if options.get(MAY_ERASE) is not True:
        return {}
    at = min(at, datetime.fromisoformat(options[SEEN_AT])) if options.get(SEEN_AT) else at
    unchanged = [record for record in records if record.changed_at <= at]
    known = Snapshot.objects.in_bulk([deliveries[kind.key_of(record)].pk for record in unchanged])
    found: dict[int, Agreement] = {}
    for record in unchanged:
        snapshot = known.get(deliveries[kind.key_of(record)].pk)
        if snapshot is not None and snapshot.known_since > at:
            continue  # the vendor has said, or taken, something else since
        if snapshot is not None and snapshot.known:
            found[record.pk] = _of_one(kind, connection, record, dict(snapshot.known))
        elif deliveries[kind.key_of(record)].failure == Failure.UNCONFIRMED:
            found[record.pk] = EVERYTHING
    return found


def bound(params: dict[str, Any], agreement: Agreement | None) -> dict[str, Any]:
    """A bare yes turned into what it was said to."""
    if params.get(MAY_ERASE) is not True:
        return params
    rest = without(params)
    return {**rest, MAY_ERASE: agreement} if agreement else rest


def without(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != MAY_ERASE}


def kept_for_another_try(params: dict[str, Any]) -> dict[str, Any]:
    """A person's agreement names its values and still holds; a command's was about its own run."""
    return without(params) if covers_everything(params) else params


def covers_everything(params: Mapping[str, Any]) -> bool:
    return params.get(MAY_ERASE) == EVERYTHING


def not_covered(params: Mapping[str, Any], held: Mapping[str, Any], paths: Collection[str]) -> list[str]:
    """Those of the paths that would be erased without anybody having agreed."""
    if covers_everything(params):
        return []
    agreed = params.get(MAY_ERASE)
    known = agreed if isinstance(agreed, dict) else {}
    return [path for path in paths if path not in known or known[path] != _hash(held, path)]


def _of_one(kind: Kind, connection: Connection, record: Any, held: Mapping[str, Any]) -> dict[str, str]:
    route = kind.route(connection.destination)
    try:
        payload = route.record(record, connection, Operation.UPSERT, {})
    except Unmappable:
        return {}
    return {path: _hash(held, path) for path in route.erases(held, payload)}


def _hash(held: Mapping[str, Any], path: str) -> str:
    return hashes.keyed([path, values.below(held, path)])
