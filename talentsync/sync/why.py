"""*Why not yet?*: the one sentence that says what an unfinished record waits for.

`why_not_yet` is pure and decides; `Reasons` gathers what it needs for a page of deliveries in a constant number of
queries. The order of the questions is the order in which the engine asks them (`engine.lease`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from connectors.base.errors import ConnectorError
from connectors.base.resource import Step
from talentsync.core import heartbeats
from talentsync.customers import clients
from talentsync.customers.models import Connection, Destination
from talentsync.sync import budgets, kinds, limits, policy, why_others
from talentsync.sync.models import Budget, Delivery, Hold, Lane, Run, RunItem
from talentsync.sync.states import UNFINISHED, State, Why

NOBODY_AGREED = _("Nobody has confirmed this yet.")
BEING_SENT = _("Being sent to %(vendor)s right now.")
BEING_ASKED = _("%(vendor)s is being asked right now.")
STOPPED = _("Stopped: %(reason)s")
NO_WORKER = _("No worker is running. It goes on by itself once one is started.")
BLOCKED = _("%(vendor)s allows no more calls until %(time)s (daily limit or too many calls).")
SPENT = _("%(vendor)s's daily limit for %(records)s is used up; it goes on at %(time)s.")
MOMENT = _("Next in line for %(vendor)s; it goes on in a moment.")
OUTAGE = _("%(vendor)s did not answer. The next try is at %(time)s.")
WORKING = _("%(vendor)s is working on it. The next look is at %(time)s.")
WORKING_NOW = _("%(vendor)s is working on it. We are about to look again.")
RETRY = _("Try %(tries)s of %(most)s did not work. The next try is at %(time)s.")
LATER = _("It is sent at %(time)s.")
PARENT = _("It waits until another record that it needs has arrived at %(vendor)s.")
NOT_IN_USE = _("Another connection is in use by now: through this one nothing new is sent.")
NEXT = _("Next in line for %(vendor)s.")

ASKING: Mapping[Why, str | Promise] = {
    Why.NONE: _("%(vendor)s is asked what it shows before anything is sent."),
    Why.ASKED: _("%(vendor)s is asked what it shows, because somebody wanted to know."),
    Why.ROUTINE: _("%(vendor)s is asked what it shows, as is done regularly."),
    Why.FIRST: _("%(vendor)s is asked what it shows before anything is sent."),
    Why.UNSURE: _("%(vendor)s did not answer in time. It is asked whether our message arrived."),
    Why.CONFLICT: _("%(vendor)s says that it is closed already. It is asked to make sure."),
    Why.PROCESSED: _("%(vendor)s took it, but perhaps does not show it. It is asked to make sure."),
    Why.OVERDUE: _("%(vendor)s has not finished for a day. It is asked what it shows."),
    Why.FAILED_CLOSE: _("%(vendor)s could not close it. It is asked what it shows."),
}
ASKED_AT = _("%(question)s Next look: %(time)s.")

Sentence = str | Promise


def why_not_yet(
    delivery: Delivery | None,
    *,
    now: datetime,
    lane: Lane | None = None,
    holds: Collection[Hold] = (),
    blocked_until: datetime | None = None,
    spent: Collection[limits.Share] = (),
    worker_silent: bool = False,
    run: Run | None = None,
    other: Sentence = "",
) -> Sentence:
    """What this delivery waits for, "" when it waits for nothing.

    `holds` are those that cover its connection, `blocked_until` and the shares that are `spent` today belong to the
    endpoint of its step, `run` is one that has not started yet and includes its record, and `other` says which record
    it waits for.
    """
    if run is not None and (words := _not_started(run, now)):
        return words
    if delivery is None or delivery.state not in UNFINISHED:
        return ""
    vendor = Destination(delivery.connection.destination).label
    if _is_in_flight(delivery, lane, now):
        return _said(BEING_SENT if delivery.step == Step.SEND else BEING_ASKED, vendor=vendor)
    if stop := next((hold for hold in holds if _stops(hold, delivery)), None):
        return _said(STOPPED, reason=stop.reason)
    if other:
        return other
    if delivery.step == Step.SEND and not delivery.connection.is_current and delivery.operation not in policy.REMOVING:
        return NOT_IN_USE
    if worker_silent:
        return NO_WORKER
    if blocked_until is not None and blocked_until > now:
        return _said(BLOCKED, vendor=vendor, time=blocked_until, now=now)
    if limits.share_of(delivery.priority, delivery.operation) in spent and _is_due(delivery, now):
        return _daily_limit(delivery, vendor, now)
    if lane is not None and lane.not_before is not None and lane.not_before > now:
        if lane.outages:
            return _said(OUTAGE, vendor=vendor, time=lane.not_before, now=now)
        if _is_due(delivery, now):
            return _said(MOMENT, vendor=vendor)
    return _own_turn(delivery, vendor, now)


def _daily_limit(delivery: Delivery, vendor: str, now: datetime) -> Sentence:
    """Said by the hour alone: it is never more than a day away."""
    records = kinds.get(delivery.kind).model._meta.verbose_name_plural
    moment = limits.midnight_after(now)
    return _said(SPENT, vendor=vendor, records=records, time=moment, now=moment)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    return delivery.due_at is not None and delivery.due_at <= now


def _not_started(run: Run, now: datetime) -> Sentence:
    if run.state == Run.State.DRAFT:
        return NOBODY_AGREED
    if run.state != Run.State.WAITING or run.starts_at is None:
        return ""
    return _said(kinds.get(run.kind).action(run.action).starts, time=run.starts_at, now=now)


def _own_turn(delivery: Delivery, vendor: str, now: datetime) -> Sentence:
    """Nothing stands in the way of the delivery's lane: when is its turn?"""
    due = delivery.due_at
    waits = due is not None and due > now
    if delivery.state == State.SUBMITTED and delivery.step == Step.POLL:
        return _said(WORKING if waits else WORKING_NOW, vendor=vendor, time=due, now=now)
    if due is None:
        return _said(PARENT, vendor=vendor)
    if delivery.step == Step.CHECK:
        asked = _said(ASKING[Why(delivery.why)], vendor=vendor)
        return _said(ASKED_AT, question=asked, time=due, now=now) if waits else asked
    if not waits:
        return _said(NEXT, vendor=vendor)
    if delivery.attempts:
        most = len(policy.CHARGED_SCHEDULE) + 1
        return _said(RETRY, tries=delivery.attempts, most=most, time=due, now=now)
    return _said(LATER, time=due, now=now)


