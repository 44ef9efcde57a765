"""The engine: lease a batch, send it, settle what was said. Everything that is told to a vendor goes through here.

    lease ─▶ call ─▶ settle

Lease and settle are one transaction each; the call lies between them, outside of any. What a vendor says becomes a
verdict in `policy`; what a verdict does to the rows stands in `settling`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from connectors.base.errors import ConnectorError
from connectors.base.resource import Client, Resource, Step, is_of_files
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import (
    budgets,
    holds,
    kinds,
    limits,
    nudges,
    records_of_calls,
    services,
    settling,
    summary,
    turns,
    waiting,
    wishes,
)
from talentsync.sync.budgets import Grant
from talentsync.sync.calling import Batch, Report, call
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.querysets import DeliveryQuerySet
from talentsync.sync.rows import update_rows
from talentsync.sync.states import Operation, Priority, RemoteState, Why

logger = logging.getLogger(__name__)

LOOKS = 50  # at batches that turn out to wait, before the lane is left to the next visit

OpenClient = Callable[[Connection], Client]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one visit to a lane did: counts only, fit for a task result."""

    batches: int
    records: int
    more: bool


def owes_a_click(lane: Lane) -> bool:
    """Whether something is due that a person asked for, and that keeps a thread for no longer than a call. A file
    does.
    """
    due = Delivery.objects.of_lane(lane).due(timezone.now())
    return lane.route.content is None and due.filter(priority=Priority.CLICK).exists()


def run(
    lane: Lane, *, until: datetime, clicks_alone: bool = False, open_client: OpenClient = clients.open_client
) -> Summary:
    """Tell the destination everything this lane owes it, or what people asked for alone, until nothing of that is due
    or time is up.
    """
    batches = records = 0
    try:
        resource = open_client(lane.connection).resources[lane.route.resource]
    except ConnectorError as error:
        holds.hold_connection(lane.connection, error)
        return Summary(batches=0, records=0, more=False)
    while timezone.now() < until:
        with turns.taken(resource):
            batch = lease(lane, resource, now=timezone.now(), clicks_alone=clicks_alone)
        if batch is None:
            return Summary(batches=batches, records=records, more=False)
        report = send(batch, resource)
        if report is not None:
            with turns.taken(resource):
                settling.settle(batch, report, now=timezone.now())
        batches, records = batches + 1, records + len(batch.rows)
    return Summary(batches=batches, records=records, more=True)


def lease(lane: Lane, resource: Resource, *, now: datetime, clicks_alone: bool = False) -> Batch | None:
    """Take the lane and stamp the batch that is due first; None when the lane is taken, waits, is held, or owes
    nothing.
    """
    for look in range(LOOKS):
        widely = look % 2 == 1
        batch, n_waiting = _look(lane, resource, now, widely=widely, clicks_alone=clicks_alone)
        if batch is not None or not (n_waiting or widely):
            return batch
    nudges.nudge_lanes([lane.pk])  # all that was looked at waits, and is not due any more: there may be others
    return None


def _look(
    lane: Lane, resource: Resource, now: datetime, *, widely: bool, clicks_alone: bool
) -> tuple[Batch | None, int]:
    """One look at what is due, in a transaction of its own: what several lock would be locked in no order. Gives what
    is to be sent, and how many were found to wait, or to be left by who never settled them.
    """
    name = uuid4().hex
    with transaction.atomic():
        if not _take(lane, name, now, lease_of(resource)):
            return None, _recovered(lane, now)
        due = _allowed(lane, resource, now)
        if clicks_alone:
            due = due.filter(priority=Priority.CLICK)
        batch, n_waiting = _stamp(lane, due, resource, name, now, widely=widely)
        if batch is None:
            Lane.objects.filter(pk=lane.pk, lease_name=name).update(lease_name="", lease_ends_at=None)
        return batch, n_waiting


