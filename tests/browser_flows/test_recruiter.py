"""A recruiter's day from the login to the closed job, in a real browser before a live server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, job, jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_times_are_those_of_the_zone_that_the_viewer_is_in(visit, world: World):
    for zone, clock in (("America/New_York", "07:00"), ("Asia/Tokyo", "21:00")):
        tab = Visit(visit(timezone_id=zone))
        tab.log_in("recruiter", world.passwords["recruiter"])
        tab.open("jobs_job_change", job("PP-001").pk)
        expect(tab.page.locator("input[name=listed_at_1]")).to_have_value(f"{clock}:00")
        tab.reads(f"Time zone: {zone}")
