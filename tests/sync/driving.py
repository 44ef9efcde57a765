"""What flow tests say: make jobs, ask for something, let the engine work, look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import services
from talentsync.jobs.models import Job
from talentsync.sync import driving, engine, kinds, runs
from talentsync.sync.calling import Batch, Report
from talentsync.sync.models import Budget, Delivery, Lane, Run

clock: Any = None  # set for each test by the fixture `ticking`: it goes on, and can be moved forward

DESCRIPTION = "We look for somebody who likes careful work, clear words and quiet machines. " * 3


def make_job(customer: Customer, external_id: str = "TS-1", **columns: Any) -> Job:
    defaults = {
        "title": f"Gardener {external_id}",
        "description": DESCRIPTION,
        "company_apply_url": "https://jobs.example.com/apply",
        "listed_at": timezone.now(),
        "location": "Graz, Austria",
        "poster_email": "poster@example.com",
        "availability": "public",
    }
    return Job.objects.create(customer=customer, external_id=external_id, **{**defaults, **columns})


def make_jobs(customer: Customer, number: int, **columns: Any) -> list[Job]:
    return [make_job(customer, f"TS-{index}", **columns) for index in range(1, number + 1)]


def ask(action: str, jobs: Sequence[Job], *, at: Sequence[str] | None = None, **options: Any) -> Run:
    """Click and confirm, without Undo."""
    kind = kinds.get("job")
    chosen = kind.action(action)
    run = runs.draft(kind, chosen, Job.objects.filter(pk__in=[job.pk for job in jobs]), by=None, now=timezone.now())
    runs.confirm(run, destinations=at or chosen.destinations, options=options, now=timezone.now(), at_once=True)
    go_on_with(run)
    return run


def go_on_with(run: Run) -> None:
    """What a click starts, a worker goes on with: on a busy machine it may only have begun."""
    if Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).exists():
        runs.carry_on(run, until=timezone.now() + timedelta(minutes=1))


def work() -> int:
    """Let the engine do all that can be done now."""
    return driving.until_idle()


def delivery(job: Job, connection: Connection) -> Delivery:
    return Delivery.objects.get(connection=connection, kind="job", object_id=job.pk)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def edit(job: Job, **columns: Any) -> None:
    """Change what would be sent, as a person does in the form."""
    services.change_job(_with(fresh(job), columns), fields=list(columns), by=None)


def _with(job: Job, columns: dict[str, Any]) -> Job:
    for name, value in columns.items():
        setattr(job, name, value)
    return job


def make_budget(connection: Connection, **columns: Any) -> Budget:
    """What its credential has used at one endpoint."""
    credential = {name: getattr(connection, name) for name in ("environment", "destination", "client_id")}
    return Budget.objects.create(**credential, **columns)


def lane(connection: Connection) -> Lane:
    return Lane.objects.select_related("connection__customer").get(connection=connection)


def take_and_send(connection: Connection) -> tuple[Batch, Report | None]:
    """A worker that leases and sends, and dies before it settles."""
    place = lane(connection)
    resource = clients.open_client(connection).resources[place.route.resource]
    batch = engine.lease(place, resource, now=timezone.now())
    assert batch is not None
    return batch, engine.send(batch, resource)


@contextmanager
def later(**span: float) -> Iterator[None]:
    """The same world, that much later."""
    with time_machine.travel(timezone.now() + timedelta(**span), tick=True):
        yield


def pass_by(**span: float) -> None:
    """Time goes on and the engine works."""
    clock.shift(timedelta(**span))
    work()


def settle(linkedin: Linkedin) -> None:
    """Five minutes pass: LinkedIn finishes its tasks and the engine asks about them."""
    linkedin.finish_tasks()
    clock.shift(timedelta(seconds=301))
    work()


def posted(customer: Customer, linkedin: Linkedin, number: int = 1, **columns: Any) -> list[Job]:
    """Jobs that are live at LinkedIn by our own hand."""
    jobs = make_jobs(customer, number, **columns)
    ask("post", jobs)
    work()
    settle(linkedin)
    statuses = {(linkedin.posting(job.external_id) or {}).get("status") for job in jobs}
    assert statuses == {"LISTED"}, statuses
    return jobs


def held_open(linkedin: Linkedin, jobs: Sequence[Job]) -> set[str]:
    """Which of these LinkedIn still lists."""
    return {job.external_id for job in jobs if (linkedin.posting(job.external_id) or {}).get("status") == "LISTED"}
