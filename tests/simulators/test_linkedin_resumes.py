"""/tcrmCandidateResumes: keys of four parts, rules, and what must be there before (linkedin.md 6.4, 5, 11)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from connectors.base.simulation import SimulatedAnswer, SimulatedRequest
from connectors.base.simulation.controls import Controls
from connectors.base.simulation.page import page
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, FORM, ORGANIZATION, LinkedinCaller
from tests.simulators.syncing import BOUNDARY, multipart
from tests.simulators.test_linkedin_uploads import Uploader

ENDPOINT = "tcrmCandidateResumes"
CREATED_AT = 1_670_935_153_000
JSON_UPDATE = {"content-type": "application/json", "x-restli-method": "batch_update"}

Pair = tuple[str, str]  # candidate and resume


@pytest.fixture
def urn(linkedin: Linkedin, caller: LinkedinCaller) -> str:
    linkedin.seed_application(contracts=[CONTRACT])
    return f"urn:li:ambryBlob:{Uploader(caller).upload()}"


def parts(pair: Pair, **changes: str) -> dict[str, str]:
    named = {
        "tcrmCandidateId": pair[0],
        "integrationContext": ORGANIZATION,
        "dataProvider": "PARTNER",
        "tcrmResumeId": pair[1],
        **changes,
    }
    return {name: value for name, value in named.items() if value != "-"}


def query_of(*pairs: Pair, **changes: str) -> str:
    return "&".join(
        f"ids%5B{place}%5D.{name}={quote(value, safe='')}"
        for place, pair in enumerate(pairs)
        for name, value in parts(pair, **changes).items()
    )


def key_of(pair: Pair, **changes: str) -> str:
    return "&".join(f"{name}={quote(value, safe=':')}" for name, value in parts(pair, **changes).items())


def answer_key(pair: Pair) -> str:
    named = sorted(parts(pair).items())
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in named)


def resume(urn: str, **fields: Any) -> dict[str, Any]:
    content = {"resumeFile": urn, "tcrmCreatedAt": CREATED_AT, **fields}
    return {name: value for name, value in content.items() if value is not ...}


def put(caller: LinkedinCaller, records: dict[Pair, dict[str, Any]], **changes: str) -> SimulatedAnswer:
    body = json.dumps({"entities": {key_of(pair, **changes): fields for pair, fields in records.items()}}).encode()
    return caller.call("PUT", f"/v2/{ENDPOINT}?{query_of(*records, **changes)}", headers=JSON_UPDATE, body=body)


def delete(caller: LinkedinCaller, *pairs: Pair) -> SimulatedAnswer:
    headers = {"x-restli-protocol-version": "1.0.0"}
    return caller.call("DELETE", f"/v2/{ENDPOINT}?{query_of(*pairs)}", headers=headers)


def error_of(answer: SimulatedAnswer, pair: Pair) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["errors"][answer_key(pair)]
    return found


def test_an_update_answers_each_key_sorted_and_encoded(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    """2.3, seed 002."""
    pairs = [("C 1", "R-1"), ("C-2", "R&2")]
    answer = put(caller, {pair: resume(urn) for pair in pairs})
    assert answer.status == 200
    assert answer.json() == {"errors": {}, "results": {answer_key(pair): {"status": 204} for pair in pairs}}
    held = linkedin.record(ENDPOINT, "R&2", parent="C-2")
    assert held is not None
    assert held["fields"] == {"resumeFile": urn, "tcrmCreatedAt": CREATED_AT}


def test_the_same_resume_id_of_two_candidates_is_two_resumes(
    linkedin: Linkedin, caller: LinkedinCaller, urn: str
) -> None:
    put(caller, {("C-1", "R"): resume(urn), ("C-2", "R"): resume(urn)})
    assert linkedin.count(ENDPOINT) == 2
    delete(caller, ("C-1", "R"))
    assert linkedin.record(ENDPOINT, "R", parent="C-1") is None
    assert linkedin.record(ENDPOINT, "R", parent="C-2") is not None


@pytest.mark.parametrize("name", ["tcrmCandidateId", "tcrmResumeId", "dataProvider", "integrationContext"])
def test_all_four_parts_of_the_key_are_needed(caller: LinkedinCaller, urn: str, name: str) -> None:
    assert put(caller, {("C", "R"): resume(urn)}, **{name: "-"}).status == 400
    assert put(caller, {("C", "R"): resume(urn)}, **{name: ""}).status in {400, 403}


@pytest.mark.parametrize(
    "changes", [{"dataProvider": "ATS"}, {"dataProvider": "partner"}, {"integrationContext": "urn:li:organization:1"}]
)
def test_data_provider_and_organization_are_the_customers(
    caller: LinkedinCaller, urn: str, changes: dict[str, str]
) -> None:
    answer = put(caller, {("C", "R"): resume(urn)}, **changes)
    assert (answer.status, answer.json()["message"]) == (403, f"Not enough permissions to access: PUT /{ENDPOINT}")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"resumeFile": ...}, "/resumeFile :: field is required"),
        ({"resumeFile": "/AAYU.pdf"}, "is not a valid urn:li:ambryBlob"),
        ({"resumeFile": "urn:li:ambryBlob:AAYU.pdf"}, "is not a valid urn:li:ambryBlob"),
        ({"tcrmCreatedAt": ...}, "/tcrmCreatedAt :: field is required"),
        ({"tcrmCreatedAt": 1_670_935_153}, "/tcrmCreatedAt :: 1670935153 is not a moment in epoch milliseconds"),
        ({"tcrmCreatedAt": "1670935153000"}, "/tcrmCreatedAt :: 1670935153000 cannot be coerced to Long"),
        ({"tcrmModifiedAt": 1}, "/tcrmModifiedAt :: unrecognized field"),
    ],
)
def test_each_field_has_its_rule_and_the_others_still_arrive(
    linkedin: Linkedin, caller: LinkedinCaller, urn: str, fields: dict[str, Any], words: str
) -> None:
    answer = put(caller, {("C", "R-bad"): resume(urn, **fields), ("C", "R-good"): resume(urn)})
    said = error_of(answer, ("C", "R-bad"))
    assert said["status"] == 422
    assert words in said["message"]
    assert linkedin.count(ENDPOINT) == 1


@pytest.mark.parametrize("status", [422, 404])
def test_the_file_must_be_there(linkedin: Linkedin, caller: LinkedinCaller, urn: str, status: int) -> None:
    linkedin.configure(unknown_file_status=status)
    missing = "urn:li:ambryBlob:/AAYUinvented.pdf"
    said = error_of(put(caller, {("C", "R"): resume(missing)}), ("C", "R"))
    assert said == {"status": status, "message": f"ERROR :: /resumeFile :: {missing} does not exist\n"}
    linkedin.remove_file(urn)
    assert error_of(put(caller, {("C", "R"): resume(urn)}), ("C", "R"))["status"] == status


def test_the_file_must_be_the_callers_own(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    linkedin.seed_application(client_id="other", client_secret="s")
    other = LinkedinCaller(linkedin)
    other.token = other.ask_token(client_id="other", client_secret="s").json()["access_token"]
    assert error_of(put(other, {("C", "R"): resume(urn)}), ("C", "R"))["status"] == 422


def test_a_resume_outlives_its_file(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    """6.4: the blob disappears on its own, the record does not."""
    put(caller, {("C", "R"): resume(urn)})
    linkedin.remove_file(urn)
    assert linkedin.count(ENDPOINT) == 1


def test_a_file_may_be_gone_in_practice_by_a_mood(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    linkedin.next("file_gone", match="R-2")
    answer = put(caller, {("C", "R-1"): resume(urn), ("C", "R-2"): resume(urn)})
    assert list(answer.json()["errors"]) == [answer_key(("C", "R-2"))]


def test_practice_knows_every_candidate_of_the_crm(caller: LinkedinCaller, urn: str) -> None:
    assert put(caller, {("anybody", "R"): resume(urn)}).json()["errors"] == {}


def test_the_crm_may_not_know_a_candidate(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    linkedin.configure(tcrm_candidates="unknown")
    linkedin.seed({"tcrm_candidates": [{"external_id": "C-1", "known": True}]})
    answer = put(caller, {("C-1", "R"): resume(urn), ("C-2", "R"): resume(urn)})
    said = {"status": 404, "message": "Entity tcrmCandidate C-2 does not exist"}
    assert answer.json()["errors"] == {answer_key(("C-2", "R")): said}


def test_one_candidate_may_be_unknown_by_a_control_or_a_mood(
    linkedin: Linkedin, caller: LinkedinCaller, urn: str
) -> None:
    headers = {"content-type": "application/json"}
    body = json.dumps({"linkedin": {"tcrm_candidates": [{"external_id": "C-1", "known": False}]}}).encode()
    told = Controls([linkedin]).answer(
        SimulatedRequest(method="POST", path="/_control/seed", headers=headers, body=body)
    )
    assert told.status == 200
    linkedin.next("unknown_tcrm_candidate", match="C-2")
    answer = put(caller, {(name, "R"): resume(urn) for name in ("C-1", "C-2", "C-3")})
    assert set(answer.json()["errors"]) == {answer_key((name, "R")) for name in ("C-1", "C-2")}


def test_a_delete_of_an_unknown_key_is_a_404_among_the_errors(caller: LinkedinCaller, urn: str) -> None:
    """5."""
    put(caller, {("C", "R"): resume(urn)})
    answer = delete(caller, ("C", "R"), ("C", "R-none"))
    assert answer.status == 200
    assert answer.json()["results"] == {answer_key(("C", "R")): {"status": 204}}
    assert error_of(answer, ("C", "R-none"))["status"] == 404


def test_a_hundred_records_are_the_most(caller: LinkedinCaller, urn: str) -> None:
    records = {("C", f"R{number}"): resume(urn) for number in range(101)}
    query = query_of(*records)
    body = json.dumps({"entities": {key_of(pair): fields for pair, fields in records.items()}}).encode()
    headers = {
        "x-http-method-override": "PUT",
        "x-restli-method": "batch_update",
        "content-type": f"multipart/mixed; boundary={BOUNDARY}",
    }
    answer = caller.call("POST", f"/v2/{ENDPOINT}", headers=headers, body=multipart(query, body))
    assert (answer.status, "batch size: 101" in answer.json()["message"]) == (400, True)


def test_a_long_query_travels_in_the_body(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    pairs = [("C", f"R{number}") for number in range(60)]
    for pair in pairs:
        linkedin.seed_record(ENDPOINT, pair[1], parent=pair[0], fields=resume(urn))
    assert delete(caller, *pairs).status == 414
    headers = {**FORM, "x-http-method-override": "DELETE"}
    answer = caller.call("POST", f"/v2/{ENDPOINT}", headers=headers, body=query_of(*pairs).encode())
    assert (answer.status, linkedin.count(ENDPOINT)) == (200, 0)


def test_resumes_have_limits_of_their_own(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    settings = linkedin.world.settings
    assert (settings["calls_per_day"][ENDPOINT], settings["records_per_minute"][ENDPOINT]) == (100_000, 10_000)
    linkedin.configure(records_per_minute={ENDPOINT: 1})
    linkedin.clock.freeze()
    answer = put(caller, {("C", "R-1"): resume(urn), ("C", "R-2"): resume(urn)})
    assert (answer.status, answer.json()["serviceErrorCode"]) == (429, 101)


def test_moods_of_records_are_for_resumes_too(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    linkedin.next("reject", match="R-1", status=422, message="No thanks")
    linkedin.next("forget", match="R-2")
    answer = put(caller, {("C", f"R-{number}"): resume(urn) for number in (1, 2, 3)}).json()
    assert list(answer["results"]) == [answer_key(("C", "R-3"))]
    assert list(answer["errors"]) == [answer_key(("C", "R-1"))]


def test_resumes_are_in_the_state_and_on_the_page(linkedin: Linkedin, caller: LinkedinCaller, urn: str) -> None:
    put(caller, {("C-9", "R-1"): resume(urn)})
    (held,) = linkedin.state()["records"][ENDPOINT]["latest"]
    assert (held["external_id"], held["parent"], held["fields"]["resumeFile"]) == ("R-1", "C-9", urn)
    shown = page([linkedin]).body.decode()
    assert "Resumes (1)" in shown
    assert urn in shown
