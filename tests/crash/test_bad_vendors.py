"""Real sockets that stall, drip, pour for ever or break: no call outlives its deadline, and the truth is found out."""

from __future__ import annotations

import pytest

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.sync.models import Attempt
from tests.crash import agreeing
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_job

pytestmark = pytest.mark.slow

MOODS = ("stall", "endless", "drip", "hang_up", "html", "empty", "garbled")
WEATHER = [(mood, applied) for mood in MOODS for applied in (False, True)]
# No worker dies here: the lease only has to outlast what a busy machine needs for a settle.
SHORT = {"TEST_WALL_DEADLINE_SECONDS": "1.5", "TEST_LEASE_SECONDS": "20"}


def a_customer_for_each(destination: str) -> list[Customer]:
    """One lane for each weather: a lane that waits for its vendor keeps no other one waiting."""
    customers = [make_customer(f"{mood} {applied}") for mood, applied in WEATHER]
    for customer in customers:
        make_connection(customer, destination=destination)
    return customers


def key_of(customer: Customer) -> str:
    return f"J-{customer.name.replace(' ', '-')}"


def test_whatever_becomes_of_the_answer_to_a_post_it_is_posted_once(world: World) -> None:
    jobs = [make_job(customer, key_of(customer)) for customer in a_customer_for_each("linkedin")]
    for job, (mood, applied) in zip(jobs, WEATHER, strict=True):
        key = f'"externalJobPostingId":"{job.external_id}"'
        world.linkedin.next(mood, endpoint="simpleJobPostings", match=key, applied=applied)
    world.run_worker(**SHORT)
    ask("post", jobs)
    world.until_finished()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)
    assert unanswered() == {job.customer.name for job in jobs}


def unanswered() -> set[str]:
    """Customers one of whose tries to send had no readable answer."""
    tries = Attempt.objects.filter(error="Unanswered", step="send")
    return set(tries.values_list("connection__customer__name", flat=True))


def test_whatever_becomes_of_the_answer_to_a_close_every_opening_is_closed_once(world: World) -> None:
    jobs = [an_open_job(world, customer) for customer in a_customer_for_each("greenhouse")]
    for job, (mood, applied) in zip(jobs, WEATHER, strict=True):
        opening = world.greenhouse.openings(job.greenhouse_job_id or 0)[1]
        match = f"/v3/openings/{opening['id']}"
        world.greenhouse.next(mood, endpoint="openings", method="PATCH", match=match, applied=applied)
    world.run_worker(**SHORT)
    ask("close", jobs)
    world.until_finished()
    for job in jobs:
        assert world.greenhouse.open_openings(job.greenhouse_job_id or 0) == []
        assert Job.objects.get(pk=job.pk).greenhouse_status == "closed"
    agreeing.all_is_true(world)


def an_open_job(world: World, customer: Customer) -> Job:
    number = world.greenhouse.seed_job(f"REQ-{key_of(customer)}", openings=3)
    return make_job(customer, key_of(customer), greenhouse_job_id=number)


def test_a_token_endpoint_that_does_not_answer_costs_no_record_anything(world: World) -> None:
    jobs = [a_job_with_its_own_credential(world, mood) for mood in ("stall", "drip", "endless", "hang_up")]
    world.run_worker(**SHORT)
    ask("post", jobs)
    world.until_finished()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)
    silent = Attempt.objects.filter(error="Unanswered").values_list("connection__client_id", flat=True)
    assert sorted(silent) == sorted(job.external_id for job in jobs)


def a_job_with_its_own_credential(world: World, mood: str) -> Job:
    name = f"client-{mood}"
    world.linkedin.seed_application(client_id=name, client_secret=f"of {mood}")
    world.linkedin.next(mood, endpoint="token", match=name)
    customer = make_customer(name)
    make_connection(customer, client_id=name, client_secret=f"of {mood}")
    return make_job(customer, name)
