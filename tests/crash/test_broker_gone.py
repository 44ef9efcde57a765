"""The broker is gone at the moment of the click: the click is saved and answered, and beat's sweep starts the work."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from talentsync.customers.models import Customer
from talentsync.sync.models import Run
from tests.crash import agreeing
from tests.crash.places import EMBEDDED
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import ask, make_jobs
from tests.sync_admin.clicking import drafted, press
from tests.sync_admin.conftest import logged_in

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("place", [EMBEDDED])]  # its messages are files


@pytest.fixture
def acme(world: World) -> Customer:
    customer = make_customer("Acme")
    make_connection(customer)
    return customer


def deleted(broker: Path) -> None:
    """In one step: a worker that is alive makes a new one at once."""
    broker.rename(broker.with_name(f"gone-{uuid4().hex}"))


def unwritable(broker: Path) -> None:
    """Not by its permissions: whoever runs these tests may be above them."""
    while not broker.is_file():
        deleted(broker)
        with suppress(FileExistsError):  # the worker was quicker
            broker.open("x").close()


def mended(broker: Path) -> None:
    if broker.is_file():
        broker.unlink()


def page_of(run: Run) -> str:
    return reverse("admin:sync_run_change", args=[run.pk])


@pytest.mark.parametrize("spoil", [deleted, unwritable])
def test_a_click_without_a_broker_is_saved_and_carried_out_later(
    world: World, acme: Customer, spoil: Callable[[Path], None]
) -> None:
    jobs = make_jobs(acme, 3)
    world.send("sync.sweep")  # the broker has been in use before
    spoil(world.broker)
    root = make_user("root", is_superuser=True)
    run = drafted("post", jobs, by=root)
    answer = press(logged_in(root), "sync_run_confirm", run.pk)
    assert (answer.status_code, answer.redirect_chain) == (200, [(page_of(run), 302)])
    run.refresh_from_db()
    assert (run.state, run.total) == (Run.State.RUNNING, 3)
    mended(world.broker)
    world.run_worker()
    world.run_beat()
    world.until_finished(sweeping=False)
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)


@pytest.mark.parametrize("spoil", [deleted, unwritable])
def test_a_worker_and_beat_survive_the_loss_of_the_brokers_folder(
    world: World, acme: Customer, spoil: Callable[[Path], None]
) -> None:
    jobs = make_jobs(acme, 3)
    processes = [world.run_worker(), world.run_beat()]
    world.until_done([world.send("sync.sweep")])
    spoil(world.broker)
    ask("post", jobs)
    world.until(lambda: "Connection to broker lost" in processes[0].output, "the worker notices it")
    mended(world.broker)
    world.until_finished(sweeping=False)
    assert not any(process.has_ended for process in processes), world.report()
    agreeing.posted_once(world, jobs)
    agreeing.all_is_true(world)
