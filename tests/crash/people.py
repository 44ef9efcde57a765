"""People whom several customers ask for at once, through one credential, and what LinkedIn saw and holds of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from connectors.base.resource import Step
from connectors.base.simulation import Call
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.sync import runs
from talentsync.sync.models import Delivery, Hold, Lane, Run
from talentsync.sync.states import Priority, RemoteState, State, Why
from tests.candidates.making import ask, make_candidates
from tests.crash import agreeing
from tests.crash.processes import Process
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer

PEOPLE = "atsCandidates"


def make_customers(number: int) -> list[Customer]:
    found = [make_customer(f"Customer-{index}") for index in range(number)]
    for customer in found:
        make_connection(customer)
    return found


@contextmanager
def nobody_works(world: World) -> Iterator[None]:
    """All sending is stopped, until the work lies as a test wants it."""
    stop = Hold.objects.create(reason="Not yet")
    yield
    stop.delete()
    world.send("sync.sweep")


def click(
    world: World,
    customers: Sequence[Customer],
    *,
    number: int,
    company: int | None = None,
    priority: Priority = Priority.CLICK,
) -> None:
    """People of whom LinkedIn is known to have nothing: one step each, `company` of them in a call."""
    known = {"step": Step.SEND, "why": Why.NONE, "remote_state": RemoteState.ABSENT}
    with nobody_works(world):
        for customer in customers:
            start(ask("send", make_candidates(customer, number, customer.name)))
        Delivery.objects.filter(settled_revision=0).update(**known, company=company, priority=priority)


def start(run: Run) -> None:
    """A request for many is started by a worker, or here."""
    assert runs.carry_on(run, until=timezone.now() + timedelta(minutes=5))


def delete(world: World, number: int) -> None:
    """People who were sent, each in a call of its own."""
    sent = Delivery.objects.filter(state=State.SYNCED).order_by("pk").values_list("object_id", flat=True)
    with nobody_works(world):
        ask("delete", list(Candidate.objects.filter(pk__in=sent[:number])))
        Delivery.objects.filter(operation="delete").update(company=1)


def calls(world: World) -> list[Call]:
    return world.linkedin.calls_to(PEOPLE)


def calls_about(world: World, customer: Customer) -> list[Call]:
    return [call for call in calls(world) if f"{customer.name}-" in f"{call.path} {call.sent}"]


def is_at_rest() -> bool:
    return not Lane.objects.exclude(lease_name="").exists()


def nothing_more_happens(world: World) -> None:
    """However often workers look."""
    before = len(calls(world))
    for _ in range(3):
        world.until_done([world.send("sync.sweep")])
        for lane in Lane.objects.values_list("pk", flat=True):  # one after the other: each finds a slot
            world.until_done([world.send("sync.deliver", lane)])
        world.until(is_at_rest, "nothing is leased")
    assert len(calls(world)) == before


def stop(world: World, workers: Sequence[Process]) -> None:
    """As an operator does; each gives back what it had."""
    world.until_ready(*workers)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        assert worker.wait() == 0, world.report()


def everything_is_true(world: World) -> None:
    """What was sent is there, and what was deleted is not."""
    agreeing.nothing_hangs(world)
    agreeing.runs_are_complete()
    for row in Delivery.objects.all():
        there = world.linkedin.record(PEOPLE, row.entity_key) is not None
        assert (row.state, there) == (State.SYNCED, row.remote_state == RemoteState.LIVE), row.entity_key
