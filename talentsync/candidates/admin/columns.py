"""A record in three columns: as it is here, as it was last sent, and as LinkedIn says that it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection, Destination
from talentsync.sync import kinds, values
from talentsync.sync.admin import cards
from talentsync.sync.models import Delivery, Snapshot
from talentsync.sync.states import Operation


@dataclass(frozen=True, kw_only=True)
class Row:
    """One value in all three places; `differs` says that they do not agree."""

    label: str
    here: str
    sent: str
    there: str
    differs: bool


def context(kind: str, record: Any) -> dict[str, Any]:
    """Reads only; what LinkedIn said last is shown with its age, and asked for anew by a button."""
    connection = cards.connections_of(record).get(Destination.LINKEDIN)
    delivery = cards.deliveries_of(kind, record).get("LinkedIn")
    snapshot = Snapshot.objects.filter(delivery=delivery).first() if delivery else None
    here, refusal = _here(kind, record, connection)
    return {
        "is_connected": connection is not None,
        "rows": _rows(kind, connection, here, _leaves(snapshot, "accepted"), _leaves(snapshot, "held")),
        "refusal": refusal,
        "sent_at": snapshot.accepted_at if snapshot else None,
        "there_at": _said_at(snapshot),
        "had_nothing": _said_at(snapshot) is not None and not _leaves(snapshot, "held"),
        "is_older": _is_older(snapshot),
        "is_asking": _is_asking(delivery),
        "may_fetch": any(action.name == "fetch" for action in kinds.get(kind).actions),
    }


def _here(kind: str, record: Any, connection: Connection | None) -> tuple[dict[str, Any], str]:
    """What would be sent now, and why nothing can be."""
    if connection is None:
        return {}, ""
    try:
        payload = kinds.get(kind).route(connection.destination).record(record, connection, Operation.UPSERT, {})
    except Unmappable as error:
        return {}, error.detail
    return dict(values.leaves(payload)), ""


def _rows(
    kind: str, connection: Connection | None, here: dict[str, Any], sent: dict[str, Any], there: dict[str, Any]
) -> list[Row]:
    if connection is None:
        return []
    worded = kinds.get(kind).route(connection.destination).worded

    def text(values: dict[str, Any], path: str) -> str:
        return worded(path, values[path])[1] if path in values else ""

    rows = []
    for path in dict.fromkeys([*here, *sent, *there]):
        said = [values.get(path) for values in (here, sent, there) if values]
        rows.append(
            Row(
                label=worded(path, "")[0],
                here=text(here, path),
                sent=text(sent, path),
                there=text(there, path),
                differs=any(value != said[0] for value in said),
            )
        )
    return rows


def _leaves(snapshot: Snapshot | None, name: str) -> dict[str, Any]:
    return dict(values.leaves(getattr(snapshot, name) or {})) if snapshot else {}


def _said_at(snapshot: Snapshot | None) -> datetime | None:
    found: datetime | None = snapshot.held_at if snapshot else None
    return found


def _is_older(snapshot: Snapshot | None) -> bool:
    """Whether LinkedIn was asked before the last send: what it says is not what it would say now."""
    said_at = _said_at(snapshot)
    sent_at: datetime | None = snapshot.accepted_at if snapshot else None
    return said_at is not None and sent_at is not None and said_at < sent_at


def _is_asking(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.step == "check" and delivery.due_at is not None