def send(batch: Batch, resource: Resource) -> Report | None:
    """Make the batch's one call. None when too little of the lease is left to be sure of settling it: nothing is
    sent.
    """
    if batch.ends_at - timezone.now() < deadline_of(resource):
        logger.warning("lane %s: the lease is nearly over, nothing is sent", batch.lane)
        give_back(batch)
        return None
    return call(batch, resource)


def deadline_of(resource: Resource) -> timedelta:
    """How long one send may last: the call's wall deadline, of files what the largest needs."""
    if is_of_files(resource):
        return timedelta(seconds=resource.pace.seconds(resource.most_bytes))
    return timedelta(seconds=settings.WALL_DEADLINE_SECONDS)


def lease_of(resource: Resource) -> timedelta:
    """Longer than a send by as much for every resource, so that clocks that nest for one nest for all."""
    spare = timedelta(seconds=settings.LEASE_SECONDS - settings.WALL_DEADLINE_SECONDS)
    return deadline_of(resource) + spare


def give_back(batch: Batch) -> None:
    """Undo a lease whose batch was not sent. What the vendor allows is given back also where somebody else has the lane
    by now.
    """
    with transaction.atomic():
        mine = Lane.objects.filter(pk=batch.lane.pk, lease_name=batch.lease)
        if mine.update(lease_name="", lease_ends_at=None):
            Delivery.objects.filter(pk__among=[row.pk for row in batch.rows], lease=batch.lease).update(lease="")
        budgets.give_back(batch.lane.connection, batch.grant, calls=1, records=batch.grant.records)


def _take(lane: Lane, name: str, now: datetime, lasts: timedelta) -> bool:
    """One conditional update; its row count is the answer."""
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    free = Lane.objects.filter(ready, pk=lane.pk, lease_name="")
    return bool(free.update(lease_name=name, lease_ends_at=now + lasts))


