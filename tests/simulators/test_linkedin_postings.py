"""`simpleJobPostings` batch_create: what is taken in and what is refused, in the documents' words (3.1 to 3.8)."""

from __future__ import annotations

import time
from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, LinkedinCaller, in_recruiter, job, premium

REQUIRED = "field is required but not found and has no default value"
OPERATIONS = ["CREATE", "UPDATE", "RENEW", "CLOSE"]


def _error(caller: LinkedinCaller, element: dict[str, Any]) -> dict[str, Any]:
    answered = caller.elements(element)[0]
    assert answered["status"] == answered["error"]["status"]
    error: dict[str, Any] = answered["error"]
    return error


def test_each_element_is_answered_at_its_place(caller: LinkedinCaller) -> None:
    good, bad, other = caller.elements(job("A"), job("B", title=...), job("C"))
    assert (good["status"], bad["status"], other["status"]) == (202, 422, 202)
    assert good["id"].startswith("urn:li:simpleJobPostingTask:")
    assert good["location"].startswith("/simpleJobPostings/urn%3Ali%3A")
    assert bad["error"] == {"status": 422, "message": f"ERROR :: /title :: {REQUIRED}\n"}


def test_a_bad_element_does_not_keep_the_good_ones_back(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.elements(job("A"), job("B", title=...))
    linkedin.finish_tasks()
    assert linkedin.posting("A") is not None
    assert linkedin.posting("B") is None


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    "field",
    [
        "companyApplyUrl",
        "externalJobPostingId",
        "jobPostingOperationType",
        "title",
        "description",
        "listedAt",
        "location",
        "posterEmail",
    ],
)
def test_required_fields_are_required_on_every_operation(caller: LinkedinCaller, operation: str, field: str) -> None:
    assert _error(caller, job("A", operation, **{field: ...}))["message"] == f"ERROR :: /{field} :: {REQUIRED}\n"


def test_the_poster_was_optional_before_june_2025(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(poster_email_required=False)
    assert caller.elements(job("A", posterEmail=...))[0]["status"] == 202


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"listedAt": "yesterday"}, "/listedAt :: yesterday cannot be coerced to Long"),
        ({"listedAt": 1.5}, "/listedAt :: 1.5 cannot be coerced to Long"),
        ({"title": 5}, "/title :: 5 cannot be coerced to String"),
        ({"workRemoteAllowed": "yes"}, "/workRemoteAllowed :: yes cannot be coerced to Boolean"),
        ({"jobPostingOperationType": "UPDATED"}, '/jobPostingOperationType :: "UPDATED" is not an enum symbol'),
        ({"jobPostingOperationType": 1}, "/jobPostingOperationType :: enum type is not backed by a String"),
        ({"jobPostingOperationType": "UPGRADE"}, '/jobPostingOperationType :: "UPGRADE" is not an enum symbol'),
        ({"title": "x" * 201}, "is out of range 1...200"),
        ({"externalJobPostingId": ""}, "is out of range 1...75"),
        ({"externalJobPostingId": "x" * 76}, "is out of range 1...75"),
        ({"skillsDescription": "x" * 4001}, "is out of range 0...4000"),
        ({"companyJobCode": ""}, "/companyJobCode :: length of"),
        ({"alternateLocations": "Linz"}, "/alternateLocations :: Linz cannot be coerced to Array"),
        ({"industries": ["55"]}, "/industries :: 55 is not a valid urn:li:industry"),
        ({"companyJobCode": None}, "/companyJobCode :: null cannot be coerced to String"),
        ({"partnerRequisitionId": "R-1"}, "/partnerRequisitionId :: unrecognized field found but not allowed"),
        ({"workplaceTypes": ["Moon"]}, '/workplaceTypes/0 :: "Moon" is not an enum symbol'),
    ],
)
def test_faults_of_one_element(caller: LinkedinCaller, fields: dict[str, Any], message: str) -> None:
    error = _error(caller, job("A", **fields))
    assert error["status"] == 422
    assert error["message"].startswith("ERROR :: ")
    assert message in error["message"]


def test_all_faults_of_an_element_are_told_at_once(caller: LinkedinCaller) -> None:
    message = _error(caller, job("A", title=..., listedAt="x"))["message"]
    assert message.count("ERROR :: ") == 2


def test_one_workplace_and_no_more(caller: LinkedinCaller) -> None:
    error = _error(caller, job("A", workplaceTypes=["Hybrid", "Remote"]))
    assert error == {"status": 400, "message": "workplaceTypes field cannot have more than one value"}


