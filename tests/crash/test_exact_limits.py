"""A vendor's limits over many workers: what it counts is what we allow ourselves, whoever is killed or restarted, and
when its day begins anew. One credential serves four customers, whose lanes go side by side.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from connectors.base.simulation import DAY_SECONDS
from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.sync import limits
from talentsync.sync.models import Budget
from tests.crash import agreeing, people, places
from tests.crash.people import PEOPLE, calls, click, everything_is_true, is_at_rest, stop
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync import driving

pytestmark = [pytest.mark.slow, pytest.mark.minutes]

OF_EACH = 12
A_DAY, ALLOWED, FOR_CLICKS = 50, 45, 40  # calls; less 10 %, and of those 90 % for what removes nothing
A_MINUTE, ALLOWED_IN_IT = 100, 90  # records
WORKERS = 4
WINDOW = 8  # seconds, of Greenhouse


@pytest.fixture
def customers(world: World) -> list[Customer]:
    return people.make_customers(4)


def comes_to_rest(world: World, number: int) -> None:
    """So many calls were made, and however often workers look, they make no more."""
    world.until(lambda: len(calls(world)) >= number and is_at_rest(), f"{number} calls were made", sweeping=True)
    people.nothing_more_happens(world)
    assert len(calls(world)) == number
    assert {call.status for call in calls(world)} <= {200, 401}  # a token may end while clocks are moved, and counts


@pytest.mark.parametrize(
    ("place", "at", "lost"),
    [
        *[(place, "after the vendor's answer", 0) for place in places.everywhere()],
        *[(place, "inside settle", 0) for place in places.first()],
        *[(place, "after the lease", 1) for place in places.first()],
    ],
)
def test_a_day_is_used_to_its_end_and_no_further_by_workers_that_are_killed_and_restarted(
    world: World, customers: list[Customer], at: str, lost: int
) -> None:
    """A call that was counted and died with its worker before it was made is the only one that is lost."""
    world.allow(PEOPLE, calls_per_day=A_DAY)
    world.linkedin.always("slow", endpoint=PEOPLE, seconds=0.1)
    dying = world.run_worker(threads=1, **world.deadly(at, nth=5))
    world.until_done([world.send("sync.sweep")])
    workers = [world.run_worker(threads=1) for _ in range(WORKERS - 1)]
    click(world, customers, number=OF_EACH, company=1)
    world.until(lambda: dying.was_killed, "a worker kills itself", sweeping=True)
    workers.append(world.run_worker(threads=1))
    world.until(lambda: len(calls(world)) >= FOR_CLICKS // 2, "half of the day is used", sweeping=True)
    stop(world, [workers.pop(0)])
    workers.append(world.run_worker(threads=1))
    comes_to_rest(world, FOR_CLICKS - lost)
    people.delete(world, 8)
    comes_to_rest(world, ALLOWED - lost)
    assert Budget.objects.get(endpoint=PEOPLE).calls == ALLOWED
    stop(world, workers)
    world.move_clock(DAY_SECONDS)
    world.run_worker()
    world.until_finished()
    everything_is_true(world)


def test_a_new_day_begins_at_midnight_for_workers_that_run_through_it(world: World, customers: list[Customer]) -> None:
    world.allow(PEOPLE, calls_per_day=A_DAY)
    midnight = limits.midnight_after(timezone.now() + timedelta(hours=1))
    move_to(world, midnight - timedelta(minutes=30))
    click(world, customers, number=2 * OF_EACH, company=1)
    workers = [world.run_worker() for _ in range(WORKERS)]
    comes_to_rest(world, FOR_CLICKS)
    world.until_ready(*workers)
    with people.nobody_works(world):  # one is late until it has looked at the clock
        move_to(world, midnight - timedelta(seconds=3))
        world.linkedin.advance(5)  # clocks that are moved differ by some seconds: the vendor's is not the late one
    comes_to_rest(world, 2 * FOR_CLICKS)
    days = Counter(datetime.fromtimestamp(call.at, tz=UTC).date() for call in calls(world))
    assert days == {midnight.date() - timedelta(days=1): FOR_CLICKS, midnight.date(): FOR_CLICKS}
    assert not any(worker.has_ended for worker in workers)


def move_to(world: World, moment: datetime) -> None:
    world.move_clock((moment - timezone.now()).total_seconds())


def test_a_minute_is_shared_by_workers_that_are_restarted(world: World, customers: list[Customer]) -> None:
    world.allow(PEOPLE, records_per_minute=A_MINUTE)
    click(world, customers, number=60)
    for minute in (1, 2):
        use_up_a_minute(world, minute * ALLOWED_IN_IT)
        world.move_clock(62)
    world.allow(PEOPLE, records_per_minute=10_000)
    world.run_worker()
    world.until_finished()
    everything_is_true(world)
    assert {call.status for call in calls(world)} == {200}


def use_up_a_minute(world: World, so_far: int) -> None:
    workers = [world.run_worker() for _ in range(WORKERS)]
    world.until(lambda: travelled(world) >= so_far and is_at_rest(), "the minute is used up", sweeping=True)
    stop(world, workers)
    assert travelled(world) == so_far


def travelled(world: World) -> int:
    return sum(call.records for call in calls(world))


@pytest.mark.parametrize("place", places.everywhere())
def test_a_429_that_one_worker_meets_stops_all_of_them(world: World, customers: list[Customer]) -> None:
    """Each lane but that one may have a call on its way, which takes longer than it takes to say stop."""
    world.linkedin.next("status", status=429, endpoint=PEOPLE, retry_after=3_600)
    world.linkedin.always("slow", endpoint=PEOPLE, seconds=2)
    click(world, customers, number=OF_EACH, company=1)
    workers = [world.run_worker() for _ in range(WORKERS)]
    blocked = Budget.objects.filter(endpoint=PEOPLE, blocked_until__gt=timezone.now() + timedelta(minutes=50))
    world.until(lambda: blocked.exists() and is_at_rest(), "LinkedIn has had enough", sweeping=True)
    people.nothing_more_happens(world)
    made = calls(world)
    assert [call.status for call in made] == [429, *[200] * (len(made) - 1)]
    assert len(made) <= len(customers)
    stop(world, workers)
    world.move_clock(3_601)
    world.linkedin.calm()
    world.run_worker()
    world.until_finished()
    everything_is_true(world)


def test_workers_that_learn_greenhouses_limit_from_its_answers_stop_together(world: World) -> None:
    """Greenhouse publishes no number: of each window every lane finds out once, by a call that was on its way."""
    world.greenhouse.configure(v3_limit=60, v3_window_seconds=WINDOW)
    jobs = []
    for index in range(4):
        customer = make_customer(f"Customer-{index}")
        make_connection(customer, destination="greenhouse")
        jobs += [open_job(world, customer, f"{customer.name}-{number}") for number in range(8)]
    workers = [world.run_worker() for _ in range(WORKERS)]
    driving.ask("close", jobs)
    world.until_finished()
    assert not any(worker.has_ended for worker in workers)
    refused = Counter(call.at // WINDOW for call in world.greenhouse.calls if call.status == 429)
    assert refused, "the limit was never reached"
    assert max(refused.values()) <= 4
    agreeing.closed_at_greenhouse(world, jobs, under_way=sum(refused.values()))  # a refused close is sent again
    agreeing.all_is_true(world)


def open_job(world: World, customer: Customer, key: str) -> Job:
    world.greenhouse.seed_job(f"REQ-{key}", openings=2)
    return driving.make_job(customer, key, requisition_id=f"REQ-{key}")
