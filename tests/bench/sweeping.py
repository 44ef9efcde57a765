"""What a sweep costs: of a thousand deliveries, of a million, and where most of the million are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from django.utils import timezone

from talentsync.customers.models import Connection
from talentsync.sync import housekeeping
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import Priority
from tests.bench import crowd, world
from tests.bench.lines import Line

FEW, MILLION = 1_000, 1_000_000
DUE = 10  # of the few, at each of two customers
ROUNDS = 100
SAME = 2.0  # times


def lines() -> Iterator[Line]:
    """Two customers of whom something is due, and one of whom nothing is: there, a sweep would have to look at all."""
    busy, other, quiet = connections = [world.practising(f"Sweeping {place}") for place in range(3)]
    Delivery.objects.exclude(connection__in=connections).update(due_at=None)  # what another part left is not looked at
    for connection in connections:
        Lane.objects.create(connection=connection, kind="candidate")
        _deliveries(connection, FEW // 3, 0)
    for connection in (busy, other):
        _make_due(connection, object_id__lt=DUE)
    crowd.analyze()
    few = _seconds(lanes=2)
    _deliveries(quiet, MILLION - FEW, FEW)
    crowd.analyze()
    yield _line(f"a sweep costs the same at {FEW:,} deliveries and at {MILLION:,}", few, _seconds(lanes=2))
    _make_due(quiet, since=timedelta(hours=1), object_id__gte=FEW)  # before all others
    crowd.analyze()
    yield _line("a sweep costs the same where nearly all of them are due", few, _seconds(lanes=3))


def _line(what: str, few: float, many: float) -> Line:
    return Line(
        what=what, measured=f"{few * 1000:.1f} ms, {many * 1000:.1f} ms (quickest of {ROUNDS})", good=many <= SAME * few
    )


def _deliveries(connection: Connection, number: int, start: int) -> None:
    """Of records that were sent and need nothing. The records themselves are not looked at."""
    pattern = Delivery(connection=connection, kind="candidate", object_id=0, operation="upsert", state="synced")
    said = {"object_id": f"{start} + i", "entity_key": f"'SWEPT-' || ({start} + i)"}
    with crowd.unchecked():
        crowd.of_rows(pattern, said, number)


def _make_due(connection: Connection, *, since: timedelta = timedelta(seconds=1), **which: object) -> None:
    mine = Delivery.objects.filter(connection=connection, **which)
    mine.update(state="pending", priority=Priority.BACKFILL, due_at=timezone.now() - since)


def _seconds(*, lanes: int) -> float:
    """Of the quickest of some sweeps: the machine may have other work, and a sweep must not."""
    spent = []
    for _ in range(ROUNDS):
        started = perf_counter()
        found = housekeeping.sweep(timezone.now())
        spent.append(perf_counter() - started)
        assert found["lanes"] == lanes, found
    return min(spent)
