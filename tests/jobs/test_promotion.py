"""Upgrades, budgets and applying at LinkedIn: what a person is told before anything is sent, and what becomes of one
job does not keep the others back (linkedin.md 3.2, 3.4, 3.8).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.admin import asking
from talentsync.sync.models import Hold
from talentsync.sync.states import Failure, Operation
from tests.customers.making import LINKEDIN
from tests.jobs.forms import change, errors, typed
from tests.sync.driving import ask, delivery, edit, fresh, make_job, posted, settle, work

pytestmark = pytest.mark.django_db

CONTRACT = "urn:li:contract:9"
PREMIUM = {"listing_type": "PREMIUM", "availability": ""}
BUDGET = {"budget_amount": "500", "budget_currency": "EUR", "availability": ""}
APPLY = {
    "job_application_webhook_url": "https://ats.example.com/take",
    "application_questions": {
        "resumeQuestions": {},
        "additionalQuestions": {
            "customQuestionSets": [{"questions": [{"partnerQuestionIdentifier": "q1", "questionText": "Why us?"}]}]
        },
    },
}
ONE_PLACE = "LinkedIn makes only jobs with one location premium: close it, then post it as premium."


@pytest.fixture
def on_contract(at_linkedin: Connection, linkedin: Linkedin) -> Connection:
    """The customer's application is on a contract for jobs."""
    linkedin.seed_application(
        client_id=LINKEDIN["client_id"],
        client_secret=LINKEDIN["client_secret"],
        organizations=[LINKEDIN["organization_urn"]],
        job_contracts=[CONTRACT],
    )
    Connection.objects.filter(pk=at_linkedin.pk).update(job_contract_urn=CONTRACT)
    at_linkedin.refresh_from_db()
    return at_linkedin


def there(linkedin: Linkedin, job: Job) -> dict[str, Any]:
    posting = linkedin.posting(job.external_id)
    assert posting is not None
    return posting


def panel(action: str, *jobs: Job) -> asking.Panel:
    """LinkedIn's part of the page that asks."""
    kind = kinds.get("job")
    chosen = Job.objects.filter(pk__in=[job.pk for job in jobs])
    run = runs.draft(kind, kind.action(action), chosen, by=None, now=timezone.now())
    (found,) = asking.page(run, None)["panels"]
    return found


# upgrades: "only single-location jobs" (linkedin.md 3.2)


@pytest.mark.parametrize(
    ("live", "now"),
    [(["Linz, Austria"], ["Linz, Austria"]), (["Linz, Austria"], []), ([], ["Linz, Austria"])],
    ids=["in several places", "live in several", "several by now"],
)
def test_a_job_in_several_places_is_not_made_premium(
    live: list[str], now: list[str], acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, alternate_locations=live)
    edit(job, **PREMIUM, alternate_locations=now)
    skipped = panel("update", job).skipped
    assert [(number, str(reason)) for number, reason, *_ in skipped] == [
        ("1", "LinkedIn makes only jobs with one location premium. Close it, then post it as premium.")
    ]
    calls = len(linkedin.calls_to("simpleJobPostings"))
    assert ask("update", [job]).items.get().reason == "several_places"
    work()
    assert len(linkedin.calls_to("simpleJobPostings")) == calls
    assert there(linkedin, job)["listing_type"] == "BASIC"


