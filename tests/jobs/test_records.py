"""Jobs in the vendors' words: what is left out and why, who decides what, and that a close needs nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.base.errors import Unmappable
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import records
from talentsync.jobs.models import Job
from talentsync.sync.states import Operation
from tests.sync.driving import make_job

pytestmark = pytest.mark.django_db

UPSERT, RENEW, CLOSE = Operation.UPSERT, Operation.RENEW, Operation.CLOSE


def wire(job: Job, connection: Connection, operation: Operation | None = UPSERT) -> dict[str, Any]:
    return records.linkedin_job(job, connection, operation, {})


def test_a_job_in_linkedins_words(acme: Customer, at_linkedin: Connection) -> None:
    listed = timezone.now() - timedelta(days=1)
    job = make_job(
        acme,
        listed_at=listed,
        workplace_type="Remote",
        location="Austria",
        categories=["eng"],
        compensation=[{"type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "start": "1", "end": "2"}],
        access_restricted=True,
    )
    assert wire(job, at_linkedin) == {
        "externalJobPostingId": "TS-1",
        "title": "Gardener TS-1",
        "description": job.description,
        "companyApplyUrl": "https://jobs.example.com/apply",
        "location": "Austria",
        "listedAt": int(listed.timestamp() * 1000),
        "integrationContext": "urn:li:organization:77",
        "categories": ["eng"],
        "workplaceTypes": ["Remote"],
        "posterEmail": "poster@example.com",
        "compensation": {
            "compensations": [
                {
                    "type": "BASE_SALARY",
                    "period": "YEARLY",
                    "value": {
                        "range": {
                            "start": {"amount": "1", "currencyCode": "EUR"},
                            "end": {"amount": "2", "currencyCode": "EUR"},
                        }
                    },
                }
            ]
        },
        "listingType": "BASIC",
        "availability": "PUBLIC",
        "accessRestricted": True,
    }


@pytest.mark.parametrize(
    ("job", "customer", "sent"),
    [
        ("", "private", "PRIVATE_TO_ATS_INTEGRATION"),
        ("", "public", "PUBLIC"),
        ("public", "private", "PUBLIC"),
        ("private", "public", "PRIVATE_TO_ATS_INTEGRATION"),
    ],
)
def test_who_sees_it_is_decided_for_the_job_else_for_the_customer(
    job: str, customer: str, sent: str, acme: Customer, at_linkedin: Connection
) -> None:
    at_linkedin.customer.default_availability = customer
    assert wire(make_job(acme, availability=job), at_linkedin)["availability"] == sent


def test_what_is_live_keeps_its_visibility_when_the_customer_changes_its_mind(
    acme: Customer, at_linkedin: Connection
) -> None:
    at_linkedin.customer.default_availability = "private"
    job = make_job(acme, availability="", posting_status="live")
    assert wire(job, at_linkedin)["availability"] == "PUBLIC"
    job.posting_status, at_linkedin.customer.default_availability = "private_live", "public"
    assert wire(job, at_linkedin)["availability"] == "PRIVATE_TO_ATS_INTEGRATION"


def test_a_premium_job_names_the_contract_and_carries_no_recruiter_field(
    acme: Customer, at_linkedin: Connection
) -> None:
    at_linkedin.job_contract_urn = "urn:li:contract:9"
    sent = wire(make_job(acme, listing_type="PREMIUM", show_poster_info=True), at_linkedin)
    assert (sent["listingType"], sent["contract"], sent["showPosterInfo"]) == ("PREMIUM", "urn:li:contract:9", True)
    assert not {"availability", "state", "accessRestricted"} & sent.keys()


def test_a_public_job_in_several_places_carries_no_recruiter_field(acme: Customer, at_linkedin: Connection) -> None:
    sent = wire(make_job(acme, alternate_locations=["Wien, Austria"]), at_linkedin)
    assert sent["alternateLocations"] == ["Wien, Austria"]
    assert "availability" not in sent


@pytest.mark.parametrize("operation", [UPSERT, RENEW])
def test_what_cannot_be_said_names_field_and_rule(
    operation: Operation, acme: Customer, at_linkedin: Connection
) -> None:
    with pytest.raises(Unmappable) as raised:
        wire(make_job(acme, location=""), at_linkedin, operation)
    assert raised.value.field == "location"
    assert raised.value.detail == "Location: Enter city and country, for example Graz, Austria."


def test_our_names_of_fields_stand_in_place_of_linkedins(acme: Customer, at_linkedin: Connection) -> None:
    at_linkedin.organization_urn = ""
    job = make_job(acme, "x" * 75, listing_type="PREMIUM", availability="", title="")
    found = [problem.field for problem in records.problems(job, at_linkedin, now=timezone.now())]
    assert found == ["title", "customer", "listing_type"]


@pytest.mark.parametrize("operation", [CLOSE, None])
def test_closes_and_looks_need_nothing_but_an_id(
    operation: Operation | None, acme: Customer, at_linkedin: Connection
) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    bare = make_job(acme, title="", description="", location="", poster_email="", expire_at=yesterday)
    sent = wire(bare, at_linkedin, operation)
    assert sent["externalJobPostingId"] == "TS-1"
    assert "expireAt" not in sent


@pytest.mark.parametrize(
    ("clicked", "job", "connection", "sent"),
    [(1, 2, 3, 1), (None, 2, 3, 2), (None, None, 3, 3), (None, None, None, None)],
)
def test_the_close_reason_of_the_click_comes_before_the_jobs_and_the_connections(
    clicked: int | None, job: int | None, connection: int | None, sent: int | None,
    acme: Customer, at_greenhouse: Connection,
) -> None:  # fmt: skip
    at_greenhouse.default_close_reason_id = connection
    record = make_job(acme, requisition_id=" R-1 ", greenhouse_job_id=71, close_reason_id=job)
    params = {} if clicked is None else {"close_reason_id": clicked}
    assert records.greenhouse_job(record, at_greenhouse, CLOSE, params) == {
        "requisition_id": "R-1",
        "greenhouse_job_id": 71,
        "close_reason_id": sent,
    }


def test_a_field_that_linkedin_complains_about_is_found_under_our_name() -> None:
    assert records.our_name("companyApplyUrl") == "company_apply_url"
    assert records.our_name("externalJobPostingId") == "external_id"
    assert records.our_name("company_apply_url") == "company_apply_url"
    assert records.our_name("somethingNew") == ""
