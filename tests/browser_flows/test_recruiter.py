"""A recruiter's day from the login to the closed job, in a real browser before a live server."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from talentsync.customers.models import Connection
from talentsync.jobs.models import Job, PostingStatus
from talentsync.sync.models import Run
from tests.browser_flows import scenes
from tests.browser_flows.visiting import JOBS, Visit
from tests.browser_flows.world import World, current, customer, job, jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def recruiter(enter: Callable[..., Visit]) -> Visit:
    return enter("recruiter")


def posted(world: World, *external_ids: str) -> list[Job]:
    """Jobs that are live at LinkedIn by our own hand."""
    chosen = jobs(*external_ids)
    scenes.ask("post", chosen)
    world.work()
    world.linkedin_finishes()
    assert {world.at_linkedin(each) for each in chosen} == {"LISTED"}
    return jobs(*external_ids)


def test_from_the_login_to_a_live_job(page: Page, world: World):
    visit = Visit(page)
    visit.log_in("recruiter", world.passwords["recruiter"])
    visit.follow("Jobs")
    visit.choose("Post…", *jobs("PP-001", "PP-003"))

    visit.heading("Post 2 jobs?")
    visit.reads("2 are public: listed on LinkedIn for everyone.", "This is the first post for Parcel & Post from here.")
    visit.press("Post 2 jobs")
    visit.heading("Post 2 jobs")
    visit.reads("LinkedIn is asked what it shows before anything is sent.")
    assert world.at_linkedin(job("PP-001")) is None

    world.work()
    visit.reads("LinkedIn is working on it. The next look is at")
    visit.follow("Jobs")
    visit.row_says("PP-001", "Posting")

    world.linkedin_finishes()
    assert world.at_linkedin(job("PP-001")) == "LISTED"
    page.reload()
    visit.row_says("PP-001", "Live")


def test_search_and_filters_find_jobs(world: World, recruiter: Visit):
    Job.objects.filter(external_id__in=["PP-002", "SC-001"]).update(posting_status=PostingStatus.LIVE)
    Job.objects.filter(external_id="PP-009").update(sync_trouble="rejected")
    recruiter.open(JOBS)
    assert len(recruiter.titles()) == 26

    for typed in ("Forklift", "PP-002", "REQ-PP-002"):
        recruiter.search(typed)
        assert recruiter.titles() == ["Forklift driver"]

    recruiter.open(JOBS)
    recruiter.filter("By customer", "Salzach Clinics")
    recruiter.filter("By owner", "Mine", apply=True)
    assert set(recruiter.titles()) == {
        each.title
        for each in Job.objects.filter(customer__name="Salzach Clinics", owner_email="recruiter@demo.example")
    }

    recruiter.open(JOBS)
    recruiter.filter("By LinkedIn status", "Live", apply=True)
    assert recruiter.titles() == ["Nurse, day clinic", "Forklift driver"]

    recruiter.open(JOBS)
    recruiter.filter("By attention", "Any reason", apply=True)
    assert recruiter.titles() == ["Team assistant, site management"]


def test_a_close_of_several_says_what_will_happen_and_can_be_undone(world: World, recruiter: Visit):
    chosen = posted(world, "PP-001", "PP-002")
    openings = [world.open_openings(each) for each in chosen]
    recruiter.open(JOBS)
    recruiter.choose("Close…", *chosen)

    recruiter.heading("Close 2 jobs?")
    recruiter.reads(
        "2 jobs are taken off LinkedIn: nobody can see them or apply there any more.",
        "2 jobs are closed in Greenhouse by closing all their open openings.",
        "Their posts vanish from all job boards, and nobody can fill in scorecards for them any more.",
        "Active candidates stay active in Greenhouse: reject or move them there.",
        "acting user, number 4410027 there, as the one who closed them.",
        "You can undo it for 60 seconds.",
    )
    recruiter.press("Close 2 jobs")
    recruiter.reads("Until then it can be undone.", "Closes at 12:0")
    recruiter.page.get_by_role("button", name="Undo").click()
    recruiter.reads("Undone. Nothing was sent.")

    world.work(seconds=61)
    assert {world.at_linkedin(each) for each in chosen} == {"LISTED"}
    assert [world.open_openings(each) for each in chosen] == openings


def test_without_undo_they_go_from_live_over_closing_to_closed(world: World, recruiter: Visit):
    chosen = posted(world, "PP-001", "PP-002")
    recruiter.open(JOBS)
    recruiter.choose("Close…", *chosen)
    recruiter.page.get_by_label("Close reason in Greenhouse").select_option(label="Hire - Backfill")
    recruiter.press("Close 2 jobs")
    recruiter.reads("Until then it can be undone.")

    world.work(seconds=61)
    expect(recruiter.page.get_by_role("button", name="Undo")).to_have_count(0)
    recruiter.open(JOBS)
    recruiter.row_says("PP-001", "Closing", "Closed")  # LinkedIn is still at it, Greenhouse has done it

    world.linkedin_finishes()
    assert {world.at_linkedin(each) for each in chosen} == {"CLOSED"}
    assert [world.open_openings(each) for each in chosen] == [0, 0]
    recruiter.open("sync_run_change", Run.objects.latest("pk").pk)
    recruiter.reads("Finished.")
    recruiter.open(JOBS)
    for each in chosen:
        expect(recruiter.row(each.external_id).get_by_text("Closed", exact=True)).to_have_count(2)


def test_a_failure_is_told_with_its_remedy_and_put_right(world: World, recruiter: Visit):
    refusal = "Invalid Field: /description must be at least 100 characters"
    world.linkedin.next("task_failed", match="PP-003", message=refusal)
    scenes.ask("post", jobs("PP-003"))
    world.work()
    world.linkedin_finishes()

    recruiter.open("index")
    recruiter.reads(
        "The description is too short or too long for LinkedIn.", "Write between 100 and 25,000 characters."
    )
    recruiter.follow("Route planner")
    recruiter.reads("Field: Description. You can put it right.", refusal)
    box = recruiter.page.get_by_role("textbox", name="Description", exact=True)
    box.fill(box.input_value() + "<p>You draw the routes with a pencil first, and with the computer then.</p>")
    recruiter.press("Save and continue editing")
    recruiter.reads("was changed successfully")

    recruiter.press("Try again…")
    recruiter.heading("Try 1 job again?")
    recruiter.press("Try 1 job again")
    recruiter.heading("Try 1 job again")
    world.work()
    world.linkedin_finishes()
    assert world.at_linkedin(job("PP-003")) == "LISTED"
    recruiter.open("jobs_job_change", job("PP-003").pk)
    recruiter.reads("LinkedIn has posted it.", "LinkedIn could not do it.")
    recruiter.open("index")
    recruiter.reads("Nothing needs you.")


def test_the_form_names_the_field_and_the_rule(world: World, recruiter: Visit):
    before = Job.objects.count()
    recruiter.open("jobs_job_add")
    page = recruiter.page
    page.locator("select[name=customer]").select_option(label="Parcel & Post")
    page.get_by_label("ID in your ATS").fill("PP-900")
    page.get_by_label("Title").fill("Clerk")
    page.get_by_role("textbox", name="Description", exact=True).fill("Too short.")
    recruiter.press("Save")

    recruiter.reads("Please correct the errors below.")
    for field, rule in {
        "description": "Write at least 100 characters.",
        "location": "Enter city and country, for example Graz, Austria.",
        "company_apply_url": "Enter the whole address where candidates apply, beginning with https:// or http://.",
    }.items():
        expect(page.locator(f".field-line.field-{field}")).to_contain_text(rule)
    assert Job.objects.count() == before


def test_check_now_finds_what_changed_at_both_vendors(world: World, recruiter: Visit):
    (job_,) = posted(world, "PP-001")
    world.linkedin.remove("PP-001", client_id=current(customer(), "linkedin").client_id)
    recruiter.open("jobs_job_change", job_.pk)
    recruiter.reads("Greenhouse has not been asked about this job yet: use Check now.")

    recruiter.press("Check now…")
    recruiter.heading("Check 1 job?")
    recruiter.reads("Nothing is changed there.")
    recruiter.press("Check 1 job")
    world.work()

    recruiter.open("jobs_job_change", job_.pk)
    recruiter.reads("Removed by LinkedIn", "2 open of 2", "The job was manually taken down")


def test_a_job_that_was_posted_elsewhere_is_closed(world: World, recruiter: Visit):
    at_linkedin: Connection = current(customer(), "linkedin")
    world.linkedin.seed_posting("PP-007", client_id=at_linkedin.client_id)
    recruiter.open("jobs_job_change", job("PP-007").pk)
    recruiter.reads("Not posted")
    recruiter.press("Close…")
    recruiter.reads("It was not posted from here: LinkedIn is asked first whether it is live.")
    recruiter.page.get_by_role("checkbox", name="Greenhouse").uncheck()
    recruiter.reads("Not ticked: nothing happens there")
    recruiter.press("Close 1 job")

    world.work()
    world.linkedin_finishes()
    assert world.at_linkedin(job("PP-007")) == "CLOSED"
    assert world.open_openings(job("PP-007")) > 0
    recruiter.open("jobs_job_change", job("PP-007").pk)
    recruiter.reads("LinkedIn has closed it.")


def test_times_are_those_of_the_zone_that_the_viewer_is_in(visit: Callable[..., Page], world: World):
    for zone in ("America/New_York", "Asia/Tokyo"):
        tab = Visit(visit(timezone_id=zone))
        tab.log_in("recruiter", world.passwords["recruiter"])
        tab.open("jobs_job_change", job("PP-001").pk)
        clock = job("PP-001").listed_at.astimezone(ZoneInfo(zone))
        expect(tab.page.locator("input[name=listed_at_1]")).to_have_value(f"{clock:%H:%M:%S}")
        tab.reads(f"Time zone: {zone}")
