"""A million due records of one customer: how long ten of another one take beside them, and a click among them.

A real worker process works on the million all the while. What is slow is meant to be the crowd, not the vendor.
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
SECONDS = 5.0
ROUNDS = 3
PATIENCE = 120


def lines() -> Iterator[Line]:
    world.without_limits()
    crowded, other = world.practising("Crowded"), world.practising("Other")
    started = perf_counter()
    lane = _a_million_due(crowded)
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


def _line(what: str, seconds: list[float]) -> Line:
    measured = f"{max(seconds):.1f} s (longest of {len(seconds)}; shortest {min(seconds):.1f} s)"
    return Line(what=what, measured=measured, good=max(seconds) <= SECONDS)


def _a_million_due(connection: Connection) -> Lane:
    """Written by the database itself."""
    crowd.of_candidates(connection.customer, CROWD, "CROWD")
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
