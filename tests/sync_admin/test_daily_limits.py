"""*Daily limits*: how far each is used, by whom, what is kept for whom, what waits; nobody sees others' customers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.sync import holds
from talentsync.sync.models import Budget
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.conftest import acme, at_linkedin, linkedin, ticking, unmounted  # noqa: F401  (fixtures)
from tests.sync.driving import ask, make_jobs, pass_by, posted, work

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:sync_budget_changelist")


def member(*customers: Customer, role: str = "Support") -> Client:
    user = make_user("sam", of=customers)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def row(client: Client, endpoint: str) -> str:
    """What a row says, without its markup."""
    html = client.get(PAGE).content.decode()
    rows = [each for each in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if f">{endpoint}<" in each or endpoint in each]
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(rows)).split())


def test_use_reserve_and_by_whom(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:  # noqa: F811
    ask("post", make_jobs(acme, 3))
    work()
    told = row(member(acme), "simpleJobPostings")
    assert re.search(r"1 of [\d,]+ calls", told), told
    assert "Acme: 1 calls" in told
    assert re.search(r"[\d,]+ for clicks, [\d,]+ more for closes and deletes", told)


def test_what_the_vendor_refused_says_until_when_and_what_waits(
    acme: Customer,  # noqa: F811
    at_linkedin: Connection,  # noqa: F811
    linkedin: Linkedin,  # noqa: F811
) -> None:
    linkedin.next("status", status=429, headers={"Retry-After": "3600"}, endpoint="simpleJobPostings")
    ask("post", make_jobs(acme, 2))
    work()
    told = row(member(acme), "simpleJobPostings")
    assert f"{timezone.localtime() + timedelta(hours=1):%-d %b %Y, %H:}" in told
    assert re.search(r"\b2\b", told.rpartition("deletes")[2]), told


def test_a_look_of_tomorrow_does_not_wait(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:  # noqa: F811
    posted(acme, linkedin, 3)
    told = row(member(acme), "jobPostingStatus")
    assert told.split()[-2:] == ["0", "–"], told


def test_a_new_day_begins_at_nought(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:  # noqa: F811
    ask("post", make_jobs(acme, 1))
    work()
    pass_by(days=1)
    assert "0 of" in row(member(acme), "simpleJobPostings")


def test_limits_of_others_are_not_shown(acme: Customer, at_linkedin: Connection) -> None:  # noqa: F811
    theirs = make_connection(make_customer("Theirs"), client_id="another")
    for connection in (at_linkedin, theirs):
        holds.budget_of(connection, "simpleJobPostings")
    client = member(acme)
    assert client.get(PAGE).content.decode().count("simpleJobPostings") == 1
    other = Budget.objects.get(client_id="another")
    assert client.get(reverse("admin:sync_budget_change", args=[other.pk])).status_code in {302, 403, 404}


def test_recruiters_have_no_such_page(acme: Customer, at_linkedin: Connection) -> None:  # noqa: F811
    assert member(acme, role="Recruiter").get(PAGE).status_code == 403


def test_the_page_asks_a_constant_number_of_queries(
    acme: Customer,  # noqa: F811
    at_linkedin: Connection,  # noqa: F811
    django_assert_max_num_queries,
) -> None:
    client = member(acme)
    holds.budget_of(at_linkedin, "simpleJobPostings")
    client.get(PAGE)
    with django_assert_max_num_queries(100) as first:
        client.get(PAGE)
    for endpoint in ("atsCandidates", "atsJobApplications", "jobPostingStatus"):
        holds.budget_of(at_linkedin, endpoint)
    with django_assert_max_num_queries(len(first)):
        client.get(PAGE)
