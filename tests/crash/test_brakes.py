"""Brakes while four workers run: halving and where it ends, stops by people and by verdicts, one probe in an outage."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.base.simulation import DAY_SECONDS
from talentsync.customers.models import Customer
from talentsync.sync import policy
from talentsync.sync.models import Attempt, Delivery, Hold, Lane
from talentsync.sync.states import Failure, State
from tests.candidates.making import ask, make_candidate
from tests.crash import agreeing, people, places
from tests.crash.people import PEOPLE, calls, calls_about, click, everything_is_true, is_at_rest
from tests.crash.processes import Process
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync import driving
from tests.sync.driving import make_jobs

pytestmark = [pytest.mark.slow, pytest.mark.minutes]

WORKERS = 4
A_LONG_STOP = 3 * DAY_SECONDS  # LinkedIn answers for a task no longer than a day (linkedin.md 10.1, row 1)


@pytest.fixture
def customers(world: World) -> list[Customer]:
    return people.make_customers(2)


@pytest.fixture
def workers(world: World, customers: list[Customer]) -> list[Process]:
    found = [world.run_worker() for _ in range(WORKERS)]
    world.until_ready(*found)
    return found


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("place", places.everywhere())
def test_in_an_outage_each_lane_makes_one_probe_and_waits_longer_each_time(
    world: World, customers: list[Customer]
) -> None:
    world.linkedin.always("status", status=503, endpoint=PEOPLE)
    click(world, customers, number=30)
    for number, least in enumerate(policy.OUTAGE_SCHEDULE[:5], start=1):
        until_called(world, len(customers) * number)
        assert shortest_wait() >= least
        people.nothing_more_happens(world)
        assert [len(calls_about(world, customer)) for customer in customers] == [number, number]
        world.move_clock(1.2 * least.total_seconds())
    world.linkedin.calm()
    world.move_clock(policy.OUTAGE_SCHEDULE[-1].total_seconds())
    world.until_finished()
    everything_is_true(world)


def until_called(world: World, number: int) -> None:
    world.until(lambda: len(calls(world)) >= number and is_at_rest(), f"{number} calls were made", sweeping=True)


def shortest_wait() -> timedelta:
    """From a lane's last call on."""
    probed = min(Attempt.objects.order_by("-pk").values_list("at", flat=True)[:2])
    return min(moment - probed for moment in Lane.objects.values_list("not_before", flat=True))


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("place", places.everywhere())
def test_a_record_that_makes_whole_calls_fail_is_found_and_stops_nobody(
    world: World, customers: list[Customer]
) -> None:
    world.linkedin.always("status", status=400, message="Unreadable", endpoint=PEOPLE, match="Customer-0-39")
    click(world, customers, number=40)
    world.until_finished()
    failed = Delivery.objects.failed().get()
    assert (failed.entity_key, failed.failure) == ("Customer-0-39", Failure.REJECTED)
    assert Delivery.objects.filter(state=State.SYNCED).count() == 79
    assert not Hold.objects.exists()
    refused = [call for call in calls(world) if call.status == 400]
    assert [call.records for call in refused][:2] == [40, 20]
    assert refused[-1].records == 1
    assert len(refused) <= 7, "it was not halved each time"
    assert len(calls_about(world, customers[1])) == 1


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize("place", places.everywhere())
def test_halving_ends_in_one_stop_of_that_action_when_all_are_refused_alike(
    world: World, customers: list[Customer]
) -> None:
    """Three that travelled alone are refused; all others wait, and what is deleted is deleted."""
    gone, other = make_candidate(customers[0], "GONE"), customers[1]
    ask("send", gone)
    world.until_finished()
    world.linkedin.always("status", status=400, message="Not today", endpoint=PEOPLE, method="PUT", match="Customer-0-")
    click(world, customers, number=40)
    world.until(lambda: Hold.objects.filter(operation="upsert").exists() and is_at_rest(), "a stop", sweeping=True)
    people.nothing_more_happens(world)
    assert Counter(Hold.objects.values_list("connection__customer", "kind", "operation")) == {
        (customers[0].pk, "candidate", "upsert"): 1
    }
    mine = Delivery.objects.filter(connection__customer=customers[0])
    assert Counter(mine.values_list("state", flat=True)) == {State.FAILED: 3, State.PENDING: 37, State.SYNCED: 1}
    assert Delivery.objects.filter(connection__customer=other, state=State.SYNCED).count() == 40
    ask("delete", gone)
    world.until(lambda: world.linkedin.record(PEOPLE, "GONE") is None, "the delete goes through", sweeping=True)
    world.linkedin.calm()
    Hold.objects.all().delete()
    world.until_finished()
    assert Counter(mine.values_list("state", flat=True)) == {State.FAILED: 3, State.SYNCED: 38}


