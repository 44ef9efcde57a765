"""What a draft costs at a vendor: calls, and when its limits allow the last of them. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count

from talentsync.customers.models import Connection
from talentsync.sync import budgets
from talentsync.sync.budgets import Estimate
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Run
from talentsync.sync.runs import taking_part


def of(run: Run, connections: Collection[Connection], *, share_asked_first: float, now: datetime) -> Estimate:
    """At most so many calls at these connections. `share_asked_first` is which part of the records the vendor is asked
    about before they are sent.
    """
    calls, moments = 0, [now]
    for kind, _ in taking_part(run):
        for connection in connections:
            found = _of_kind(run, kind, connection, share_asked_first, now)
            calls += found.calls
            if found.finishes_at is None:
                return Estimate(calls=calls, finishes_at=None)
            moments.append(found.finishes_at)
    return Estimate(calls=calls, finishes_at=max(moments))


def _of_kind(run: Run, kind: Kind, connection: Connection, share_asked_first: float, now: datetime) -> Estimate:
    items = run.items.filter(kind=kind.name, connection=connection)
    number = items.count()
    if not number:
        return Estimate(calls=0, finishes_at=now)
    return budgets.forecast(
        connection,
        kind.route(connection.destination),
        records=number,
        parents=_parents(kind, items.values("object_id")) if kind.below else None,
        asked_first=round(number * share_asked_first),
        now=now,
    )


def _parents(kind: Kind, keys: object) -> int:
    """What hangs on one parent goes in a call of its own."""
    found = kind.model._default_manager.filter(pk__in=keys).aggregate(n=Count(kind.below, distinct=True))
    return int(found["n"])
