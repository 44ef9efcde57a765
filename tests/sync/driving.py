"""What flow tests say: make jobs, ask for something, let the engine work, look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import driving, kinds, runs
from talentsync.sync.models import Delivery, Run

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
    return run


def work() -> int:
    """Let the engine do all that can be done now."""
    return driving.until_idle()


def delivery(job: Job, connection: Connection) -> Delivery:
    return Delivery.objects.get(connection=connection, kind="job", object_id=job.pk)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)
