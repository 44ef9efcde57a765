"""A broker or a database that is restarted: clicks are answered, nothing is lost, and nobody restarts a worker."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django_celery_results.models import TaskResult
from kombu import Connection

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.sync import nudges
from talentsync.sync.models import Attempt, Delivery, Run
from tests.crash import agreeing, mortal, places
from tests.crash.mortal import Mortal
from tests.crash.proxy import Line, line_to
from tests.crash.world import World, on_broker, on_database
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import ask, make_jobs
from tests.sync_admin.clicking import drafted, press
from tests.sync_admin.conftest import logged_in

pytestmark = pytest.mark.slow

EVERYWHERE = pytest.mark.parametrize("place", places.everywhere())
HOWEVER = pytest.mark.parametrize("how", ["cut off", "killed"])

ANSWER_SECONDS = 2.0  # less than our deadline


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    return customer


@pytest.fixture
def broker(world: World, place: str, how: str) -> Iterator[Line | Mortal]:
    """By which the scenario's processes, and this one, tell each other to look: the one that is named, at the end of a
    line that can be cut, or one of our own that can be killed.
    """
    named = world.environ["CELERY_BROKER_URL"]
    with (
        line_to(named) if how == "cut off" else mortal.broker(place) as gone,
        on_broker(gone.url, world.environ["TEST_QUEUE"]),
    ):
        world.environ["CELERY_BROKER_URL"] = gone.url
        yield gone


@pytest.fixture
def to_database(world: World) -> Iterator[Line]:
    """The line by which the scenario's processes reach the database; this one has another."""
    with line_to(world.environ["DATABASE_URL"]) as line:
        world.environ["DATABASE_URL"] = line.url
        yield line


@pytest.fixture
def database(world: World) -> Iterator[Mortal]:
    """Of our own, for the scenario's processes and for this one."""
    with mortal.database() as gone, on_database(gone.url):
        call_command("migrate", verbosity=0)
        world.environ["DATABASE_URL"] = gone.url
        yield gone


@EVERYWHERE
@HOWEVER
def test_a_click_while_the_broker_is_down_is_carried_out_by_the_first_sweep_when_it_is_back(
    world: World, acme: Customer, broker: Line | Mortal
) -> None:
    jobs = make_jobs(acme, 3)
    worker, beat = world.run_worker(threads=1), world.run_beat()  # one thread does first what was asked for first
    world.until_ready(worker)
    world.until(TaskResult.objects.filter(task_name="sync.sweep").exists, "beat has the worker sweep")
    broker.cut()
    world.until(lambda: "Connection to broker lost" in worker.output, "the worker notices it")
    world.until(lambda: "Message Error" in beat.output, "beat notices it")
    click_post(jobs)
    so_far = set(TaskResult.objects.values_list("pk", flat=True))
    broker.mend()
    world.until_finished(sweeping=False)
    assert not any(process.has_ended for process in (worker, beat)), world.report()
    done = TaskResult.objects.exclude(pk__in=so_far).filter(status="SUCCESS").order_by("pk")
    sweep, visit = (done.filter(task_name=name).first() for name in ("sync.sweep", "sync.deliver"))
    assert visit.task_id in sweep.meta, world.report()  # that sweep sent the message
    assert json.loads(visit.result)["records"] >= len(jobs)
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


