"""The list of jobs: what it shows, how it is searched and filtered, what it costs, and what its actions do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync.models import Delivery, Run, RunItem
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import make_job, make_jobs

pytestmark = pytest.mark.django_db

LIST = "/admin/jobs/job/"


def listed(client: Client, query: str = "") -> list[str]:
    """The external ids that the list shows."""
    page = client.get(f"{LIST}?{query}")
    assert page.status_code == 200, page
    return sorted(job.external_id for job in page.context["cl"].result_list)


def click(client: Client, action: str, jobs: list[Job], **more: Any) -> Any:
    return client.post(LIST, {"action": action, "_selected_action": [job.pk for job in jobs], "index": 0, **more})


def test_a_row_says_how_the_job_stands_at_both_vendors(client: Client, rosa: User, acme: Customer) -> None:
    until = timezone.now() + timedelta(days=5)
    make_job(
        acme,
        title="Gardener",
        posting_status="live",
        posting_until=until,
        greenhouse_status="open",
        sync_trouble="rejected",
        owner_email="rosa@example.com",
    )
    page = client.get(LIST).content.decode()
    for words in ("Gardener", "TS-1", "Acme", "Live until 7 Mar", "Open", "Refused", "in 5 days", "rosa@example.com"):
        assert words in page, words


def test_a_private_post_and_one_that_ends_next_year(client: Client, rosa: User, acme: Customer) -> None:
    make_job(acme, posting_status="private_live", posting_until=timezone.now() + timedelta(days=365))
    assert "Recruiter only until 2 Mar 2027" in client.get(LIST).content.decode()


def test_what_was_changed_since_it_was_sent_is_marked(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    sent, changed = make_jobs(acme, 2, posting_status="live")
    for job in (sent, changed):
        Delivery.objects.create(
            connection=at_linkedin, kind="job", object_id=job.pk, entity_key=job.external_id, sent_at=timezone.now()
        )
    Job.objects.filter(pk=changed.pk).update(changed_at=timezone.now() + timedelta(seconds=1))
    assert client.get(LIST).content.decode().count("Changed since") == 1


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Gard", ["TS-1"]),
        ("gard", ["TS-1"]),
        ("ener", []),
        ("TS-", ["TS-1", "TS-2"]),
        ("ts-2", ["TS-2"]),
        ("REQ-9", ["TS-2"]),
        ("nothing", []),
    ],
)
def test_search_goes_by_the_beginning_of_title_id_and_requisition(
    typed: str, found: list[str], client: Client, rosa: User, acme: Customer
) -> None:
    make_job(acme, "TS-1", title="Gardener")
    make_job(acme, "TS-2", title="Cook", requisition_id="REQ-91")
    assert listed(client, f"q={typed}") == found


FILTERS = {
    "posting_status__exact=live": ["LIVE"],
    "posting_status__exact=live&posting_status__exact=expired": ["EXPIRED", "LIVE"],
    "greenhouse_status__exact=closed": ["EXPIRED"],
    "trouble=any": ["EXPIRED", "REFUSED"],
    "trouble=rejected": ["REFUSED"],
    "expires=7": ["LIVE"],
    "expires=1": [],
    "whose=mine": ["LIVE"],
    "whose=nobody": ["EXPIRED", "NEW"],
    "owner=other": ["REFUSED"],
    "status__exact=closed": ["EXPIRED"],
}


@pytest.mark.parametrize("query", FILTERS)
def test_filters(query: str, client: Client, rosa: User, acme: Customer) -> None:
    soon = timezone.now() + timedelta(days=3)
    make_job(acme, "NEW")
    make_job(acme, "LIVE", posting_status="live", posting_until=soon, owner_email="ROSA@example.com")
    make_job(acme, "REFUSED", sync_trouble="rejected", owner_email="other@example.com")
    make_job(
        acme, "EXPIRED", posting_status="expired", greenhouse_status="closed", sync_trouble="exhausted", status="closed"
    )
    assert listed(client, query) == FILTERS[query]


def test_an_empty_list_says_what_to_do_next(client: Client, rosa: User) -> None:
    assert "Add a job" in client.get(LIST).content.decode()


def test_the_list_costs_the_same_for_one_job_and_for_fifty(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(database) as asked:
            client.get(LIST)
        return len(asked)

    make_job(acme, "FIRST", posting_status="live")
    cost()  # content types and the like are remembered from now on
    one = cost()
    make_jobs(acme, 49, posting_status="live")
    assert cost() == one


ACTIONS = ["post", "update", "renew", "close", "try_again", "check_now"]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_drafts_a_request_and_leads_to_the_page_that_asks(
    action: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    chosen, _ = make_jobs(acme, 2)
    answer = click(client, action, [chosen])
    run = Run.objects.get()
    assert answer.url == reverse("admin:sync_run_confirm", args=[run.pk])
    assert (run.action, run.state, run.by, run.total) == (action, "draft", rosa, 1)
    assert not Delivery.objects.exists()
    assert client.get(answer.url).status_code == 200


def test_all_jobs_of_a_filter_can_be_selected_across_pages(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, at_greenhouse: Connection
) -> None:
    make_jobs(acme, 130, posting_status="live")
    make_job(acme, "OTHER")
    shown = list(Job.objects.filter(posting_status="live")[:50])
    data = {"action": "close", "_selected_action": [job.pk for job in shown], "index": 0, "select_across": 1}
    client.post(f"{LIST}?posting_status__exact=live", data)
    assert Run.objects.get().total == 260
    assert not RunItem.objects.filter(object_id=Job.objects.get(external_id="OTHER").pk).exists()


def test_without_a_connection_nothing_is_asked_and_the_page_says_why(
    client: Client, rosa: User, acme: Customer
) -> None:
    answer = client.post(LIST, {"action": "post", "_selected_action": [make_job(acme).pk], "index": 0}, follow=True)
    assert "is not connected to LinkedIn yet" in answer.content.decode()
    assert not Run.objects.exists()


def test_who_may_not_sync_is_offered_no_action(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    client.force_login(make_user("reader", of=(acme,), may=("jobs.view_job", "jobs.change_job")))
    job = make_job(acme)
    click(client, "close", [job])
    assert not Run.objects.exists()
    assert client.post(reverse("admin:jobs_job_ask", args=[job.pk, "close"])).status_code == 403


def test_jobs_of_other_customers_are_not_there(client: Client, rosa: User, acme: Customer, linkedin: object) -> None:
    theirs = make_job(make_customer("Umbrella"), "U-1")
    make_connection(theirs.customer)
    make_job(acme)
    assert listed(client) == ["TS-1"]
    click(client, "close", [theirs])
    assert not RunItem.objects.exists()
    for name in ("change", "preview"):
        assert client.get(reverse(f"admin:jobs_job_{name}", args=[theirs.pk])).status_code in (302, 404)
    assert client.post(reverse("admin:jobs_job_ask", args=[theirs.pk, "close"])).status_code == 404


def test_nobody_deletes_jobs(client: Client, acme: Customer) -> None:
    client.force_login(make_user("root", is_superuser=True))
    job = make_job(acme)
    assert client.post(reverse("admin:jobs_job_delete", args=[job.pk]), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(LIST).content.decode()


def test_search_is_served_by_indexes(acme: Customer) -> None:
    rows = (
        Job(customer=acme, external_id=f"J-{n}", title=f"Gardener {n}", requisition_id=f"R-{n}") for n in range(5_000)
    )
    Job.objects.bulk_create(rows, batch_size=500)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = Job.objects.beginning_with("j-499").order_by("-pk")[:50].explain()
    assert "SCAN jobs_job" not in plan  # SQLite's words
    assert "Seq Scan" not in plan  # PostgreSQL's


def test_an_empty_box_of_several_choices_says_that_it_leaves_nothing_out(client: Client, rosa: User) -> None:
    page = client.get(LIST).content.decode()

    assert page.count('data-placeholder="All"') == 2


def test_every_other_choice_is_a_box_too(client: Client, rosa: User, acme: Customer) -> None:
    make_job(acme, "TS-1")
    make_job(acme, "TS-2", status="closed")

    assert '<select name="status__exact"' in client.get(LIST).content.decode()
    assert listed(client, "status__exact=closed") == ["TS-2"]
    assert listed(client, "status__exact=") == ["TS-1", "TS-2"]