@pytest.mark.usefixtures("workers")
def test_what_somebody_stops_makes_no_further_call_until_it_goes_on(world: World, customers: list[Customer]) -> None:
    """Of each lane that call may arrive that was just on its way."""
    world.linkedin.always("slow", endpoint=PEOPLE, seconds=0.5)
    click(world, customers, number=40, company=2)
    world.until(lambda: len(calls(world)) >= 4, "they are at work", sweeping=True)
    stop = Hold.objects.create(customer=customers[0], reason="Audit")
    so_far = len(calls_about(world, customers[0]))
    world.until(lambda: not unfinished(customers[1]), "the other customer is done", sweeping=True)
    people.nothing_more_happens(world)
    assert len(calls_about(world, customers[0])) <= so_far + 1
    assert unfinished(customers[0])
    stop.delete()
    world.until_finished()
    everything_is_true(world)


def unfinished(customer: Customer) -> bool:
    return Delivery.objects.unfinished().filter(connection__customer=customer).exists()


def test_after_a_long_stop_outcomes_come_from_the_status_of_postings(world: World) -> None:
    """Tasks were taken before the stop, and nobody remembers them after it."""
    customer = make_customer("Acme")
    make_connection(customer)
    world.environ["LINKEDIN_TASK_FIRST_POLL_SECONDS"] = "300"
    taken, failed, live = make_jobs(customer, 3)
    world.linkedin.seed_posting(live.external_id)
    world.linkedin.next("task_failed", match=failed.external_id)
    workers = [world.run_worker() for _ in range(WORKERS)]
    world.until_ready(*workers)
    driving.ask("post", [taken, failed])
    driving.ask("close", [live])
    submitted = Delivery.objects.filter(state=State.SUBMITTED)
    world.until(lambda: submitted.count() == 3 and is_at_rest(), "LinkedIn has taken all three", sweeping=True)
    told = len(world.linkedin.calls_to("simpleJobPostings"))
    stop = Hold.objects.create(reason="A long night")
    world.move_clock(A_LONG_STOP)
    people.nothing_more_happens(world)
    assert submitted.count() == 3
    stop.delete()
    world.until_finished()
    outcomes = {key: (state, failure, remote) for key, state, failure, remote in rows()}
    assert outcomes == {
        taken.external_id: (State.SYNCED, "", "live"),
        failed.external_id: (State.FAILED, Failure.UNKNOWN_OUTCOME, "unknown"),
        live.external_id: (State.SYNCED, "", "closed"),
    }
    assert agreeing.listing(world, taken) == "LISTED"
    assert agreeing.listing(world, live) == "CLOSED"
    assert agreeing.listing(world, failed) == ""
    assert len(world.linkedin.calls_to("simpleJobPostings")) == told, "something was told twice"
    asked = [
        call
        for call in world.linkedin.calls_to("simpleJobPostingTasks")
        if call.at > timezone.now().timestamp() - DAY_SECONDS
    ]
    assert asked, "nobody asked about the tasks"


def rows() -> list[tuple[str, str, str, str]]:
    return list(Delivery.objects.values_list("entity_key", "state", "failure", "remote_state"))
