from __future__ import annotations

from dataclasses import fields

import pytest

from connectors.linkedin.records import (
    Budget,
    Compensation,
    JobPosting,
    Money,
    OnsiteApplyConfiguration,
    attribute_named,
    wire_name,
)
from tests.connectors.linkedin.builders import BASIC

# linkedin.md 3.3-3.5
SCHEMA = {
    "integrationContext",
    "companyName",
    "companyPageUrl",
    "companyApplyUrl",
    "externalJobPostingId",
    "title",
    "description",
    "listedAt",
    "location",
    "alternateLocations",
    "categories",
    "skillsDescription",
    "companyJobCode",
    "workplaceTypes",
    "workRemoteAllowed",
    "industries",
    "employmentStatus",
    "experienceLevel",
    "trackingPixelUrl",
    "companyDescription",
    "expireAt",
    "listingType",
    "posterEmail",
    "compensation",
    "partnerRequisitionId",
    "partnerJobCampaignId",
    "contract",
    "showPosterInfo",
    "availability",
    "state",
    "accessRestricted",
    "requisitionOwnerEmail",
    "requisitionOwnerFirstName",
    "requisitionOwnerLastName",
    "countryCode",
    "postalCode",
    "onsiteApplyConfiguration",
    "budget",
}


def test_a_basic_job_sends_what_it_has_and_nothing_empty() -> None:
    assert BASIC.to_wire() == {
        "externalJobPostingId": "TS-1",
        "title": "Engineer",
        "description": "<p>We build bridges.</p>",
        "companyApplyUrl": "https://careers.example.com/apply/1",
        "location": "Graz, Austria",
        "listedAt": 1_700_000_000_000,
        "integrationContext": "urn:li:organization:77",
        "posterEmail": "poster@example.com",
        "listingType": "BASIC",
    }


def test_every_field_of_the_schema_travels_under_its_own_name() -> None:
    full = JobPosting(
        external_job_posting_id="TS-1",
        integration_context="urn:li:organization:77",
        company_name="Example",
        company_page_url="https://www.linkedin.com/company/example/",
        company_description="We are",
        company_apply_url="https://a.example.com",
        company_job_code="J-1",
        title="t",
        description="d",
        skills_description="s",
        listed_at=1,
        expire_at=2,
        location="Graz, Austria",
        alternate_locations=("Wien, Austria",),
        categories=("eng", "it"),
        industries=("urn:li:industry:55",),
        workplace_types=("Hybrid",),
        work_remote_allowed=False,
        employment_status="FULL_TIME",
        experience_level="ASSOCIATE",
        tracking_pixel_url="https://p.example.com",
        poster_email="p@example.com",
        compensation=(Compensation(type="BASE_SALARY", period="YEARLY", currency="EUR", exact="95000"),),
        partner_requisition_id="R-1",
        partner_job_campaign_id="C-1",
        listing_type="PREMIUM",
        contract="urn:li:contract:5",
        show_poster_info=True,
        availability="PUBLIC",
        state="LISTED",
        access_restricted=False,
        requisition_owner_email="o@example.com",
        requisition_owner_first_name="A",
        requisition_owner_last_name="B",
        country_code="AT",
        postal_code="8010",
        onsite_apply_configuration=OnsiteApplyConfiguration(
            job_application_webhook_url="https://ats.example.com/take", questions={"resumeQuestions": {}}
        ),
        budget=Budget(pay_for_performance_total_budget=Money(amount="500", currency_code="EUR")),
    )
    wire = full.to_wire()
    assert len(wire) == len(fields(JobPosting))
    assert set(wire) == SCHEMA
    assert (wire["workplaceTypes"], wire["categories"]) == (["Hybrid"], ["eng", "it"])
    assert wire["workRemoteAllowed"] is False
    assert wire["budget"] == {"payForPerformanceTotalBudget": {"amount": "500", "currencyCode": "EUR"}}
    assert wire["onsiteApplyConfiguration"] == {
        "jobApplicationWebhookUrl": "https://ats.example.com/take",
        "questions": {"resumeQuestions": {}},
    }
    assert isinstance(wire["externalJobPostingId"], str)


def test_the_operation_is_not_part_of_the_record() -> None:
    assert "jobPostingOperationType" not in BASIC.to_wire()


def test_other_employment_is_said_by_leaving_the_field_out() -> None:
    """linkedin.md 10.1, row 16."""
    assert "employmentStatus" not in JobPosting(external_job_posting_id="a", employment_status="OTHER").to_wire()


@pytest.mark.parametrize(
    ("pay", "value"),
    [
        ({"exact": "19.50"}, {"exactAmount": {"amount": "19.50", "currencyCode": "EUR"}}),
        (
            {"start": "1", "end": "2"},
            {
                "range": {
                    "start": {"amount": "1", "currencyCode": "EUR"},
                    "end": {"amount": "2", "currencyCode": "EUR"},
                }
            },
        ),
    ],
)
def test_pay_is_an_exact_amount_or_a_range_of_texts(pay: dict[str, str], value: object) -> None:
    """linkedin.md 3.5: an amount is text, a range has two ends."""
    job = JobPosting(
        external_job_posting_id="a", compensation=(Compensation(type="TIPS", period="HOURLY", currency="EUR", **pay),)
    )
    assert job.to_wire()["compensation"] == {
        "compensations": [{"type": "TIPS", "period": "HOURLY", "value": value}],
    }


def test_applying_at_linkedin_without_questions_asks_nothing_more() -> None:
    """linkedin.md 3.4: the address alone will do."""
    apply = OnsiteApplyConfiguration(job_application_webhook_url="https://ats.example.com/take")
    job = JobPosting(external_job_posting_id="a", onsite_apply_configuration=apply)
    assert job.to_wire()["onsiteApplyConfiguration"] == {"jobApplicationWebhookUrl": "https://ats.example.com/take"}


def test_a_field_linkedin_complains_about_is_found_in_our_spelling() -> None:
    for field in fields(JobPosting):
        assert attribute_named(wire_name(field.name), JobPosting) == field.name
    assert attribute_named("jobPostingOperationType", JobPosting) == ""
