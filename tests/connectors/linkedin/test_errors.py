"""Every documented message finds its own row, and every row has a documented message."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connectors.base.explain import Explanation, Verdict
from connectors.linkedin import refusals, task_failures
from connectors.linkedin.errors import DOCUMENTED, LAST_RESORTS, display, explain, field_at_fault

# (status, what LinkedIn writes, verdict, field at fault): linkedin.md 3.8, 3.9, 8.1 and 1.4
REFUSALS: list[tuple[int, str, Verdict, str]] = [
    (
        422,
        "ERROR :: /title :: field is required but not found and has no default value\n",
        Verdict.REJECT,
        "title",
    ),
    (422, "ERROR :: /listedAt :: soon cannot be coerced to Long\n", Verdict.REJECT, "listedAt"),
    (
        422,
        'ERROR :: /jobPostingOperationType :: "UPDATED" is not an enum symbol\n',
        Verdict.REJECT,
        "jobPostingOperationType",
    ),
    (400, "workplaceTypes field cannot have more than one value", Verdict.REJECT, "workplaceTypes"),
    (
        400,
        "Invalid company apply url for job with externalPartnerId TS-1, taskUrn urn:li:simpleJobPostingTask:1",
        Verdict.REJECT,
        "companyApplyUrl",
    ),
    (
        400,
        "Either context or company or companyPageUrl or companyName must be provided",
        Verdict.REJECT,
        "integrationContext",
    ),
    (400, "Batch key parameter value is invalid", Verdict.REJECT, ""),
    (
        400,
        "Batch request mismatch. Entity key 'atsCandidateId=C-1' not found in the query parameter.",
        Verdict.REJECT,
        "",
    ),
    (
        400,
        "The request batch size: 101 is larger than the allowed max batch size: 100 for method: batch_update",
        Verdict.RETRY,
        "",
    ),
    (
        400,
        "PUT operation not supported for URI: '/atsCandidates' with X-RestLi-Method: 'batch_create'",
        Verdict.HOLD_OPERATION,
        "",
    ),
    (401, "Invalid access token", Verdict.CREDENTIALS, ""),
    (401, "The token used in the request has expired", Verdict.CREDENTIALS, ""),
    (403, "This application is not allowed to create application tokens", Verdict.CREDENTIALS, ""),
    (
        402,
        "Insufficient job slots for contract = urn:li:contract:55501 for purchase flow",
        Verdict.CONTRACT,
        "listingType",
    ),
    (402, "Insufficient lifetime budget for contract: urn:li:contract:55501", Verdict.CONTRACT, "budget"),
    (
        403,
        "Caller is not authorized to access the jobs for contract: urn:li:contract:55501",
        Verdict.CONTRACT,
        "contract",
    ),
    (403, "Not enough permissions to access: POST /simpleJobPostings", Verdict.HOLD_OPERATION, ""),
    (
        403,
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields [/elements]",
        Verdict.HOLD_OPERATION,
        "",
    ),
    (403, "Caller is not authorized to access the fp4p contract", Verdict.CONTRACT, "budget"),
    (
        403,
        "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields "
        "[/elements/onsiteApplyConfiguration]",
        Verdict.CONTRACT,
        "onsiteApplyConfiguration",
    ),
    (403, "Not enough permissions to access: GET /jobPostingStatus", Verdict.HOLD_OPERATION, ""),
    (404, "Resource simpleJobPosting does not exist", Verdict.HOLD_OPERATION, ""),
    (409, "Cannot close job which is already closed or does not exist", Verdict.CHECK_STATUS, ""),
    (422, 'ERROR :: /employmentStatus :: "OTHERS" is not an enum symbol', Verdict.REJECT, "employmentStatus"),
    (422, "ERROR :: /experienceLevel :: enum type is not backed by a String", Verdict.REJECT, "experienceLevel"),
    (422, "The job contains more than seven locations, which is not supported", Verdict.REJECT, "alternateLocations"),
    (429, "Resource level throttle APPLICATION DAY limit for calls to this resource", Verdict.THROTTLE, ""),
    (500, "Internal Server Error", Verdict.RETRY, ""),
    (504, "Gateway Timeout", Verdict.RETRY, ""),
]
# the same rows in other words: linkedin.md 3.8, 8.1 and the page "Close Jobs"
VARIANTS: list[tuple[int, str, str]] = [
    (401, "Empty oauth2_access_token", "Invalid access token"),
    (
        400,
        "Batch request mismatch. URI keys: '[N-1]' Entity keys: '[N-2]'",
        "Batch request mismatch. Entity key 'N-1' not found in the query parameter.",
    ),
    (400, "Duplicate key in batch request body: 'N-1'", "Batch request mismatch. URI keys: 'a' Entity keys: 'b'"),
    (401, "The token used in the request is expired", "The token used in the request has expired"),
    (
        422,
        'ERROR :: /experienceLevel :: "SENIOR" is not an enum symbol',
        'ERROR :: /state :: "OPEN" is not an enum symbol',
    ),
    (422, "ERROR :: /title :: 12 cannot be coerced to String", "ERROR :: /listedAt :: x cannot be coerced to Long"),
    (
        403,
        "Not enough permissions to access: PUT /atsCandidates",
        "Not enough permissions to access: POST /provisionedApplications",
    ),
]

# (errorMessage, verdict, field at fault): linkedin.md 3.10
TASK_FAILURES: list[tuple[str, Verdict, str]] = [
    (
        "A job with same partnerIdentifier already exists, this is a duplicate creation request",
        Verdict.ALREADY_EXISTS,
        "externalJobPostingId",
    ),
    (
        "Operation type UPDATE is not allowed for a non-existing job",
        Verdict.NOT_FOUND_THERE,
        "externalJobPostingId",
    ),
    ("Invalid Field: /description, must contain at least 100 characters", Verdict.REJECT, "description"),
    ("Invalid Field: /city; /postalCode; /state; /geoLocation", Verdict.REJECT, "location"),
    ("Failed: [JOB_FIELD_PROCESSOR_COMPANY]", Verdict.REJECT, "integrationContext"),
    ("Failed: [JOB_FIELD_PROCESSOR_COMPANY_APPLY_URL]", Verdict.REJECT, "companyApplyUrl"),
    ("Failed: [JOB_FIELD_PROCESSOR_COUNTRY_CODE]", Verdict.REJECT, "location"),
    ("Failed: [JOB_FIELD_PROCESSOR_DESCRIPTION]", Verdict.REJECT, "description"),
    ("Failed: [JOB_FIELD_PROCESSOR_TITLE]", Verdict.REJECT, "title"),
    ("Failed: [JOB_FIELD_PROCESSOR_EXPERIENCE]", Verdict.REJECT, "experienceLevel"),
    ("Failed: [JOB_FIELD_PROCESSOR_JOB_CATEGORY]", Verdict.REJECT, "categories"),
    ("Failed: [JOB_FIELD_PROCESSOR_JOB_TYPE]", Verdict.REJECT, "employmentStatus"),
    ("Failed: [JOB_FIELD_PROCESSOR_ORIGINAL_JOB_CODE]", Verdict.REJECT, "companyJobCode"),
    ("The job has too many associated job functions", Verdict.REJECT, "categories"),
    ("[MISSING_INDUSTRY_CODES]", Verdict.REJECT, "industries"),
    ("[MISSING_JOB_CAMPAIGN]", Verdict.REJECT, "partnerJobCampaignId"),
    (
        "This job could not be published because there is a {:duplicateJobPostingUrl,anchor,text#duplicate job} "
        "posted on LinkedIn",
        Verdict.REJECT,
        "",
    ),
    ("This employer is missing a connection to a LinkedIn company page", Verdict.REJECT, ""),
    ("The employer not opted in", Verdict.REJECT, ""),
    ("There is a global block on job exports", Verdict.REJECT, ""),
    ("This job was deliberately marked as ignored", Verdict.REJECT, ""),
    ("The company page {:page,anchor,text#Example} has blocked the posting of this job", Verdict.REJECT, ""),
    ("The countryCode was not in the country allowlist", Verdict.REJECT, "location"),
    ("The job was flagged as low quality", Verdict.REJECT, "description"),
    ("The job was determine to be spam", Verdict.REJECT, "description"),
    ("The job had a validation error", Verdict.REJECT, ""),
    ("The job was manually taken down", Verdict.REJECT, ""),
    ("The job has trust related restrictions", Verdict.REJECT, ""),
    ("The poster specifically asking to not publish jobs", Verdict.REJECT, "posterEmail"),
    ("The job was closed by original poster", Verdict.REJECT, ""),
    ("The job's budget has ran out", Verdict.REJECT, ""),
    ("The account level budget is used up", Verdict.REJECT, ""),
    ("There was a post payment failure", Verdict.REJECT, ""),
    ("An unexpected error happened, a catch-all", Verdict.RETRY, ""),
]
TASK_VARIANTS: list[tuple[str, str]] = [
    (
        "Operation type RENEW is not allowed for a non-existing job",
        "Operation type UPDATE is not allowed for a non-existing job",
    ),
    (
        "Invalid Field: /description. Must be between 100 - 25,000",
        "Invalid Field: /description, at least 100 characters",
    ),
    ("[JOB_FIELD_PROCESSOR_COMPANY_NAME]", "[JOB_FIELD_PROCESSOR_COMPANY]"),
    ("[JOB_FIELD_PROCESSOR_SOURCE_DOMAIN]", "[JOB_FIELD_PROCESSOR_COMPANY_APPLY_URL]"),
    ("[JOB_FIELD_PROCESSOR_SOURCE_URL]", "[JOB_FIELD_PROCESSOR_COMPANY_APPLY_URL]"),
    ("The job has an invalid Job URL", "[JOB_FIELD_PROCESSOR_COMPANY_APPLY_URL]"),
    ("[MISSING_SOURCE_DOMAIN]", "[JOB_FIELD_PROCESSOR_COMPANY_APPLY_URL]"),
    ("[JOB_FIELD_PROCESSOR_GEO_LOCATION]", "[JOB_FIELD_PROCESSOR_COUNTRY_CODE]"),
    ("[JOB_FIELD_PROCESSOR_STANDARDIZED_LOCATION]", "[JOB_FIELD_PROCESSOR_COUNTRY_CODE]"),
    ("We could not standardize the address", "[JOB_FIELD_PROCESSOR_COUNTRY_CODE]"),
    ("The job has an invalid location", "[JOB_FIELD_PROCESSOR_COUNTRY_CODE]"),
    ("The job has missing location data", "[JOB_FIELD_PROCESSOR_COUNTRY_CODE]"),
    ("[JOB_FIELD_PROCESSOR_SOURCE_JOB_CODE]", "[JOB_FIELD_PROCESSOR_ORIGINAL_JOB_CODE]"),
    ("The job has an invalid job campaign", "[MISSING_JOB_CAMPAIGN]"),
    ("The job source not opted in", "The employer not opted in"),
    ("There is no job budget available", "The job's budget has ran out"),
    ("There is no affordable offer", "The job's budget has ran out"),
    ("The duration limit was reached", "The job's budget has ran out"),
    ("The free trial budget is used up", "The account level budget is used up"),
]


def rows_of(words: str) -> list[Explanation]:
    text = display(words)
    return [row for row in DOCUMENTED if re.search(row.pattern, text, re.IGNORECASE | re.DOTALL)]


@pytest.mark.parametrize(("status", "words", "verdict", "field"), REFUSALS)
def test_a_documented_refusal_finds_its_own_row(status: int, words: str, verdict: Verdict, field: str) -> None:
    row = explain(words=words, status=status)
    assert rows_of(words) == [row]
    assert row in refusals.DOCUMENTED
    assert str(status) in row.where
    assert (row.verdict, field_at_fault(words, status=status)) == (verdict, field)


@pytest.mark.parametrize(("words", "verdict", "field"), TASK_FAILURES)
def test_a_documented_task_failure_finds_its_own_row(words: str, verdict: Verdict, field: str) -> None:
    row = explain(words=words, task=True)
    assert rows_of(words) == [row]
    assert row in task_failures.DOCUMENTED
    assert (row.verdict, field_at_fault(words, task=True)) == (verdict, field)


@pytest.mark.parametrize(("status", "words", "same_as"), VARIANTS)
def test_other_words_of_a_refusal_find_the_same_row(status: int, words: str, same_as: str) -> None:
    assert rows_of(words) == rows_of(same_as) == [explain(words=words, element_status=status)]


@pytest.mark.parametrize(("words", "same_as"), TASK_VARIANTS)
def test_other_words_of_a_task_failure_find_the_same_row(words: str, same_as: str) -> None:
    assert rows_of(words) == rows_of(same_as) == [explain(words=words, task=True)]


def test_every_row_has_one_documented_message_and_no_two_share_one() -> None:
    hit = [explain(words=words, status=status) for status, words, *_ in REFUSALS]
    hit += [explain(words=words, task=True) for words, *_ in TASK_FAILURES]
    assert len(hit) == len(set(hit)) == len(DOCUMENTED)
    assert set(hit) == set(DOCUMENTED)


def test_words_are_known_wherever_linkedin_writes_them() -> None:
    """linkedin.md 10.1, row 26: a wrong close may be a 409 of the call, of the element, or a failed task."""
    words = "Cannot close job which is already closed or does not exist"
    by_call, by_element = explain(words=words, status=409), explain(words=words, status=200, element_status=409)
    assert by_call == by_element == explain(words=words, task=True)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (400, Verdict.REJECT),
        (401, Verdict.CREDENTIALS),
        (402, Verdict.CONTRACT),
        (403, Verdict.HOLD_OPERATION),
        (404, Verdict.NOT_FOUND_THERE),
        (409, Verdict.CHECK_STATUS),
        (413, Verdict.REJECT),
        (414, Verdict.REJECT),
        (418, Verdict.REJECT),
        (422, Verdict.REJECT),
        (426, Verdict.HOLD_OPERATION),
        (429, Verdict.THROTTLE),
        (500, Verdict.RETRY),
        (503, Verdict.RETRY),
        (None, Verdict.RETRY),
        (200, Verdict.RETRY),
    ],
)
def test_words_that_are_new_to_us_are_explained_by_their_status(status: int | None, verdict: Verdict) -> None:
    for words in ("Something nobody wrote down", ""):
        row = explain(words=words, status=status)
        assert row in LAST_RESORTS
        assert row.verdict is verdict


def test_an_unknown_task_failure_needs_a_person_and_a_wordless_one_is_tried_again() -> None:
    assert explain(words="Something new", task=True).verdict is Verdict.REJECT
    assert explain(words="", task=True).verdict is Verdict.RETRY


def test_every_row_says_what_it_means_and_what_to_do() -> None:
    for row in (*DOCUMENTED, *LAST_RESORTS):
        assert row.meaning.endswith(".")
        assert row.remedy.endswith(".")
        assert row.meaning != row.remedy


def test_every_sentence_is_marked_for_translation() -> None:
    for module in (refusals, task_failures):
        source = Path(module.__file__ or "").read_text()
        assert len(re.findall(r"(?:meaning|remedy)=_\(", source)) == 2 * source.count("Explanation(\n")


def test_link_placeholders_are_shown_as_their_text() -> None:
    said = "Contact {:linkInfo,anchor,text#Customer Support} about {:jobUrl ,anchor,text#this job}.\nThanks{:end}"
    assert display(said) == "Contact Customer Support about this job. Thanks"
    assert display("A {brace} stays") == "A {brace} stays"
