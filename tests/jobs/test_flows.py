"""Jobs from the click to what both vendors hold, and what people read of it on the way."""

from __future__ import annotations

import pytest
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import services
from talentsync.jobs.models import GreenhouseJob, Job, Posting
from talentsync.sync import kinds, runs
from talentsync.sync.models import Run, RunItem
from tests.sync.driving import ask, delivery, fresh, later, make_job, make_jobs, posted, settle, work

pytestmark = pytest.mark.django_db


def test_a_job_is_posted_renewed_and_closed_at_both_vendors(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin, greenhouse: Greenhouse
) -> None:
    number = greenhouse.seed_job("REQ-1", openings=3)
    job = make_job(acme, requisition_id="REQ-1")
    ask("post", [job])
    assert fresh(job).posting_status == "posting"
    work()
    settle(linkedin)
    settle(linkedin)
    ends = Posting.objects.get().expire_at
    assert (fresh(job).posting_status, fresh(job).posting_until) == ("live", ends)
    assert Posting.objects.get().url.startswith("https://www.linkedin.com/jobs/view/")

    ask("renew", [job])
    work()
    settle(linkedin)
    settle(linkedin)
    assert (fresh(job).posting_until - ends).days == 30

    ask("close", [job], close_reasons={str(at_greenhouse.pk): 514})
    assert (fresh(job).posting_status, fresh(job).greenhouse_status) == ("closing", "closing")
    work()
    settle(linkedin)
    assert (fresh(job).posting_status, fresh(job).greenhouse_status) == ("closed", "closed")
    assert fresh(job).status == "open"  # the ATS's word; a close does not change it
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert greenhouse.open_openings(number) == []
    assert {opening["close_reason_id"] for opening in greenhouse.openings(number)} == {514}


def test_one_closed_job_among_a_hundred_closes_the_other_ninety_nine(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 100)
    linkedin.seed_posting("TS-50", jobPostingOperationType="CLOSE")  # by another system
    ask("close", jobs)
    work()
    settle(linkedin)
    settle(linkedin)
    assert {linkedin.posting(job.external_id)["status"] for job in jobs} == {"CLOSED"}
    assert {job.posting_status for job in Job.objects.all()} == {"closed"}
    assert Run.objects.latest("pk").n_done == 100


def test_a_job_that_somebody_else_posted_can_be_closed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("TS-1", client_id=at_linkedin.client_id)
    bare = make_job(acme, title="Gardener", description="", poster_email="", status="closed")
    ask("check_now", [bare])
    work()
    assert fresh(bare).posting_status == "live"
    ask("close", [bare])
    work()
    assert fresh(bare).posting_status == "live"  # LinkedIn wants the whole job, and refuses it as it is
    assert fresh(bare).sync_trouble == "rejected"

    whole = make_job(acme, "TS-2")
    linkedin.seed_posting("TS-2", client_id=at_linkedin.client_id)
    ask("close", [whole])
    work()
    settle(linkedin)
    assert fresh(whole).posting_status == "closed"
    assert linkedin.posting("TS-2")["status"] == "CLOSED"


def test_a_job_that_was_closed_is_posted_anew_under_a_new_address(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    first = Posting.objects.get().urn
    ask("close", [job])
    work()
    settle(linkedin)
    assert fresh(job).posting_status == "closed"
    ask("post", [job])
    work()
    settle(linkedin)
    assert fresh(job).posting_status == "live"
    assert Posting.objects.get().urn != first


def test_what_ends_by_itself_expires_and_what_linkedin_takes_down_is_removed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ending, removed = posted(acme, linkedin, 2)
    settle(linkedin)
    linkedin.remove("TS-2", reason="The job was manually taken down")
    with later(days=2):
        work()
    assert (fresh(ending).posting_status, fresh(removed).posting_status) == ("live", "removed")
    assert Posting.objects.get(job=removed).details["listing_detail"]["message"] == "The job was manually taken down"
    linkedin.advance(181 * 86_400)
    with later(days=181):
        work()
    assert (fresh(ending).posting_status, fresh(removed).posting_status) == ("expired", "removed")


def test_an_incomplete_job_is_passed_over_and_nothing_is_sent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    run = ask("post", [make_job(acme, description="Too short.")])
    work()
    assert RunItem.objects.get(run=run).reason == "incomplete"
    assert linkedin.posting("TS-1") is None


def test_a_job_that_became_incomplete_after_the_click_names_field_and_rule(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    ask("post", [job])
    Job.objects.update(location="")
    work()
    stopped = delivery(job, at_linkedin)
    assert (stopped.failure, stopped.error_field) == ("unmappable", "location")
    assert stopped.words == "Location: Enter city and country, for example Graz, Austria."
    assert fresh(job).sync_trouble == "unmappable"


def test_several_jobs_at_greenhouse_are_told_apart_by_number(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    first, second = greenhouse.seed_job("REQ-1"), greenhouse.seed_job("REQ-1")
    job = make_job(acme, requisition_id="REQ-1")
    ask("close", [job])
    work()
    assert (fresh(job).greenhouse_status, fresh(job).sync_trouble) == ("several", "rejected")
    assert GreenhouseJob.objects.get().candidates == [second, first]  # the newest first, as Greenhouse lists them
    job.greenhouse_job_id = second
    services.change_job(job, fields=["greenhouse_job_id"], by=None)
    ask("try_again", [job])
    work()
    assert (fresh(job).greenhouse_status, fresh(job).sync_trouble) == ("closed", "")
    assert greenhouse.job(first)["status"] == "open"


def test_check_now_asks_both_vendors(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin, greenhouse: Greenhouse
) -> None:
    greenhouse.seed_job("REQ-1", openings=2, closed_openings=1)
    job = make_job(acme, requisition_id="REQ-1")
    ask("check_now", [job])
    work()
    assert (fresh(job).posting_status, fresh(job).greenhouse_status) == ("not_posted", "open")
    there = GreenhouseJob.objects.get()
    assert (there.open_openings, there.total_openings) == (2, 3)


def test_who_sees_a_post_is_kept_with_the_jobs_nobody_had_chosen_for(acme: Customer, at_linkedin: Connection) -> None:
    jobs = make_jobs(acme, 4)
    Job.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(availability="")
    Job.objects.filter(pk=jobs[1].pk).update(listing_type="PREMIUM")
    Job.objects.filter(pk=jobs[2].pk).update(posting_status="live")
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action("post"), Job.objects.all(), by=None, now=timezone.now())
    services.choose_availability(run, "private")
    assert [fresh(job).availability for job in jobs] == ["private", "", "", "public"]
