"""What Support and administrators do: read tries, stop and let go on, and see on every page that a worker is gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from talentsync.core.models import Heartbeat
from talentsync.sync import stopping
from talentsync.sync.models import Hold
from tests.browser_flows import scenes
from tests.browser_flows.visiting import JOBS, Visit
from tests.browser_flows.world import World, customer, job, jobs, newcomer, person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_support_reads_a_try_with_request_and_answer(world: World, enter: Callable[..., Visit]):
    world.linkedin.next("reject", match="PP-001", status=422, message="ERROR :: /title :: field is required")
    scenes.ask("post", jobs("PP-001"))
    world.work()

    support = enter("support")
    support.open("sync_delivery_changelist", query="?state__exact=failed")
    support.follow("Shift lead, night sorting")
    support.reads("ERROR :: /title :: field is required", "Tries")
    support.page.get_by_role("row").filter(has_text="refused").get_by_role("link").first.click()
    support.page.get_by_text("What was sent", exact=True).click()
    support.reads('"externalJobPostingId": "PP-001"')
    support.page.get_by_text("What was answered", exact=True).click()
    support.reads('"status": 422')


def test_support_stops_a_customer_and_lets_it_go_on(world: World, enter: Callable[..., Visit]):
    support, recruiter = enter("support"), enter("recruiter")
    support.open("customers_customer_change", customer().pk)
    support.follow("Stop all sending…")
    support.page.get_by_label("Reason").fill("Their career site is being moved.")
    support.press("Stop sending")
    support.reads("Stopped: Parcel & Post.")

    recruiter.open(JOBS)
    recruiter.reads("Stopped: Parcel & Post. What you ask for is kept and sent later.")
    recruiter.choose("Post…", *jobs("PP-001"))
    recruiter.reads("It is kept and sent once this goes on again: Their career site is being moved.")
    recruiter.press("Post 1 job")
    world.work()
    recruiter.reads("Stopped: Their career site is being moved.")
    assert world.at_linkedin(job("PP-001")) is None

    support.follow("Look at it")
    support.press("Let it go on")
    support.reads("It goes on: Parcel & Post.")
    world.work()
    world.linkedin_finishes()
    assert world.at_linkedin(job("PP-001")) == "LISTED"


def test_the_administrator_stops_everything_and_everybody_is_told(world: World, enter: Callable[..., Visit]):
    administrator, recruiter, support = enter("administrator"), enter("recruiter"), enter("support")
    administrator.open("sync_hold_add")
    administrator.page.get_by_label("Reason").fill("The vendors do not know us any more.")
    administrator.press("Stop sending")

    told = "All sending is stopped. What you ask for is kept and sent later."
    for page, args in (("index", ()), (JOBS, ()), ("jobs_job_add", ()), ("jobs_job_change", (job("PP-001").pk,))):
        recruiter.open(page, *args)
        recruiter.reads(told, "The vendors do not know us any more.")

    support.open("sync_hold_change", Hold.objects.get().pk)
    support.reads_not("Let it go on")
    administrator.follow("Look at it")
    administrator.press("Let it go on")
    recruiter.open("index")
    recruiter.reads_not(told)


def test_a_stop_of_somebody_elses_customer_is_nobodys_business(world: World, enter: Callable[..., Visit]):
    stopping.stop(customer=customer(), reason="Private matters.", by=person("administrator"))
    newcomer("stranger", "Support", of="Kiosk at the Quay")
    stranger = enter("stranger")
    for page in ("index", "sync_hold_changelist"):
        stranger.open(page)
        stranger.reads_not("Private matters.")


def test_every_page_says_that_no_worker_is_running_and_what_to_type(world: World, enter: Callable[..., Visit]):
    Heartbeat.objects.filter(name="worker").delete()
    recruiter = enter("recruiter")
    for page in ("index", JOBS, "sync_run_changelist", "jobs_job_add"):
        recruiter.open(page)
        recruiter.reads(
            "No worker is running: what people ask for waits and is not sent.", "celery -A talentsync worker"
        )
        recruiter.reads_not("The clock (beat) is not running")
    recruiter.open(JOBS)
    recruiter.choose("Post…", *jobs("PP-001"))
    recruiter.press("Post 1 job")
    recruiter.reads("No worker is running. It goes on by itself once one is started.")

    world.breathe()
    recruiter.open("index")
    recruiter.reads_not("No worker is running")
