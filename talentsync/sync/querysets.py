"""The questions that are asked of deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from talentsync.sync import kinds
from talentsync.sync.states import UNFINISHED, Priority, State

if TYPE_CHECKING:
    from talentsync.sync.models.delivery import Delivery
    from talentsync.sync.models.lane import Lane


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        return self.filter(due_at__lte=now)

    def of_lane(self, lane: Lane) -> DeliveryQuerySet:
        rows = self.filter(connection_id=lane.connection_id, kind=lane.kind)
        number = kinds.get(lane.kind).shards
        return rows if number == 1 else rows.alias(shard=F("object_id") % number).filter(shard=lane.shard)

    def by_priority(self) -> Iterator[DeliveryQuerySet]:
        """The same in parts, the most urgent one first. In each part the first one of a lane is found by one look into
        the index of claims, however many others are done or due later; in all of them together by reading them all.
        """
        return (self.filter(priority=priority) for priority in sorted(Priority))

    def first_times(self) -> dict[str, Subquery]:
        """For a query of lanes: when the first of these of each priority is due, None where there is none, whatever the
        shard. Ask for this, not whether there is one: for the latter PostgreSQL may read those of all lanes at once.
        """
        mine = self.filter(connection=OuterRef("connection"), kind=OuterRef("kind")).order_by("due_at")
        return {f"first_{n}": Subquery(part.values("due_at")[:1]) for n, part in enumerate(mine.by_priority())}

    def current(self) -> DeliveryQuerySet:
        """At the connections in use: only these count in summaries."""
        return self.filter(connection__is_current=True)

    def unfinished(self) -> DeliveryQuerySet:
        return self.filter(state__in=UNFINISHED)

    def halves_unfinished(self) -> tuple[DeliveryQuerySet, DeliveryQuerySet]:
        """What is unfinished in two parts, each served by an index that holds no more than what has a time (live jobs,
        too, which are looked at) and what waits for another record.
        """
        return self.unfinished().filter(due_at__isnull=False), self.filter(state=State.PENDING, due_at__isnull=True)

    def failed(self) -> DeliveryQuerySet:
        return self.filter(state=State.FAILED)

    def of_records(self, kind: str, object_ids: Any) -> DeliveryQuerySet:
        return self.filter(Q(kind=kind), object_id__in=object_ids)

    def by_record(self, kind: str, object_ids: Any) -> dict[int, Delivery]:
        """Those of these records at one connection, without the vendor's words."""
        return {row.object_id: row for row in self.filter(kind=kind, object_id__among=object_ids).defer("words")}
