"""What vendors allow one credential on one endpoint, counted by everybody who leases a batch.

The numbers are the connectors' (`Client.quotas`), the arithmetic is in `limits`; here it meets the rows. A batch takes
its units in the transaction that leases it and gives back what it did not use when it is settled. A row is locked after
everything else that a transaction locks, so that two never wait for each other. A vendor's own word (`holds.block`)
beats all counting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from connectors.base.errors import ConnectorError
from connectors.base.quota import Quota
from connectors.base.resource import Step
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import holds, limits
from talentsync.sync.kinds import Route
from talentsync.sync.limits import Share, Use
from talentsync.sync.models import Budget, Lane
from talentsync.sync.states import Priority

LARGE = 1_000  # records; a request for more is a backfill, whoever asked for it


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one batch took. `again_at` and `is_spent` say when to look again where nothing may travel now."""

    endpoint: str
    records: int
    at: datetime
    again_at: datetime | None = None
    is_spent: bool = False


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Deliveries that the day or the vendor keeps back, and until when."""

    rows: Q
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a request costs; `finishes_at` None is never: the vendor allows nothing at all."""

    calls: int
    finishes_at: datetime | None


def quota_of(destination: str, endpoint: str) -> Quota | None:
    """What we keep to; None where there is nothing to count."""
    quota = clients.quotas_at(destination).get(endpoint)
    return limits.less(quota, headroom=settings.DAILY_LIMIT_HEADROOM_PERCENT) if quota else None


def endpoints_of(lane: Lane) -> Mapping[Step, str]:
    """What each step of a lane counts against; nothing where the connection is not complete."""
    try:
        return clients.open_client(lane.connection).resources[lane.route.resource].endpoints
    except ConnectorError:
        return {}


def take(connection: Connection, endpoint: str, *, share: Share, wanted: int) -> Grant:
    """One call with as many of the wanted records as may travel now. The caller is in a transaction that locks nothing
    more.
    """
    quota = quota_of(connection.destination, endpoint)
    if quota is None:
        return Grant(endpoint=endpoint, records=wanted, at=timezone.now())
    budget = _locked(connection, endpoint)
    now = timezone.now()  # after the lock: whoever waited for it took nothing meanwhile
    use = use_of(budget)
    room = limits.room(use, quota, share=share, wanted=wanted, now=now)
    if room.records:
        _keep(budget, limits.spend(use, quota, records=room.records, now=now))
    return Grant(endpoint=endpoint, records=room.records, at=now, again_at=room.again_at, is_spent=room.is_spent)


def give_back(connection: Connection, grant: Grant, *, calls: int, records: int) -> None:
    """What was not used is there for others; `calls` is negative where more were made than one."""
    quota = quota_of(connection.destination, grant.endpoint)
    if quota is None or (calls, records) == (0, 0):
        return
    budget = _locked(connection, grant.endpoint)
    now = timezone.now()
    _keep(budget, limits.give_back(use_of(budget), quota, calls=calls, records=records, at=grant.at, now=now))


def settle(connection: Connection, grant: Grant, *, n_calls: int, n_used: int) -> None:
    """A batch is over: what it did not use is there for others, and what it used counts from now on."""
    quota = quota_of(connection.destination, grant.endpoint)
    if quota is None:
        return
    calls, records, now = 1 - n_calls, grant.records - n_used, timezone.now()
    if (calls, records) == (0, 0) and limits.is_same_bar(grant.at, now):
        return
    budget = _locked(connection, grant.endpoint)
    use = use_of(budget)
    use = limits.give_back(use, quota, calls=calls, records=records, at=grant.at, now=now)
    _keep(budget, limits.arrived(use, quota, calls=n_calls, records=n_used, at=grant.at, now=now))


def closed(connection: Connection, endpoints: Mapping[Step, str], now: datetime) -> list[Closed]:
    """What none of these endpoints takes today, or until the time that the vendor named. One query."""
    found = []
    for budget in holds.budgets_of(connection).filter(endpoint__in=set(endpoints.values())):
        steps = Q(step__in=[step.value for step, endpoint in endpoints.items() if endpoint == budget.endpoint])
        if budget.blocked_until is not None and budget.blocked_until > now:
            found.append(Closed(rows=steps, until=budget.blocked_until))
        found += [Closed(rows=steps & rows_of(share), until=limits.midnight_after(now)) for share in spent(budget, now)]
    return found


def spent(budget: Budget, now: datetime) -> list[Share]:
    """Who has used up what they may use of this day."""
    quota = quota_of(budget.destination, budget.endpoint)
    if quota is None:
        return []
    use = use_of(budget)
    return [share for share in Share if 0 in limits.left_today(use, quota, share=share, now=now)]


def rows_of(share: Share) -> Q:
    """The deliveries that use this share: `limits.share_of` for the database."""
    removes, routine = Q(operation__in=limits.REMOVING), Q(priority=Priority.ROUTINE)
    match share:
        case Share.BACKFILL:
            return routine | (Q(priority=Priority.BACKFILL) & ~removes)
        case Share.CLICK:
            return Q(priority=Priority.CLICK) & ~removes
        case Share.REMOVAL:
            return removes & ~routine


