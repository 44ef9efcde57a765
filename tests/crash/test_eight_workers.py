"""Eight worker processes: lanes go side by side, inside a lane one call follows the other, and no message matters."""

from __future__ import annotations

from itertools import pairwise

import pytest
from celery import current_app

from talentsync.sync.models import Delivery, Lane
from tests.crash import people, places
from tests.crash.people import calls, everything_is_true
from tests.crash.processes import Process
from tests.crash.world import World

pytestmark = [pytest.mark.slow, pytest.mark.minutes, pytest.mark.parametrize("place", places.everywhere())]

WORKERS, CUSTOMERS, OF_EACH, IN_A_CALL = 8, 6, 60, 3
ANSWER_SECONDS = 0.3  # from the moment that LinkedIn notes a call


def run_workers(world: World) -> list[Process]:
    workers = [world.run_worker(threads=4) for _ in range(WORKERS)]
    world.until_ready(*workers)
    return workers


def often_and_late(world: World) -> None:
    for lane in Lane.objects.values_list("pk", flat=True):
        for countdown in (0, 0, 0, 0, 1, 2, 3):
            world.send("sync.deliver", lane, countdown=countdown)


def test_eight_workers_never_share_a_lane_and_lose_nothing_with_their_messages(world: World) -> None:
    """Messages come often, late and not at all; first all workers are told to stop, then one is killed."""
    world.linkedin.always("slow", endpoint=people.PEOPLE, seconds=ANSWER_SECONDS)
    customers = people.make_customers(CUSTOMERS)
    workers = run_workers(world)
    people.click(world, customers, number=OF_EACH, company=IN_A_CALL)
    often_and_late(world)
    world.until(lambda: len(calls(world)) >= CUSTOMERS, "they are at work", sweeping=True)
    current_app.control.purge()
    people.stop(world, workers)
    assert people.is_at_rest()
    assert not Delivery.objects.exclude(lease="").exists()
    assert Delivery.objects.unfinished().exists()

    often_and_late(world)
    workers, so_far = run_workers(world), len(calls(world))
    world.until(lambda: len(calls(world)) > so_far, "they go on", sweeping=True)
    workers.pop().kill()
    often_and_late(world)
    world.until_finished()
    everything_is_true(world)
    assert not any(worker.has_ended for worker in workers)
    assert "database is locked" not in world.report()
    assert {call.status for call in calls(world)} == {200}
    for customer in customers:
        moments = [call.at for call in people.calls_about(world, customer)]
        assert len(moments) >= OF_EACH // IN_A_CALL
        assert not overlapping(moments), customer.name
    assert overlapping([call.at for call in calls(world)]), "different lanes waited for each other"


def overlapping(moments: list[float]) -> list[tuple[float, float]]:
    """Calls that came before the one before them was answered, by the vendor's own record."""
    return [(first, second) for first, second in pairwise(sorted(moments)) if second - first < ANSWER_SECONDS]
