"""The tick on the page that asks agrees to what stood there in red, and to nothing that came later."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds, runs
from talentsync.sync.states import Failure
from tests.candidates.making import ask, change, fresh, held, make_candidate
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> Candidate:
    """One whose job title was emptied since LinkedIn has it."""
    candidate = make_candidate(acme, current_job_title="Painter", current_company_name="Sample & Sons")
    ask("send", candidate)
    work()
    change(candidate, current_job_title="")
    return candidate


@pytest.fixture
def page(candidate: Candidate, rosa: User) -> str:
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action("send"), Candidate.objects.all(), by=rosa, now=timezone.now())
    return reverse("admin:sync_run_confirm", args=[run.pk])


def opened(page: str, client: Client) -> dict[str, Any]:
    """What the page's form sends back with the tick."""
    found = re.search(r'name="seen_at" value="([^"]+)"', client.get(page).content.decode())
    assert found
    return {"may_erase": "on", "seen_at": found[1]}


def test_what_the_page_showed_is_erased(candidate: Candidate, page: str, client: Client, linkedin: Linkedin) -> None:
    client.post(page, opened(page, client))
    work()
    assert not held(linkedin, "candidate", candidate).get("currentJobTitle")
    assert fresh(candidate).sync_trouble == ""


def test_what_was_emptied_while_the_page_was_open_is_not_agreed_to(
    candidate: Candidate, page: str, client: Client, linkedin: Linkedin
) -> None:
    answers = opened(page, client)
    change(candidate, current_company_name="")
    client.post(page, answers)
    work()
    assert held(linkedin, "candidate", candidate)["currentCompanyName"] == "Sample & Sons"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED


def test_what_linkedin_said_while_the_page_was_open_is_not_agreed_to(
    candidate: Candidate, page: str, client: Client, linkedin: Linkedin
) -> None:
    answers = opened(page, client)
    fields = held(linkedin, "candidate", candidate)
    linkedin.seed_record("atsCandidates", candidate.external_id, fields={**fields, "middleInitial": "Q"})
    ask("fetch", candidate)
    work()
    client.post(page, answers)
    work()
    assert held(linkedin, "candidate", candidate)["middleInitial"] == "Q"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED


@pytest.mark.parametrize("seen_at", ["", "yesterday", "2026-13-45T00:00", "2026-01-01T00:00"])
def test_a_moment_that_is_none_agrees_to_what_there_is(
    seen_at: str, candidate: Candidate, page: str, client: Client, linkedin: Linkedin
) -> None:
    client.post(page, {"may_erase": "on", "seen_at": seen_at})
    work()
    assert not held(linkedin, "candidate", candidate).get("currentJobTitle")