def _recovered(lane: Lane, now: datetime) -> int:
    """Give the lane back where whoever held it let the lease end; returns how many rows were never settled. What may
    have been created is asked about before anything else.

    Nothing else is done in this transaction: it locks these rows without their records, and whoever locks records
    afterwards would meet others who keep the order.
    """
    if not Lane.objects.filter(pk=lane.pk, lease_ends_at__lt=now).update(lease_name="", lease_ends_at=None):
        return 0
    left = Delivery.objects.of_lane(lane).exclude(lease="")
    rows = list(left.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        was_sent = row.step == Step.SEND and row.sent_revision == row.revision
        if was_sent and lane.route.verb(row.operation, row.remote_state) in lane.route.once:
            row.step, row.why = Step.CHECK, Why.UNSURE
            row.note_unsure(row.sent_at or now)
        elif was_sent and row.operation == Operation.UPSERT and lane.route.erases is not kinds.erases_nothing:
            row.step, row.why, row.remote_state = Step.CHECK, Why.FIRST, RemoteState.UNKNOWN
            row.note_unsure(row.sent_at or now)
        row.lease = ""
    update_rows(rows, ["remote_state", "step", "why", "unsure_at", "first_unsure_at", "lease"])
    return max(len(rows), 1)


def _stamp(
    lane: Lane, due: DeliveryQuerySet, resource: Resource, name: str, now: datetime, *, widely: bool
) -> tuple[Batch | None, int]:
    """Also how many of the rows that are due were found to wait. `widely`: only that, and of many parents at once,
    whose records would not share a call.
    """
    if (first := _first(due)) is None:
        return None, 0
    widely = widely and bool(kinds.get(lane.kind).parent_of_call)
    rows, n_waiting = _companions(lane, due, first, resource, now, widely=widely)
    if widely or not rows:
        return None, n_waiting  # none at all: somebody asked for something else meanwhile, and nudges the lane
    grant = _take_units(lane, resource.endpoints[Step(rows[0].step)], rows)
    if not grant.records:
        return None, 0
    rows = rows[: grant.records]
    sent_at = timezone.now()
    for row in rows:
        row.lease = name
        if row.step == Step.SEND:
            row.sent_operation, row.sent_revision, row.sent_at = row.operation, row.revision, sent_at
    update_rows(rows, ["lease", "sent_operation", "sent_revision", "sent_at"])
    ends = now + lease_of(resource)
    batch = Batch(
        lane=lane, lease=name, rows=rows, endpoints=resource.endpoints, started_at=now, ends_at=ends, grant=grant
    )
    return batch, n_waiting


def _first(due: DeliveryQuerySet) -> Delivery | None:
    """Asked for each priority by itself: of all together a database that has counted its rows may take the index by
    time, and sort everything that is due.
    """
    firsts = (part.order_by("due_at", "pk").first() for part in due.by_priority())
    return next(filter(None, firsts), None)


def _take_units(lane: Lane, endpoint: str, rows: list[Delivery]) -> Grant:
    """What the vendor allows is taken last: a budget is locked by many lanes, and nothing is locked after it.

    Where the minute is used up, the lane waits for seconds. Where somebody else used up the day a moment ago, the lane
    is looked at once more: it may owe something that may still be sent.
    """
    share = limits.share_of(rows[0].priority, rows[0].operation)
    grant = budgets.take(lane.connection, endpoint, share=share, wanted=len(rows))
    if grant.is_spent:
        nudges.nudge_lanes([lane.pk])
    elif not grant.records:
        Lane.objects.filter(pk=lane.pk).update(not_before=grant.again_at)
    return grant


def _companions(
    lane: Lane, due: DeliveryQuerySet, first: Delivery, resource: Resource, now: datetime, *, widely: bool
) -> tuple[list[Delivery], int]:
    """The rows that share a call with the first one, and how many were found to wait for other records instead, or to
    be needed by none.

    A record that may not keep much company keeps little. Chosen by their turn, all of the first one's priority, and
    locked in the order that everyone keeps. The records are locked first, so that what somebody is just saving is
    either seen by this call or newer than its `sent_at`; then what is above them, so that a parent that is just settled
    wakes those that wait.
    """
    limit = min(first.company or 10_000, resource.limits[Step(first.step)])
    kind = kinds.get(lane.kind)
    same_parent = Q() if kind.mixed or widely else Q(batch_key=first.batch_key)
    alike = due.filter(
        same_parent,
        step=first.step,
        operation=first.operation,
        why=first.why,
        company=first.company,
        priority=first.priority,
    )
    chosen = dict(alike.order_by("priority", "due_at", "pk").values_list("pk", "object_id")[:limit])
    waiting.hold_above_still(kind, chosen.values())
    summary.hold_still(kind, list(chosen.values()))
    above = waiting.Above(kind, lane.connection, chosen.values())
    rows = list(alike.filter(pk__among=chosen).select_for_update(of=("self",)).order_by("pk"))
    held = waiting.held_back(above, rows, now=now)
    waits = [row for row in rows if row.pk in held]
    given_up: list[tuple[int, int]] = []
    for row in waits:
        row.due_at = held[row.pk]
        given_up += [(row.pk, revision) for revision in wishes.skip_to_delete(row, lane.route, now)]
    unneeded = services.give_up_unneeded(kind, lane.connection, [row for row in rows if row.pk not in held])
    left = waits + unneeded
    update_rows(left, wishes.WISH_FIELDS)
    if unneeded:
        summary.refresh(kind, summary.lock(kind, [row.object_id for row in unneeded]))
    records_of_calls.count(services.overtake(given_up), now)
    turns = {key: number for number, key in enumerate(chosen)}
    return sorted((row for row in rows if row not in left), key=lambda row: turns[row.pk]), len(left)


def _allowed(lane: Lane, resource: Resource, now: datetime) -> DeliveryQuerySet:
    """What is due, not held, and within what the vendor allows.

    A held operation is not sent; what was sent is still asked about, so that a close behind a held post moves up.
    """
    held = holds.held_operations(lane)
    if held is None:
        return Delivery.objects.none()
    due = Delivery.objects.of_lane(lane).due(now).exclude(step=Step.SEND, operation__in=held)
    for closed in budgets.closed(lane.connection, resource.endpoints, now):
        due = due.exclude(closed.rows)
    return due
