"""More lanes are busy with backfills than the worker has threads: a person's click overtakes all that wait."""

from __future__ import annotations

import pytest

from talentsync.customers.models import Customer
from talentsync.sync.states import Priority
from tests.candidates.making import ask, make_candidate
from tests.crash import people, places
from tests.crash.world import World

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("place", places.everywhere())]

LANES, OF_EACH, IN_A_CALL = 16, 60, 2
ANSWER_SECONDS = 1.0


@pytest.mark.parametrize("threads", [2, 4])
def test_a_click_is_sent_before_each_of_many_busy_lanes_has_had_its_turn(world: World, threads: int) -> None:
    world.linkedin.always("slow", endpoint=people.PEOPLE, seconds=ANSWER_SECONDS)
    *crowded, other = people.make_customers(LANES + 1)
    people.click(world, crowded, number=OF_EACH, company=IN_A_CALL, priority=Priority.BACKFILL)
    world.run_worker(threads=threads)
    world.until(lambda: len(people.calls(world)) >= threads, "all threads are busy")
    assert n_overtaken(world, other) < LANES
    world.send("sync.sweep")  # as beat does: it names every lane that waits once more
    assert n_overtaken(world, crowded[-1]) < LANES, "behind its own backfill"


def n_overtaken(world: World, customer: Customer) -> int:
    """How many calls of backfills came before that of a click."""
    before = len(people.calls(world))
    clicked = make_candidate(customer, f"CLICKED-{customer.name}")
    ask("send", clicked)
    world.until(lambda: place_of(world, clicked.external_id) is not None, "the click is sent")
    return (place_of(world, clicked.external_id) or 0) - before


def place_of(world: World, key: str) -> int | None:
    return next((n for n, call in enumerate(people.calls(world)) if key in f"{call.path} {call.sent}"), None)
