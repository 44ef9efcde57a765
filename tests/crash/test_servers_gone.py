"""A broker or a database that is restarted: clicks are answered, nothing is lost, and nobody restarts a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from talentsync.customers.models import Customer
from talentsync.sync.models import Attempt
from tests.crash import agreeing, places
from tests.crash.proxy import Line, line_to
from tests.crash.world import World, on_broker
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import ask, make_jobs

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("place", places.everywhere())]


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    return customer


@pytest.fixture
def to_broker(world: World) -> Iterator[Line]:
    """The line by which the scenario's processes, and this one, reach the broker."""
    with line_to(world.environ["CELERY_BROKER_URL"]) as line, on_broker(line.url, world.environ["TEST_QUEUE"]):
        world.environ["CELERY_BROKER_URL"] = line.url
        yield line


@pytest.fixture
def to_database(world: World) -> Iterator[Line]:
    """The line by which the scenario's processes reach the database; this one has another."""
    with line_to(world.environ["DATABASE_URL"]) as line:
        world.environ["DATABASE_URL"] = line.url
        yield line


def test_a_click_while_the_broker_is_down_is_carried_out_when_it_is_back(
    world: World, acme: Customer, to_broker: Line
) -> None:
    jobs = make_jobs(acme, 3)
    processes = [world.run_worker(), world.run_beat()]
    world.until_done([world.send("sync.sweep")])
    to_broker.cut()
    run = ask("post", jobs)
    assert run.total == 3
    to_broker.mend()
    world.until_finished(sweeping=False)
    assert not any(process.has_ended for process in processes), world.report()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


def test_a_worker_goes_on_when_the_database_is_back(world: World, acme: Customer, to_database: Line) -> None:
    jobs = make_jobs(acme, 300)
    processes = [world.run_worker(), world.run_beat()]
    ask("post", jobs)
    world.until(lambda: Attempt.objects.filter(step="send").exists(), "the first batch is sent")
    to_database.cut()
    to_database.mend()
    world.until_finished(sweeping=False)
    assert not any(process.has_ended for process in processes), world.report()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world, excused="OperationalError")
