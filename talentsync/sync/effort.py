"""What a draft costs at a vendor: calls, and when its limits allow the last of them. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count

from talentsync.customers.models import Connection
from talentsync.sync import budgets, kinds
from talentsync.sync.budgets import Estimate
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery, Run
from talentsync.sync.runs import taking_part
from talentsync.sync.states import Operation, RemoteState, State

CALLS_OF_CONTENT = 2  # one asks for an address, one sends the bytes there


def of(run: Run, connections: Collection[Connection], *, now: datetime) -> Estimate:
    """At most so many calls at these connections to ask first what is there and to send. What becomes of tasks is asked
    for as often as it takes, and what fails is tried again: neither can be counted beforehand.
    """
    calls = 0
    moments: list[datetime | None] = [now]
    for kind, action in taking_part(run):
        for connection in connections if action.operation else ():
            for found in (
                _of_kind(run, kind, action, connection, now),
                *_of_what_it_brings(run, kind, action, connection, now),
            ):
                calls += found.calls
                moments.append(found.finishes_at)
    known = [moment for moment in moments if moment is not None]
    return Estimate(calls=calls, finishes_at=max(known) if len(known) == len(moments) else None)


def is_asked_about_later(run: Run, destination: str) -> bool:
    """Whether the vendor's answer to a send is not yet the outcome."""
    return any(action.erases or kind.route(destination).works_later for kind, action in taking_part(run))


def _of_kind(run: Run, kind: Kind, action: Action, connection: Connection, now: datetime) -> Estimate:
    items = run.items.filter(kind=kind.name, connection=connection)
    number = items.count()
    if not number:
        return Estimate(calls=0, finishes_at=now)
    return budgets.forecast(
        connection,
        kind.route(connection.destination),
        records=number,
        parents=_parents(kind, items.values("object_id")) if kind.parent_of_call else None,
        asked_first=_asked_first(kind, str(action.operation), connection, items.values("object_id"), number),
        now=now,
    )


def _of_what_it_brings(
    run: Run, kind: Kind, action: Action, connection: Connection, now: datetime
) -> Iterator[Estimate]:
    """What is sent before the records themselves: all of it, or what the vendor does not have yet."""
    keys = run.items.filter(kind=kind.name, connection=connection).values("object_id")
    for name, path in kind.brings.items() if action.operation == Operation.UPSERT else ():
        brought = kind.model._default_manager.filter(pk__in=keys).values(path)
        sent = Delivery.objects.filter(connection=connection, state=State.SYNCED).of_records(name, brought)
        number = brought.count() - (0 if action.anew else sent.count())
        route = kinds.get(name).route(connection.destination)
        found = budgets.forecast(connection, route, records=number, now=now)
        yield replace(found, calls=found.calls * CALLS_OF_CONTENT) if route.content else found


def _asked_first(kind: Kind, operation: str, connection: Connection, keys: Any, number: int) -> int:
    """How many of these records the vendor is asked about before they are sent: there is no verb for what we know of
    them (decision 0002).
    """
    route = kind.route(connection.destination)
    told = [state for state in RemoteState if route.verb(operation, state)]
    if RemoteState.UNKNOWN in told:
        return 0
    known = Delivery.objects.filter(connection=connection, remote_state__in=told).of_records(kind.name, keys)
    return number - known.count()


def _parents(kind: Kind, keys: object) -> int:
    """What hangs on one parent goes in a call of its own."""
    found = kind.model._default_manager.filter(pk__in=keys).aggregate(n=Count(kind.below, distinct=True))
    return int(found["n"])