def _is_in_flight(delivery: Delivery, lane: Lane | None, now: datetime) -> bool:
    """A lease that has ended holds nothing, even if nobody has tidied it up yet."""
    return bool(delivery.lease and lane is not None and lane.lease_ends_at is not None and lane.lease_ends_at > now)


def covers(hold: Hold, connection: Connection) -> bool:
    """Whether a hold is over this connection, for some kind and operation."""
    return hold.connection_id in (None, connection.pk) and hold.customer_id in (None, connection.customer_id)


def _stops(hold: Hold, delivery: Delivery) -> bool:
    """A held operation is not sent; what was sent of it is still asked about (`engine`)."""
    is_held = not hold.operation or (hold.operation == delivery.operation and delivery.step == Step.SEND)
    return hold.kind in ("", delivery.kind) and is_held and covers(hold, delivery.connection)


def _said(words: Sentence, *, now: datetime | None = None, time: datetime | None = None, **facts: Any) -> Sentence:
    """The sentence with its facts, put together when it is shown: in the viewer's language and time zone."""
    return lazystr(_Said(words, {**facts, "time": _Clock(time, now)} if time is not None else facts))


@dataclass(frozen=True)
class _Said:
    words: Sentence
    facts: Mapping[str, Any]

    def __str__(self) -> str:
        return str(self.words) % {name: str(fact) for name, fact in self.facts.items()}


@dataclass(frozen=True)
class _Clock:
    """A moment as people say it: the time alone today, with the day otherwise."""

    moment: datetime
    now: datetime | None

    def __str__(self) -> str:
        local = timezone.localtime(self.moment)
        today = self.now is not None and timezone.localtime(self.now).date() == local.date()
        return formats.date_format(local, "H:i" if today else "j F, H:i")


