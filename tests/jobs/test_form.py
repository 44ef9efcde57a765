"""The form says what LinkedIn would refuse: every documented rule, at its field. A closed job may be as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job, PostingStatus
from tests.jobs.forms import add, change, errors, typed
from tests.sync.driving import DESCRIPTION, fresh, make_job

pytestmark = pytest.mark.django_db

APPLY = {"job_application_webhook_url": "https://ats.example.com/take"}
BUDGET = {"budget_amount": "500", "budget_currency": "EUR", "availability": ""}
PREMIUM = {"listing_type": "PREMIUM", "availability": ""}

RULES: dict[str, tuple[dict[str, Any], str, str]] = {
    # name: what is typed, the field that complains, the beginning of the rule
    "an id is needed": ({"external_id": ""}, "external_id", "This field is required"),
    "an id has at most 75 characters": ({"external_id": "x" * 76}, "external_id", "Ensure this value has at most 75"),
    "a title is needed": ({"title": ""}, "title", "This field is required"),
    "a title has at most 200 characters": ({"title": "x" * 201}, "title", "Ensure this value has at most 200"),
    "a description is needed": ({"description": ""}, "description", "Write at least 100"),
    "tags do not count towards the 100 characters": ({"description": "<b>x</b>" * 99}, "description", "Write at least"),
    "a description has at most 25,000 characters": ({"description": "x" * 25_001}, "description", "Write at most 25"),
    "skills have at most 4,000 characters": ({"skills_description": "x" * 4_001}, "skills_description", "Write at"),
    "an apply address is needed": ({"company_apply_url": ""}, "company_apply_url", "Enter the whole address"),
    "an apply address is a web address": ({"company_apply_url": "ftp://x.example.com"}, "company_apply_url", "Enter"),
    "a location is needed": ({"location": ""}, "location", "Enter city and country"),
    "a country alone is for remote jobs": ({"location": "Austria"}, "location", "A country alone"),
    "a Recruiter job has one location": (
        {"alternate_locations": "Wien, Austria", "requisition_owner_email": "a@b.example"},
        "alternate_locations",
        "A job with a visibility",
    ),
    "at most seven locations": (
        {"alternate_locations": "\n".join(f"Town {index}, Austria" for index in range(7))},
        "alternate_locations",
        "LinkedIn takes at most seven",
    ),
    "at most three job functions": ({"categories": ["eng", "it", "sale", "qa"]}, "categories", "Choose at most three"),
    "an industry is a URN": ({"industries": "gardening"}, "industries", "An industry is written"),
    "opened not in the future": ({"listed_at_0": "2026-03-03"}, "listed_at", "The day the job was opened cannot"),
    "opened not in 1970": ({"listed_at_0": "1970-01-02"}, "listed_at", "The day the job was opened is too"),
    "it stays open for a day": (
        {"expire_at_0": "2026-03-03", "expire_at_1": "08:00:00"}, "expire_at", "A job must stay open",
    ),
    "a basic job stays open for 180 days": (
        {"expire_at_0": "2026-12-01", "expire_at_1": "08:00:00"}, "expire_at", "A basic job stays open",
    ),
    "a premium job stays open for 90 days": (
        {**PREMIUM, "expire_at_0": "2026-07-01", "expire_at_1": "08:00:00"}, "expire_at", "A basic job stays open",
    ),
    "a poster is needed": ({"poster_email": ""}, "poster_email", "Enter the e-mail address of the recruiter"),
    "premium is public": ({**PREMIUM, "availability": "private"}, "availability", "A premium job is public"),
    "premium has no restricted view": ({**PREMIUM, "access_restricted": "on"}, "access_restricted", "A premium job"),
    "premium has no hiring manager": (
        {**PREMIUM, "requisition_owner_email": "a@b.example"}, "requisition_owner_email", "A premium job",
    ),
    "a country code has two letters": ({"country_code": "1T", "postal_code": "8010"}, "country_code", "A country code"),
    "pay needs a kind and a period": ({"compensation-0-type": "BASE_SALARY"}, "compensation", "Choose a kind of pay"),
    "pay is exact or a range": (
        {**{f"compensation-0-{name}": value for name, value in {
            "type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "exact": "1", "start": "1"}.items()}},
        "compensation", "Enter either",
    ),
    "a range does not end below its start": (
        {**{f"compensation-0-{name}": value for name, value in {
            "type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "start": "9", "end": "1"}.items()}},
        "compensation", "The range must not",
    ),
    "a range has two ends": (
        {**{f"compensation-0-{name}": value for name, value in {
            "type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "start": "9"}.items()}},
        "compensation", "A range has two ends",
    ),
    "a job function is a code": ({"categories": ["eng", "Engineering"]}, "categories", "Select a valid choice"),
    "a tracking pixel is a web address": ({"tracking_pixel_url": "//x"}, "tracking_pixel_url", "Enter a valid URL"),
    "a poster has an e-mail address": ({"poster_email": "poster"}, "poster_email", "Enter a valid email"),
    "an employment type is offered": ({"employment_status": "OFTEN"}, "employment_status", "Select a valid choice"),
    "an experience level is offered": ({"experience_level": "WIZARD"}, "experience_level", "Select a valid choice"),
    "a workplace is offered": ({"workplace_type": "Moon"}, "workplace_type", "Select a valid choice"),
    "a budget is above zero": (
        {**BUDGET, "budget_amount": "0"}, "budget_amount", "A budget is a number above zero",
    ),
    "a budget has a currency": ({**BUDGET, "budget_currency": ""}, "budget_currency", "A currency has three"),
    "a currency has its budget": ({**BUDGET, "budget_amount": ""}, "budget_amount", "Enter an amount and a currency"),
    "a job with a budget is public": ({**BUDGET, "availability": "private"}, "availability", "A job with a budget"),
    "applications go to a whole address": (
        {"job_application_webhook_url": "http://ats.example.com"}, "job_application_webhook_url", "Enter the whole",
    ),
    "applications do not go through ngrok": (
        {"job_application_webhook_url": "https://x.ngrok.io"}, "job_application_webhook_url", "LinkedIn does not",
    ),
    "questions need an address that takes applications": (
        {"application_questions": '{"resumeQuestions": {}}'}, "job_application_webhook_url", "Enter the address",
    ),
    "questions are JSON": ({"application_questions": "Why?"}, "application_questions", "This is no JSON"),
    "questions are an object": ({"application_questions": "[]"}, "application_questions", "This is no JSON"),
    "questions hold what databases take": (
        {"application_questions": '{"resumeQuestions": {"a": "\\u0000"}}'}, "application_questions", "This is no JSON",
    ),
    "questions are in known sections": (
        {**APPLY, "application_questions": '{"hobbies": {}}'}, "application_questions", "LinkedIn knows no",
    ),
    "a question stands once": (
        {**APPLY, "application_questions": '{"additionalQuestions": {"customQuestionSets": [{"questions": ['
         '{"partnerQuestionIdentifier": "q"}, {"partnerQuestionIdentifier": "q"}]}]}}'},
        "application_questions", "Two questions have the same",
    ),
    "a Greenhouse job ID is a positive number": ({"greenhouse_job_id": "-5"}, "greenhouse_job_id", "The Greenhouse"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_the_form_names_field_and_rule(
    name: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    Connection.objects.update(job_contract_urn="urn:li:contract:9")
    changes, field, rule = RULES[name]
    found = errors(add(client, typed(acme, **changes)))
    assert field in found, found
    assert found[field][0].startswith(rule), found
    assert not Job.objects.exists()


def test_premium_needs_a_contract_on_the_connection(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    found = errors(add(client, typed(acme, **PREMIUM)))
    assert found == {"listing_type": ["The connection has no job contract, which such a job needs."]}


def test_a_faultless_job_is_saved_and_written_down(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    pay = {"type": "BASE_SALARY", "period": "YEARLY", "currency": "eur", "exact": "", "start": "40000", "end": "50000"}
    data = typed(
        acme,
        categories=["eng", "it"],
        industries="urn:li:industry:55\n\n urn:li:industry:4 ",
        owner_email="Rosa@Example.com",
        **{f"compensation-0-{name}": value for name, value in pay.items()},
        **{f"compensation-1-{name}": "" for name in pay},
    )
    assert errors(add(client, data)) == {}
    job = Job.objects.get()
    assert job.categories == ["eng", "it"]
    assert job.industries == ["urn:li:industry:55", "urn:li:industry:4"]
    assert job.compensation == [{**pay, "currency": "EUR"}]
    assert job.owner_email == "rosa@example.com"
    assert [(event.verb, event.label, event.actor) for event in AuditEvent.objects.filter(kind="job")] == [
        ("add", "TS-1", rosa)
    ]


def test_a_budget_needs_a_contract_on_the_connection(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    found = errors(add(client, typed(acme, **BUDGET)))
    assert found == {"budget_amount": ["The connection has no job contract, which a budget needs."]}


def test_a_job_that_people_apply_for_at_linkedin_is_saved_and_shown_as_it_was_typed(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    data = typed(acme, **APPLY, application_questions='{"resumeQuestions": {}}')
    assert errors(add(client, data)) == {}
    job = Job.objects.get()
    assert job.application_questions == {"resumeQuestions": {}}
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()
    assert "&quot;resumeQuestions&quot;: {}" in page
    assert "Apply Connect is part of the customer" in page
    before = fresh(job).changed_at
    assert errors(change(client, job, data)) == {}
    assert fresh(job).changed_at == before


def test_several_places_are_fine_for_a_plain_public_job(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    assert errors(add(client, typed(acme, alternate_locations="Wien, Austria\nLinz, Austria"))) == {}
    assert Job.objects.get().alternate_locations == ["Wien, Austria", "Linz, Austria"]


def test_a_closed_job_may_be_as_it_is(client: Client, rosa: User, acme: Customer, at_linkedin: Connection) -> None:
    bare = {"description": "", "location": "", "company_apply_url": "", "poster_email": ""}
    assert errors(add(client, typed(acme, status="closed", **bare))) == {}


def test_linkedins_rules_do_not_bind_a_customer_without_linkedin(
    client: Client, rosa: User, acme: Customer, at_greenhouse: Connection
) -> None:
    assert errors(add(client, typed(acme, description="", poster_email="", requisition_id="R-1"))) == {}


def test_a_live_public_job_does_not_become_private(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme, posting_status=PostingStatus.LIVE)
    (found,) = errors(change(client, job, typed(acme, availability="private")))["availability"]
    assert "close it, then post it again" in found
    assert fresh(job).availability == "public"


def test_a_live_private_job_may_become_public(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme, posting_status=PostingStatus.PRIVATE_LIVE, availability="private")
    assert errors(change(client, job, typed(acme, availability="public"))) == {}


def test_only_what_linkedin_is_told_makes_a_post_outdated(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(
        acme, title="Gardener", listed_at="2026-03-01T08:00:00Z", description=DESCRIPTION.strip()
    )  # as it will be typed
    before = timezone.now() - timedelta(hours=1)
    Job.objects.update(changed_at=before)
    assert errors(change(client, job, typed(acme, owner_email="rosa@example.com", requisition_id="R-7"))) == {}
    assert fresh(job).changed_at == before
    assert errors(change(client, job, typed(acme, title="Head gardener"))) == {}
    assert fresh(job).changed_at > before


def test_a_save_keeps_what_a_worker_has_written_meanwhile(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    """The form was opened before the job went live; its columns must not come back."""
    job = make_job(acme)
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    Job.objects.update(posting_status=PostingStatus.LIVE, sync_state="synced")
    assert page.status_code == 200
    assert errors(change(client, job, typed(acme, title="Head gardener"))) == {}
    assert (fresh(job).posting_status, fresh(job).sync_state) == ("live", "synced")


def test_a_job_function_from_elsewhere_survives_the_form(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme, categories=["zzz"])
    assert errors(change(client, job, typed(acme, title="Head gardener", categories=["zzz"]))) == {}
    assert fresh(job).categories == ["zzz"]


def test_close_reasons_are_greenhouses_own(
    client: Client, rosa: User, acme: Customer, at_greenhouse: Connection
) -> None:
    Connection.objects.filter(pk=at_greenhouse.pk).update(close_reasons=[{"id": 512, "name": "On Hold"}])
    job = make_job(acme)
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    assert "On Hold" in page.content.decode()
    assert errors(change(client, job, typed(acme, requisition_id="R", close_reason_id="512"))) == {}
    assert fresh(job).close_reason_id == 512
    assert "close_reason_id" in errors(change(client, job, typed(acme, requisition_id="R", close_reason_id="1")))


def test_a_second_job_with_the_same_id_is_refused(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    make_job(acme, "TS-1")
    assert "This customer already has a record with this ID." in str(errors(add(client, typed(acme))))
    other = make_job(acme, "TS-2")
    assert "This customer already has a record with this ID." in str(errors(change(client, other, typed(acme))))