@pytest.mark.parametrize(
    "moment",
    [1_440_716_666, 123_456_789, int(time.time() * 1000) + 3_600_000],
    ids=["in seconds", "too short", "to come"],
)
def test_listed_at_is_a_past_moment_in_milliseconds(caller: LinkedinCaller, moment: int) -> None:
    error = _error(caller, job("A", listedAt=moment))
    assert (error["status"], error["code"]) == (422, "ERROR_INVALID_LISTED_AT_FIELD")
    assert error["errorDetails"] == {"externalJobPostingId": "A"}


@pytest.mark.parametrize(("build", "days", "taken"), [(job, 179, 1), (job, 181, 0), (premium, 89, 1), (premium, 91, 0)])
def test_how_far_ahead_a_posting_may_end(
    linkedin: Linkedin, caller: LinkedinCaller, build: Any, days: int, taken: int
) -> None:
    end = linkedin.clock.milliseconds() + days * 86_400_000
    assert (caller.elements(build("A", expireAt=end))[0]["status"] == 202) == bool(taken)


def test_a_close_may_repeat_an_end_that_has_passed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    soon = linkedin.clock.milliseconds() + 86_400_000
    caller.post(job("A", expireAt=soon))
    caller.post(job("A", "RENEW", expireAt=soon))
    linkedin.advance(2 * 86_400)
    caller.log_in()
    assert caller.elements(job("A", "CLOSE", expireAt=soon))[0]["status"] == 202


@pytest.mark.parametrize(
    ("compensation", "path"),
    [
        ({}, "/compensation/compensations :: field is required"),
        ({"type": "WAGE"}, '/compensation/compensations/0/type :: "WAGE" is not an enum symbol'),
        ({"period": ...}, "/compensation/compensations/0/period :: field is required"),
        ({"value": ...}, "/compensation/compensations/0/value :: field is required"),
        ({"value": {"exactAmount": {"amount": 1, "currencyCode": "EUR"}}}, "/amount :: 1 cannot be coerced to String"),
        (
            {"value": {"range": {"start": {"amount": "1", "currencyCode": "EUR"}}}},
            "/value/range/end :: field is required",
        ),
        ({"value": {"about": "1"}}, "is not a member type of union"),
        ({"value": {"exactAmount": {"amount": "1"}}}, "/value/exactAmount/currencyCode :: field is required"),
    ],
)
def test_compensation_has_its_own_rules(caller: LinkedinCaller, compensation: dict[str, Any], path: str) -> None:
    money = {"amount": "95000", "currencyCode": "EUR"}
    row = {
        "type": "BASE_SALARY",
        "period": "YEARLY",
        "value": {"range": {"start": money, "end": money}},
        **compensation,
    }
    row = {name: value for name, value in row.items() if value is not ...}
    sent = {"compensations": [row]} if compensation else {}
    assert path in _error(caller, job("A", compensation=sent))["message"]


def test_a_compensation_row_is_an_object(caller: LinkedinCaller) -> None:
    error = _error(caller, job("A", compensation={"compensations": ["95000"]}))
    assert "/compensation/compensations/0 :: 95000 cannot be coerced" in error["message"]


def test_a_right_compensation_is_taken(caller: LinkedinCaller) -> None:
    money = {"amount": "95000", "currencyCode": "EUR"}
    rows = [
        {"type": "BASE_SALARY", "period": "YEARLY", "value": {"range": {"start": money, "end": money}}},
        {"type": "BONUS", "period": "MONTHLY", "value": {"exactAmount": money}},
    ]
    assert caller.elements(job("A", compensation={"compensations": rows}))[0]["status"] == 202


# Faults for which the documents list an error of the whole call.


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"employmentStatus": "SOMETIMES"}, 422, "ERROR :: /employmentStatus :: SOMETIMES is not an enum symbol"),
        ({"experienceLevel": "WIZARD"}, 422, "ERROR :: /experienceLevel :: WIZARD is not an enum symbol"),
        ({"experienceLevel": 3}, 422, "ERROR :: /experienceLevel :: enum type is not backed by a String"),
        ({"state": "OPEN"}, 422, "ERROR :: /state :: OPEN is not an enum symbol"),
        ({"availability": "SECRET"}, 422, "ERROR :: /availability :: SECRET is not an enum symbol"),
        ({"listingType": "GOLD"}, 422, "ERROR :: /listingType :: GOLD is not an enum symbol"),
        ({"alternateLocations": ["Linz, Austria"] * 7}, 422, "The job contains more than seven locations"),
        (
            {"integrationContext": ...},
            400,
            "Either context or company or companyPageUrl or companyName must be provided",
        ),
        ({"companyApplyUrl": "http://[::1/x"}, 400, "Invalid company apply url for job with externalPartnerId B"),
        ({"companyApplyUrl": "careers.example.com"}, 400, "Invalid company apply url for job with externalPartnerId B"),
        (
            {"companyApplyUrl": "http://localhost:0000"},
            400,
            "Invalid company apply url for job with externalPartnerId B",
        ),
        ({"externalJobPostingId": 4711}, 500, "Internal Server Error"),
    ],
)
def test_faults_that_spoil_the_whole_call(
    linkedin: Linkedin, caller: LinkedinCaller, fields: dict[str, Any], status: int, message: str
) -> None:
    answer = caller.send(job("A"), job("B", **fields))
    assert answer.status == status
    assert answer.json()["message"].startswith(message)
    linkedin.finish_tasks()
    assert linkedin.posting("A") is None


