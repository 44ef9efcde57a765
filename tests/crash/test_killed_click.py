"""A click is killed right after it was saved, and a worker in the middle of a large click: neither loses a record."""

from __future__ import annotations

import pytest

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.sync import runs
from talentsync.sync.models import Delivery, Run, RunItem
from tests.crash import agreeing
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_jobs

pytestmark = pytest.mark.slow

MANY = 1_000


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    return customer


def live_at_linkedin(world: World, customer: Customer, number: int) -> list[Job]:
    """Jobs that are live there, though not by our hand."""
    jobs = make_jobs(customer, number)
    for job in jobs:
        world.linkedin.seed_posting(job.external_id)
    return jobs


@pytest.mark.parametrize("number", [3, runs.AT_ONCE + 1])
def test_a_click_killed_between_its_commit_and_its_nudge_is_carried_out(
    world: World, acme: Customer, number: int
) -> None:
    jobs = live_at_linkedin(world, acme, number)
    asking = ["request_sync", "job", "--customer", "Acme", "--all", "--operation", "close", "--yes-count", str(number)]
    click = world.run_command(*asking, **world.deadly("before the nudge"))
    world.until(lambda: click.has_ended, "the click kills itself")
    assert click.was_killed, world.report()
    assert Run.objects.get().total == number
    assert not list(world.broker.glob("queue/*"))
    world.run_worker()
    world.until_finished()
    agreeing.closed_at_linkedin(world, jobs)
    agreeing.all_is_true(world)


def test_a_worker_killed_while_it_expands_a_run_of_a_thousand_loses_and_doubles_nothing(
    world: World, acme: Customer
) -> None:
    jobs = live_at_linkedin(world, acme, MANY)
    run = ask("close", jobs)
    assert RunItem.objects.filter(run=run, state=RunItem.State.DRAFTED).count() == MANY
    dying = world.run_worker(**world.deadly("inside a chunk", nth=3))
    world.until(lambda: dying.has_ended, "the worker kills itself", sweeping=True)
    assert dying.was_killed, world.report()
    number = Delivery.objects.count()
    assert number in {runs.CHUNK, 2 * runs.CHUNK}  # two threads may have been at it
    assert RunItem.objects.filter(run=run, state=RunItem.State.DRAFTED).count() == MANY - number
    world.run_worker()
    world.until_finished()
    run.refresh_from_db()
    assert (run.total, run.n_done) == (MANY, MANY)
    agreeing.closed_at_linkedin(world, jobs)
    agreeing.all_is_true(world)


def test_three_clicks_on_the_same_jobs_at_once_ask_for_each_job_once(world: World, acme: Customer) -> None:
    jobs = make_jobs(acme, runs.CHUNK + 50)
    world.run_worker()
    clicks = [ask("post", jobs) for _ in range(3)]
    world.until_finished()
    for run in clicks:
        run.refresh_from_db()
    assert sum(run.n_done for run in clicks) == len(jobs)
    assert sum(run.n_skipped for run in clicks) == 2 * len(jobs)
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)
