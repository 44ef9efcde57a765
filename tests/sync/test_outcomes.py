"""What becomes of each record: one true outcome, from what LinkedIn says of it, and what is kept of that."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.sync import settling
from talentsync.sync.models import Attempt, AttemptItem, Delivery, RemoteTask, Run, RunItem
from talentsync.sync.states import Failure, RemoteState, State, Why
from tests.sync.driving import (
    ask,
    delivery,
    fresh,
    held_open,
    later,
    make_job,
    make_jobs,
    pass_by,
    posted,
    settle,
    take_and_send,
    work,
)

pytestmark = pytest.mark.django_db


# one true outcome for each record


def test_one_already_closed_job_in_a_batch_of_a_hundred_closes_the_other_ninety_nine(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 100)
    linkedin.remove(jobs[41].external_id)
    ask("close", jobs)
    work()
    settle(linkedin)
    assert held_open(linkedin, jobs) == set()
    assert {row.state for row in Delivery.objects.all()} == {State.SYNCED}
    assert {row.remote_state for row in Delivery.objects.all()} == {RemoteState.CLOSED}


def test_no_job_is_marked_closed_that_is_not(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = posted(acme, linkedin, 20)
    linkedin.always("task_failed", match=jobs[7].external_id, message="The posting was closed by original poster")
    linkedin.remove(jobs[3].external_id)
    ask("close", jobs)
    work()
    settle(linkedin)
    still_open = held_open(linkedin, jobs)
    assert still_open == {jobs[7].external_id}
    for job in jobs:
        closed = delivery(job, at_linkedin).remote_state == RemoteState.CLOSED
        assert closed == (job.external_id not in still_open)
    assert delivery(jobs[7], at_linkedin).failure == Failure.REJECTED


def test_one_bad_record_in_a_refused_call_is_found_and_the_others_go_through(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 64)
    ask("post", jobs)
    linkedin.always(
        "status",
        endpoint="simpleJobPostings",
        status=422,
        match='"externalJobPostingId":"TS-23"',
        message="ERROR :: /employmentStatus :: X is not an enum symbol",
    )
    work()
    linkedin.calm()
    settle(linkedin)
    states = {job.external_id: delivery(job, at_linkedin).state for job in jobs}
    assert states.pop("TS-23") == State.FAILED
    assert set(states.values()) == {State.SYNCED}


def test_a_job_that_we_never_posted_but_that_is_live_can_be_closed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("TS-1")
    job = make_job(acme)
    ask("close", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_a_post_of_what_is_live_already_becomes_an_update(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("TS-1", title="Old title")
    job = make_job(acme, title="New title")
    ask("post", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["fields"]["title"] == "New title"
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_close_while_the_post_is_still_being_worked_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    ask("post", [job])
    work()
    ask("close", [job])
    assert fresh(job).posting_status == "closing"
    settle(linkedin)
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert delivery(job, at_linkedin).remote_state == RemoteState.CLOSED


def test_two_people_close_the_same_job(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    first, second = ask("close", [job]), ask("close", [job])
    work()
    settle(linkedin)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.n_done, second.n_done + second.n_skipped) == (1, 1)
    assert {first.state, second.state} == {Run.State.DONE}
    assert linkedin.posting("TS-1")["status"] == "CLOSED"


def test_a_close_overtakes_a_post_that_nobody_sent_yet(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    post = ask("post", [job])
    ask("close", [job])
    work()
    post.refresh_from_db()
    assert (post.state, post.n_superseded) == (Run.State.DONE, 1)
    assert linkedin.posting("TS-1") is None
    assert fresh(job).sync_state == State.SYNCED


def test_a_renewal_is_not_lost_to_an_update(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    job.title = "New title"
    job.changed_at = timezone.now()
    job.save()
    runs = [ask("renew", [job]), ask("update", [job])]
    for _ in range(3):
        work()
        settle(linkedin)
    told = list(RemoteTask.objects.order_by("pk").values_list("operation", "status"))
    assert told == [("upsert", "SUCCEEDED"), ("renew", "SUCCEEDED"), ("upsert", "SUCCEEDED")]
    assert linkedin.posting("TS-1")["fields"]["title"] == "New title"
    assert [Run.objects.get(pk=run.pk).n_done for run in runs] == [1, 1]


def test_a_wish_made_while_the_batch_travels_is_carried_out_after_it(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    job.title, job.changed_at = "Second title", timezone.now()
    job.save()
    ask("update", [job])
    batch, report = take_and_send(at_linkedin)
    job.title, job.changed_at = "Third title", timezone.now()
    job.save()
    ask("update", [job])
    settling.settle(batch, report, now=timezone.now())
    for _ in range(3):
        settle(linkedin)
    assert linkedin.posting("TS-1")["fields"]["title"] == "Third title"
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_a_record_the_answer_does_not_mention_is_asked_again(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 3)
    linkedin.next("forget", match="TS-2")
    ask("close", jobs)
    for minutes in (0, 2, 8, 15):
        with later(minutes=minutes):
            work()
            linkedin.finish_tasks()
    assert held_open(linkedin, jobs) == set()


@pytest.mark.parametrize("silent", ["missing", "error"])
def test_a_status_that_says_nothing_of_an_unknown_id_does_not_stop_a_first_post(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, silent: str
) -> None:
    linkedin.configure(unknown_status=silent)
    job = make_job(acme)
    ask("post", [job])
    for minutes in (0, 2, 8, 15):
        with later(minutes=minutes):
            work()
            linkedin.finish_tasks()
    assert linkedin.posting("TS-1")["status"] == "LISTED"
    assert delivery(job, at_linkedin).state == State.SYNCED


# tasks that do not end well


def test_a_processed_task_that_is_not_live_says_so(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    job = make_job(acme)
    linkedin.next("task_processed", match="TS-1")
    ask("post", [job])
    work()
    settle(linkedin)
    row = delivery(job, at_linkedin)
    assert (row.state, row.failure) == (State.FAILED, Failure.NOT_LIVE)


def test_a_failed_task_tells_the_field_at_fault(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    job = make_job(acme)
    linkedin.next("task_failed", match="TS-1", message="Invalid Field: /description must be at least 100 characters")
    run = ask("post", [job])
    work()
    settle(linkedin)
    row = delivery(job, at_linkedin)
    assert (row.state, row.failure, row.error_field) == (State.FAILED, Failure.REJECTED, "description")
    assert "at least 100 characters" in row.words
    run.refresh_from_db()
    assert (run.state, run.n_failed) == (Run.State.DONE, 1)


def test_a_task_that_works_for_a_day_is_settled_by_the_posting_status(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    linkedin.always("slow_tasks", match="TS-1", seconds=10 * 24 * 3600)
    ask("post", [job])
    for hours in (0, 1, 8, 23, 25, 26):
        with later(hours=hours):
            work()
    row = delivery(job, at_linkedin)
    assert (row.state, row.failure) == (State.FAILED, Failure.UNKNOWN_OUTCOME) or row.why == Why.OVERDUE


def test_a_failed_close_of_what_is_gone_is_closed(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    linkedin.configure(close_conflict="task")
    (job,) = posted(acme, linkedin)
    linkedin.remove("TS-1")
    ask("close", [job])
    work()
    settle(linkedin)
    assert delivery(job, at_linkedin).state == State.SYNCED


# looking after what is live


def test_a_posting_that_linkedin_removes_is_noticed_within_a_day(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.remove("TS-1")
    with later(hours=30):
        work()
    assert delivery(job, at_linkedin).remote_state == RemoteState.CLOSED
    assert fresh(job).posting_status == "removed"


@pytest.mark.parametrize("seconds", [300, 1])
def test_practice_knows_seconds_after_a_post_until_when_it_is_live(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any, seconds: int
) -> None:
    settings.LINKEDIN_TASK_FIRST_POLL_SECONDS = seconds
    (job,) = posted(acme, linkedin)
    pass_by(seconds=min(seconds, 3) + 0.1)
    assert fresh(job).posting_until is not None


def test_an_update_never_posts_anew_what_linkedin_removed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.remove("TS-1")
    job.title, job.changed_at = "New title", timezone.now()
    job.save()
    ask("update", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "REMOVED"
    assert delivery(job, at_linkedin).state == State.FAILED


# what is kept of it


def test_failures_keep_request_and_answer_and_successes_a_sample(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 10)
    ask("post", jobs)
    linkedin.always("reject", match="TS-4", status=422, message="ERROR :: /title :: field is required")
    work()
    submission = Attempt.objects.get(step="send")
    items = {item.delivery.entity_key: item for item in submission.items.select_related("delivery")}
    assert len(items) == 10
    assert items["TS-4"].request
    assert items["TS-4"].answer
    kept = [key for key, item in items.items() if item.request is not None and key != "TS-4"]
    assert len(kept) == 1


def test_a_record_that_fails_later_shows_what_was_sent_of_it(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 3)
    linkedin.next("task_failed", match="TS-2", message="Job was flagged as low quality")
    ask("post", jobs)
    work()
    settle(linkedin)
    item = AttemptItem.objects.get(news="task_failed")
    assert item.request["externalJobPostingId"] == "TS-2"
    assert "low quality" in item.answer["errorMessage"]


def test_a_batch_costs_the_same_number_of_queries_for_ten_and_for_fifty(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, django_assert_max_num_queries
) -> None:
    """The clock moves by hand, lest a slow machine look at tasks in between."""
    counts = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in (1, 10, 50):  # the first one of all also makes the rows of the budgets
            jobs = [make_job(acme, f"N{number}-{index}") for index in range(number)]
            ask("post", jobs)
            work()  # asks first, then sends
            linkedin.finish_tasks()
            ask("close", jobs)
            clock.shift(301)
            with django_assert_max_num_queries(400) as captured:
                work()
            counts.append(len(captured))
            clock.shift(301)
            linkedin.finish_tasks()
            work()
    assert counts[1] == counts[2]


def test_items_of_a_run_are_all_accounted_for(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = make_jobs(acme, 30)
    linkedin.always("reject", match="TS-4", status=422, message="ERROR :: /title :: field is required")
    run = ask("post", jobs)
    work()
    settle(linkedin)
    run.refresh_from_db()
    assert run.total == run.n_settled == 30
    assert not RunItem.objects.filter(state__in=["drafted", "asked"]).exists()
