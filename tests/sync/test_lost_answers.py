"""Answers that never came: workers that die, calls without an answer, outages. Nothing is lost, nothing done twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import engine, settling
from talentsync.sync.models import Attempt, Delivery, Run
from talentsync.sync.states import Failure, RemoteState, State
from tests.sync import driving
from tests.sync.driving import (
    ask,
    delivery,
    edit,
    held_open,
    lane,
    later,
    make_job,
    make_jobs,
    pass_by,
    posted,
    take_and_send,
    work,
)

pytestmark = pytest.mark.django_db


# crashes and leases


def test_a_crash_between_sending_a_create_and_storing_its_answer_posts_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    ask("post", [job])
    settling.settle(*take_and_send(at_linkedin), now=timezone.now())  # asks first: it is not there
    _, report = take_and_send(at_linkedin)
    assert [outcome.news for outcome in report.outcomes.values()] == ["submitted"]
    with later(seconds=130):  # the lease is over, and LinkedIn has done what it was told
        work()
    assert linkedin.posting("TS-1")["status"] == "LISTED"
    assert len(linkedin.tasks_of("TS-1")) == 1
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_whoever_lost_the_lane_settles_nothing(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    ask("close", [job])
    batch, report = take_and_send(at_linkedin)
    with later(seconds=130):
        work()
        after_takeover = Delivery.objects.values().get()
        assert settling.settle(batch, report, now=timezone.now()) is False
        assert Delivery.objects.values().get() == after_takeover


def test_two_workers_never_hold_the_same_lane(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    ask("post", [make_job(acme)])
    place = lane(at_linkedin)
    resource = clients.open_client(at_linkedin).resources[place.route.resource]
    first = engine.lease(place, resource, now=timezone.now())
    second = engine.lease(place, resource, now=timezone.now())
    assert first is not None
    assert second is None


def test_a_batch_given_back_is_due_again(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    ask("post", [make_job(acme)])
    place = lane(at_linkedin)
    resource = clients.open_client(at_linkedin).resources[place.route.resource]
    engine.give_back(engine.lease(place, resource, now=timezone.now()))
    assert engine.lease(place, resource, now=timezone.now()) is not None


def test_nothing_is_sent_when_the_lease_is_nearly_over(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", [make_job(acme)])
    place = lane(at_linkedin)
    resource = clients.open_client(at_linkedin).resources[place.route.resource]
    batch = engine.lease(place, resource, now=timezone.now())
    with later(seconds=100):
        assert engine.send(batch, resource) is None
    assert linkedin.calls == []
    assert lane(at_linkedin).lease_name == ""


# no answer


@pytest.mark.parametrize("mood", ["hang_up", "stall", "html", "garbled", "empty"])
@pytest.mark.parametrize("applied", [False, True])
def test_no_readable_answer_to_a_close_loses_nothing(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, mood: str, applied: bool
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.next(mood, endpoint="simpleJobPostings", applied=applied)
    ask("close", [job])
    work()
    assert delivery(job, at_linkedin).state == State.PENDING
    for minutes in (1, 7, 14):
        with later(minutes=minutes):
            linkedin.finish_tasks()
            work()
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_an_outage_of_hours_exhausts_nothing(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = posted(acme, linkedin, 5)
    linkedin.always("status", endpoint="simpleJobPostings", status=503)
    ask("close", jobs)
    for hours in range(1, 49):
        with later(hours=hours):
            work()
    assert {row.state for row in Delivery.objects.all()} == {State.PENDING}
    linkedin.calm()
    for hours in (50, 51, 52, 53, 54):
        with later(hours=hours):
            work()
            linkedin.finish_tasks()
    assert held_open(linkedin, jobs) == set()
    assert {row.state for row in Delivery.objects.all()} == {State.SYNCED}


def test_a_lane_in_an_outage_makes_one_call_and_waits_longer_each_time(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 3)
    linkedin.always("hang_up", endpoint="simpleJobPostings")
    ask("close", jobs)
    calls, shift = [], 0.0
    for _ in range(5):
        with later(seconds=shift):
            before = Attempt.objects.count()
            work()
            calls.append(Attempt.objects.count() - before)
            wait = (lane(at_linkedin).not_before - timezone.now()).total_seconds()
        shift += wait + 1
    assert calls[:2] == [1, 1]
    assert wait > 45


def test_a_record_that_breaks_the_vendor_is_found_and_the_others_go_through(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 5)
    ask("post", jobs)
    linkedin.always("status", endpoint="simpleJobPostings", status=500, match='"externalJobPostingId":"TS-3"')
    for minutes in range(0, 600, 3):
        with later(minutes=minutes):
            work()
            linkedin.finish_tasks()
    states = {job.external_id: delivery(job, at_linkedin).state for job in jobs}
    assert states.pop("TS-3") in {State.PENDING, State.FAILED}
    assert set(states.values()) == {State.SYNCED}


def test_what_was_looked_at_in_vain_travels_in_company_again_once_it_is_answered(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Two looks of an outage; the next one is answered, and those that follow are one call again."""
    jobs = posted(acme, linkedin, 3)
    for _ in range(2):
        linkedin.next("hang_up", endpoint="jobPostingStatus")
        ask("check_now", jobs)
        pass_by(minutes=5)
    assert {row.company for row in Delivery.objects.all()} == {1}
    ask("check_now", jobs)
    for _ in range(3):
        pass_by(minutes=5)
    kept = Delivery.objects.values_list("company", "company_failures", "failed_at", "attempts", "state")
    assert set(kept) == {(None, 0, None, 0, State.SYNCED)}
    before = len(linkedin.calls_to("jobPostingStatus"))
    ask("check_now", jobs)
    work()
    assert len(linkedin.calls_to("jobPostingStatus")) == before + 1


