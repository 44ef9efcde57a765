"""The rehearsal of a release: what the code that runs would send, beside what the vendors accepted last.

Reads only, a chunk at a time, in constant memory. Sends nothing and asks nobody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection
from talentsync.sync import kinds
from talentsync.sync.comparing import Mark, differences
from talentsync.sync.kinds import INCOMPLETE, UNCHANGED, Kind, Route
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation, RemoteState, State
from talentsync.sync.values import leaves

CHUNK = 500  # records at a time
EXAMPLES = 3  # IDs that are named for each outcome
CHANGES, INVALID, LOSES = "change", "invalid", "lose"
OUTCOMES = (CHANGES, INVALID, LOSES)


@dataclass(kw_only=True)
class Rehearsed:
    """One kind at one destination. Of what somebody has edited since it was sent, nobody can say whether the release or
    the edit makes the difference: it is counted apart.
    """

    compared: int = 0
    passed_over: int = 0  # would not be sent whatever the release: kept out, being deleted, gone here
    counts: Counter[str] = field(default_factory=Counter)
    edited: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def surprises(self) -> bool:
        """Whether an update would fail or lose something that nobody has touched."""
        return bool(self.counts[INVALID] or self.counts[LOSES])


Found = Mapping[str, Sequence[str]]  # names of fields by outcome; none where nothing changes


def rehearse(kind: Kind, route: Route, connections: Iterable[Connection]) -> Rehearsed:
    """Everything of this kind that is at the vendor by what we sent."""
    told = Rehearsed()
    for connection in connections:
        for deliveries in _chunks(_there(kind, connection)):
            _add(told, kind, route, connection, deliveries)
    return told


def _there(kind: Kind, connection: Connection) -> Iterator[Delivery]:
    rows = Delivery.objects.filter(
        connection=connection, kind=kind.name, remote_state=RemoteState.LIVE, snapshot__accepted__isnull=False
    )
    return rows.select_related("snapshot").defer("words").iterator(chunk_size=CHUNK)


def _chunks(rows: Iterator[Delivery]) -> Iterator[list[Delivery]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _add(told: Rehearsed, kind: Kind, route: Route, connection: Connection, deliveries: Sequence[Delivery]) -> None:
    found = kind.rows().prefetch_related(*kind.related)
    records = found.in_bulk([delivery.object_id for delivery in deliveries])
    for delivery in deliveries:
        record = records.get(delivery.object_id)
        if record is None or delivery.true_key or _is_passed_over(kind, record, delivery, connection):
            told.passed_over += 1
            continue
        told.compared += 1
        edited = _is_edited(record, delivery)
        for outcome, names in _compared(route, record, delivery, connection).items():
            if edited:
                told.edited[outcome] += 1
                continue
            told.counts[outcome] += 1
            told.fields[outcome].update(set(names))
            if len(told.examples[outcome]) < EXAMPLES:
                told.examples[outcome].append(delivery.entity_key)


def _is_passed_over(kind: Kind, record: Any, delivery: Delivery, connection: Connection) -> bool:
    """Every action that would send it leaves it out, and not because of what it says."""
    updates = [each for each in kind.actions if each.operation == Operation.UPSERT and each.by_command]
    return all(each.skip(record, delivery, connection, {}) not in {"", INCOMPLETE, UNCHANGED} for each in updates)


def _is_edited(record: Any, delivery: Delivery) -> bool:
    settled = delivery.state == State.SYNCED and delivery.sent_at is not None
    return not settled or bool(record.changed_at > delivery.sent_at)


def _compared(route: Route, record: Any, delivery: Delivery, connection: Connection) -> Found:
    accepted: Any = delivery.snapshot.accepted
    try:
        payload = route.record(record, connection, Operation.UPSERT, {})
    except Unmappable as error:
        return {INVALID: [error.field or error.code]}
    changes = [each for each in differences(route, accepted, payload) if _name(each.path) not in route.undecisive]
    changed = [_name(each.path) for each in changes if each.mark not in {Mark.SAME, Mark.ERASED}]
    lost = [_name(each.path) for each in changes if each.mark == Mark.ERASED] or _left_out(route, accepted, payload)
    return {outcome: names for outcome, names in ((CHANGES, [*changed, *lost]), (LOSES, lost)) if names}


def _left_out(route: Route, accepted: Mapping[str, Any], payload: Mapping[str, Any]) -> list[str]:
    """What is sent no more, where the route does not say itself what an update erases."""
    if route.erases is not kinds.erases_nothing:
        return []
    sent = Counter(_name(path) for path, _ in leaves(payload))
    was_sent = Counter(_name(path) for path, _ in leaves(accepted))
    return [name for name in was_sent - sent if name not in route.undecisive]


def _name(path: str) -> str:
    """A field, whichever item of a list it is in."""
    return re.sub(r"\[\d+\]", "", path)
