"""What stops sending: holds that a person or a verdict sets, and budgets that a vendor blocks."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from connectors.base.errors import ConnectorError, Throttled
from talentsync.customers import sentences
from talentsync.customers.models import Connection, Customer, Health
from talentsync.sync import limits, policy
from talentsync.sync.models import Budget, Hold, Lane
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User


logger = logging.getLogger(__name__)

CLOCKS_DIFFER = timedelta(minutes=5)  # at most, between a vendor's and ours


def covering(connection: Connection, kind: str | None = None) -> QuerySet[Hold]:
    """The holds that cover a connection, or one kind of record at it."""
    covers = (Q(connection=connection) | Q(connection__isnull=True)) & (
        Q(customer=connection.customer_id) | Q(customer__isnull=True)
    )
    return Hold.objects.filter(covers, Q(kind__in=["", kind or ""]))


def held_operations(lane: Lane) -> set[str] | None:
    """Operations that are not sent in this lane; None when all of them are held.

    Through a connection that is no longer in use nothing new is sent: clicks and lists use another one by now.
    """
    operations = set(covering(lane.connection, lane.kind).values_list("operation", flat=True))
    if "" in operations:
        return None
    return operations if lane.connection.is_current else operations | (set(Operation) - policy.REMOVING)


def hold_connection(connection: Connection, error: ConnectorError) -> bool:
    """Stop everything on a connection that does not work, until its test succeeds. True when it was not held yet."""
    Connection.objects.filter(pk=connection.pk).update(
        health=Health.FAILING, health_words=_reason(error, connection), last_tested_at=timezone.now()
    )
    return _hold(error, connection=connection, kind="", operation="", probed=True)


def hold_operation(lane: Lane, operation: str, error: ConnectorError) -> bool:
    """Stop one operation of one kind on a connection; everything else goes on."""
    return _hold(error, connection=lane.connection, kind=lane.kind, operation=operation, probed=False)


def _hold(error: ConnectorError, *, connection: Connection, kind: str, operation: str, probed: bool) -> bool:
    _, created = Hold.objects.get_or_create(
        connection=connection,
        kind=kind,
        operation=operation,
        customer=None,
        probed=probed,
        defaults={"reason": _reason(error, connection)},
    )
    if created:
        where = " ".join(filter(None, [f"connection {connection.pk}", kind, operation]))
        logger.warning("%s is stopped: %s", where, type(error).__name__, extra={"connection": connection.pk})
    return created


def _reason(error: ConnectorError, connection: Connection) -> str:
    return sentences.sentence(sentences.situation(error, connection), connection, needs=error.code)


def release_probed(connection: Connection) -> int:
    """A connection that works again goes on by itself."""
    return Hold.objects.filter(connection=connection, probed=True).delete()[0]


def stop(*, customer: Customer | None, connection: Connection | None = None, reason: str, by: User) -> Hold:
    """Stop all sending for one customer, through one connection, or for everyone. Doing it twice changes nothing."""
    found, _ = Hold.objects.get_or_create(
        customer=customer,
        connection=connection,
        kind="",
        operation="",
        probed=False,
        defaults={"reason": reason, "by": by},
    )
    return found


def budgets_of(connection: Connection) -> QuerySet[Budget]:
    return Budget.objects.filter(
        environment=connection.environment, destination=connection.destination, client_id=connection.client_id
    )


def budget_of(connection: Connection, endpoint: str) -> Budget:
    """The row of one endpoint, made by the first who needs it."""
    budget, _ = Budget.objects.get_or_create(
        environment=connection.environment,
        destination=connection.destination,
        client_id=connection.client_id,
        endpoint=endpoint,
    )
    return budget


def block(connection: Connection, endpoint: str, error: Throttled, now: datetime) -> datetime:
    """The vendor said that it is too much: nobody uses this credential on this endpoint for a while. Lanes that had
    called before anybody was told are refused together, which is once in a row; of them the longest time counts.
    """
    budget = Budget.objects.select_for_update().get(pk=budget_of(connection, endpoint).pk)
    told_before = budget.blocked_until if budget.blocked_until and budget.blocked_until > now else None
    throttles = max(budget.throttles - 1, 0) if told_before else budget.throttles
    until = max(blocked_until(error, throttles=throttles, now=now), told_before or now)
    Budget.objects.filter(pk=budget.pk).update(blocked_until=until, throttles=throttles + 1)
    return until


def blocked_until(error: Throttled, *, throttles: int, now: datetime) -> datetime:
    """Retry-After; else 00:00 UTC where the day is used up; else 1, 2, 4, 8 minutes with jitter (linkedin.md 8.3).
    A day that has just begun here and is used up there is still yesterday by the vendor's clock.
    """
    if error.retry_after is not None:
        return now + timedelta(seconds=error.retry_after)
    tomorrow = limits.midnight_after(now)
    if error.daily and tomorrow - now <= timedelta(days=1) - CLOCKS_DIFFER:
        return tomorrow + timedelta(seconds=random.uniform(0, 60))
    step = policy.THROTTLE_SCHEDULE[min(throttles, len(policy.THROTTLE_SCHEDULE) - 1)]
    return now + step * random.uniform(1.0, 1.2)


def unblocked(connection: Connection, endpoint: str) -> None:
    """A call went through: the next throttle starts small again."""
    budgets_of(connection).filter(endpoint=endpoint, throttles__gt=0).update(throttles=0)
