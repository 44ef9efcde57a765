"""What happens while something else is on its way: a click during a look, an edit during a lost answer, a stop during a
post. Nothing asked for may be lost, and no newer wish overwritten by an older one.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.sync import settling, summary
from talentsync.sync.kinds import get
from talentsync.sync.models import Delivery, Hold, Run, RunItem
from talentsync.sync.states import Failure, RemoteState, State
from tests.sync import driving
from tests.sync.driving import (
    ask,
    delivery,
    edit,
    fresh,
    lane,
    make_job,
    make_jobs,
    pass_by,
    posted,
    settle,
    take_and_send,
    work,
)

pytestmark = pytest.mark.django_db


def refused_close(customer: Customer, linkedin: Linkedin):
    """A job whose close LinkedIn refused: it needs attention, and is still live."""
    (job,) = posted(customer, linkedin)
    linkedin.next("task_failed", match=job.external_id, message="The posting was closed by original poster")
    ask("close", [job])
    work()
    settle(linkedin)
    return job


def refused_post(customer: Customer, linkedin: Linkedin):
    """A job whose first post LinkedIn refused: it needs attention, and is not there."""
    job = make_job(customer)
    linkedin.next("task_failed", match=job.external_id, message="Invalid Field: /description is too dull")
    ask("post", [job])
    work()
    settle(linkedin)
    return job


# looks


def test_a_look_at_a_failed_job_is_not_lost_in_an_outage(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = refused_post(acme, linkedin)
    linkedin.seed_posting(job.external_id)
    linkedin.next("status", endpoint="jobPostingStatus", status=503)
    ask("check_now", [job])
    work()
    pass_by(minutes=10)
    assert delivery(job, at_linkedin).remote_state == RemoteState.LIVE


def test_a_look_that_fails_keeps_the_words_of_the_refusal(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = refused_post(acme, linkedin)
    linkedin.next("status", endpoint="jobPostingStatus", status=503)
    ask("check_now", [job])
    work()
    row = delivery(job, at_linkedin)
    assert (row.state, row.failure) == (State.FAILED, Failure.REJECTED)
    assert "too dull" in row.words


def test_try_again_during_a_look_that_gets_no_answer_is_carried_out(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = refused_post(acme, linkedin)
    ask("check_now", [job])
    linkedin.next("status", endpoint="jobPostingStatus", status=503)
    batch, report = take_and_send(at_linkedin)
    ask("try_again", [job])
    settling.settle(batch, report, now=timezone.now())
    pass_by(minutes=1)
    settle(linkedin)
    assert linkedin.posting(job.external_id)["status"] == "LISTED"
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_an_update_asked_for_during_a_look_never_posts_anew_what_linkedin_removed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    ask("check_now", [job])
    linkedin.remove(job.external_id)
    batch, report = take_and_send(at_linkedin)
    edit(job, title="New title")
    run = ask("update", [job])
    settling.settle(batch, report, now=timezone.now())
    work()
    settle(linkedin)
    assert linkedin.posting(job.external_id)["status"] == "REMOVED"
    assert delivery(job, at_linkedin).error_code == "closed_there"
    assert Run.objects.get(pk=run.pk).n_failed == 1


# edits


@pytest.mark.parametrize("seconds", [0, 90])
def test_an_edit_after_a_create_whose_answer_was_lost_arrives(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, seconds: int
) -> None:
    linkedin.configure(task_seconds=seconds)
    job = make_job(acme, title="First title")
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    ask("post", [job])
    work()
    edit(job, title="Second title")
    ask("update", [job])
    for _ in range(6):
        pass_by(minutes=6)
    assert linkedin.posting(job.external_id)["fields"]["title"] == "Second title"
    assert delivery(job, at_linkedin).state == State.SYNCED


# requests


def test_a_wish_that_makes_no_sense_any_more_when_its_turn_comes_is_told_to_its_request(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    edit(job, title="Second title")
    first = ask("update", [job])
    work()
    edit(job, title="Third title")
    second = ask("update", [job])
    linkedin.remove(job.external_id)
    linkedin.finish_tasks()
    settle(linkedin)
    assert delivery(job, at_linkedin).state == State.FAILED
    assert [Run.objects.get(pk=run.pk).n_failed for run in (first, second)] == [1, 1]
    assert not RunItem.objects.filter(state=RunItem.State.ASKED).exists()


# stops


def test_a_close_behind_a_post_does_not_wait_for_a_held_create(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, other = make_job(acme, "TS-1"), make_job(acme, "TS-2")
    ask("post", [first])
    work()
    ask("post", [other])
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    work()
    assert Hold.objects.get().operation == "upsert"
    ask("close", [first])
    settle(linkedin)
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert delivery(other, at_linkedin).state == State.PENDING


def test_a_missing_permission_to_ask_does_not_ask_all_the_time(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.always("missing_permission", endpoint="jobPostingStatus")
    job = make_job(acme)
    ask("post", [job])
    work()
    assert Hold.objects.count() == 1
    assert len(linkedin.calls_to("jobPostingStatus")) <= 2
    linkedin.calm()
    Hold.objects.all().delete()
    pass_by(minutes=6)
    settle(linkedin)
    assert delivery(job, at_linkedin).state == State.SYNCED


# what may be there


@pytest.mark.parametrize("is_silent", [False, True])
def test_an_update_that_was_tried_too_often_posts_nothing_anew_when_it_is_tried_again(
    is_silent: bool, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Decision 0003: what LinkedIn took down meanwhile must not come back because its title changed."""
    (job,) = posted(acme, linkedin)
    edit(job, title="Head gardener")
    ask("update", [job])
    Delivery.objects.update(attempts=7, failed_at=timezone.now() - timedelta(days=2))  # and others went through since
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    work()
    assert delivery(job, at_linkedin).failure == Failure.EXHAUSTED
    linkedin.remove(job.external_id, reason="The job was manually taken down")
    if is_silent:
        linkedin.always("forget", endpoint="jobPostingStatus")
    ask("try_again", [job])
    pass_by(minutes=6)
    settle(linkedin)
    settle(linkedin)
    assert linkedin.posting(job.external_id)["status"] == "REMOVED"
    assert delivery(job, at_linkedin).error_code == "closed_there"


