"""Driving the engine by hand: what a worker and beat do, in this process, until there is nothing left to do.

For the command `sync_run` and for tests. Two drivers beside a worker do no harm: lanes are leased.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from connectors.base.resource import Step
from talentsync.customers.models import Customer
from talentsync.sync import budgets, engine, erasing, holds, kinds, runs
from talentsync.sync.models import Delivery, Lane, Run
from talentsync.sync.states import UNFINISHED, State

VISIT = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which lanes to drive; None is all. What records of the kind bring along is driven with them."""

    customer: Customer | None = None
    kind: str | None = None

    @property
    def kinds(self) -> list[str]:
        return [self.kind, *kinds.get(self.kind).brings] if self.kind else []

    def deliveries(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.all()
        if self.customer is not None:
            rows = rows.filter(connection__customer=self.customer)
        return rows.filter(kind__in=self.kinds) if self.kind else rows

    def lanes(self) -> QuerySet[Lane]:
        rows = Lane.objects.select_related("connection__customer").order_by("pk")
        if self.customer is not None:
            rows = rows.filter(connection__customer=self.customer)
        return rows.filter(kind__in=self.kinds) if self.kind else rows


def once(scope: Scope = Scope()) -> int:
    """Start what waits and visit every lane that owes something; returns how many records travelled."""
    now = timezone.now()
    for run in Run.objects.filter(pk__in=runs.waiting_to_start(now).values("pk")):
        runs.carry_on(run, until=now + VISIT)
    for run in Run.objects.filter(pk__in=erasing.due_runs(now)):
        erasing.carry_on(run, until=now + VISIT)
    travelled = 0
    for lane in scope.lanes():
        if Delivery.objects.of_lane(lane).due(timezone.now()).exists():
            travelled += engine.run(lane, until=timezone.now() + VISIT).records
    return travelled


def until_idle(scope: Scope = Scope()) -> int:
    """Go on until nothing more can be done now."""
    travelled = 0
    while did := once(scope):
        travelled += did
    return travelled


def next_due(scope: Scope, now: datetime) -> datetime | None:
    """When the next unfinished delivery can go on; None when all are finished, or those that are not wait for a
    person.
    """
    moments = []
    for lane in scope.lanes():
        held = holds.held_operations(lane)
        if held is None:
            continue
        moments += [max(moment, lane.not_before or moment, now) for moment in _moments(lane, held, now)]
    starts = (
        Run.objects.filter(state=Run.State.WAITING).order_by("starts_at").values_list("starts_at", flat=True).first()
    )
    return min([*moments, *([max(starts, now)] if starts else [])], default=None)


def _moments(lane: Lane, held: set[str], now: datetime) -> Iterator[datetime]:
    """When the first is due of what may be sent, and of what a limit keeps back until later."""
    waiting = Delivery.objects.of_lane(lane).filter(state__in=UNFINISHED, due_at__isnull=False)
    rows = waiting.exclude(step=Step.SEND, operation__in=held)
    for closed in budgets.closed(lane.connection, budgets.endpoints_of(lane), now):
        if rows.filter(closed.rows).exists():
            yield closed.until
        rows = rows.exclude(closed.rows)
    first = rows.order_by("due_at").values_list("due_at", flat=True).first()
    if first is not None:
        yield first


def failed_since(scope: Scope, moment: datetime) -> int:
    """How many deliveries ended failed, counted by the tries since then."""
    tried = scope.deliveries().filter(state=State.FAILED, attempt_items__attempt__at__gte=moment)
    return tried.distinct().count()