def test_an_outage_of_sending_alone_exhausts_no_post_while_questions_are_answered(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 3)
    linkedin.always("status", endpoint="simpleJobPostings", status=503)
    ask("post", jobs)
    for hours in range(0, 48, 2):
        with later(hours=hours):
            work()
    assert {(row.state, row.attempts) for row in Delivery.objects.all()} == {(State.PENDING, 0)}
    linkedin.calm()
    for hours in (50, 51, 52):
        with later(hours=hours):
            work()
            linkedin.finish_tasks()
    assert {row.state for row in Delivery.objects.all()} == {State.SYNCED}


def test_an_outage_of_asking_alone_exhausts_no_post_while_others_are_sent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (other,) = posted(acme, linkedin)
    new = make_job(acme, "TS-2")
    linkedin.always("status", endpoint="jobPostingStatus", status=503)
    ask("post", [new])
    for hour in range(48):
        edit(other, title=f"Title {hour}")
        ask("update", [other])
        pass_by(hours=1)
        linkedin.finish_tasks()
    assert linkedin.posting("TS-1")["title"] != "Gardener TS-1"
    assert (delivery(new, at_linkedin).state, delivery(new, at_linkedin).attempts) == (State.PENDING, 0)


def test_an_outage_of_asking_about_tasks_alone_exhausts_nothing_while_others_are_sent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.always("status", endpoint="simpleJobPostingTasks", status=503)
    for number in range(36):
        ask("post", [make_job(acme, f"TS-{number}")])
        pass_by(hours=2)
    assert {row.attempts for row in Delivery.objects.all()} == {0}
    assert {row.state for row in Delivery.objects.all()} <= {State.PENDING, State.SUBMITTED}
    linkedin.calm()
    for _ in range(3):
        pass_by(hours=1)
    assert {row.state for row in Delivery.objects.all()} == {State.SYNCED}


