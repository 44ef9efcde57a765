"""What is wrong right now, asked of the database. Whether it is new, and who is told, is decided in `alerts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from talentsync.core import heartbeats
from talentsync.customers.models import Connection, Destination, Environment
from talentsync.monitoring import lateness
from talentsync.monitoring.models import Alert
from talentsync.sync import budgets, kinds, stopping
from talentsync.sync.models import Budget, Hold

Condition = Alert.Condition

LATE_AFTER = timedelta(minutes=15)
NEARLY = 80  # percent of a day's limit. A backfill stops there: beyond it people's clicks eat up what is left


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """`key` says what it is and stays the same for as long as it lasts. `facts` are names of ours, never a person's,
    nor what somebody wrote: see `words`.
    """

    key: str
    condition: Condition
    customer_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    path: str = ""


def found(now: datetime) -> list[Trouble]:
    """One of each key: what a person stops that had stopped by itself is stopped once, for those who are told."""
    everything = (*_held(), *_late(now), *_silent(now), *_nearly_used_up(now))
    return list({trouble.key: trouble for trouble in everything}.values())


def _held() -> Iterator[Trouble]:
    """Whoever stopped it: who is on duty need not be who pressed the button. The reason stays here, because people
    write into it what they like.
    """
    for hold in Hold.objects.select_related("connection__customer", "customer"):
        customer = stopping.customer_of(hold)
        scope = (hold.customer_id or 0, hold.connection_id or 0, hold.kind, hold.operation)
        yield Trouble(
            key=":".join(map(str, ("held", *scope))),
            condition=Condition.HELD,
            customer_id=customer.pk if customer else None,
            facts={
                "what": str(hold.connection or hold.customer or ""),
                "kind": hold.kind,
                "operation": hold.operation,
            },
            path=reverse("admin:sync_hold_changelist"),
        )


def _late(now: datetime) -> Iterator[Trouble]:
    declared = {kind.name for kind in kinds.all_kinds()}
    for each in lateness.oldest():
        lane = each.lane
        if lane.kind not in declared or each.seconds(now) <= LATE_AFTER.total_seconds():
            continue
        if lateness.is_unexplained(lane, since=now - LATE_AFTER, now=now):
            yield Trouble(
                key=f"late:{lane.connection_id}:{lane.kind}",
                condition=Condition.LATE,
                customer_id=lane.connection.customer_id,
                facts={"what": str(lane.connection), "kind": lane.kind},
                path=reverse("admin:customers_connection_change", args=[lane.connection_id]),
            )


def _silent(now: datetime) -> Iterator[Trouble]:
    for part in heartbeats.silent(now):
        yield Trouble(key=f"silent:{part.name}", condition=Condition.SILENT, facts={"part": part.name})


def _nearly_used_up(now: datetime) -> Iterator[Trouble]:
    connections = defaultdict(list)
    for connection in Connection.objects.filter(is_current=True).select_related("customer"):
        connections[connection.environment, connection.destination, connection.client_id].append(connection)
    for budget in Budget.objects.order_by("pk"):
        of = connections[budget.key[:3]]
        highest = max((100 * used // limit for _, used, limit in budgets.of_today(budget, now) if limit), default=0)
        over = any(100 * used > NEARLY * limit for _, used, limit in budgets.of_today(budget, now))
        if of and over:
            yield Trouble(
                key=f"limit:{budget.pk}",
                condition=Condition.LIMIT,
                customer_id=of[0].customer_id if len(of) == 1 else None,
                facts={"what": _credential(of), "endpoint": budget.endpoint, "percent": highest},
                path=reverse("admin:sync_budget_changelist"),
            )


def _credential(of: list[Connection]) -> str:
    """Of a credential that several customers share no one is named: not everybody may see each of them."""
    if len(of) == 1:
        return str(of[0])
    return f"{Destination(of[0].destination).label} ({Environment(of[0].environment).label})"