def test_six_other_places_are_allowed(caller: LinkedinCaller) -> None:
    assert caller.elements(job("A", alternateLocations=["Linz, Austria"] * 6))[0]["status"] == 202


@pytest.mark.parametrize(
    "company", [{"companyName": "Example"}, {"companyPageUrl": "https://www.linkedin.com/company/x/"}]
)
def test_a_company_may_be_named_in_other_ways(caller: LinkedinCaller, company: dict[str, str]) -> None:
    assert caller.elements(job("A", integrationContext=..., **company))[0]["status"] == 202


@pytest.mark.parametrize("headers", [{}, {"x-restli-method": "create"}])
def test_without_the_method_header_permission_is_missing(caller: LinkedinCaller, headers: dict[str, str]) -> None:
    answer = caller.send(job("A"), headers=headers)
    assert answer.json() == {
        "message": "Not enough permissions to access: POST /simpleJobPostings",
        "status": 403,
        "serviceErrorCode": 100,
    }


def test_the_method_header_is_read_in_any_case(caller: LinkedinCaller) -> None:
    assert caller.send(job("A"), headers={"X-RestLi-Method": " BATCH_CREATE"}).status == 200


def test_jobs_cannot_be_read_or_put(caller: LinkedinCaller) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = caller.call(method, "/v2/simpleJobPostings?ids=A")
        assert answer.json()["message"] == f"Not enough permissions to access: {method} /simpleJobPostings"


def test_at_most_a_hundred_in_a_call(caller: LinkedinCaller) -> None:
    assert len(caller.elements(*(job(str(number)) for number in range(100)))) == 100
    answer = caller.send(*(job(f"B{number}") for number in range(101)))
    assert answer.status == 400
    expected = "The request batch size: 101 is larger than the allowed max batch size: 100 for method: batch_create"
    assert answer.json()["message"] == expected


def test_an_id_stands_once_in_a_call(caller: LinkedinCaller) -> None:
    answer = caller.send(job("A"), job("B"), job("A", "CLOSE"))
    assert (answer.status, answer.json()["message"]) == (400, "Duplicate key in batch request body: 'A'")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"elements": {}}', b'{"elements": [1]}'])
def test_a_body_that_is_no_batch(caller: LinkedinCaller, body: bytes) -> None:
    headers = {"x-restli-method": "batch_create"}
    assert caller.call("POST", "/v2/simpleJobPostings", headers=headers, body=body).status == 400


def test_a_body_of_another_type(caller: LinkedinCaller) -> None:
    assert (
        caller.send(job("A"), headers={"x-restli-method": "batch_create", "content-type": "text/plain"}).status == 415
    )


def test_an_organization_that_is_not_the_customers(caller: LinkedinCaller) -> None:
    answer = caller.send(job("A", integrationContext="urn:li:organization:78"))
    assert (answer.status, answer.json()["serviceErrorCode"]) == (403, 100)


# Closing.


@pytest.mark.parametrize("why", ["unknown", "closed", "expired"])
def test_closing_what_is_not_live_spoils_the_whole_call(linkedin: Linkedin, caller: LinkedinCaller, why: str) -> None:
    caller.post(job("A"))
    if why != "unknown":
        caller.post(job("B", expireAt=linkedin.clock.milliseconds() + 60_000 if why == "expired" else ...))
        linkedin.advance(61)
    if why == "closed":
        caller.post(job("B", "CLOSE"))
    answer = caller.send(job("A", "CLOSE"), job("B", "CLOSE"))
    assert (answer.status, answer.json()["message"]) == (
        409,
        "Cannot close job which is already closed or does not exist",
    )
    linkedin.finish_tasks()
    assert linkedin.posting("A")["status"] == "LISTED"  # type: ignore[index]


