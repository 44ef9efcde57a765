"""One test per documented rule: what is accepted, what is not, and at which field (linkedin.md 3.3-3.6, 10.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from connectors.linkedin.records import Budget, Compensation, JobPosting, Money, OnsiteApplyConfiguration
from connectors.linkedin.rules import counted, problems, visible
from connectors.linkedin.rules.job_posting import DAY
from tests.connectors.linkedin.builders import BASIC

NOW = 1_784_548_800_000
GOOD = replace(BASIC, description="x" * 100)
RSC = replace(GOOD, availability="PRIVATE_TO_ATS_INTEGRATION")
PREMIUM = replace(GOOD, listing_type="PREMIUM", contract="urn:li:contract:55501")


def at_fault(posting: JobPosting) -> set[str]:
    found = problems(posting, now_ms=NOW)
    assert all(problem.rule.endswith(".") for problem in found)
    return {problem.field for problem in found}


def faults(base: JobPosting = GOOD, **fields: Any) -> set[str]:
    return at_fault(replace(base, **fields))


def pay(**fields: str) -> tuple[Compensation, ...]:
    given = {"type": "BASE_SALARY", "period": "YEARLY", "currency": "EUR", "exact": "95000", **fields}
    return (Compensation(**given),)


@pytest.mark.parametrize("posting", [GOOD, RSC, PREMIUM])
def test_a_good_job_has_no_problems(posting: JobPosting) -> None:
    assert problems(posting, now_ms=NOW) == []


def test_an_empty_job_names_every_required_field() -> None:
    assert at_fault(JobPosting(external_job_posting_id="")) == {
        "external_job_posting_id",
        "title",
        "description",
        "integration_context",
        "company_apply_url",
        "location",
        "listed_at",
        "poster_email",
    }


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("external_job_posting_id", ["a", "x" * 75, "REQ.12/ä"], ["", "  ", "x" * 76]),
        ("title", ["Koch", "x" * 200], ["", " ", "x" * 201, "\U0001f511" * 101]),
        ("skills_description", ["", "x" * 4000], ["x" * 4001]),
        ("company_page_url", ["https://www.linkedin.com/company/example/", "https://www.linkedin.com/company/ex-1"],
         ["https://example.com/company/x", "www.linkedin.com/company/x", "https://www.linkedin.com/company/"]),
        ("company_apply_url", ["https://a.example.com/x?y=1#z", "http://a.example.com"],
         ["", "a.example.com", "/apply", "ftp://a.example.com", "http://localhost:0000", "https://a b.example.com",
          "mailto:a@example.com", "https://[broken"]),
        ("tracking_pixel_url", ["", "https://p.example.com/1.gif"], ["pixel", "//p.example.com"]),
        ("integration_context", ["urn:li:organization:77"], ["77", "urn:li:contract:77", "urn:li:organization:"]),
        ("location", ["Graz, Austria", "8010, AT", "San Francisco, California, United States"], ["", " ", "Austria"]),
        ("alternate_locations", [(), ("Wien, Austria",) * 6], [("Wien, Austria",) * 7, ("",)]),
        ("categories", [(), ("eng",), ("acct", "sale", "eng")], [("eng",) * 4, ("Engineering",), ("",)]),
        ("industries", [(), ("urn:li:industry:55",)], [("55",), ("urn:li:industry:x",)]),
        ("workplace_types", [(), ("On-site",), ("Hybrid",), ("Remote",)], [("On-site", "Remote"), ("remote",), ("",)]),
        ("employment_status", ["", "FULL_TIME", "OTHER"], ["Full-time", "FULLTIME"]),
        ("experience_level", ["", "MID_SENIOR_LEVEL", "NOT_APPLICABLE"], ["SENIOR"]),
        ("listing_type", ["BASIC"], ["", "FREE"]),
        ("poster_email", ["a@example.com"], ["", "a", "a@example", "a b@example.com"]),
        ("listed_at", [NOW, NOW - 400 * DAY, 10**12 + 1], [None, 0, 1_440_716_666, 10**12, NOW + 1]),
        ("expire_at", [None, NOW + DAY, NOW + 180 * DAY], [NOW - 1, NOW + DAY - 1, NOW + 180 * DAY + 1]),
    ],
)  # fmt: skip
def test_a_field_accepts_what_the_schema_accepts_and_nothing_else(field: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert faults(**{field: value}) == set(), value
    for value in bad:
        assert faults(**{field: value}) == {field}, value


def test_a_description_has_100_to_25000_characters() -> None:
    assert faults(description="x" * 25_000) == set()
    assert faults(description="x" * 25_001) == {"description"}
    assert faults(description="x" * 99) == {"description"}


def test_tags_count_towards_the_most_but_not_towards_the_least() -> None:
    assert faults(description="<b>" * 40 + "x" * 99) == {"description"}
    assert faults(description="<p>" + "x" * 100 + "</p>") == set()
    assert faults(description="<p>" + "x" * 24_998) == {"description"}
    assert visible("<p>a <b>b</b><br/>1 < 2</p>") == "a b1 < 2"


def test_length_is_counted_as_linkedins_servers_count() -> None:
    assert (counted("aü€"), counted("\U0001f511")) == (3, 2)


def test_one_of_three_ways_to_name_the_company_is_enough() -> None:
    assert faults(integration_context="", company_name="Example") == set()
    assert faults(integration_context="", company_page_url="https://www.linkedin.com/company/example/") == set()
    assert faults(integration_context="") == {"integration_context"}


def test_a_country_alone_is_a_location_for_remote_jobs_only() -> None:
    assert faults(location="Austria", workplace_types=("Remote",)) == set()
    assert faults(location="Austria", work_remote_allowed=True) == set()
    assert faults(location="Austria", workplace_types=("Hybrid",)) == {"location"}


def test_recruiter_jobs_may_give_country_and_postal_code_instead_of_a_location() -> None:
    assert faults(RSC, location="", country_code="AT", postal_code="8010") == set()
    assert faults(RSC, location="", country_code="AT") == {"location"}
    assert faults(RSC, country_code="Austria") == {"country_code"}


def test_a_premium_job_lives_for_at_most_90_days() -> None:
    assert faults(PREMIUM, expire_at=NOW + 90 * DAY) == set()
    assert faults(PREMIUM, expire_at=NOW + 90 * DAY + 1) == {"expire_at"}


def test_a_premium_job_needs_a_contract() -> None:
    assert faults(PREMIUM, contract="") == {"contract"}
    assert faults(PREMIUM, contract="55501") == {"contract"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("availability", "PUBLIC"),
        ("state", "LISTED"),
        ("access_restricted", False),
        ("requisition_owner_email", "o@example.com"),
        ("requisition_owner_first_name", "A"),
        ("requisition_owner_last_name", "B"),
        ("country_code", "AT"),
        ("postal_code", "8010"),
    ],
)
def test_a_premium_job_carries_no_recruiter_field_and_a_recruiter_field_needs_a_visibility(
    field: str, value: object
) -> None:
    assert faults(PREMIUM, **{field: value}) == {field}
    assert faults(RSC, **{field: value}) == set()
    assert faults(GOOD, **{field: value}) == (set() if field == "availability" else {"availability"})


def test_a_recruiter_job_has_a_known_visibility_and_state_and_one_location() -> None:
    assert faults(RSC, availability="PRIVATE") == {"availability"}
    assert faults(RSC, state="OPEN") == {"state"}
    assert faults(RSC, alternate_locations=("Wien, Austria",)) == {"alternate_locations"}
    assert faults(RSC, requisition_owner_email="owner") == {"requisition_owner_email"}


def test_an_internal_job_needs_a_contract() -> None:
    assert faults(RSC, availability="INTERNAL") == {"contract"}
    assert faults(RSC, availability="INTERNAL", contract="urn:li:contract:1") == set()


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"exact": "19.50"},
        {"exact": "", "start": "1", "end": "1"},
    ],
)
def test_good_pay_is_accepted(good: dict[str, str]) -> None:
    assert faults(compensation=pay(**good)) == set()


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "SALARY"},
        {"period": "EVERY_YEAR"},
        {"currency": "eur"},
        {"currency": "EURO"},
        {"currency": ""},
        {"exact": ""},
        {"start": "1"},
        {"exact": "", "start": "1"},
        {"exact": "", "end": "9"},
        {"exact": "95,000"},
        {"exact": "-1"},
        {"exact": "1e5"},
        {"exact": "NaN"},
        {"exact": "٣"},
        {"exact": "", "start": "10", "end": "9.99"},
    ],
)
def test_bad_pay_is_not(bad: dict[str, str]) -> None:
    assert faults(compensation=pay(**bad)) == {"compensation"}


# Pay for performance (linkedin.md 3.4)


def budget(amount: str = "500", currency: str = "EUR") -> Budget:
    return Budget(pay_for_performance_total_budget=Money(amount=amount, currency_code=currency))


def test_a_budget_needs_a_contract_that_pays() -> None:
    """linkedin.md 3.8: it is a contract that may or may not be used for it."""
    assert faults(budget=budget(), contract="urn:li:contract:5") == set()
    assert faults(budget=budget()) == {"budget"}
    assert faults(PREMIUM, budget=budget()) == set()


@pytest.mark.parametrize("amount", ["", "0", "0.00", "-1", "1,000", "1e3", "much"])
def test_a_budget_is_a_number_above_zero(amount: str) -> None:
    assert faults(budget=budget(amount), contract="urn:li:contract:5") == {"budget"}


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "€"])
def test_a_budget_has_a_currency(currency: str) -> None:
    assert faults(budget=budget(currency=currency), contract="urn:li:contract:5") == {"currency_code"}


def test_a_job_with_a_budget_carries_no_recruiter_field() -> None:
    found = faults(RSC, budget=budget(), contract="urn:li:contract:5", requisition_owner_email="o@example.com")
    assert found == {"availability", "requisition_owner_email"}


# Apply Connect (linkedin.md 3.4, 9.2)


def apply_at_linkedin(url: str = "https://ats.example.com/take", **questions: Any) -> OnsiteApplyConfiguration:
    return OnsiteApplyConfiguration(job_application_webhook_url=url, questions=questions)


def asks(*identifiers: str) -> dict[str, Any]:
    questions = [{"partnerQuestionIdentifier": each, "questionText": "Why?"} for each in identifiers]
    return {"customQuestionSets": [{"repeatLimit": 1, "questions": questions}]}


def test_people_apply_at_linkedin_with_or_without_questions() -> None:
    assert faults(onsite_apply_configuration=apply_at_linkedin()) == set()
    known = apply_at_linkedin(resumeQuestions={}, additionalQuestions=asks("q1", "q2"))
    assert faults(onsite_apply_configuration=known) == set()
    assert faults(RSC, onsite_apply_configuration=known) == set()
    assert faults(PREMIUM, onsite_apply_configuration=known) == set()


@pytest.mark.parametrize(
    "url",
    ["", "ats.example.com/take", "http://ats.example.com/take", "https://localhost/take", "https://a1.ngrok.io/take"],
)
def test_applications_go_to_an_address_that_can_answer_linkedins_challenge(url: str) -> None:
    """linkedin.md 9.2: LinkedIn calls it, and does not accept ngrok."""
    found = faults(onsite_apply_configuration=apply_at_linkedin(url, resumeQuestions={}))
    assert found == {"job_application_webhook_url"}


@pytest.mark.parametrize(
    "questions",
    [
        {"hobbyQuestions": {}},
        {"resumeQuestions": "yes"},
        {"additionalQuestions": asks("q1", "q1")},
        {"additionalQuestions": asks("q1"), "workQuestions": {"deep": [{"partnerQuestionIdentifier": "q1"}]}},
    ],
)
def test_questions_are_in_known_sections_and_told_apart(questions: dict[str, Any]) -> None:
    """LinkedIn's page of the schema: an identifier stands once in a job."""
    assert faults(onsite_apply_configuration=apply_at_linkedin(**questions)) == {"questions"}