@EVERYWHERE
@pytest.mark.parametrize("how", ["cut off"])
def test_a_worker_that_waited_in_vain_for_a_silent_broker_sweeps_as_soon_as_that_is_back(
    world: World, acme: Customer, broker: Line
) -> None:
    """What it wanted to say meanwhile is lost, and for some seconds it says nothing: but for what a sweep finds."""
    world.linkedin.always("slow", endpoint="simpleJobPostings", seconds=ANSWER_SECONDS)
    worker = world.run_worker(threads=1)
    world.until_ready(worker)
    ask("post", make_jobs(acme, 3))
    world.until(lambda: bool(world.linkedin.calls_to("simpleJobPostings")), "the worker waits for LinkedIn")
    broker.fall_silent()
    visited = TaskResult.objects.filter(task_name="sync.deliver")
    world.until(Delivery.objects.filter(state="submitted").exists, "it wants to be told of what comes next")
    ends = time.monotonic() + 2 * nudges.LONG_SECONDS
    world.until(lambda: visited.exists() or time.monotonic() > ends, "it waits for the broker")
    broker.cut()
    world.until(visited.exists, "it has not been told")
    broker.mend()
    sweep = world.send("sync.sweep")
    world.until_done([sweep])
    swept = TaskResult.objects.get(task_id=sweep)
    assert json.loads(swept.result)["lanes"] == 1
    assert len(json.loads(swept.meta)["children"]) == 1, world.report()


def click_post(jobs: Sequence[Job]) -> None:
    """As a person does, whose page then says that it is under way."""
    root = make_user("root", is_superuser=True)
    run = drafted("post", jobs, by=root)
    answer = press(logged_in(root), "sync_run_confirm", run.pk)
    page = reverse("admin:sync_run_change", args=[run.pk])
    assert (answer.status_code, answer.redirect_chain) == (200, [(page, 302)])
    run.refresh_from_db()
    assert (run.state, run.total) == (Run.State.RUNNING, len(jobs))
    assert Delivery.objects.due(timezone.now()).count() == len(jobs)


@EVERYWHERE
@HOWEVER
def test_what_a_worker_was_handed_before_the_broker_went_away_does_not_end_it(
    world: World, acme: Customer, broker: Line | Mortal
) -> None:
    """It has one thread, which is busy: it begins, and answers, the other messages when their connection is gone."""
    jobs = make_jobs(acme, 3)
    world.linkedin.always("slow", endpoint="jobPostingStatus", seconds=ANSWER_SECONDS)
    worker = world.run_worker(threads=1)
    world.until_ready(worker)
    ask("post", jobs)
    world.until(lambda: bool(world.linkedin.calls_to("jobPostingStatus")), "the worker waits for LinkedIn")
    handed = [world.send("sync.sweep") for _ in range(3)]
    world.until(lambda: all(f"{task}] received" in worker.output for task in handed), "it has been handed them")
    broker.cut()
    world.until(lambda: "Connection to broker lost" in worker.output, "the worker notices it")
    world.until_done(handed)
    broker.mend()
    world.run_beat()
    world.until_finished(sweeping=False)
    assert not worker.has_ended, world.report()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


def test_rabbitmq_keeps_the_queue_when_it_is_killed(world: World) -> None:
    """Whoever believes that the queue is there need not declare it anew."""
    queue = world.environ["TEST_QUEUE"]
    with mortal.broker("rabbitmq") as gone, on_broker(gone.url, queue):
        world.send("sync.sweep")
        gone.cut()
        gone.mend()
        with Connection(gone.url) as connection:
            connection.channel().queue_declare(queue, passive=True)


@EVERYWHERE
def test_a_worker_goes_on_when_the_database_is_back(world: World, acme: Customer, to_database: Line) -> None:
    goes_on(world, acme, to_database)


def test_a_worker_goes_on_when_the_database_was_killed(world: World, database: Mortal, acme: Customer) -> None:
    goes_on(world, acme, database)


def goes_on(world: World, customer: Customer, database: Line | Mortal) -> None:
    """With what it was about when the database went away."""
    jobs = make_jobs(customer, 300)
    processes = [world.run_worker(), world.run_beat()]
    ask("post", jobs)
    world.until(lambda: Attempt.objects.filter(step="send").exists(), "the first batch is sent")
    database.cut()
    database.mend()
    world.until_finished(sweeping=False)
    assert not any(process.has_ended for process in processes), world.report()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world, excused="OperationalError")
