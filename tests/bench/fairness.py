"""A million due records of one customer, and many customers with some: how long somebody else's take beside them.

A real worker process works on the crowd all the while. What is slow is meant to be the crowd, not the vendor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter, sleep

from django.utils import timezone

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection
from talentsync.sync import nudges
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import Priority
from tests.bench import crowd, working, world
from tests.bench.lines import Line
from tests.candidates.making import ask, make_candidate, make_candidates

CROWD, FEW = 1_000_000, 10
LANES, OF_EACH = 40, 5_000
SECONDS = 5.0
ROUNDS = 3
PATIENCE = 120


def lines() -> Iterator[Line]:
    world.without_limits()
    other = world.practising("Other")
    yield from _beside_a_million(other)
    yield from _beside_many_lanes(other)


def _beside_a_million(other: Connection) -> Iterator[Line]:
    crowded = world.practising("Crowded")
    started = perf_counter()
    lane = _due(crowded, CROWD)
    yield Line(what=f"{CROWD:,} due records of one customer made", measured=f"{perf_counter() - started:.0f} s")
    with working.workers(1):
        nudges.nudge_lanes([lane.pk])
        _until(lambda: _left(crowded) < CROWD)
        few = [_few(other, number) for number in range(ROUNDS)]
        clicks = [_click(crowded, number) for number in range(ROUNDS)]
        left = _left(crowded)
    assert left > CROWD // 2, left
    beside = f"beside {CROWD:,} due records of one customer"
    yield _line(f"{beside}: {FEW} of another one are sent within {SECONDS:g} s", few)
    yield _line(f"{beside}: a click of the same one is sent within {SECONDS:g} s", clicks)


def _beside_many_lanes(other: Connection) -> Iterator[Line]:
    """Five times as many as a worker has threads."""
    crowds = [world.practising(f"Crowd {number}") for number in range(LANES)]
    lanes = [_due(each, OF_EACH).pk for each in crowds]
    with working.workers(1):
        nudges.nudge_lanes(lanes)
        _until(lambda: any(_left(each) < OF_EACH for each in crowds))
        clicks = [_click(other, number) for number in range(ROUNDS)]
        among = [_click(crowds[-1 - number], number) for number in range(ROUNDS)]
        assert all(map(_left, crowds)), "a lane was done"
    beside = f"beside {LANES} busy lanes of other customers"
    yield _line(f"{beside}: a click is sent within {SECONDS:g} s", clicks)
    yield _line(f"{beside}: a click of one that waits is sent within {SECONDS:g} s", among)


def _line(what: str, seconds: list[float]) -> Line:
    measured = f"{max(seconds):.1f} s (longest of {len(seconds)}; shortest {min(seconds):.1f} s)"
    return Line(what=what, measured=measured, good=max(seconds) <= SECONDS)


def _due(connection: Connection, number: int) -> Lane:
    """Candidates to be sent, written by the database itself."""
    crowd.of_candidates(connection.customer, number, "CROWD")
    mine = Candidate.objects.filter(customer=connection.customer)
    mine.update(do_not_send=False)
    pattern = Delivery(kind="candidate", operation="upsert", revision=1, state="pending", remote_state="absent")
    pattern.due_at, pattern.priority = timezone.now(), Priority.BACKFILL
    with crowd.unchecked():
        crowd.of_deliveries(connection, mine, pattern)
    crowd.analyze()
    return Lane.objects.get_or_create(connection=connection, kind="candidate")[0]


def _few(connection: Connection, number: int) -> float:
    keys = [each.external_id for each in make_candidates(connection.customer, FEW, f"FEW-{number}")]
    started = perf_counter()
    ask("send", list(Candidate.objects.filter(customer=connection.customer, external_id__in=keys)))
    _until(lambda: _sent(connection, keys) == FEW)
    return perf_counter() - started


def _click(connection: Connection, number: int) -> float:
    clicked = make_candidate(connection.customer, f"CLICKED-{number}")
    started = perf_counter()
    ask("send", clicked)
    _until(lambda: _sent(connection, [clicked.external_id]) == 1)
    return perf_counter() - started


def _sent(connection: Connection, keys: list[str]) -> int:
    return Delivery.objects.filter(connection=connection, entity_key__in=keys, state="synced").count()


def _left(connection: Connection) -> int:
    return Delivery.objects.filter(connection=connection, kind="candidate", due_at__isnull=False).count()


def _until(happened: Callable[[], bool]) -> None:
    ends = perf_counter() + PATIENCE
    while not happened():
        if perf_counter() > ends:
            raise TimeoutError("they wait for the crowd")
        sleep(0.05)
