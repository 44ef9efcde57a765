"""Everything as numbers, in the text format of Prometheus. All of it is read from the database, so that it is true
whichever process answers, and how many there are.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from talentsync.core import heartbeats
from talentsync.core.models import Heartbeat
from talentsync.customers.models import Connection
from talentsync.monitoring import lateness
from talentsync.monitoring.models import Alert, Watch
from talentsync.monitoring.tallies import BUCKETS
from talentsync.sync import budgets
from talentsync.sync.models import Budget, Hold

Labels = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Family:
    """One name with its samples; a sample's suffix is empty but for histograms."""

    name: str
    help: str
    type: Literal["gauge", "counter", "histogram"] = "gauge"
    samples: list[tuple[str, Labels, float]] = field(default_factory=list)

    def add(self, value: float, labels: Labels, suffix: str = "") -> None:
        self.samples.append((suffix, labels, value))


def page(now: datetime) -> str:
    return "".join(f"{line}\n" for family in families(now) for line in lines(family))


def families(now: datetime) -> Iterator[Family]:
    watch = Watch.objects.filter(pk=Watch.THE_ONE).first() or Watch(due_at=now)
    yield from _census(watch, now)
    yield _oldest_due(now)
    yield _calls(watch)
    yield _outcomes(watch)
    yield from _limits(now)
    yield _holds()
    yield from _heartbeats(now)
    yield _alerts()


def _census(watch: Watch, now: datetime) -> Iterator[Family]:
    records = Family(name="talentsync_records", help="Records by state, as of the last census.")
    due = Family(name="talentsync_due", help="Records of a lane that are due, as of the last census.")
    places = dict(Connection.objects.values_list("pk", "destination"))
    counted: Counter[tuple[str, ...]] = Counter()
    waiting: Counter[tuple[int, str]] = Counter()
    for state, failure, connection, kind, number, n_due in watch.census:
        counted[places.get(connection, ""), kind, state, failure] += number
        waiting[connection, kind] += n_due
    for (destination, kind, state, failure), number in sorted(counted.items()):
        records.add(number, {"destination": destination, "kind": kind, "state": state, "failure": failure})
    for (connection, kind), number in sorted(waiting.items()):
        due.add(number, {"connection": connection, "destination": places.get(connection, ""), "kind": kind})
    age = Family(name="talentsync_census_age_seconds", help="How old the census is.")
    if watch.census_at is not None:
        age.add((now - watch.census_at).total_seconds(), {})
    yield from (records, due, age)


def _oldest_due(now: datetime) -> Family:
    """Not of connections that are not in use: nothing new is sent there, and it would grow older for ever."""
    family = Family(name="talentsync_oldest_due_seconds", help="For how long the oldest work of a lane has been due.")
    for each in lateness.oldest():
        lane = each.lane
        if not lane.connection.is_current:
            continue
        place = {"connection": lane.connection_id, "destination": lane.connection.destination, "kind": lane.kind}
        family.add(each.seconds(now), place)
    return family


def _calls(watch: Watch) -> Family:
    family = Family(name="talentsync_call_seconds", help="Calls to vendors by how long they took.", type="histogram")
    for key, numbers in sorted(watch.tallies.get("calls", {}).items()):
        labels: Labels = dict(zip(("destination", "kind", "step", "status"), key.split("|"), strict=True))
        *within, total, milliseconds = numbers
        for limit, number in zip((*BUCKETS, "+Inf"), (*within, total), strict=True):
            family.add(number, {**labels, "le": limit}, "_bucket")
        family.add(milliseconds / 1_000, labels, "_sum")
        family.add(total, labels, "_count")
    return family


def _outcomes(watch: Watch) -> Family:
    words = "What vendors said of records, and what could not be said to them."
    family = Family(name="talentsync_outcomes_total", help=words, type="counter")
    for key, number in sorted(watch.tallies.get("outcomes", {}).items()):
        family.add(number, dict(zip(("destination", "kind", "step", "outcome"), key.split("|"), strict=True)))
    return family


def _limits(now: datetime) -> Iterator[Family]:
    used = Family(name="talentsync_limit_used", help="What was used today (UTC) of a vendor's limit.")
    allowed = Family(name="talentsync_limit_allowed", help="What TalentSync allows itself of it, without the headroom.")
    blocked = Family(name="talentsync_limit_blocked", help="1 while the vendor allows nothing more.")
    for budget in Budget.objects.order_by("pk"):
        place = {
            "environment": budget.environment,
            "destination": budget.destination,
            "endpoint": budget.endpoint,
            "budget": budget.pk,  # one for each credential, which is named nowhere
        }
        for unit, number, limit in budgets.of_today(budget, now):
            used.add(number, {**place, "unit": unit})
            allowed.add(limit, {**place, "unit": unit})
        blocked.add(budget.blocked_until is not None and budget.blocked_until > now, place)
    yield from (used, allowed, blocked)


def _holds() -> Family:
    family = Family(name="talentsync_holds", help="What is stopped, by how much it covers and whether a person did it.")
    counted: Counter[tuple[str, str]] = Counter()
    for hold in Hold.objects.all():
        counted[_scope(hold), "TalentSync" if hold.by_id is None else "person"] += 1
    for (scope, by), number in sorted(counted.items()):
        family.add(number, {"scope": scope, "by": by})
    return family


def _scope(hold: Hold) -> str:
    if hold.kind or hold.operation:
        return "lane"
    if hold.connection_id is not None:
        return "connection"
    return "customer" if hold.customer_id is not None else "everything"


def _heartbeats(now: datetime) -> Iterator[Family]:
    up = Family(name="talentsync_up", help="1 while a part of the service is alive.")
    age = Family(name="talentsync_heartbeat_age_seconds", help="When a part of the service was seen last.")
    silent = {part.name for part in heartbeats.silent(now)}
    for name in heartbeats.PARTS:
        up.add(name not in silent, {"part": name})
    for name, seen_at in Heartbeat.objects.order_by("name").values_list("name", "seen_at"):
        age.add(max(0.0, (now - seen_at).total_seconds()), {"part": name})
    yield from (up, age)


def _alerts() -> Family:
    family = Family(name="talentsync_alerts", help="Alerts that are not over, by what is wrong.")
    counted = Counter(Alert.objects.filter(ended_at=None).values_list("condition", flat=True))
    for condition in Alert.Condition:
        family.add(counted[condition], {"condition": condition.value})
    return family


# The text format


def lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.help}"
    yield f"# TYPE {family.name} {family.type}"
    for suffix, labels, value in family.samples:
        written = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
        yield f"{family.name}{suffix}{f'{{{written}}}' if written else ''} {_number(value)}"


def _escaped(label: Any) -> str:
    return str(label).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(float(value))
