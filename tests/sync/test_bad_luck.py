"""What goes wrong between us and LinkedIn, and what must be true all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients, services
from talentsync.customers.models import Connection, Customer
from talentsync.sync import engine, housekeeping, settling
from talentsync.sync.models import Attempt, AttemptItem, Budget, Delivery, Hold, RemoteTask, Run, RunItem
from talentsync.sync.states import Failure, RemoteState, State, Why
from tests.sync.driving import (
    ask,
    delivery,
    fresh,
    held_open,
    lane,
    later,
    make_job,
    make_jobs,
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


# crashes


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


# the vendor says no to everybody


def test_a_throttle_stops_the_credential_and_uses_up_no_attempt(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 3)
    linkedin.next("status", endpoint="simpleJobPostings", status=429, retry_after=90)
    ask("close", jobs)
    work()
    rows = Delivery.objects.all()
    assert {(row.state, row.attempts) for row in rows} == {(State.PENDING, 0)}
    blocked = Budget.objects.get(blocked_until__isnull=False).blocked_until
    assert timedelta(seconds=80) < blocked - timezone.now() < timedelta(seconds=91)
    with later(seconds=95):
        work()
    settle(linkedin)
    assert held_open(linkedin, jobs) == set()


def test_throttles_without_retry_after_wait_1_2_4_8_minutes(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.always("status", endpoint="simpleJobPostings", status=429, message="Slow down")
    ask("close", [job])
    waits, shift = [], 0.0
    for _ in range(5):
        with later(seconds=shift):
            work()
            wait = (Budget.objects.get(blocked_until__isnull=False).blocked_until - timezone.now()).total_seconds()
        waits.append(wait / 60)
        shift += wait + 1
    assert waits == [pytest.approx(minutes, rel=0.25) for minutes in (1, 2, 4, 8, 8)]
    assert delivery(job, at_linkedin).attempts == 0


def test_a_missing_permission_holds_that_operation_and_closes_go_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    live, new = posted(acme, linkedin, 1)[0], make_job(acme, "TS-900")
    ask("post", [new])
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    work()
    assert Hold.objects.get().operation == "upsert"
    ask("close", [live])
    work()
    settle(linkedin)
    assert linkedin.posting(live.external_id)["status"] == "CLOSED"
    assert delivery(new, at_linkedin).state == State.PENDING
    Hold.objects.all().delete()
    work()
    settle(linkedin)
    assert delivery(new, at_linkedin).state == State.SYNCED


def test_a_wrong_contract_rejects_only_the_record_that_names_it(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 8)
    ask("post", jobs)
    linkedin.always("wrong_contract", endpoint="simpleJobPostings", match='"externalJobPostingId":"TS-5"')
    work()
    linkedin.calm()
    settle(linkedin)
    failed = {row.entity_key for row in Delivery.objects.failed()}
    assert failed == {"TS-5"}
    assert not Hold.objects.exists()


def test_revoked_credentials_hold_the_connection_until_its_test_succeeds(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 2)
    linkedin.always("status", endpoint="token", status=401, message="invalid_client")
    linkedin.revoke_tokens()
    ask("close", jobs)
    work()
    assert Hold.objects.get().connection == at_linkedin
    assert {row.attempts for row in Delivery.objects.all()} == {0}
    assert housekeeping.probe_held() == {"works": 0, "fails": 1}
    linkedin.calm()
    assert housekeeping.probe_held() == {"works": 1, "fails": 0}
    work()
    settle(linkedin)
    assert held_open(linkedin, jobs) == set()


def test_a_token_that_was_revoked_is_replaced_once(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.revoke_tokens()
    ask("close", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert not Hold.objects.exists()


def test_the_same_refusal_for_three_records_each_alone_holds_the_operation(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 6)
    ask("post", jobs)
    linkedin.always(
        "status",
        endpoint="simpleJobPostings",
        status=400,
        message="Either context or company or companyPageUrl or companyName must be provided",
    )
    work()
    assert Hold.objects.get().operation == "upsert"
    assert Delivery.objects.failed().count() == 3
    assert Delivery.objects.unfinished().count() == 3


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


def test_a_batch_costs_the_same_number_of_queries_for_ten_and_for_fifty(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, django_assert_max_num_queries
) -> None:
    counts = []
    for number in (1, 10, 50):  # the first one of all also makes the rows of the budgets
        jobs = [make_job(acme, f"N{number}-{index}") for index in range(number)]
        ask("post", jobs)
        work()  # asks first, then sends
        linkedin.finish_tasks()
        ask("close", jobs)
        with later(seconds=301), django_assert_max_num_queries(400) as captured:
            work()
        counts.append(len(captured))
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


def test_a_person_who_tests_a_connection_that_works_again_lets_it_go_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.always("status", endpoint="token", status=401, message="invalid_client")
    linkedin.revoke_tokens()
    ask("close", [job])
    work()
    assert Hold.objects.exists()
    linkedin.calm()
    services.test_connection(at_linkedin, by=None)
    assert not Hold.objects.exists()
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"


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
