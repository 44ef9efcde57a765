"""What is old goes, step by step; what is young, unfinished, or a receipt stays. And a sweep reads only what is due."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_results.models import TaskResult

from connectors.linkedin.simulator import Linkedin
from talentsync.core import audit
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from talentsync.sync import housekeeping, pruning
from talentsync.sync.models import Attempt, AttemptItem, Delivery, RemoteTask, Run, RunItem
from talentsync.sync.rows import count_for_planner
from talentsync.sync.states import Priority
from tests.candidates import making as people
from tests.plans import scans, steps
from tests.sync import driving
from tests.sync.driving import ask, edit, make_jobs, posted, settle, work

LOOK = r"^SEARCH \S+ USING .*sync_delivery_|Index Cond|Seq Scan on sync_delivery"

pytestmark = pytest.mark.django_db


def let_go(**span: float) -> dict[str, int]:
    """After so long."""
    now = timezone.now() + timedelta(**span)
    return pruning.carry_on(now, until=timezone.now() + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "STEP", 100)


def test_tries_go_with_their_records_after_their_days(acme: Customer, at_linkedin: Connection, linkedin: Linkedin):
    posted(acme, linkedin, 3)
    assert let_go(days=29)["tries"] == 0
    assert AttemptItem.objects.exists()
    number = Attempt.objects.count()
    assert let_go(days=31)["tries"] == number
    assert not (Attempt.objects.exists())
    assert not (AttemptItem.objects.exists())
    assert Delivery.objects.count() == 3


def test_tasks_of_linkedin_go_after_the_same_days_but_for_those_that_are_still_asked_about(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Each update of a job makes one, for ever, and whoever asks about the newest one reads them all."""
    done, *_ = posted(acme, linkedin, 3)
    edit(done, title="Head gardener")
    ask("update", [done])
    work()
    assert RemoteTask.objects.count() == 4
    assert let_go(days=29)["tasks"] == 0
    assert let_go(days=31)["tasks"] == 2
    assert set(RemoteTask.objects.values_list("delivery__object_id", flat=True)) == {done.pk}
    settle(linkedin)
    assert Delivery.objects.filter(state="synced").count() == 3


def test_requests_that_are_over_go_after_their_days(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any
) -> None:
    posted(acme, linkedin, 3)
    settings.REQUEST_RETENTION_DAYS = 100
    assert let_go(days=99)["requests"] == 0
    gone = let_go(days=101)
    assert (gone["requests"], gone["items"]) == (1, 3)
    assert not (Run.objects.exists())
    assert not (RunItem.objects.exists())


def test_a_request_that_is_not_over_stays(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    ask("post", make_jobs(acme, 2))
    let_go(days=1_000)
    assert (Run.objects.count(), RunItem.objects.count()) == (1, 2)


def test_the_receipt_of_an_erasure_stays_with_its_request(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = people.make_candidate(acme)
    people.ask("send", candidate)
    work()
    people.ask("erase", candidate)
    work()
    let_go(days=10_000)
    assert [run.action for run in Run.objects.all()] == ["erase"]


def test_who_did_what_goes_after_its_days_and_cannot_go_otherwise(acme: Customer, settings: Any) -> None:
    audit.record(None, "change", kind="job", customer=acme)
    settings.AUDIT_RETENTION_DAYS = 10
    assert let_go(days=9)["events"] == 0
    assert let_go(days=11)["events"] == AuditEvent.objects.count() + 1 == 1


def test_nothing_goes_where_it_is_kept_for_ever(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any
) -> None:
    posted(acme, linkedin, 1)
    audit.record(None, "change", kind="job", customer=acme)
    settings.REQUEST_RETENTION_DAYS = settings.AUDIT_RETENTION_DAYS = 0
    gone = let_go(days=10_000)
    assert (gone["requests"], gone["items"], gone["events"]) == (0, 0, 0)


def test_results_of_tasks_go_after_a_week() -> None:
    TaskResult.objects.create(task_id="1", status="SUCCESS")
    assert let_go(days=6)["results"] == 0
    assert let_go(days=8)["results"] == 1


def test_a_visit_ends_with_its_time_and_the_next_one_goes_on() -> None:
    TaskResult.objects.bulk_create(TaskResult(task_id=str(number), status="SUCCESS") for number in range(250))
    now = timezone.now() + timedelta(days=8)
    assert pruning.carry_on(now, until=timezone.now())["results"] == 0
    with CaptureQueriesContext(database) as asked:
        assert pruning.carry_on(now, until=timezone.now() + timedelta(minutes=1))["results"] == 250
    deletes = [query["sql"] for query in asked if query["sql"].startswith("DELETE")]
    assert len(deletes) == 3  # a hundred at a time


def test_a_sweep_reads_what_is_due_and_nothing_of_what_is_done(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    done = dict(connection=at_linkedin, kind="job", state="synced", operation="upsert")
    Delivery.objects.bulk_create(
        Delivery(object_id=number, entity_key=str(number), **done) for number in range(100_000, 120_000)
    )
    ask("post", make_jobs(acme, 3))
    count_for_planner()
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("ANALYZE sync_delivery")
    with CaptureQueriesContext(database) as asked:
        assert housekeeping.sweep(timezone.now())["lanes"] == 1
    assert len(asked) <= 4
    of_deliveries = [each for each in scans(asked.captured_queries) if "sync_delivery" in each.partition("  <-  ")[0]]
    assert of_deliveries == []


def test_a_sweep_and_the_end_of_a_visit_read_nothing_of_what_is_done_or_due_later(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Live jobs have a time, too: that of the next look at them."""
    done = dict(connection=at_linkedin, kind="job", state="synced", operation="upsert")
    Delivery.objects.bulk_create(
        Delivery(object_id=number, entity_key=str(number), due_at=due_at, priority=Priority.ROUTINE, **done)
        for due_at, start in ((timezone.now() + timedelta(days=1), 100_000), (None, 200_000))
        for number in range(start, start + 20_000)
    )
    ask("post", make_jobs(acme, 3))
    count_for_planner()
    if database.vendor == "postgresql":
        with database.cursor() as cursor:
            cursor.execute("ANALYZE sync_delivery")
    with CaptureQueriesContext(database) as asked:
        assert housekeeping.sweep(timezone.now())["lanes"] == 1
        housekeeping.come_back(driving.lane(at_linkedin), timezone.now())
    of_deliveries = [query["sql"] for query in asked if '"sync_delivery"' in query["sql"]]
    looks = [step for sql in of_deliveries for step in steps(sql) if re.search(LOOK, step)]
    assert len(looks) >= len(of_deliveries)
    assert [step for step in looks if not re.search(r"priority|due_at ?<", step)] == []
