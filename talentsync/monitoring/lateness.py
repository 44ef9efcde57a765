"""Since when the oldest work of each lane is due. Its cost does not depend on how much is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from connectors.base.resource import Step
from talentsync.sync import budgets, holds
from talentsync.sync.models import Delivery, Lane


@dataclass(frozen=True, kw_only=True)
class Oldest:
    """One connection and kind, whatever its shards; `due_at` is None where nothing is due."""

    lane: Lane
    due_at: datetime | None

    def seconds(self, now: datetime) -> float:
        return max(0.0, (now - self.due_at).total_seconds()) if self.due_at else 0.0


def oldest() -> Sequence[Oldest]:
    """One look into the index of claims for each lane and priority."""
    firsts = Delivery.objects.filter(due_at__isnull=False).first_times()
    one_of_each = Lane.objects.order_by().values("connection", "kind").annotate(first=Min("pk")).values("first")
    lanes = Lane.objects.filter(pk__in=one_of_each).select_related("connection__customer")
    return [Oldest(lane=lane, due_at=_first(lane, firsts)) for lane in lanes.annotate(**firsts).order_by("pk")]


def _first(lane: Lane, names: Iterable[str]) -> datetime | None:
    moments = [moment for name in names if (moment := getattr(lane, name)) is not None]
    return min(moments, default=None)


def is_unexplained(lane: Lane, *, since: datetime, now: datetime) -> bool:
    """Whether something is due since then that neither a stop nor a vendor's limit keeps back: those are told of by
    themselves. What the engine may send is asked of the same rules (`engine._allowed`).
    """
    held = holds.held_operations(lane)
    if held is None:
        return False
    rows = Delivery.objects.filter(connection=lane.connection_id, kind=lane.kind, due_at__lte=since)
    rows = rows.exclude(step=Step.SEND, operation__in=held)
    for closed in budgets.closed(lane.connection, budgets.endpoints_of(lane), now):
        rows = rows.exclude(closed.rows)
    return rows.exists()