def forecast(
    connection: Connection,
    route: Route,
    *,
    records: int,
    parents: int | None = None,
    asked_first: int = 0,
    priority: Priority | None = None,
    now: datetime,
) -> Estimate:
    """Calls that so many records need and when the last one can be made, within what the vendor allows today and on
    the days that follow. It is about limits alone: how fast the vendor answers is not in it.

    `parents` is how many records they hang on, where one parent goes in a call. `asked_first` is how many of them the
    vendor must be asked about before they are sent (decision 0018). Without `priority` their number says how
    urgent they are.
    """
    resource = clients.open_client(connection).resources[route.resource]
    work: dict[str, tuple[int, int]] = {}  # calls and records by endpoint
    for step, number in ((Step.SEND, records), (Step.CHECK, asked_first)):
        above = None if parents is None else ceil(parents * number / max(1, records))
        n_calls = limits.calls_for(number, per_call=resource.limits[step], parents=above)
        before = work.get(resource.endpoints[step], (0, 0))
        work[resource.endpoints[step]] = before[0] + n_calls, before[1] + number
    share = limits.share_of(priority_of(records) if priority is None else priority, "")
    moments = _finishes(connection, work, share, now)
    finishes_at = None if None in moments else max(moment for moment in moments if moment)
    return Estimate(calls=sum(n_calls for n_calls, _ in work.values()), finishes_at=finishes_at)


def _finishes(
    connection: Connection, work: Mapping[str, tuple[int, int]], share: Share, now: datetime
) -> list[datetime | None]:
    """When each endpoint's part of the work is done."""
    rows = {row.endpoint: row for row in holds.budgets_of(connection).filter(endpoint__in=work)}
    moments = []
    for endpoint, (calls, records) in work.items():
        row = rows.get(endpoint)
        quota = quota_of(connection.destination, endpoint) or Quota()
        starts_at = max(now, row.blocked_until or now) if row else now
        use = use_of(row) if row else Use()
        moments.append(limits.finish(use, quota, share=share, calls=calls, records=records, now=starts_at))
    return moments


def used_today(customer: str | None, *, now: datetime) -> list[dict[str, Any]]:
    """What was used of what we allow ourselves, for programs; of one customer's credentials, or of all."""
    connections = Connection.objects.filter(is_current=True)
    if customer is not None:
        connections = connections.filter(customer__name=customer)
    ours = set(connections.values_list("environment", "destination", "client_id"))
    rows = Budget.objects.order_by("environment", "destination", "client_id", "endpoint")
    return [_used(row, now) for row in rows if row.key[:3] in ours]


def of_today(budget: Budget, now: datetime) -> Iterator[tuple[str, int, int]]:
    """Unit, how much of it was used today, and how much we allow ourselves; of what is limited by the day."""
    use, quota = limits.on(use_of(budget), now), quota_of(budget.destination, budget.endpoint) or Quota()
    if quota.calls_per_day is not None:
        yield "calls", use.calls, quota.calls_per_day
    if quota.records_per_day is not None:
        yield "records", use.records, quota.records_per_day


def _used(budget: Budget, now: datetime) -> dict[str, Any]:
    use, quota = limits.on(use_of(budget), now), quota_of(budget.destination, budget.endpoint) or Quota()
    blocked_until = budget.blocked_until if budget.blocked_until and budget.blocked_until > now else None
    return {
        "environment": budget.environment,
        "destination": budget.destination,
        "client_id": budget.client_id,
        "endpoint": budget.endpoint,
        "calls": use.calls,
        "calls_per_day": quota.calls_per_day,
        "records": use.records,
        "records_per_day": quota.records_per_day,
        "blocked_until": blocked_until and blocked_until.isoformat(),
    }


def priority_of(n_records: int) -> Priority:
    """A large request keeps others waiting for hours, whichever door it came through: people's clicks overtake it."""
    return Priority.BACKFILL if n_records > LARGE else Priority.CLICK


def use_of(budget: Budget) -> Use:
    bars = tuple((bar, number) for bar, number in budget.bars)
    return Use(day=budget.day, calls=budget.calls, records=budget.records, bars=bars, paced_until=budget.paced_until)


def _keep(budget: Budget, use: Use) -> None:
    """Named columns: a block that the vendor has set meanwhile stays."""
    Budget.objects.filter(pk=budget.pk).update(
        day=use.day, calls=use.calls, records=use.records, bars=use.bars, paced_until=use.paced_until
    )


def _locked(connection: Connection, endpoint: str) -> Budget:
    """The row, locked; made by the first who needs it."""
    rows = holds.budgets_of(connection).select_for_update().filter(endpoint=endpoint)
    return rows.first() or _created(connection, endpoint)


def _created(connection: Connection, endpoint: str) -> Budget:
    holds.budget_of(connection, endpoint)
    return holds.budgets_of(connection).select_for_update().get(endpoint=endpoint)
