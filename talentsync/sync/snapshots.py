"""What the vendor took last and holds now, kept beside each delivery (`Snapshot`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from talentsync.sync.models import Snapshot
from talentsync.sync.rows import insert_rows, update_rows
from talentsync.sync.states import Operation

Payloads = Mapping[int, Any]


def keep(operation: str, waiting: Payloads, accepted: Payloads, held: Payloads, *, now: datetime) -> None:
    """By delivery: what was submitted waits, what was confirmed becomes the one that was accepted, and what the vendor
    says that it holds. What is written over is not read first: opening it costs as much as the rest of a settle.
    """
    _put({pk: {"held": said, "held_at": now} for pk, said in held.items()})
    _put({pk: {"waiting": payload} for pk, payload in waiting.items()})
    confirmed = {pk: payload for pk, payload in accepted.items() if pk not in waiting}
    if confirmed:
        _accept(operation, confirmed, now)


def _put(values: Mapping[int, Mapping[str, Any]]) -> None:
    """The same columns of each, made where there is none yet; one statement."""
    if not values:
        return
    names = next(iter(values.values()))
    insert_rows([Snapshot(delivery_id=pk, **columns) for pk, columns in values.items()], replacing=list(names))


def _accept(operation: str, payloads: Payloads, now: datetime) -> None:
    """What was closed keeps the payload it was posted with: posting it anew makes its own."""
    rows = Snapshot.objects.filter(pk__among=payloads)
    match operation:
        case Operation.DELETE:
            rows.update(waiting=None, accepted=None, accepted_at=None, held=None, held_at=None)
        case Operation.CLOSE:
            rows.update(waiting=None)
        case Operation.LINK | Operation.UNLINK:
            _change(rows, payloads)
        case _:
            sent = {pk: payload for pk, payload in payloads.items() if payload}
            _put({pk: {"accepted": payload, "accepted_at": now, "waiting": None} for pk, payload in sent.items()})
            if submitted := payloads.keys() - sent.keys():
                waited = Snapshot.objects.filter(pk__among=submitted, waiting__isnull=False)
                waited.update(accepted=F("waiting"), accepted_at=now, waiting=None)


def _change(rows: QuerySet[Snapshot], payloads: Payloads) -> None:
    found = list(rows)
    for snapshot in found:
        payload, snapshot.waiting = payloads[snapshot.pk] or snapshot.waiting, None
        snapshot.accepted = _changed(snapshot.accepted, payload)
        snapshot.held = _changed(snapshot.held, payload)
    update_rows(found, ["waiting", "accepted", "held"])


def _changed(before: Any, partial: Any) -> Any:
    """A payload after a partial update; None removes a value. Of nothing it stays nothing."""
    if not before:
        return before
    return {name: value for name, value in {**before, **(partial or {})}.items() if value is not None}