@dataclass(kw_only=True)
class Reasons:
    """What is needed to answer for many deliveries; see `gather`."""

    now: datetime
    worker_silent: bool = False
    lanes: Mapping[tuple[int, str, int], Lane] = field(default_factory=dict)
    holds: Sequence[Hold] = ()
    blocked: Mapping[tuple[str, str, str, str], datetime] = field(default_factory=dict)
    spent: Mapping[tuple[str, str, str, str], Collection[limits.Share]] = field(default_factory=dict)
    runs: Mapping[tuple[str, int, int], Run] = field(default_factory=dict)
    others: Mapping[int, Sentence] = field(default_factory=dict)

    def of(self, delivery: Delivery) -> Sentence:
        budget = self._budget(delivery)
        return why_not_yet(
            delivery,
            now=self.now,
            lane=self.lanes.get((delivery.connection_id, delivery.kind, _shard_of(delivery))),
            holds=self.holds,
            blocked_until=self.blocked.get(budget),
            spent=self.spent.get(budget, ()),
            worker_silent=self.worker_silent,
            run=self.runs.get((delivery.kind, delivery.object_id, delivery.connection_id)),
            other=self.others.get(delivery.pk, ""),
        )

    def of_record(self, kind: str, object_id: int, connection: Connection) -> Sentence:
        """For a record that this connection was never asked about: only a run in its Undo time can include it."""
        return why_not_yet(None, now=self.now, run=self.runs.get((kind, object_id, connection.pk)))

    def _budget(self, delivery: Delivery) -> tuple[str, str, str, str]:
        """What its next call counts against; not looked up where no limit keeps anything back."""
        if not self.blocked and not self.spent:
            return "", "", "", ""
        connection = delivery.connection
        endpoint = endpoint_of(connection, delivery.kind, delivery.step)
        return connection.environment, connection.destination, connection.client_id, endpoint


def gather(deliveries: Iterable[Delivery], *, now: datetime, records: Collection[tuple[str, int]] = ()) -> Reasons:
    """Everything that decides over these deliveries (with their connections) and records: in five queries, and a few
    for each kind of which some wait for other records.
    """
    rows = list(deliveries)
    of_kind: dict[str, set[int]] = defaultdict(set)
    for kind, object_id in [*records, *((row.kind, row.object_id) for row in rows)]:
        of_kind[kind].add(object_id)
    lanes = Lane.objects.filter(connection__in={row.connection_id for row in rows})
    counted = list(Budget.objects.filter(Q(blocked_until__gt=now) | Q(day=now.astimezone(UTC).date())))
    return Reasons(
        now=now,
        worker_silent=any(part.name == heartbeats.WORKER for part in heartbeats.silent(now)),
        lanes={(lane.connection_id, lane.kind, lane.shard): lane for lane in lanes},
        holds=list(Hold.objects.all()),
        blocked={row.key: row.blocked_until for row in counted if row.blocked_until and row.blocked_until > now},
        spent={row.key: spent for row in counted if (spent := budgets.spent(row, now))},
        runs=_waiting_runs(of_kind),
        others=why_others.sentences(rows),
    )


def _shard_of(delivery: Delivery) -> int:
    return kinds.get(delivery.kind).shard_of(delivery.object_id)


def _waiting_runs(of_kind: Mapping[str, set[int]]) -> dict[tuple[str, int, int], Run]:
    """Runs in their Undo time that include one of these records; few at any moment."""
    wanted = Q(pk__in=[])
    for kind, object_ids in of_kind.items():
        wanted |= Q(kind=kind, object_id__in=object_ids)
    items = RunItem.objects.filter(wanted, run__state=Run.State.WAITING).select_related("run")
    return {
        (item.kind, item.object_id, item.connection_id): item.run
        for item in items.order_by("-run__starts_at")
        if item.connection_id is not None
    }


def endpoint_of(connection: Connection, kind: str, step: str) -> str:
    """Which of the vendor's limits the next call counts against; "" where the connection is not complete."""
    try:
        endpoints = _endpoints(connection, kinds.get(kind).route(connection.destination).resource)
    except ConnectorError:
        return ""
    return endpoints.get(Step(step), "")


def _endpoints(connection: Connection, resource: str) -> Mapping[Step, str]:
    return clients.open_client(connection).resources[resource].endpoints
