"""Workers side by side, workers that are told to stop, and beat as the only one who remembers."""

from __future__ import annotations

from collections import Counter

import pytest

from talentsync.core.models import Heartbeat
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync.models import Attempt, Delivery, Lane
from tests.crash import agreeing, people, places
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_job, make_jobs

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("place", places.everywhere())]

CUSTOMERS, JOBS_OF_EACH = 3, 100


def open_at_both(world: World, customer: Customer, number: int) -> list[Job]:
    """Jobs that are live at LinkedIn, though not by our hand, and open at Greenhouse."""
    keys = [f"{customer.name}-{index}" for index in range(1, number + 1)]
    for key in keys:
        world.linkedin.seed_posting(key)
        world.greenhouse.seed_job(f"REQ-{key}", openings=1)
    return [make_job(customer, key, requisition_id=f"REQ-{key}") for key in keys]


def make_customers(number: int) -> list[Customer]:
    customers = [make_customer(f"Customer {index}") for index in range(number)]
    for customer in customers:
        make_connection(customer)
        make_connection(customer, destination="greenhouse")
    return customers


def test_two_workers_at_once_close_three_hundred_jobs_at_both_vendors(world: World) -> None:
    jobs = [job for customer in make_customers(CUSTOMERS) for job in open_at_both(world, customer, JOBS_OF_EACH)]
    workers = [world.run_worker(), world.run_worker()]
    ask("close", jobs)
    world.until_finished()
    agreeing.closed_at_linkedin(world, jobs)
    agreeing.closed_at_greenhouse(world, jobs)
    agreeing.all_is_true(world)
    told = Counter(key for call in closes_at_linkedin(world) for key in call)
    assert told == Counter(job.external_id for job in jobs)  # nobody was told twice
    assert not any(worker.has_ended for worker in workers)
    assert "database is locked" not in world.report()


def closes_at_linkedin(world: World) -> list[list[str]]:
    calls = world.linkedin.calls_to("simpleJobPostings")
    return [[element["externalJobPostingId"] for element in call.sent["elements"]] for call in calls]


def test_a_worker_that_is_told_to_stop_finishes_its_batch_and_the_next_one_goes_on(world: World) -> None:
    (customer,) = make_customers(1)
    jobs = open_at_both(world, customer, 60)
    worker = world.run_worker()
    ask("close", jobs)
    world.until(lambda: Attempt.objects.filter(kind="job", step="send").count() >= 3, "some jobs are being closed")
    worker.terminate()
    assert worker.wait() == 0, world.report()
    assert not Lane.objects.exclude(lease_name="").exists()
    world.run_worker()  # a fast machine may have left it nothing to do
    world.until_finished()
    agreeing.closed_at_greenhouse(world, jobs)
    agreeing.all_is_true(world)


def test_beat_tries_again_what_is_due(world: World) -> None:
    """LinkedIn is away for two calls; no message is sent about it but beat's."""
    customer = make_customer("Acme")
    at_linkedin = make_connection(customer)
    jobs = make_jobs(customer, 2)
    world.linkedin.next("status", status=503, endpoint="jobPostingStatus")
    world.linkedin.next("hang_up", endpoint="simpleJobPostings")
    world.run_worker()
    world.run_beat()
    ask("post", jobs)
    world.until_finished(sweeping=False)
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)
    assert errors_of(at_linkedin) == {"", "Unanswered"}
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "beat"}


def errors_of(connection: Connection) -> set[str]:
    return set(Attempt.objects.filter(connection=connection).values_list("error", flat=True))


def test_nudges_that_come_often_or_late_change_nothing(world: World) -> None:
    customer = make_customer("Acme")
    make_connection(customer)
    jobs = make_jobs(customer, 120)
    run = ask("post", jobs)
    world.run_worker()
    early = often(world, "sync.start_run", run.pk) + often(world, "sync.sweep") + often(world, "sync.sweep", late=2)
    world.until_finished()
    before = told(jobs)
    lane = Lane.objects.get()
    often(world, "sync.deliver", lane.pk)  # those that find no slot write no result
    again = often(world, "sync.start_run", run.pk, late=1)
    world.until_done([*early, *again])
    world.until(people.is_at_rest, "nothing is leased")
    run.refresh_from_db()
    assert (run.total, run.n_done) == (120, 120)
    assert told(jobs) == before
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


def often(world: World, task: str, *of: int, late: int = 0) -> list[str]:
    return [world.send(task, *of, countdown=late) for _ in range(20)]


def told(jobs: list[Job]) -> list[tuple[str, int, str]]:
    rows = Delivery.objects.filter(object_id__in=[job.pk for job in jobs])
    return list(rows.order_by("pk").values_list("state", "sent_revision", "sent_at"))
