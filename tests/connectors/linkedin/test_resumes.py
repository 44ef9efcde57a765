"""Resumes of candidates: the composite key of four parts, the pages' samples, and practice (linkedin.md 6.4, 5)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base.errors import Rejected
from connectors.base.resource import Entry, Step
from connectors.base.results import Answer, News, Outcome
from connectors.linkedin.auth import fetch_token
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.endpoints import V2
from connectors.linkedin.errors import explain_resume
from connectors.linkedin.records import Resume
from connectors.linkedin.resources.resumes import Resumes
from connectors.linkedin.simulator import Linkedin
from tests.connectors.linkedin.builders import (
    API,
    CONTRACT,
    ORGANIZATION,
    FarEnd,
    client_of,
    file_entry,
    says,
    transport_to,
)
from tests.connectors.linkedin.conftest import MintedTokens

ENDPOINT = "tcrmCandidateResumes"
CREATED_AT = 1_670_935_153_000
SAMPLE_URN = "urn:li:ambryBlob:/AAYUgCvAAkAAQAAAAJFyLgwRkz_TmebRMrAixANdQ.txt"


def entry(candidate: str, resume: str, urn: str = SAMPLE_URN, *, verb: str = "UPSERT", **fields: Any) -> Entry:
    payload = (
        {} if verb == "DELETE" else Resume(external_id=resume, resume_file=urn, tcrm_created_at=CREATED_AT).to_wire()
    )
    key = f"{candidate}/{resume}"
    return Entry(key=key, parent=candidate, external_id=resume, verb=verb, payload={**payload, **fields})


SAMPLE = [
    entry("tcrmCandidateId100", "resumeid100"),
    entry("tcrmCandidateId200", "resumeid200"),
]
SAMPLE_ANSWER = {
    "results": {
        "dataProvider=PARTNER&integrationContext=urn%3Ali%3Aorganization%3A77&tcrmCandidateId=tcrmCandidateId200"
        "&tcrmResumeId=resumeid200": {"status": 204},
        "dataProvider=PARTNER&integrationContext=urn%3Ali%3Aorganization%3A77&tcrmCandidateId=tcrmCandidateId100"
        "&tcrmResumeId=resumeid100": {"status": 204},
    },
    "errors": {},
}


def resumes(client: LinkedInClient) -> Any:
    return client.resources["resumes"]


def news(answer: Answer) -> dict[str, News]:
    return {key: one.news for key, one in answer.outcomes.items()}


# As the page shows it.


def test_an_update_is_the_pages_sample() -> None:
    far = FarEnd(says(SAMPLE_ANSWER))
    answer = resumes(client_of(far)).send(SAMPLE)
    path, _, query = far.last.path.partition("?")
    assert (far.last.method, path) == ("PUT", "/v2/tcrmCandidateResumes")
    assert far.last.headers["x-restli-method"] == "batch_update"
    assert query.startswith("ids%5B0%5D.")
    assert dict(parse_qsl(query)) == {
        f"ids[{place}].{name}": value
        for place, number in enumerate((100, 200))
        for name, value in {
            "tcrmCandidateId": f"tcrmCandidateId{number}",
            "integrationContext": ORGANIZATION,
            "dataProvider": "PARTNER",
            "tcrmResumeId": f"resumeid{number}",
        }.items()
    }
    bodies = {
        "dataProvider=PARTNER&integrationContext=urn:li:organization:77"
        f"&tcrmCandidateId=tcrmCandidateId{number}&tcrmResumeId=resumeid{number}"
        for number in (100, 200)
    }
    sent = far.sent["entities"]
    assert set(sent) == bodies
    assert list(sent.values()) == [{"resumeFile": SAMPLE_URN, "tcrmCreatedAt": CREATED_AT}] * 2
    assert news(answer) == {each.key: News.ACCEPTED for each in SAMPLE}


def test_a_delete_is_the_pages_sample_and_names_its_protocol() -> None:
    """10.1, row 27."""
    far = FarEnd(says(SAMPLE_ANSWER))
    deletes = [replace(each, verb="DELETE", payload={}) for each in SAMPLE]
    answer = resumes(client_of(far)).send(deletes)
    assert (far.last.method, far.last.body) == ("DELETE", b"")
    assert far.last.headers["x-restli-protocol-version"] == "1.0.0"
    assert news(answer) == {each.key: News.ACCEPTED for each in SAMPLE}


@pytest.mark.parametrize(
    "key",
    [
        "tcrmCandidateId=C 1&dataProvider=PARTNER&integrationContext=urn:li:organization:77&tcrmResumeId=R&1",
        "tcrmResumeId=R%261&tcrmCandidateId=C%201&integrationContext=urn%3Ali%3Aorganization%3A77&dataProvider=PARTNER",
        "dataProvider=PARTNER&integrationContext=urn%3ali%3aorganization%3a77&tcrmCandidateId=C+1&tcrmResumeId=R%261",
        "(dataProvider:PARTNER,integrationContext:urn%3Ali%3Aorganization%3A77,tcrmCandidateId:C 1,tcrmResumeId:R&1)",
    ],
)
def test_an_answer_is_found_by_its_key_in_any_order_and_escaping(key: str) -> None:
    answer = resumes(client_of(FarEnd(says({"results": {key: {"status": 204}}, "errors": {}})))).send(
        [entry("C 1", "R&1")]
    )
    assert news(answer) == {"C 1/R&1": News.ACCEPTED}


def test_the_same_resume_id_of_two_candidates_is_two_resumes() -> None:
    refused = {"status": 404, "message": "Entity tcrmCandidate B does not exist"}
    part = "dataProvider=PARTNER&integrationContext=urn%3Ali%3Aorganization%3A77"
    said = {
        "results": {f"{part}&tcrmCandidateId=A&tcrmResumeId=R": {"status": 204}},
        "errors": {f"{part}&tcrmCandidateId=B&tcrmResumeId=R": refused},
    }
    answer = resumes(client_of(FarEnd(says(said)))).send([entry("A", "R"), entry("B", "R")])
    assert news(answer) == {"A/R": News.ACCEPTED, "B/R": News.REJECTED}


def test_a_hundred_travel_at_most_each_with_its_candidate() -> None:
    resource = resumes(client_of(FarEnd(says(SAMPLE_ANSWER))))
    assert resource.limits[Step.SEND] == 100
    for entries in ([], [entry("C", f"R{number}") for number in range(101)], [entry("C", "R"), entry("C", "R")]):
        with pytest.raises(ValueError, match="between 1 and 100"):
            resource.send(entries)
    with pytest.raises(ValueError, match="one parent"):
        resource.send([entry("", "R")])


@pytest.mark.parametrize(("n_records", "is_tunneled"), [(23, False), (26, True), (100, True)])
@pytest.mark.parametrize("verb", ["UPSERT", "DELETE"])
def test_from_about_two_dozen_on_the_query_is_tunneled(n_records: int, verb: str, *, is_tunneled: bool) -> None:
    """7.4: ids of 10 and 9 characters."""
    far = FarEnd(says({"results": {}}))
    entries = [entry(f"C-{number:08}", f"R-{number:07}", verb=verb) for number in range(n_records)]
    (exchange,) = resumes(client_of(far)).send(entries).exchanges
    assert exchange.tunneled is is_tunneled
    assert exchange.method == ("DELETE" if verb == "DELETE" else "PUT")
    assert ("x-http-method-override" in far.last.headers) is is_tunneled


# Against practice.


def upload(client: LinkedInClient, **fields: Any) -> str:
    (outcome,) = client.resources["resume_files"].send([file_entry(**fields)]).outcomes.values()
    return str(outcome.facts["blob_urn"])


def only(answer: Answer) -> Outcome:
    (outcome,) = answer.outcomes.values()
    return outcome


def test_an_uploaded_file_is_attached_replaced_read_and_deleted(linkedin: Linkedin, client: LinkedInClient) -> None:
    first, second = upload(client), upload(client)
    for urn in (first, second):
        assert news(resumes(client).send([entry("C-9", "R-1", urn)])) == {"C-9/R-1": News.ACCEPTED}
    held = linkedin.record(ENDPOINT, "R-1", parent="C-9")
    assert held is not None
    assert held["fields"] == {"resumeFile": second, "tcrmCreatedAt": CREATED_AT}
    found = only(resumes(client).check([entry("C-9", "R-1")]))
    assert (found.news, found.answer) == (News.LIVE, held["fields"])
    deletes = [entry("C-9", "R-1", verb="DELETE"), entry("C-9", "R-2", verb="DELETE")]
    assert set(news(resumes(client).send(deletes)).values()) == {News.ACCEPTED}
    assert linkedin.count(ENDPOINT) == 0
    assert only(resumes(client).check([entry("C-9", "R-1")])).news is News.GONE


def test_a_delete_of_what_is_not_there_has_succeeded(client: LinkedInClient) -> None:
    """5: a 404 for the key inside `errors`."""
    found = only(resumes(client).send([entry("C-9", "R-none", verb="DELETE")]))
    assert (found.news, found.status) == (News.ACCEPTED, 404)


def test_a_candidate_that_the_crm_has_not_sent_has_a_remedy_of_its_own(
    linkedin: Linkedin, client: LinkedInClient
) -> None:
    urn = upload(client)
    linkedin.configure(tcrm_candidates="unknown")
    linkedin.tell_tcrm_candidate("C-1", known=True)
    answer = resumes(client).send([entry("C-1", "R-1", urn), entry("C-2", "R-2", urn)])
    assert news(answer) == {"C-1/R-1": News.ACCEPTED, "C-2/R-2": News.REJECTED}
    refused = answer.outcomes["C-2/R-2"]
    row = explain_resume(words=refused.words, status=refused.status)
    assert (refused.status, row.field) == (404, "tcrmCandidateId")
    assert "TalentSync does not create candidates there" in row.meaning


@pytest.mark.parametrize("status", [422, 404])
def test_a_file_that_has_expired_has_to_be_uploaded_again(
    linkedin: Linkedin, client: LinkedInClient, status: int
) -> None:
    linkedin.configure(unknown_file_status=status)
    urn = upload(client, blobTtl={"duration": 72, "unit": "HOUR"})
    linkedin.advance(72 * 3600)
    refused = only(resumes(client).send([entry("C-1", "R-1", urn)]))
    row = explain_resume(words=refused.words, status=refused.status)
    assert (refused.news, refused.field_name, row.field) == (News.REJECTED, "resumeFile", "resumeFile")
    assert "Start over from upload" in row.remedy


def test_seconds_in_place_of_milliseconds_are_named(client: LinkedInClient) -> None:
    """10.1, row 8."""
    urn = upload(client)
    refused = only(resumes(client).send([entry("C-1", "R-1", urn, tcrmCreatedAt=1_670_935_153)]))
    row = explain_resume(words=refused.words, status=refused.status)
    assert (refused.news, refused.field_name, row.field) == (News.REJECTED, "tcrmCreatedAt", "tcrmCreatedAt")
    assert "milliseconds" in row.meaning


def test_a_whole_call_refused_by_the_stock_validator_is_told_as_such(
    linkedin: Linkedin, client: LinkedInClient
) -> None:
    urn = upload(client)
    linkedin.next("stock_validator", match="R-1", endpoint=ENDPOINT)
    with pytest.raises(Rejected):
        resumes(client).send([entry("C-1", "R-1", urn), entry("C-1", "R-2", urn)])
    assert linkedin.count(ENDPOINT) == 0


IDS = st.text(  # none holds a NUL: no door of ours takes one, and no answer brings one
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
    | st.sampled_from(" &=+%/:,()'\"\\?#[]{}<>~.;@\u202e\u200f\n"),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, deadline=None)
@given(
    pairs=st.lists(st.tuples(IDS, IDS), min_size=1, max_size=4, unique=True),
    protocol=st.sampled_from(["", "1.0.0", "2.0.0"]),
    copies=st.sampled_from([1, 20]),
)
def test_any_ids_reach_practice_and_come_back_in_both_protocols(
    pairs: list[tuple[str, str]], protocol: str, copies: int
) -> None:
    linkedin = Linkedin()
    linkedin.seed_application(contracts=[CONTRACT])
    auth = transport_to(linkedin.handle, base_url="https://www.linkedin.example")
    client = LinkedInClient(
        transport=transport_to(linkedin.handle, base_url=API),
        tokens=MintedTokens(lambda: fetch_token(auth, client_id="sim-client", client_secret="sim-secret").value),
        organization_urn=ORGANIZATION,
        recruiter_contract_urn=CONTRACT,
        upload_hosts=["www.linkedin.com"],
        open_transport=lambda base_url: transport_to(linkedin.handle, base_url=base_url),
    )
    spoken = {ENDPOINT: replace(V2[ENDPOINT], protocol=protocol)}
    resource = Resumes(wire=client, organization_urn=ORGANIZATION, dialect=spoken)
    urn = upload(client)
    entries = [
        replace(entry(candidate, f"{resume}{number}", urn), key=f"{place} {number}")
        for place, (candidate, resume) in enumerate(pairs)
        for number in range(copies)
    ]
    entries = list({(each.parent, each.external_id): each for each in entries}.values())
    everything = {each.key: News.ACCEPTED for each in entries}
    assert news(resource.send(entries)) == everything
    assert linkedin.count(ENDPOINT) == len(entries)
    assert all(linkedin.record(ENDPOINT, each.own_id, parent=each.parent) for each in entries)
    assert news(resource.send([replace(each, verb="DELETE", payload={}) for each in entries])) == everything
    assert linkedin.count(ENDPOINT) == 0
    assert json.dumps(linkedin.state())  # the page and the controls can show whatever came
