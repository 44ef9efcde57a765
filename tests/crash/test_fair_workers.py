"""Crowds keep nobody waiting: not the few of another customer, nor whom a person clicks on meanwhile."""

from __future__ import annotations

import pytest

from talentsync.customers.models import Customer
from talentsync.sync.models import Delivery
from talentsync.sync.states import Priority, State
from tests.candidates.making import ask, make_candidate, make_candidates
from tests.crash import people, places
from tests.crash.people import PEOPLE
from tests.crash.world import World

pytestmark = [pytest.mark.slow, pytest.mark.minutes]

CROWDS, OF_EACH, IN_A_CALL, FEW = 8, 400, 4, 10  # as many crowds as a worker has threads
ANSWER_SECONDS = 1.0  # a hundred of them, one after the other, before a crowd is done


@pytest.mark.parametrize(
    ("place", "workers"), [*[(place, 1) for place in places.first()], *[(place, 4) for place in places.everywhere()]]
)
def test_few_records_and_a_click_are_sent_while_crowds_are_far_from_it(world: World, workers: int) -> None:
    world.linkedin.always("slow", endpoint=PEOPLE, seconds=ANSWER_SECONDS)
    *crowded, other = people.make_customers(CROWDS + 1)
    people.click(world, crowded, number=OF_EACH, company=IN_A_CALL, priority=Priority.BACKFILL)
    for _ in range(workers):
        world.run_worker()
    world.run_beat()
    world.until(lambda: all(left([each]) < OF_EACH for each in crowded), "all crowds are being sent")
    ask("send", make_candidates(other, FEW, other.name))
    ask("send", make_candidate(crowded[0], "CLICKED"))
    world.until(lambda: not left([other]) and is_sent("CLICKED"), "the few and the click are sent")
    assert left(crowded) > CROWDS * OF_EACH / 2, "they had to wait for the crowds"


def left(customers: list[Customer]) -> int:
    return Delivery.objects.filter(connection__customer__in=customers, state=State.PENDING).count()


def is_sent(key: str) -> bool:
    return Delivery.objects.filter(entity_key=key, state=State.SYNCED).exists()
