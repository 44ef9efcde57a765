"""What the vendor took last and holds now, kept beside each delivery (`Snapshot`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from talentsync.sync.models import Snapshot
from talentsync.sync.states import Operation

Payloads = Mapping[int, Any]


def keep(operation: str, waiting: Payloads, accepted: Payloads, held: Payloads, *, now: datetime) -> None:
    """By delivery: what was submitted waits, what was confirmed becomes the one that was accepted, and what the vendor
    says that it holds.
    """
    touched = waiting.keys() | accepted.keys() | held.keys()
    if not touched:
        return
    known = Snapshot.objects.in_bulk(list(touched))
    rows = []
    for pk in touched:
        snapshot = known.get(pk) or Snapshot(delivery_id=pk)
        if pk in held:
            snapshot.held, snapshot.held_at = held[pk], now
        if pk in waiting:
            snapshot.waiting = waiting[pk]
        elif pk in accepted:
            _accept(snapshot, operation, accepted[pk], now)
        rows.append(snapshot)
    Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["delivery"],
        update_fields=["accepted", "accepted_at", "waiting", "held", "held_at"],
    )


def _accept(snapshot: Snapshot, operation: str, payload: Any, now: datetime) -> None:
    """What was closed keeps the payload it was posted with: posting it anew makes its own."""
    payload, snapshot.waiting = payload or snapshot.waiting, None
    match operation:
        case Operation.DELETE:
            snapshot.accepted = snapshot.accepted_at = snapshot.held = snapshot.held_at = None
        case Operation.CLOSE:
            pass
        case Operation.LINK | Operation.UNLINK:
            snapshot.accepted = _changed(snapshot.accepted, payload)
            snapshot.held = _changed(snapshot.held, payload)
        case _ if payload:
            snapshot.accepted, snapshot.accepted_at = payload, now


def _changed(before: Any, partial: Any) -> Any:
    """A payload after a partial update; None removes a value. Of nothing it stays nothing."""
    if not before:
        return before
    return {name: value for name, value in {**before, **(partial or {})}.items() if value is not None}
