"""A worker is killed while people are erased: nobody stays behind, and nothing goes here before it is gone there."""

from __future__ import annotations

import pytest

from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Customer
from talentsync.sync import erasing
from talentsync.sync.models import Delivery, Erasure
from tests.candidates.making import ENDPOINTS, ask, make_everything
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer

pytestmark = pytest.mark.slow

PEOPLE = erasing.CHUNK + 1  # six records each: a click of more than is started at once


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    return customer


@pytest.mark.parametrize(
    ("at", "nth"),
    [
        ("while an erasure is asked for", 2),
        ("while an erasure is accepted", 2),
        ("before records are removed", 1),
        ("while records are removed", 1),
        ("after records were removed", 2),
        ("before the nudge", 1),
    ],
)
def test_a_killed_erasure_is_completed(world: World, acme: Customer, at: str, nth: int) -> None:
    people = [make_everything(acme, world.linkedin, str(number))["candidate"] for number in range(PEOPLE)]
    for each in people:
        world.linkedin.seed_record("atsCandidates", each.external_id)
    dying = world.run_worker(**world.deadly(at, nth=nth))
    ask("erase", people)
    world.until(lambda: dying.has_ended, "the worker kills itself", sweeping=True)
    assert dying.was_killed, world.report()
    assert Candidate.objects.count() >= world.linkedin.count(ENDPOINTS["candidate"])
    world.run_worker()
    done = Erasure.objects.filter(state=Erasure.State.DONE)
    world.until(lambda: done.count() == 6 * PEOPLE, "everybody is erased", sweeping=True)
    assert Candidate.objects.count() == CandidateNote.objects.count() == Delivery.objects.count() == 0
    assert [world.linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6
