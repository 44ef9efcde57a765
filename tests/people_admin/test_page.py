"""The page of a record about a person: how it stands at LinkedIn, why not yet, what hangs on it, what can be asked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, Match
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Run
from tests.candidates.making import ask, make_application, make_candidate, make_everything, make_note
from tests.customers.making import make_user
from tests.people_admin.forms import a_candidate, change
from tests.sync.driving import make_job, pass_by, work
from tests.sync_admin.clicking import words

pytestmark = pytest.mark.django_db

KINDS = (
    "candidate",
    "candidate_note",
    "application",
    "application_note",
    "application_stage",
    "interview_feedback",
)
of_each_kind = pytest.mark.parametrize("kind", KINDS)


def address(record: Any, page: str = "change", *more: str) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=[record.pk, *more])


def shown(client: Client, record: Any) -> str:
    answer = client.get(address(record))
    assert answer.status_code == 200
    return answer.content.decode()


def buttons(html: str) -> set[str]:
    return set(re.findall(r"/ask/(\w+)/", html))


@of_each_kind
def test_a_new_record_can_be_sent_and_says_that_nothing_was(
    kind: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    page = shown(client, make_everything(acme, linkedin)[kind])
    assert "Nothing has been sent to LinkedIn yet." in page
    assert "Not sent" in page
    with_all = {"send_all"} if kind in {"candidate", "application"} else set()
    matches = {"fetch"} if kind == "candidate" else set()
    assert buttons(page) == {"send", "delete", "erase"} | with_all | matches


@of_each_kind
def test_what_was_sent_says_when_and_what_changed_since(
    kind: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    work()
    record = everything[kind]
    page = shown(client, record)
    for said in ("Sent", "Last sent", "2 Mar 2026, 12:00", "Last confirmed"):
        assert said in words(page), said
    assert "send" not in buttons(page)
    assert "Changed since" not in page
    type(record)._default_manager.update(changed_at=timezone.now() + timedelta(minutes=1))
    changed = shown(client, record)
    assert "Changed since" in changed
    assert "send" in buttons(changed)


def test_what_stopped_before_its_call_is_no_send(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme, current_job_title="Painter")
    ask("send", candidate)
    work()
    a_moment_later = timezone.now() + timedelta(minutes=1)
    Candidate.objects.update(current_job_title="", changed_at=a_moment_later)
    ask("send", candidate)
    pass_by(hours=1)
    page = words(shown(client, candidate))
    assert "Would be erased: Current job title." in page
    assert "Last sent" not in page.partition("What hangs on it")[0].replace("Here, last sent", "")
    assert "Last confirmed 2 Mar 2026, 12:00" in page
    assert "Nothing has been sent to LinkedIn yet." not in page


def test_what_was_deleted_there_says_so(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    run = ask("delete", candidate)
    work()
    assert "Delete last sent 2 Mar 2026, 12:00" in words(shown(client, candidate))
    Run.objects.filter(pk=run.pk).update(by=rosa)
    progress = words(client.get(reverse("admin:sync_run_change", args=[run.pk])).content.decode())
    assert "Done Deleted" in progress


def test_why_not_yet_is_answered(client: Client, rosa: User, acme: Customer, at_linkedin: Connection) -> None:
    ada = make_candidate(acme)
    ask("send", ada)
    page = shown(client, ada)
    assert "Waiting" in page
    assert "No worker is running." in page
    assert "hx-trigger" in page  # the page looks again by itself


def test_what_waits_for_its_parent_says_so(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    note = make_note(make_candidate(acme))
    ask("send", note)
    work()
    page = shown(client, note)
    assert "hx-trigger" in page
    assert "Waiting" in page


def test_a_refusal_is_explained_with_field_remedy_and_the_vendors_words(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ada = make_candidate(acme)
    linkedin.always("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    ask("send", ada)
    work()
    page = shown(client, ada)
    assert "is not acceptable" in words(page)
    assert "Field: First name." in words(page)
    assert "try_again" in buttons(page)


def test_what_linkedin_would_not_accept_stands_on_the_page(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    page = shown(client, make_candidate(acme, external_profile_url=""))
    assert "Page in your ATS: Enter the whole address" in words(page)
    assert "send" not in buttons(page)


def test_who_is_kept_out_can_only_be_deleted_there(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    ada = make_candidate(acme, do_not_send=True, first_name="")
    for record in (ada, make_note(ada)):
        page = shown(client, record)
        assert "kept out of LinkedIn" in page
        assert "would not accept" not in page
        assert {"send", "send_all"} & buttons(page) == set()
        assert "delete" in buttons(page)


def test_without_linkedin_the_page_says_so_and_offers_nothing(client: Client, rosa: User, acme: Customer) -> None:
    page = shown(client, make_candidate(acme))
    assert "Acme is not connected to LinkedIn." in words(page)
    assert buttons(page) == set()


@of_each_kind
def test_a_button_drafts_a_request_for_this_record(
    kind: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    record = make_everything(acme, linkedin)[kind]
    assert client.get(address(record, "ask", "delete")).status_code == 405
    assert not Run.objects.exists()
    answer = client.post(address(record, "ask", "delete"))
    run = Run.objects.get()
    assert answer.url == reverse("admin:sync_run_confirm", args=[run.pk])
    assert list(run.items.filter(kind=kind).values_list("object_id", flat=True)) == [record.pk]
    assert client.post(address(record, "ask", "explode")).status_code == 404


def test_who_may_only_look_is_offered_no_button(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    client.force_login(make_user("reader", of=(acme,), may=("candidates.view_candidate",)))
    ada = make_candidate(acme)
    assert buttons(shown(client, ada)) == set()
    assert client.post(address(ada, "ask", "send")).status_code == 403


def test_everything_that_hangs_on_a_candidate_is_counted_with_its_status(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    work()
    make_note(everything["candidate"], "N-2", sync_trouble="rejected")
    ada = everything["candidate"]
    page = shown(client, ada)
    for said in ("Candidate notes", "1 Not sent", "1 Sent", "1 needs attention", "Application stages"):
        assert said in words(page), said
    for link in (
        f"/admin/candidates/candidatenote/?candidate__id__exact={ada.pk}",
        f"/admin/applications/application/?candidate__id__exact={ada.pk}",
        f"/admin/applications/applicationstage/?application__candidate__id__exact={ada.pk}",
    ):
        assert link in page, link
        assert client.get(link).context["cl"].result_count


def test_a_candidates_applications_are_listed_with_their_jobs(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    ada = make_candidate(acme)
    applied = make_application(ada, make_job(acme, "J-1"), linkedin_status="removed", sync_trouble="rejected")
    page = shown(client, ada)
    assert "Gardener J-1 A-1 Removed from LinkedIn Refused" in words(page)
    assert address(applied) in page
    assert f"/admin/applications/application/add/?candidate={ada.pk}" in page


def test_an_application_names_candidate_and_job(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    ada, job = make_candidate(acme, linkedin_status="sent"), make_job(acme)
    page = shown(client, make_application(ada, job))
    assert "Candidate: Ada Sample C-1 Sent Job: Gardener TS-1" in words(page)
    assert address(ada) in page
    assert address(job) in page


def test_matches_are_shown_with_their_age(client: Client, rosa: User, acme: Customer, at_linkedin: Connection) -> None:
    ada = make_candidate(acme, linked_in_profile_url="https://www.linkedin.com/in/ada")
    assert "LinkedIn has not been asked yet" in shown(client, ada)
    Match.objects.create(
        candidate=ada,
        connection=at_linkedin,
        matched_members=["urn:li:person:Ab12"],
        checked_at=timezone.now() - timedelta(hours=2),
    )
    Candidate.objects.update(manual_matched_member="urn:li:person:Cd34")
    page = shown(client, ada)
    for said in ("urn:li:person:Ab12", "urn:li:person:Cd34", "https://www.linkedin.com/in/ada", "Checked 2"):
        assert said in page, said


def test_the_page_costs_the_same_whatever_hangs_on_the_candidate(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    def cost(record: Any) -> int:
        with CaptureQueriesContext(database) as asked:
            shown(client, record)
        return len(asked)

    few, many = make_everything(acme, linkedin, "1"), make_everything(acme, linkedin, "2")
    for number in range(10):
        make_application(many["candidate"], make_job(acme, f"J-{number + 10}"), f"B-{number}")
        make_note(many["candidate"], f"M-{number}")
    for kind in ("candidate", "application"):
        cost(few[kind])  # content types and the like are remembered from now on
        assert cost(many[kind]) == cost(few[kind])


def test_above_a_form_with_errors_stands_what_is_stored(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    ada = make_candidate(acme)
    page = change(client, ada, a_candidate(acme, first_name="")).content.decode()
    assert "Enter the first name." in page
    assert "First name: Enter" not in page
    assert "send" in buttons(page)
