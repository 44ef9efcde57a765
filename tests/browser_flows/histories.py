"""The sending of all history in the states that people meet it in; scenes as in `scenes`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from talentsync.jobs.models import Job
from talentsync.sync import history, runs
from talentsync.sync.models import Run
from tests.browser_flows.scene import RECRUITER, Scene, scene
from tests.browser_flows.world import World, current, customer, person
from tests.candidates.making import make_application, make_candidate, make_note, make_parts

REFUSED = "PP-H7"


def of_everything(world: World) -> Iterator[Scene]:
    bring_more(number=12)
    run = draft()
    yield scene("history-confirm", RECRUITER, "sync_run_confirm", run.pk)
    begin(run)
    yield scene("history-running", RECRUITER, "sync_run_change", run.pk)
    history.pause(run, by=person(RECRUITER))
    yield scene("history-paused", RECRUITER, "sync_run_change", run.pk)
    history.resume(run, by=person(RECRUITER), now=timezone.now())
    end(world)
    yield scene("history-ended", RECRUITER, "sync_run_change", run.pk)
    yield scene("customer-with-history", RECRUITER, "customers_customer_change", customer().pk)


def bring_more(*, number: int) -> None:
    """An ATS with a past: jobs that are over, people with applications, one of whom is to be kept out."""
    of = customer()
    Job.objects.filter(customer=of, external_id__in=["PP-013", "PP-014"]).update(status="closed")
    past = Job.objects.get(customer=of, external_id="PP-013")
    for index in range(number):
        who = make_candidate(of, f"PP-H{index}", do_not_send=index == 3)
        make_note(who, f"PP-HN{index}")
        if index < 4:
            make_parts(make_application(who, past, f"PP-HA{index}"))


def draft() -> Run:
    return history.draft(current(customer(), "linkedin"), by=person(RECRUITER), now=timezone.now())


def begin(run: Run) -> None:
    """Confirmed, and taken up by a worker that has sent nothing yet."""
    assert history.confirm(run, options={}, by=person(RECRUITER), now=timezone.now())
    runs.carry_on(run, until=timezone.now() + timedelta(minutes=1))


def end(world: World) -> None:
    world.linkedin.always("reject", endpoint="atsCandidates", match=REFUSED, status=422, message="No such thing")
    world.work()
    for _ in range(3):
        world.work(minutes=1)
        world.linkedin_finishes()
