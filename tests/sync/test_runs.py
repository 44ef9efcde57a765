"""One click: drafted, looked at, confirmed once, taken back in time, carried on after an interruption."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.core.models import AuditEvent
from talentsync.customers import services
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import housekeeping, kinds, runs
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.states import State
from tests.customers.making import make_connection
from tests.sync.driving import ask, delivery, fresh, later, make_job, make_jobs, posted, settle, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return User.objects.create_user("rosa")


def drafted(action: str, by: User | None = None) -> Run:
    kind = kinds.get("job")
    return runs.draft(kind, kind.action(action), Job.objects.all(), by=by, now=timezone.now())


def confirmed(run: Run, **options: object) -> bool:
    return runs.confirm(run, destinations=run.destinations, options=options, now=timezone.now())


def test_a_draft_changes_nothing_but_itself(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 3)
    run = drafted("post")
    assert (run.state, run.total) == (Run.State.DRAFT, 3)
    assert not Delivery.objects.exists()
    assert {job.sync_state for job in Job.objects.all()} == {State.IDLE}


def test_a_draft_keeps_the_ids_of_the_click(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 2)
    run = drafted("post")
    make_job(acme, "TS-later")
    confirmed(run)
    assert set(Delivery.objects.values_list("entity_key", flat=True)) == {"TS-1", "TS-2"}


def test_a_survey_counts_what_applies_and_what_is_skipped(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 3)
    make_job(acme, "TS-closed", status="closed")
    found = runs.survey(drafted("post"))["linkedin"]
    assert (found.n_applies, dict(found.skipped)) == (3, {"closed_in_ats": 1})
    assert found.tally["public"] == 3


def test_a_double_confirmation_is_one_run(acme: Customer, at_linkedin: Connection, rosa: User) -> None:
    make_jobs(acme, 2)
    run = drafted("post", rosa)
    assert confirmed(run)
    assert not confirmed(Run.objects.get(pk=run.pk))
    assert RunItem.objects.filter(state="asked").count() == 2
    assert AuditEvent.objects.filter(run_id=run.pk).count() == 1


def test_closing_one_starts_at_once_and_closing_two_waits_for_undo(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    one, *two = posted(acme, linkedin, 3)
    kind = kinds.get("job")
    for jobs, expected in [([one], Run.State.RUNNING), (two, Run.State.WAITING)]:
        chosen = Job.objects.filter(pk__in=[job.pk for job in jobs])
        run = runs.draft(kind, kind.action("close"), chosen, by=None, now=timezone.now())
        confirmed(run)
        assert run.state == expected
    assert {delivery(job, at_linkedin).state for job in two} == {State.SYNCED}


def test_undo_in_time_takes_everything_back(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, rosa: User
) -> None:
    posted(acme, linkedin, 2)
    run = drafted("close", rosa)
    confirmed(run)
    assert runs.undo(run, by=rosa, now=timezone.now())
    with later(minutes=10):
        work()
        assert {fresh(job).posting_status for job in Job.objects.all()} == {"live"}
    assert Run.objects.get(pk=run.pk).state == Run.State.UNDONE


def test_undo_too_late_is_refused(acme: Customer, at_linkedin: Connection, linkedin: Linkedin, rosa: User) -> None:
    posted(acme, linkedin, 2)
    run = drafted("close", rosa)
    confirmed(run)
    with later(seconds=61):
        assert not runs.undo(run, by=rosa, now=timezone.now())
        work()
    assert Run.objects.get(pk=run.pk).state in {Run.State.RUNNING, Run.State.DONE}


def test_a_large_run_that_was_interrupted_is_carried_on(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 450)
    run = drafted("post")
    confirmed(run)
    assert not runs.carry_on(run, until=timezone.now())  # no time left
    with later(seconds=1):
        assert runs.carry_on(run, until=timezone.now() + timedelta(minutes=1))
    assert Delivery.objects.filter(state=State.PENDING).count() == 450
    assert Run.objects.get(pk=run.pk).state == Run.State.RUNNING


def test_a_run_that_was_interrupted_before_its_end_ends(acme: Customer, at_linkedin: Connection) -> None:
    """Nothing of it is left to be asked for or to be settled: nobody but the sweep can find it."""
    kind = kinds.get("job")
    make_jobs(acme, 2)
    run = runs.draft(kind, kind.action("renew"), Job.objects.all(), by=None, now=timezone.now())
    runs.confirm(run, destinations=[], options={}, now=timezone.now(), at_once=True)
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, finished_at=None)
    assert housekeeping.sweep(timezone.now())["runs"] == 1
    work()
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE
    assert housekeeping.sweep(timezone.now())["runs"] == 0


def test_the_sweep_finds_runs_and_lanes_that_were_forgotten(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 450)
    confirmed(drafted("post"))
    assert housekeeping.sweep(timezone.now()) == {"lanes": 0, "runs": 1, "erasures": 0}
    work_only_runs = Run.objects.get()
    runs.carry_on(work_only_runs, until=timezone.now() + timedelta(minutes=1))
    assert housekeeping.sweep(timezone.now()) == {"lanes": 1, "runs": 0, "erasures": 0}


def test_a_record_deleted_here_meanwhile_is_skipped(acme: Customer, at_linkedin: Connection) -> None:
    job, _ = make_jobs(acme, 2)
    run = drafted("post")
    job.delete()
    confirmed(run)
    assert RunItem.objects.get(state="skipped").reason == "gone_here"


def test_trying_again_sends_what_failed(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    job = make_job(acme)
    linkedin.next("reject", match="TS-1", status=422, message="ERROR :: /title :: field is required")
    ask("post", [job])
    work()
    assert fresh(job).sync_state == State.FAILED
    run = ask("try_again", [job])
    work()
    settle(linkedin)
    assert fresh(job).sync_state == State.SYNCED
    assert Run.objects.get(pk=run.pk).n_done == 1


def test_checking_now_asks_about_a_job_that_was_never_posted_by_us(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("TS-1")
    job = make_job(acme)
    run = ask("check_now", [job])
    work()
    assert fresh(job).posting_status == "live"
    assert fresh(job).sync_state == State.IDLE
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE


def test_checking_now_sends_nothing_that_waits(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    job = make_job(acme)
    ask("post", [job])
    due_at = timezone.now() + timedelta(minutes=30)
    Delivery.objects.update(step="send", why="", remote_state="absent", attempts=3, due_at=due_at)
    ask("check_now", [job])
    work()
    assert linkedin.posting("TS-1") is None
    assert delivery(job, at_linkedin).due_at == due_at


def test_old_drafts_are_forgotten_and_confirmed_runs_are_kept(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 1)
    drafted("post")
    confirmed(drafted("post"))
    with later(days=2):
        assert housekeeping.prune(timezone.now())["drafts"] > 0
    assert Run.objects.count() == 1


def test_a_survey_passes_over_a_connection_that_is_no_longer_in_use(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 2)
    run = drafted("post")
    services.use_connection(make_connection(acme, client_id="another", is_current=False), by=None)
    found = runs.survey(run)["linkedin"]
    assert (found.n_applies, dict(found.skipped), dict(found.tally)) == (0, {"not_in_use": 2}, {})
    assert len(found.passed_over["not_in_use"]) == 2


def test_a_request_does_not_go_to_a_connection_that_is_no_longer_in_use(
    acme: Customer, at_linkedin: Connection
) -> None:
    make_jobs(acme, 2)
    run = drafted("post")
    services.use_connection(make_connection(acme, client_id="another", is_current=False), by=None)
    confirmed(run)
    assert set(run.items.values_list("state", "reason")) == {("skipped", "not_in_use")}
    assert Run.objects.get(pk=run.pk).state == Run.State.DONE
    assert not Delivery.objects.exists()


def test_the_daily_pruning_counts_for_the_planner_and_keeps_numbers_only(
    acme: Customer, at_linkedin: Connection
) -> None:
    """PostgreSQL counts by itself."""
    make_jobs(acme, 30)
    housekeeping.prune(timezone.now())
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            kept = cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = 'jobs_job'").fetchall()
            names = cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat4'").fetchall()
            samples = cursor.execute("SELECT sample FROM sqlite_stat4").fetchall() if names else []
        assert dict(kept)["job_customer"] == "30 30 1"
        assert not samples