def test_a_record_whose_questions_are_never_answered_fails_at_last_while_those_about_others_are(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 3)
    linkedin.always("status", endpoint="jobPostingStatus", status=500, match="TS-2")
    ask("post", jobs)
    for _ in range(45):
        pass_by(hours=1)
        linkedin.finish_tasks()
        ask("check_now", jobs[:1])
        pass_by(minutes=5)
    failed = delivery(jobs[1], at_linkedin)
    assert (failed.state, failed.failure) == (State.FAILED, Failure.EXHAUSTED)
    assert {delivery(job, at_linkedin).state for job in (jobs[0], jobs[2])} == {State.SYNCED}


# a post that may have arrived


def test_a_create_whose_answer_was_lost_is_checked_and_not_posted_twice(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.configure(task_seconds=0)
    job = make_job(acme)
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    ask("post", [job])
    work()
    with later(minutes=1):
        work()
    assert delivery(job, at_linkedin).state == State.SYNCED
    assert len(linkedin.tasks_of("TS-1")) == 1


def test_already_exists_after_our_own_unsure_create_is_success(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.configure(task_seconds=90)
    job = make_job(acme)
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    ask("post", [job])
    work()
    with later(seconds=30):  # not listed yet: it is sent again
        work()
    with later(minutes=7):
        work()
    with later(minutes=14):
        work()
    assert linkedin.posting("TS-1")["status"] == "LISTED"
    assert delivery(job, at_linkedin).state == State.SYNCED


@pytest.mark.parametrize("dies", [False, True])
def test_a_post_lost_twice_that_arrives_with_its_older_content_is_updated(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, dies: bool
) -> None:
    job = make_job(acme, title="First title")
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    ask("post", [job])
    work()
    edit(job, title="Second title")
    ask("update", [job])
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    if dies:
        driving.clock.shift(timedelta(seconds=10))
        settling.settle(*take_and_send(at_linkedin), now=timezone.now())  # asks: it is not there
        take_and_send(at_linkedin)
        driving.clock.shift(timedelta(seconds=130))
    else:
        pass_by(seconds=10)
    linkedin.seed_posting("TS-1", title="First title")  # the first one was slow, and arrived after all
    for _ in range(4):
        pass_by(minutes=6)
    assert linkedin.posting("TS-1")["title"] == "Second title"
    assert delivery(job, at_linkedin).state == State.SYNCED
    assert delivery(job, at_linkedin).first_unsure_at is None


def test_a_close_right_after_a_last_lost_post_waits_until_that_cannot_arrive_any_more(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    posted(acme, linkedin)  # others go through
    job = make_job(acme, "TS-2")
    ask("post", [job])
    settling.settle(*take_and_send(at_linkedin), now=timezone.now())  # asks: it is not there
    Delivery.objects.filter(object_id=job.pk).update(attempts=7, failed_at=timezone.now() - timedelta(days=2))
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    work()
    assert delivery(job, at_linkedin).failure == Failure.EXHAUSTED
    ask("close", [job])
    pass_by(seconds=10)
    linkedin.seed_posting("TS-2")  # slow, but it arrives
    for _ in range(6):
        pass_by(minutes=6)
    assert linkedin.posting("TS-2")["status"] == "CLOSED"
    assert delivery(job, at_linkedin).remote_state == RemoteState.CLOSED


# a renewal that may have arrived


DAY_MS = 24 * 3600 * 1000


def ends_at(linkedin: Linkedin, external_id: str) -> int:
    return linkedin.posting(external_id)["expire_at"]


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("mood", ["hang_up", "stall", "html"])
def test_a_renewal_whose_answer_was_lost_extends_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, mood: str, applied: bool
) -> None:
    (job,) = posted(acme, linkedin)
    with later(minutes=2):
        work()  # the regular look learns when it ends
    before = ends_at(linkedin, "TS-1")
    linkedin.next(mood, endpoint="simpleJobPostings", applied=applied)
    run = ask("renew", [job])
    for minutes in (3, 9, 15, 21, 27):
        with later(minutes=minutes):
            work()
            linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED
    assert Run.objects.get(pk=run.pk).n_done == 1


def test_a_crash_after_a_renewal_was_sent_extends_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    with later(minutes=2):
        work()
    before = ends_at(linkedin, "TS-1")
    ask("renew", [job])
    take_and_send(at_linkedin)
    for minutes in (3, 9, 15, 21, 27):
        with later(minutes=minutes):
            work()
            linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED


def looked_at(customer: Customer, linkedin: Linkedin, **columns: Any) -> Job:
    """A live job whose end is known."""
    (job,) = posted(customer, linkedin, **columns)
    pass_by(minutes=2)
    return job


def test_an_edit_after_a_lost_renewal_does_not_renew_again(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = looked_at(acme, linkedin)
    before = ends_at(linkedin, "TS-1")
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    ask("renew", [job])
    work()
    linkedin.finish_tasks()
    edit(job, title="New title")
    for _ in range(6):
        pass_by(minutes=6)
        linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED


@pytest.mark.parametrize("first", ["renew", "update"])
def test_what_moved_the_end_before_does_not_prove_a_renewal_that_never_arrived(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, first: str
) -> None:
    job = looked_at(acme, linkedin, expire_at=timezone.now() + timedelta(days=30))
    if first == "update":
        edit(job, expire_at=timezone.now() + timedelta(days=60))
    ask(first, [job])
    work()
    linkedin.finish_tasks()
    driving.clock.shift(timedelta(seconds=301))
    settling.settle(*take_and_send(at_linkedin), now=timezone.now())  # done; nobody has looked since
    before = ends_at(linkedin, "TS-1")
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=False)
    ask("renew", [job])
    for _ in range(8):
        pass_by(minutes=6)
        linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED


@pytest.mark.parametrize("looks", [False, True])
@pytest.mark.parametrize("applied", [True, False])
def test_a_last_lost_renewal_that_is_tried_again_extends_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, applied: bool, looks: bool
) -> None:
    job = looked_at(acme, linkedin)
    before = ends_at(linkedin, "TS-1")
    ask("renew", [job])
    Delivery.objects.update(attempts=7, failed_at=timezone.now() - timedelta(days=2))
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=applied)
    work()
    assert delivery(job, at_linkedin).failure == Failure.EXHAUSTED
    linkedin.finish_tasks()
    if looks:
        ask("check_now", [job])
        pass_by(minutes=1)
    ask("try_again", [job])
    for _ in range(6):
        pass_by(minutes=6)
        linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED


