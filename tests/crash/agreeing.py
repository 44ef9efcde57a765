"""What must be true after any crash: the vendors and the database say the same of every record, and nothing hangs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.db.models import Q
from django_celery_results.models import TaskResult

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection
from talentsync.jobs.models import Job
from talentsync.sync.models import Delivery, Lane, Run, RunItem
from talentsync.sync.states import RemoteState, State
from tests.crash.world import World


def all_is_true(world: World, *, excused: str = "no error") -> None:
    """Record by record, lane by lane, run by run; no task failed but with an error that is `excused`."""
    nothing_hangs(world)
    runs_are_complete()
    excuse = Q(result__contains=excused) & ~Q(result__contains="deadlock")
    failed = TaskResult.objects.filter(status="FAILURE").exclude(excuse)
    assert list(failed.values_list("traceback", flat=True)) == []
    for row in Delivery.objects.select_related("connection").order_by("pk"):
        assert row.state == State.SYNCED, (row.entity_key, row.state, row.failure, row.words)
        held = _held_at_linkedin(world.linkedin, row) if _is_linkedin(row.connection) else _held(world.greenhouse, row)
        assert row.remote_state == held, (row.entity_key, row.remote_state, held)


def nothing_hangs(world: World) -> None:
    """No lane stays leased, and no record in a batch; a regular look may be on its way at this very moment."""
    leased = (Lane.objects.exclude(lease_name=""), Delivery.objects.exclude(lease=""))
    world.until(lambda: not any(rows.exists() for rows in leased), "every lane and every record is let go")
    assert not Delivery.objects.unfinished().exists()


def runs_are_complete() -> None:
    for run in Run.objects.all():
        assert (run.state, run.total) == (Run.State.DONE, run.n_settled), run.pk
        assert run.items.count() == run.total
        counted = Counter(run.items.values_list("state", flat=True))
        asked = {"done": run.n_done, "failed": run.n_failed, "skipped": run.n_skipped, "superseded": run.n_superseded}
        assert counted == {name: number for name, number in asked.items() if number}
    assert not RunItem.objects.filter(state__in=[RunItem.State.DRAFTED, RunItem.State.ASKED]).exists()


def posted_once(world: World, jobs: Sequence[Job]) -> None:
    """Each is listed, and was told to LinkedIn exactly once."""
    for job in jobs:
        assert [task["status"] for task in world.linkedin.tasks_of(job.external_id)] == ["SUCCEEDED"], job.external_id
        assert listing(world, job) == "LISTED", job.external_id
        assert Job.objects.get(pk=job.pk).posting_status in {"live", "private_live"}


def closed_at_linkedin(world: World, jobs: Sequence[Job]) -> None:
    for job in jobs:
        assert listing(world, job) == "CLOSED", job.external_id
        assert Job.objects.get(pk=job.pk).posting_status == "closed"


def closed_at_greenhouse(world: World, jobs: Sequence[Job], *, under_way: int = 0) -> None:
    """No open opening is left, and no opening was closed a second time, but for so many whose call was under way when a
    worker was killed: nobody knows whether it arrives, and closing once more is harmless.
    """
    patched = Counter(call.path for call in world.greenhouse.calls_to("openings", method="PATCH"))
    assert set(patched.values()) <= {1, 2}
    assert sum(number > 1 for number in patched.values()) <= under_way, patched
    for job in jobs:
        fresh = Job.objects.get(pk=job.pk)
        there = fresh.greenhouse_jobs.get()
        assert world.greenhouse.open_openings(there.greenhouse_id) == [], job.external_id
        assert (world.greenhouse.job(there.greenhouse_id) or {})["status"] == fresh.greenhouse_status == "closed"
        assert there.open_openings == 0


def listing(world: World, job: Job) -> str:
    """What LinkedIn says of a job: LISTED, CLOSED and so on; empty where it knows of none."""
    connection = job.customer.connections.get(destination="linkedin", is_current=True)
    posting = world.linkedin.posting(job.external_id, client_id=connection.client_id)
    return str(posting["status"]) if posting else ""


def _is_linkedin(connection: Connection) -> bool:
    return connection.destination == "linkedin"


def _held_at_linkedin(linkedin: Linkedin, row: Delivery) -> RemoteState:
    posting = linkedin.posting(row.entity_key, client_id=row.connection.client_id)
    if posting is None:
        return RemoteState.ABSENT
    return RemoteState.LIVE if posting["status"] == "LISTED" else RemoteState.CLOSED


def _held(greenhouse: Greenhouse, row: Delivery) -> RemoteState:
    job = Job.objects.get(pk=row.object_id)
    held = greenhouse.job(job.greenhouse_jobs.get(connection=row.connection).greenhouse_id)
    assert held is not None
    return RemoteState.CLOSED if held["status"] == "closed" else RemoteState.LIVE
