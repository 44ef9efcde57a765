"""A worker is killed at the worst moments; another one carries on, and every record has one true outcome."""

from __future__ import annotations

import pytest

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from tests.crash import agreeing
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_job, make_jobs

pytestmark = pytest.mark.slow

JOBS = 5


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    make_connection(customer, destination="greenhouse")
    return customer


def open_at_both(world: World, customer: Customer, number: int, *, openings: int) -> list[Job]:
    """Jobs that are live at LinkedIn, though not by our hand, and open at Greenhouse."""
    for index in range(1, number + 1):
        world.linkedin.seed_posting(f"GH-{index}")
        world.greenhouse.seed_job(f"REQ-{index}", openings=openings)
    return [make_job(customer, f"GH-{index}", requisition_id=f"REQ-{index}") for index in range(1, number + 1)]


def die_and_recover(world: World, **environ: str) -> None:
    """One worker ends by its own SIGKILL; what it left is finished by the next."""
    dying = world.run_worker(**environ)
    world.until(lambda: dying.has_ended, "the worker kills itself", sweeping=True)
    assert dying.was_killed, world.report()
    assert not world.is_finished()
    world.run_worker()
    world.until_finished()


@pytest.mark.parametrize(
    ("at", "step"),
    [
        ("before the stamp", ""),
        ("after the lease", "send"),
        ("after the vendor's answer", "send"),
        ("inside settle", "send"),
        ("after settle", "send"),
        ("inside settle", "poll"),
        ("after the token", ""),
    ],
)
def test_a_worker_killed_while_it_posts_posts_each_job_once(world: World, acme: Customer, at: str, step: str) -> None:
    jobs = make_jobs(acme, JOBS)
    ask("post", jobs)
    die_and_recover(world, **world.deadly(at, step=step, operation="upsert"))
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


@pytest.mark.parametrize(
    ("at", "step", "destination"),
    [
        ("after the vendor's answer", "send", "linkedin"),
        ("after the vendor's answer", "send", "greenhouse"),
        ("inside settle", "send", "greenhouse"),
    ],
)
def test_a_worker_killed_while_it_closes_closes_each_job_at_both_vendors(
    world: World, acme: Customer, at: str, step: str, destination: str
) -> None:
    jobs = open_at_both(world, acme, 3, openings=25)  # more than one step closes: 20 (greenhouse.md 3.3)
    ask("close", jobs)
    die_and_recover(world, **world.deadly(at, step=step, operation="close", destination=destination))
    agreeing.closed_at_linkedin(world, jobs)
    # Killed over LinkedIn, the worker's other thread may just have sent a call to Greenhouse.
    agreeing.closed_at_greenhouse(world, jobs, under_way=int(destination == "linkedin"))
    agreeing.all_is_true(world)
