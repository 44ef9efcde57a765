"""What a draft costs at a vendor: calls, and when its limits allow the last of them. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count

from talentsync.customers.models import Connection
from talentsync.sync import budgets
from talentsync.sync.budgets import Estimate
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery, Run
from talentsync.sync.runs import taking_part
from talentsync.sync.states import RemoteState


def of(run: Run, connections: Collection[Connection], *, now: datetime) -> Estimate:
    """At most so many calls at these connections to ask first what is there and to send. What becomes of tasks is asked
    for as often as it takes, and what fails is tried again: neither can be counted beforehand.
    """
    calls, moments = 0, [now]
    for kind, action in taking_part(run):
        for connection in connections if action.operation else ():
            found = _of_kind(run, kind, action, connection, now)
            calls += found.calls
            if found.finishes_at is None:
                return Estimate(calls=calls, finishes_at=None)
            moments.append(found.finishes_at)
    return Estimate(calls=calls, finishes_at=max(moments))


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
        asked_first=number - _known_enough(kind, str(action.operation), connection, items.values("object_id")),
        now=now,
    )


def _known_enough(kind: Kind, operation: str, connection: Connection, keys: Any) -> int:
    """How many of these records need no question first: there is a verb for what we know of them (decision 0002)."""
    route = kind.route(connection.destination)
    told = [state for state in RemoteState if route.verb(operation, state)]
    known = Delivery.objects.filter(connection=connection, remote_state__in=told).of_records(kind.name, keys)
    return known.count()


def _parents(kind: Kind, keys: object) -> int:
    """What hangs on one parent goes in a call of its own."""
    found = kind.model._default_manager.filter(pk__in=keys).aggregate(n=Count(kind.below, distinct=True))
    return int(found["n"])