def test_nor_does_an_update_of_what_another_program_has_posted(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Of which nothing was accepted from here: it was only seen."""
    posted(acme, linkedin)
    job = make_job(acme, "TS-2")
    linkedin.seed_posting(job.external_id)
    ask("check_now", [job])
    work()
    edit(job, title="Head gardener")
    ask("update", [job])
    mine = Delivery.objects.filter(object_id=job.pk)
    mine.update(attempts=7, failed_at=timezone.now() - timedelta(days=2))  # and others went through since
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    work()
    assert delivery(job, at_linkedin).failure == Failure.EXHAUSTED
    linkedin.remove(job.external_id)
    ask("try_again", [job])
    pass_by(minutes=6)
    settle(linkedin)
    assert linkedin.posting(job.external_id)["status"] == "REMOVED"
    assert delivery(job, at_linkedin).error_code == "closed_there"


def test_a_post_anew_that_was_tried_too_often_can_be_closed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    ask("close", [job])
    work()
    settle(linkedin)
    ask("post", [job])
    Delivery.objects.update(attempts=7, failed_at=timezone.now() - timedelta(days=2))  # and others went through since
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    work()
    assert delivery(job, at_linkedin).failure == Failure.EXHAUSTED
    driving.clock.shift(timedelta(minutes=20))
    linkedin.finish_tasks()
    assert linkedin.posting(job.external_id)["status"] == "LISTED"
    ask("close", [job])
    work()
    settle(linkedin)
    assert linkedin.posting(job.external_id)["status"] == "CLOSED"


def test_looking_again_for_a_job_that_greenhouse_does_not_have_does_not_close_it(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    job = make_job(acme, requisition_id="WRONG")
    ask("close", [job], at=["greenhouse"])
    work()
    assert delivery(job, at_greenhouse).error_code == "job_not_found"
    ask("check_now", [job], at=["greenhouse"])
    work()
    row = delivery(job, at_greenhouse)
    assert (row.state, row.error_code) == (State.FAILED, "job_not_found")
    assert row.remote_state != RemoteState.CLOSED


def test_an_update_that_failed_may_be_asked_for_again_without_a_change(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    edit(job, title="New title")
    ask("update", [job])
    work()
    linkedin.finish_tasks()
    Delivery.objects.update(state=State.FAILED, failure=Failure.UNKNOWN_OUTCOME, step="check", due_at=None)
    run = ask("update", [job])
    assert Run.objects.get(pk=run.pk).n_skipped == 0


# bounds


def test_summing_up_costs_the_same_for_one_and_for_many_whose_visibility_nobody_chose(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, django_assert_num_queries
) -> None:
    jobs = make_jobs(acme, 20, availability="")
    ask("close", jobs)
    for some in (jobs[:1], jobs):
        records = [fresh(job) for job in some]
        with django_assert_num_queries(4):
            summary.refresh(get("job"), records)
    assert lane(at_linkedin).outages == 0