def test_a_job_with_one_location_is_made_premium(acme: Customer, on_contract: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    edit(job, **PREMIUM)
    ask("update", [job])
    work()
    settle(linkedin)
    assert there(linkedin, job)["listing_type"] == "PREMIUM"


def test_an_upgrade_that_was_asked_for_too_early_to_tell_is_refused_before_it_is_sent(
    acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    """The first post was still under way at the click: nothing was accepted yet."""
    job = make_job(acme, alternate_locations=["Linz, Austria"])
    ask("post", [job])
    work()
    edit(job, **PREMIUM)
    ask("update", [job])
    calls = len(linkedin.calls_to("simpleJobPostings"))
    settle(linkedin)
    row = delivery(job, on_contract)
    assert (row.failure, row.words) == (Failure.UNMAPPABLE, f"Listing: {ONE_PLACE}")
    assert len(linkedin.calls_to("simpleJobPostings")) == calls
    assert there(linkedin, job)["listing_type"] == "BASIC"


def test_the_form_of_a_live_job_says_so_and_a_premium_job_may_be_posted_in_several_places(
    client: Client, rosa: User, acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, alternate_locations=["Linz, Austria"])
    wanted = typed(acme, **PREMIUM, alternate_locations="Linz, Austria")
    assert errors(change(client, job, wanted)) == {"listing_type": [ONE_PLACE]}
    ask("close", [job])
    work()
    settle(linkedin)
    assert errors(change(client, fresh(job), wanted)) == {}
    ask("post", [job])
    work()
    settle(linkedin)
    assert there(linkedin, job)["listing_type"] == "PREMIUM"


# budgets


def test_a_job_with_a_budget_names_its_contract_and_is_promoted(
    acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme, **BUDGET)
    assert "It has a budget: LinkedIn promotes it and may spend that much." in panel("post", job).sentences
    ask("post", [job])
    work()
    settle(linkedin)
    sent = there(linkedin, job)["fields"]
    assert sent["budget"] == {"payForPerformanceTotalBudget": {"amount": "500", "currencyCode": "EUR"}}
    assert (sent["contract"], sent["listingType"]) == (CONTRACT, "BASIC")
    assert "availability" not in sent
    ask("close", [job])
    work()
    settle(linkedin)
    assert there(linkedin, job)["status"] == "CLOSED"


def test_another_budget_is_said_and_left_to_a_person(
    acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, **BUDGET)
    Customer.objects.filter(pk=acme.pk).update(sends_changes=True)
    edit(job, budget_amount="900")
    work()
    assert delivery(job, on_contract).state == "synced"
    assert "1 gets another budget: LinkedIn promotes it and may spend that much." in panel("update", job).sentences
    edit(job, budget_amount="500", title="Head gardener")
    assert delivery(job, on_contract).operation == Operation.UPSERT
    assert delivery(job, on_contract).state == "pending"


def test_nobody_is_asked_who_may_see_a_job_with_a_budget(acme: Customer, on_contract: Connection) -> None:
    job = make_job(acme, **BUDGET)
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action("post"), Job.objects.filter(pk=job.pk), by=None, now=timezone.now())
    assert "availability" not in asking.form_of(run, None).fields


# what needs an agreement of its own concerns the job that wants it, and stops no other


@pytest.mark.parametrize(
    ("setting", "columns", "remedy"),
    [
        ("pay_for_performance", BUDGET, "or post the job without a budget"),
        ("apply_connect", APPLY, "Post the job without an address that takes applications"),
    ],
)
def test_what_is_not_agreed_upon_refuses_that_job_alone(
    setting: str,
    columns: dict[str, Any],
    remedy: str,
    client: Client,
    rosa: User,
    acme: Customer,
    on_contract: Connection,
    linkedin: Linkedin,
) -> None:
    linkedin.configure(**{setting: False})
    plain, special = make_job(acme, "TS-1"), make_job(acme, "TS-2", **columns)
    ask("post", [plain, special])
    work()
    settle(linkedin)
    assert there(linkedin, plain)["status"] == "LISTED"
    assert delivery(special, on_contract).failure == Failure.REJECTED
    assert not Hold.objects.exists()
    assert remedy in client.get(reverse("admin:jobs_job_change", args=[special.pk])).content.decode()


def test_people_apply_at_linkedin(
    client: Client, rosa: User, acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, **APPLY)
    assert there(linkedin, job)["fields"]["onsiteApplyConfiguration"] == {
        "jobApplicationWebhookUrl": APPLY["job_application_webhook_url"],
        "questions": APPLY["application_questions"],
    }
    ask("check_now", [job], at=["linkedin"])
    work()
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    assert "LinkedIn Apply" in page
    assert "Enabled" in page


def test_the_preview_shows_budget_campaign_and_questions(
    client: Client, rosa: User, acme: Customer, on_contract: Connection
) -> None:
    job = make_job(acme, **BUDGET, **APPLY, partner_job_campaign_id="C-77")
    shown = client.get(reverse("admin:jobs_job_preview", args=[job.pk])).content.decode()
    for said in (
        *("Budget", "500 EUR", "Job campaign", "C-77", "Where applications are sent", "https://ats.example.com/take"),
        *(
            "Acme (number 77 at LinkedIn)",
            "Number 9 at LinkedIn",
            "Questions for applicants",
            "Resume, Questions of your own",
            "Why us?",
        ),
    ):
        assert said in shown, said


def test_of_one_job_nobody_says_of_them_and_of_several_the_number(acme: Customer, on_contract: Connection) -> None:
    paid, plain = make_job(acme, "TS-1", **BUDGET), make_job(acme, "TS-2")
    told = panel("post", paid, plain).sentences
    assert "1 of them has a budget: LinkedIn promotes it and may spend that much." in told
    unposted = "not posted from here: LinkedIn is asked first whether"
    assert f"2 of them were {unposted} they are live." in panel("close", paid, plain).sentences
    assert f"It was {unposted} it is live." in panel("close", plain).sentences


def test_a_campaign_that_linkedin_does_not_know_is_put_right_in_the_form(
    client: Client, rosa: User, acme: Customer, on_contract: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme, partner_job_campaign_id="C-404")
    linkedin.next("task_failed", match="TS-1", message="Failed: [MISSING_JOB_CAMPAIGN]")
    ask("post", [job])
    work()
    settle(linkedin)
    answer = client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    assert "Correct the job campaign or leave it empty." in answer.content.decode()
    assert answer.context["adminform"].form.fields["partner_job_campaign_id"].label == "Job campaign"
