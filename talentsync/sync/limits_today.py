"""How far each daily limit of the vendors is used: by whom, what is kept for whom, and what waits. Reads only, in a
number of queries that does not grow with records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from django.db.models import Count, Sum

from talentsync.customers.models import Connection
from talentsync.sync import budgets, why
from talentsync.sync.limits import PERCENT, Share
from talentsync.sync.models import Attempt, Budget, Delivery

Key = tuple[str, str, str, str]  # as of `Budget.key`


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Of one unit, calls or records: what was used today, what we allow ourselves, and how much of that is kept."""

    unit: str
    used: int
    allowed: int

    @property
    def percent(self) -> int:
        return 100 * self.used // self.allowed if self.allowed else 100

    @property
    def for_removals(self) -> int:
        """Kept for closes and deletes."""
        return self.allowed - self.allowed * PERCENT[Share.CLICK] // 100

    @property
    def for_clicks(self) -> int:
        """Kept from large requests, for people who click."""
        return self.allowed * PERCENT[Share.CLICK] // 100 - self.allowed * PERCENT[Share.BACKFILL] // 100


@dataclass(kw_only=True)
class Today:
    """One limit; `calls_by` are the calls of today by customer, `waiting` the records that will need it."""

    measures: Sequence[Measure]
    calls_by: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


def of(rows: Sequence[Budget], connections: Iterable[Connection], now: datetime) -> Mapping[int, Today]:
    """By primary key; what customers did counts for those of these connections (with their customers)."""
    found = {
        row.pk: Today(measures=[Measure(unit=u, used=n, allowed=m) for u, n, m in budgets.of_today(row, now)])
        for row in rows
    }
    by_key = {row.key: found[row.pk] for row in rows}
    mine: dict[tuple[str, str, str], list[Connection]] = defaultdict(list)
    for connection in connections:
        mine[connection.environment, connection.destination, connection.client_id].append(connection)
    concerned = {each.pk: each for key in {row.key[:3] for row in rows} for each in mine[key]}
    _count_calls(by_key, concerned, now)
    _count_waiting(by_key, concerned)
    return found


def _count_calls(by_key: Mapping[Key, Today], concerned: Mapping[int, Connection], now: datetime) -> None:
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
    tries = Attempt.objects.filter(connection__in=concerned, at__gte=midnight).order_by()
    for pk, kind, step, number in tries.values_list("connection", "kind", "step").annotate(n=Sum("n_calls")):
        if (today := by_key.get(_key(concerned[pk], kind, step))) is not None:
            today.calls_by[str(concerned[pk].customer)] += number


def _count_waiting(by_key: Mapping[Key, Today], concerned: Mapping[int, Connection]) -> None:
    for half in Delivery.objects.filter(connection__in=concerned).order_by().halves_unfinished():
        for pk, kind, step, number in half.values_list("connection", "kind", "step").annotate(n=Count("pk")):
            if (today := by_key.get(_key(concerned[pk], kind, step))) is not None:
                today.waiting += number


def _key(connection: Connection, kind: str, step: str) -> Key:
    endpoint = why.endpoint_of(connection, kind, step)
    return connection.environment, connection.destination, connection.client_id, endpoint
