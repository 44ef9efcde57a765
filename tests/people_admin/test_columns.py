"""Here, last sent, LinkedIn says: side by side, and asked for by a button."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.admin import columns
from talentsync.customers.models import Connection, Customer
from tests.candidates.making import ask, change, fresh, make_candidate
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


def test_what_differs_is_marked(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    candidate = make_candidate(acme, current_job_title="Painter")
    ask("send", candidate)
    work()
    linkedin.seed_record("atsCandidates", "C-1", fields={"firstName": "Ada", "currentJobTitle": "Sculptor"})
    ask("fetch", candidate)
    work()
    change(candidate, current_job_title="Gardener")
    rows = {row.label: row for row in columns.context("candidate", fresh(candidate))["rows"]}
    title = rows["Current job title"]
    assert (title.here, title.sent, title.there, title.differs) == ("Gardener", "Painter", "Sculptor", True)
    assert not rows["First name"].differs


def test_the_page_leads_to_asking_linkedin(
    admin_client: Client, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    page = reverse("admin:candidates_candidate_preview", args=[candidate.pk])
    text = admin_client.get(page).content.decode()
    assert "not asked yet" in text
    assert reverse("admin:candidates_candidate_ask", args=[candidate.pk, "fetch"]) in text
    assert admin_client.post(page).status_code == 405


def test_what_cannot_be_sent_says_why(admin_client: Client, acme: Customer, at_linkedin: Connection) -> None:
    candidate = make_candidate(acme, last_name="")
    page = reverse("admin:candidates_candidate_preview", args=[candidate.pk])
    assert "Last name: Enter the last name." in admin_client.get(page).content.decode()


def test_a_stranger_sees_nothing(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    candidate = make_candidate(acme)
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.get(reverse("admin:candidates_candidate_preview", args=[candidate.pk])).status_code in {403, 404}


def test_what_linkedin_said_before_the_last_send_is_said_to_be_older(
    admin_client: Client, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    text = admin_client.get(reverse("admin:candidates_candidate_preview", args=[candidate.pk])).content.decode()
    assert "that it has nothing" in text
    assert "asked before the last send" in text


def test_what_was_neither_sent_nor_asked_is_not_said_to_be_unconnected(
    admin_client: Client, acme: Customer, at_linkedin: Connection
) -> None:
    candidate = make_candidate(acme, last_name="")
    page = admin_client.get(reverse("admin:candidates_candidate_preview", args=[candidate.pk])).content.decode()
    assert "Nothing was sent yet and LinkedIn said nothing of it" in page
    at_linkedin.delete()
    page = admin_client.get(reverse("admin:candidates_candidate_preview", args=[candidate.pk])).content.decode()
    assert "The customer is not connected to LinkedIn yet" in page
