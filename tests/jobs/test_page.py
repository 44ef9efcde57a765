"""A job's page: how it stands at both vendors, why not yet, what is wrong and what to do, its life, and the preview."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import life, services
from talentsync.jobs.models import Job
from talentsync.sync.models import Run
from tests.customers.making import make_user
from tests.jobs.conftest import RECRUITER
from tests.jobs.forms import typed
from tests.sync.driving import ask, fresh, make_job, posted, settle, work

pytestmark = pytest.mark.django_db


def page(client: Client, job: Job) -> str:
    answer = client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def buttons(html: str) -> set[str]:
    return set(re.findall(r"/ask/(\w+)/", html))


def story(job: Job) -> list[str]:
    return [event.sentence for event in life.of(fresh(job))]


def test_a_new_job_offers_what_applies_and_nothing_else(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    shown = page(client, make_job(acme))
    assert buttons(shown) == {"post", "close", "check_now"}
    assert "LinkedIn has not been asked about this job yet: use Check now." in shown
    assert "Acme is not connected to Greenhouse." in words(shown)
    assert "Nothing has happened yet." in shown


def test_a_live_job_shows_address_statuses_and_how_old_they_are(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    settle(linkedin)
    shown = page(client, job)
    for said in (
        "Live until",
        "https://www.linkedin.com/jobs/view/",
        "Listed",
        "Not enabled",
        "Not promoted",
        "Public",
    ):
        assert said in shown, said
    assert "Checked just now." in shown
    assert buttons(shown) == {"renew", "close", "check_now"}


def test_openings_are_told_with_their_age(
    client: Client, rosa: User, acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    greenhouse.seed_job("REQ-1", openings=2, closed_openings=1, name="Gardener, north")
    job = make_job(acme, requisition_id="REQ-1")
    ask("check_now", [job])
    work()
    shown = page(client, job)
    assert "2 open of 3" in shown
    assert "Gardener, north" in shown
    assert "Checked just now." in shown


def test_why_not_yet_is_answered_at_the_vendor_it_is_about(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme)
    ask("post", [job])
    shown = page(client, job)
    assert "Posting" in shown
    assert "No worker is running." in shown
    assert "hx-trigger" in shown  # the page looks again by itself


def test_a_refusal_is_explained_with_field_remedy_and_the_vendors_words(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    message = "[JOB_FIELD_PROCESSOR_GEO_LOCATION] no such place {:linkInfo,anchor,text#Customer Support}"
    linkedin.next("task_failed", match="TS-1", message=message)
    job = make_job(acme)
    ask("post", [job])
    work()
    settle(linkedin)
    shown = words(page(client, job))
    assert "LinkedIn does not recognise the location." in shown
    assert "Write the location as city and country" in shown
    assert "Field: Location." in shown
    assert "no such place Customer Support" in shown
    assert "try_again" in buttons(page(client, job))


def test_what_linkedin_would_not_accept_stands_on_the_page(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    shown = page(client, make_job(acme, description="Too short."))
    assert "Description: Write at least 100 characters." in shown
    assert "post" not in buttons(shown)


def test_a_button_drafts_a_request_for_this_job(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme)
    address = reverse("admin:jobs_job_ask", args=[job.pk, "close"])
    assert client.get(address).status_code == 405
    assert not Run.objects.exists()
    answer = client.post(address)
    run = Run.objects.get()
    assert answer.url == reverse("admin:sync_run_confirm", args=[run.pk])
    assert list(run.items.values_list("object_id", flat=True)) == [job.pk]
    assert client.post(reverse("admin:jobs_job_ask", args=[job.pk, "explode"])).status_code == 404


def test_the_id_cannot_change_once_a_vendor_knows_it(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    assert 'name="external_id"' in page(client, job)
    ask("post", [job])
    assert 'name="external_id"' not in page(client, job)
    work()
    settle(linkedin)
    assert 'name="external_id"' not in page(client, job)


def test_an_id_that_changes_before_takes_its_delivery_along(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    ask("check_now", [job])
    work()
    job.external_id = "TS-2"
    services.change_job(job, fields=["external_id"], by=None)
    ask("post", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-2")["status"] == "LISTED"


def test_the_page_costs_the_same_whatever_the_job_has_been_through(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    def cost(job: Job) -> int:
        with CaptureQueriesContext(database) as asked:
            page(client, job)
        return len(asked)

    once, often = posted(acme, linkedin, 2)
    settle(linkedin)
    for _ in range(3):
        ask("renew", [often])
        work()
        settle(linkedin)
    cost(once)  # content types and the like are remembered from now on
    assert cost(often) == cost(once)


# the life of a job


def test_the_life_of_a_job_from_post_to_close(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin, greenhouse: Greenhouse
) -> None:
    greenhouse.seed_job("REQ-1", openings=1)
    (job,) = posted(acme, linkedin, requisition_id="REQ-1")
    settle(linkedin)
    job.title = "Head gardener"
    services.change_job(job, fields=["title"], by=make_user("rosa", first_name="Rosa"))
    ask("update", [job])
    work()
    settle(linkedin)
    ask("close", [job])
    work()
    settle(linkedin)
    told = story(job)
    assert told[0] == "LinkedIn has closed it."
    assert [line for line in told if line in (
        "LinkedIn has posted it.", "LinkedIn has updated it.", "Greenhouse has closed it.", "LinkedIn has closed it.",
        "TalentSync asked to post it at LinkedIn.", "TalentSync asked to close it at LinkedIn and Greenhouse.",
        "Rosa changed it.",
    )] == [
        "LinkedIn has closed it.",
        "Greenhouse has closed it.",
        "TalentSync asked to close it at LinkedIn and Greenhouse.",
        "LinkedIn has updated it.",
        "Rosa changed it.",
        "LinkedIn has posted it.",
        "TalentSync asked to post it at LinkedIn.",
    ]  # fmt: skip


def test_daily_looks_that_find_nothing_new_are_not_told(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    for _ in range(3):
        settle(linkedin)
        ask("check_now", [job])
        work()
    assert not [line for line in story(job) if line == "LinkedIn shows it."]
    linkedin.remove("TS-1")
    ask("check_now", [job])
    work()
    assert "LinkedIn does not show it any more." in story(job)


def test_a_job_that_was_passed_over_says_why(acme: Customer, at_linkedin: Connection) -> None:
    job = make_job(acme, description="")
    ask("post", [job])
    (event,) = life.of(job)
    assert event.detail == f"LinkedIn was passed over: {life.kinds.get('job').sentences['incomplete']}"


def test_every_sentence_of_a_life_is_one() -> None:
    for sentence in life.sentences():
        assert str(sentence).endswith(".")


# the preview


def test_the_preview_labels_every_field_and_sends_nothing(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin
) -> None:
    pay = {"type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "start": "40000", "end": "50000"}
    job = make_job(
        acme,
        description="<p>First paragraph of it.</p><ul><li>one</li><li>two</li></ul>" + "x" * 100,
        compensation=[pay],
        categories=["eng"],
        requisition_id="REQ-1",
    )
    shown = client.get(reverse("admin:jobs_job_preview", args=[job.pk])).content.decode()
    for said in (
        *("Title", "Gardener TS-1", "Where candidates apply", "Engineering", "First paragraph of it.", "• one"),
        *("Base salary: 40000 – 50000 EUR per year", "Visibility", "Public", "Requisition ID", "REQ-1"),
    ):
        assert said in shown, said
    assert not linkedin.calls
    assert client.post(reverse("admin:jobs_job_preview", args=[job.pk])).status_code == 405


def test_json_is_for_support(client: Client, rosa: User, acme: Customer, at_linkedin: Connection) -> None:
    address = reverse("admin:jobs_job_preview", args=[make_job(acme).pk])
    assert "externalJobPostingId" not in client.get(address).content.decode()
    client.force_login(make_user("sue", of=(acme,), may=(*RECRUITER, "sync.view_attempt")))
    shown = client.get(address).content.decode()
    assert "externalJobPostingId" in shown
    assert "Technical" in shown


def test_the_preview_says_what_linkedin_would_not_accept(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    address = reverse("admin:jobs_job_preview", args=[make_job(acme, location="").pk])
    assert "Location: Enter city and country" in client.get(address).content.decode()


def test_above_a_form_with_errors_stands_what_is_stored(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme)
    answer = client.post(reverse("admin:jobs_job_change", args=[job.pk]), typed(acme, description="Too short."))
    shown = answer.content.decode()
    assert "Write at least 100 characters." in shown
    assert "Description: Write at least" not in shown
    assert "post" in buttons(shown)


def test_a_new_job_is_that_of_whoever_enters_it(client: Client, rosa: User, acme: Customer) -> None:
    form = client.get(reverse("admin:jobs_job_add")).context["adminform"].form
    assert (form.initial["owner_email"], form.initial["poster_email"]) == ("Rosa@example.com", "Rosa@example.com")