def test_closing_what_is_not_live_may_fail_as_a_task(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(close_conflict="task")
    caller.post(job("A"))
    good, bad = caller.post(job("A", "CLOSE"), job("B", "CLOSE"))
    assert caller.task(good)["status"] == "SUCCEEDED"
    assert "already closed or does not exist" in caller.task(bad)["errorMessage"]


def test_a_close_while_the_post_is_worked_on_finds_nothing_yet(caller: LinkedinCaller) -> None:
    caller.send(job("A"))
    assert caller.send(job("A", "CLOSE")).status == 409


# Premium and Recruiter.


def test_a_premium_job_names_its_contract(caller: LinkedinCaller) -> None:
    assert _error(caller, premium("A", contract=...))["message"] == f"ERROR :: /contract :: {REQUIRED}\n"


@pytest.mark.parametrize("field", ["contract", "showPosterInfo"])
def test_a_basic_job_carries_no_premium_field(caller: LinkedinCaller, field: str) -> None:
    value = CONTRACT if field == "contract" else True
    assert f"/{field} :: unrecognized field" in _error(caller, job("A", **{field: value}))["message"]


@pytest.mark.parametrize(
    "field",
    [
        {"availability": "PUBLIC"},
        {"state": "LISTED"},
        {"accessRestricted": True},
        {"requisitionOwnerEmail": "owner@example.com"},
    ],
)
def test_a_premium_job_carries_no_rsc_field(caller: LinkedinCaller, field: dict[str, Any]) -> None:
    assert f"/{next(iter(field))} :: unrecognized field" in _error(caller, premium("A", **field))["message"]


def test_another_contract_spoils_the_whole_call(caller: LinkedinCaller) -> None:
    answer = caller.send(premium("A", contract="urn:li:contract:1"))
    expected = "Caller is not authorized to access the jobs for contract: urn:li:contract:1"
    assert (answer.status, answer.json()["message"]) == (403, expected)


def test_slots_are_used_up_and_come_back(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(premium("A"))
    caller.send(premium("B"))
    answer = caller.send(premium("C"), job("D"))
    expected = f"Insufficient job slots for contract = {CONTRACT} for purchase flow"
    assert (answer.status, answer.json()["message"]) == (402, expected)
    assert linkedin.tasks_of("D") == []
    caller.post(premium("A", "CLOSE"))
    assert caller.send(premium("C")).status == 200


def test_updating_a_premium_job_takes_no_further_slot(caller: LinkedinCaller) -> None:
    caller.post(premium("A"), premium("B"))
    assert caller.send(premium("A", "UPDATE")).status == 200


def test_upgrading_a_basic_job_takes_a_slot(caller: LinkedinCaller) -> None:
    caller.post(premium("A"), premium("B"), job("C"))
    assert caller.send(premium("C", "UPDATE")).status == 402


def test_an_rsc_job_says_who_sees_it_and_whether_it_is_open(caller: LinkedinCaller) -> None:
    message = _error(caller, job("A", requisitionOwnerEmail="owner@example.com"))["message"]
    assert f"/availability :: {REQUIRED}" in message
    assert f"/state :: {REQUIRED}" in message


@pytest.mark.parametrize("availability", ["PUBLIC", "PRIVATE_TO_ATS_INTEGRATION"])
def test_an_rsc_job_with_all_its_fields(linkedin: Linkedin, caller: LinkedinCaller, availability: str) -> None:
    owner = {
        "requisitionOwnerEmail": "o@example.com",
        "requisitionOwnerFirstName": "O",
        "requisitionOwnerLastName": "W",
    }
    caller.post(in_recruiter("A", availability=availability, **owner))
    assert linkedin.posting("A")["availability"] == availability  # type: ignore[index]


def test_an_internal_job_needs_a_contract(caller: LinkedinCaller) -> None:
    assert f"/contract :: {REQUIRED}" in _error(caller, in_recruiter("A", availability="INTERNAL"))["message"]
    assert caller.elements(in_recruiter("B", availability="INTERNAL", contract=CONTRACT))[0]["status"] == 202


# Moods about one record.


def test_one_record_is_refused_inside_a_200(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("reject", match="B", status=422, message="ERROR :: /title :: is spam\n")
    first, second, third = caller.elements(job("A"), job("B"), job("C"))
    assert (first["status"], third["status"]) == (202, 202)
    assert second == {"status": 422, "error": {"status": 422, "message": "ERROR :: /title :: is spam\n"}}


def test_one_record_is_left_out_of_the_answer_though_it_was_taken(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("forget", match="B", endpoint="simpleJobPostings")
    assert len(caller.elements(job("A"), job("B"))) == 1
    assert len(linkedin.tasks_of("B")) == 1