@pytest.mark.parametrize("again", ["try_again", "renew"])
def test_a_renewal_of_unknown_outcome_that_is_asked_for_again_extends_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, again: str
) -> None:
    job = looked_at(acme, linkedin)
    before = ends_at(linkedin, "TS-1")
    linkedin.next("slow_tasks", match="TS-1", seconds=10 * 24 * 3600)
    ask("renew", [job])
    work()
    while delivery(job, at_linkedin).state == State.SUBMITTED:
        pass_by(hours=1)
    assert delivery(job, at_linkedin).failure == Failure.UNKNOWN_OUTCOME
    linkedin.finish_tasks()  # done after all
    ask(again, [job])
    for _ in range(6):
        pass_by(minutes=6)
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED


def test_trying_a_lost_renewal_again_during_a_look_that_proves_it_extends_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = looked_at(acme, linkedin)
    before = ends_at(linkedin, "TS-1")
    ask("renew", [job])
    Delivery.objects.update(attempts=7, failed_at=timezone.now() - timedelta(days=2))
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    work()
    linkedin.finish_tasks()
    driving.clock.shift(timedelta(minutes=1))
    ask("check_now", [job])
    batch, report = take_and_send(at_linkedin)
    ask("try_again", [job])
    settling.settle(batch, report, now=timezone.now())
    for _ in range(6):
        pass_by(minutes=6)
        linkedin.finish_tasks()
    assert ends_at(linkedin, "TS-1") - before == 30 * DAY_MS
    assert delivery(job, at_linkedin).state == State.SYNCED
