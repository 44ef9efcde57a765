"""Candidates, applications and what hangs on them: what is written, and what is made of answers (linkedin.md 4, 5)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

from connectors.base.errors import Rejected, Unanswered
from connectors.base.resource import Entry, Resource, Step
from connectors.base.results import Answer, News, Outcome
from connectors.linkedin.endpoints import Endpoint, KeyShape
from connectors.linkedin.records import Address, Candidate, Phone
from connectors.linkedin.resources.candidate_notes import CandidateNotes
from tests.connectors.linkedin.builders import FarEnd, Said, client_of, says
from tests.connectors.linkedin.documented import DATA_DELETION, TWO_CANDIDATES, Pair

PRINTED = "urn:li:organization:77"  # as in the bodies of the pages
ORGANIZATION = "urn%3Ali%3Aorganization%3A77"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One resource: where it is, and how LinkedIn names the records A and B."""

    name: str
    path: str
    shown: str
    budget: str
    own: str = ""
    parent: str = ""

    def key(self, own_id: str, organization: str = ORGANIZATION) -> str:
        return f"{self.own}={own_id}&dataProvider=ATS&integrationContext={organization}" if self.own else own_id

    def query(self, *own_ids: str) -> str:
        if not self.own:
            return "&".join(f"ids={own_id}" for own_id in own_ids)
        return "&".join(
            f"ids%5B{index}%5D.{part}" for index, own_id in enumerate(own_ids) for part in self.key(own_id).split("&")
        )

    def entry(self, own_id: str, **fields: Any) -> Entry:
        key = f"{self.parent}/{own_id}" if self.parent else own_id
        return Entry(key=key, parent=self.parent, external_id=own_id if self.parent else "", **fields)


C7 = f"/v2/atsCandidates/atsCandidateId=P%207&dataProvider=ATS&integrationContext={ORGANIZATION}"
A7 = f"/v2/atsApplications/atsJobApplicationId=P%207&dataProvider=ATS&integrationContext={ORGANIZATION}"
CASES = [
    Case(
        name="candidates",
        path="/v2/atsCandidates",
        shown="/v2/atsCandidates",
        budget="atsCandidates",
        own="atsCandidateId",
    ),
    Case(
        name="candidate_notes",
        path=f"{C7}/notes",
        shown="/v2/atsCandidates/{parent}/notes",
        budget="atsCandidates/notes",
        parent="P 7",
    ),
    Case(
        name="applications",
        path="/v2/atsApplications",
        shown="/v2/atsApplications",
        budget="atsApplications",
        own="atsJobApplicationId",
    ),
    Case(
        name="application_notes",
        path=f"{A7}/notes",
        shown="/v2/atsApplications/{parent}/notes",
        budget="atsApplications/notes",
        parent="P 7",
    ),
    Case(
        name="application_stages",
        path=f"{A7}/stages",
        shown="/v2/atsApplications/{parent}/stages",
        budget="atsApplications/stages",
        parent="P 7",
    ),
    Case(
        name="interview_feedback",
        path=f"{A7}/interviewFeedback",
        shown="/v2/atsApplications/{parent}/interviewFeedback",
        budget="atsApplications/interviewFeedback",
        parent="P 7",
    ),
]
CANDIDATES = CASES[0]

each = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def resource_of(case: Case, far: FarEnd) -> Resource:
    return client_of(far).resources[case.name]


def answered(results: dict[str, Any] | None = None, errors: dict[str, Any] | None = None) -> Said:
    return says({"results": results or {}, "errors": errors or {}})


def news(answer: Answer) -> dict[str, News]:
    return {key.removeprefix("P 7/"): outcome.news for key, outcome in answer.outcomes.items()}


def settled(verb: str, said: Said, case: Case = CANDIDATES) -> Outcome | None:
    payload = {"manualMatchedMember": "urn:li:person:Ab12"}
    answer = resource_of(case, FarEnd(said)).send([case.entry("A", verb=verb, payload=payload)])
    return next(iter(answer.outcomes.values()), None)


# What is written


@each
def test_an_upsert_puts_whole_records_under_the_keys_of_its_query(case: Case) -> None:
    far = FarEnd(answered({case.key("A"): {"status": 204}, case.key("B"): {"status": 204}}))
    entries = [case.entry(own_id, verb="UPSERT", payload={"text": f"größer {own_id}"}) for own_id in "AB"]
    answer = resource_of(case, far).send(entries)
    assert (far.last.method, far.last.path) == ("PUT", f"{case.path}?{case.query('A', 'B')}")
    assert far.last.headers["x-restli-method"] == "batch_update"
    assert far.last.headers["content-type"] == "application/json"
    a, b = (case.key(own_id, PRINTED) for own_id in "AB")
    assert far.last.body.decode() == f'{{"entities":{{"{a}":{{"text":"größer A"}},"{b}":{{"text":"größer B"}}}}}}'
    assert news(answer) == {"A": News.ACCEPTED, "B": News.ACCEPTED}
    assert answer.outcomes[entries[0].key].request == {"text": "größer A"}
    assert [(one.method, one.path, one.tunneled) for one in answer.exchanges] == [("PUT", case.shown, False)]


@each
def test_a_delete_names_its_keys_and_nothing_else(case: Case) -> None:
    far = FarEnd(answered({case.key("A"): {"status": 204}}, {case.key("B"): {"status": 404, "message": "No such"}}))
    answer = resource_of(case, far).send([case.entry("A", verb="DELETE"), case.entry("B", verb="DELETE")])
    assert (far.last.method, far.last.path, far.last.body) == ("DELETE", f"{case.path}?{case.query('A', 'B')}", b"")
    assert not {"x-restli-method", "content-type", "x-restli-protocol-version"} & far.last.headers.keys()
    assert news(answer) == {"A": News.ACCEPTED, "B": News.ACCEPTED}


@each
def test_a_check_reads_whole_records_by_key(case: Case) -> None:
    held = {"text": "T", "atsCreatedAt": 1}
    far = FarEnd(answered({case.key("A"): held}, {case.key("B"): {"status": 404, "message": "No such"}}))
    answer = resource_of(case, far).check([case.entry(own_id) for own_id in "ABC"])
    assert (far.last.method, far.last.path, far.last.body) == ("GET", f"{case.path}?{case.query('A', 'B', 'C')}", b"")
    assert news(answer) == {"A": News.LIVE, "B": News.GONE}
    live, gone = answer.outcomes.values()
    assert live.answer == held
    assert (gone.status, gone.words) == (404, "No such")


@each
@pytest.mark.parametrize(("verb", "method"), [("UPSERT", "PUT"), ("DELETE", "DELETE")])
def test_a_hundred_long_ids_travel_in_one_tunneled_call(case: Case, verb: str, method: str) -> None:
    """A delete that travelled as a GET would delete nothing (exemplars 2)."""
    ids = [f"{number:03d}-{'x' * 60}" for number in range(100)]
    far = FarEnd(answered({case.key(own_id): {"status": 204} for own_id in ids}))
    answer = resource_of(case, far).send([case.entry(own_id, verb=verb, payload={"text": "T"}) for own_id in ids])
    assert (far.last.method, far.last.path) == ("POST", case.path)
    assert far.last.headers["x-http-method-override"] == method
    assert case.query(*ids).encode() in far.last.body
    assert set(news(answer).values()) == {News.ACCEPTED}
    assert len(answer.outcomes) == 100
    assert [(one.method, one.path, one.tunneled) for one in answer.exchanges] == [(method, case.shown, True)]


@each
def test_limits_and_budgets_are_those_of_the_pages(case: Case) -> None:
    resource = resource_of(case, FarEnd(answered()))
    assert resource.limits == dict.fromkeys(Step, 100)
    assert resource.endpoints == dict.fromkeys(Step, case.budget)


@each
def test_there_are_no_tasks_so_a_poll_is_a_check(case: Case) -> None:
    answer = resource_of(case, FarEnd(answered({case.key("A"): {}}))).poll([case.entry("A")])
    assert news(answer) == {"A": News.LIVE}


@each
@pytest.mark.parametrize("step", [Step.SEND, Step.CHECK])
def test_a_call_takes_up_to_a_hundred_different_records(case: Case, step: Step) -> None:
    far = FarEnd(answered())
    resource = resource_of(case, far)
    method = resource.send if step == Step.SEND else resource.check
    too_many = [case.entry(str(number), verb="DELETE") for number in range(101)]
    for entries in (too_many, [], too_many[:1] * 2):
        with pytest.raises(ValueError, match="different records per call"):
            method(entries)
    assert far.arrived == []


@each
@pytest.mark.parametrize("verbs", [("UPSERT", "DELETE"), ("CREATE",), ("",)])
def test_a_call_has_one_verb_that_linkedin_knows(case: Case, verbs: tuple[str, ...]) -> None:
    entries = [case.entry(str(number), verb=verb) for number, verb in enumerate(verbs)]
    with pytest.raises(ValueError, match="one verb per call"):
        resource_of(case, FarEnd(answered())).send(entries)


@pytest.mark.parametrize("case", [case for case in CASES if case.parent], ids=lambda case: case.name)
@pytest.mark.parametrize("parents", [("C-1", "C-2"), ("",)])
def test_a_call_is_about_one_parent(case: Case, parents: tuple[str, ...]) -> None:
    entries = [Entry(key=f"N{number}", verb="DELETE", parent=parent) for number, parent in enumerate(parents)]
    for method in (resource_of(case, FarEnd(answered())).send, resource_of(case, FarEnd(answered())).check):
        with pytest.raises(ValueError, match="one parent per call"):
            method(entries)


def test_applications_name_their_candidates_in_the_record_and_not_in_the_call() -> None:
    far = FarEnd(answered())
    resource_of(CASES[2], far).check([Entry(key="A-1", parent="C-1"), Entry(key="A-2", parent="C-2")])
    assert far.last.path == f"/v2/atsApplications?{CASES[2].query('A-1', 'A-2')}"


def test_a_second_table_changes_paths_and_keys_and_nothing_else() -> None:
    """linkedin.md 2.4: `/rest/candidateNotes` is flat, so that one call may be about many candidates."""
    flat = Endpoint(
        path="/rest/candidateNotes",
        version="202603",
        protocol="2.0.0",
        key=KeyShape(own="externalNoteId", parent="externalCandidateId"),
    )
    said = "(externalCandidateId:C 1,externalNoteId:N-1,integrationContext:urn%3Ali%3Aorganization%3A77)"
    far = FarEnd(answered({said: {"status": 204}}))
    notes = CandidateNotes(
        wire=client_of(far), organization_urn="urn:li:organization:77", dialect={CandidateNotes.name: flat}
    )
    entries = [
        Entry(key="1", parent="C 1", external_id="N-1", verb="UPSERT", payload={"note": "x"}),
        Entry(key="2", parent="C 2", external_id="N-1", verb="UPSERT", payload={"note": "y"}),
    ]
    answer = notes.send(entries)
    assert far.last.path == (
        "/rest/candidateNotes?ids=List("
        "(externalCandidateId:C%201,externalNoteId:N-1,integrationContext:urn%3Ali%3Aorganization%3A77),"
        "(externalCandidateId:C%202,externalNoteId:N-1,integrationContext:urn%3Ali%3Aorganization%3A77))"
    )
    assert (far.last.headers["linkedin-version"], far.last.headers["x-restli-protocol-version"]) == ("202603", "2.0.0")
    assert far.sent["entities"][said] == {"note": "x"}
    assert {key: outcome.news for key, outcome in answer.outcomes.items()} == {"1": News.ACCEPTED}
    with pytest.raises(ValueError, match="one parent per call"):
        notes.send([Entry(key="1", external_id="N-1", verb="DELETE")])


def test_only_candidates_are_linked() -> None:
    for case in CASES[1:]:
        with pytest.raises(ValueError, match="one verb per call"):
            resource_of(case, FarEnd(answered())).send([case.entry("A", verb="LINK")])


# What is read


@pytest.mark.parametrize("verb", ["UPSERT", "DELETE", "LINK", "UNLINK"])
@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 422])
def test_a_refusal_inside_a_200_is_a_verdict_on_its_record(verb: str, status: int) -> None:
    words = "ERROR :: /emailAddresses/0 :: nobody cannot be coerced to Email\n"
    error = {"status": status, "message": words, "serviceErrorCode": 7}
    for said in (
        answered(errors={CANDIDATES.key("A"): error}),
        answered({CANDIDATES.key("A"): error}),
        answered({CANDIDATES.key("A"): {"status": status, "error": error}}),
    ):
        outcome = settled(verb, said)
        assert outcome is not None
        if verb == "DELETE" and status == 404:
            assert (outcome.news, outcome.status, outcome.field_name) == (News.ACCEPTED, 404, "")
            continue
        assert (outcome.news, outcome.status, outcome.code) == (News.REJECTED, status, "7")
        assert (outcome.words, outcome.field_name) == (words.strip(), "emailAddresses")


@pytest.mark.parametrize("verb", ["UPSERT", "DELETE", "LINK", "UNLINK"])
@pytest.mark.parametrize(
    "said",
    [
        answered(),
        answered({CANDIDATES.key("A"): {}}),
        answered({CANDIDATES.key("A"): None}),
        answered({CANDIDATES.key("A"): {"status": 102}}),
        answered({CANDIDATES.key("A"): {"status": 302}}),
        answered({CANDIDATES.key("A"): {"status": 503}}),
        answered({CANDIDATES.key("Z"): {"status": 204}}),
        answered(errors={CANDIDATES.key("A"): {"status": 429}}),
        answered(errors={CANDIDATES.key("A"): {"status": 401, "message": "expired"}}),
        answered(errors={CANDIDATES.key("A"): {"status": 500, "message": "Internal Server Error"}}),
        answered(errors={CANDIDATES.key("A"): {}}),
        answered({CANDIDATES.key("A"): {"status": 204}}, {CANDIDATES.key("A"): {"status": 404}}),
        answered({CANDIDATES.key("A"): {"status": 204}, unquote(CANDIDATES.key("A")): {"status": 204}}),
    ],
)
def test_what_settles_nothing_leaves_the_record_unanswered(verb: str, said: Said) -> None:
    assert settled(verb, said) is None


def test_a_reason_stands_beside_the_success_of_its_neighbours() -> None:
    far = FarEnd(answered({CANDIDATES.key("A"): {"status": 204}}, {CANDIDATES.key("B"): {"status": 422}}))
    entries = [CANDIDATES.entry(own_id, verb="UPSERT") for own_id in "ABC"]
    answer = resource_of(CANDIDATES, far).send(entries)
    assert news(answer) == {"A": News.ACCEPTED, "B": News.REJECTED}


@pytest.mark.parametrize(
    "spelled",
    [
        "atsCandidateId=A&dataProvider=ATS&integrationContext=urn%3Ali%3Aorganization%3A77",
        "atsCandidateId=A&dataProvider=ATS&integrationContext=urn:li:organization:77",
        "integrationContext=urn%3Ali%3Aorganization%3A77&dataProvider=ATS&atsCandidateId=A",
    ],
)
def test_keys_come_back_in_any_order_and_escaping(spelled: str) -> None:
    """linkedin.md 10.1, row 13: encoded for candidates, raw for applications."""
    for verb in ("UPSERT", "DELETE"):
        outcome = settled(verb, answered({spelled: {"status": 204}}))
        assert outcome is not None
        assert outcome.news is News.ACCEPTED


@each
@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refused_call_is_about_no_record(case: Case, status: int) -> None:
    """A whole-call 404 is no proof that anything is gone (DESIGN 5)."""
    resource = resource_of(case, FarEnd(says({"message": "No", "status": status}, status=status)))
    for call in (lambda: resource.send([case.entry("A", verb="DELETE")]), lambda: resource.check([case.entry("A")])):
        with pytest.raises(Rejected) as caught:
            call()
        assert caught.value.exchange is not None
        assert caught.value.exchange.path == case.shown


@each
@pytest.mark.parametrize("said", [says({}), says({"elements": []}), Said(body=b""), Said(status=204)])
def test_an_empty_answer_settles_nothing(case: Case, said: Said) -> None:
    with pytest.raises(Unanswered):
        resource_of(case, FarEnd(said)).send([case.entry("A", verb="DELETE")])


@each
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
def test_an_error_that_does_not_say_unknown_is_taken_neither_for_gone_nor_for_a_silence(
    case: Case, status: int
) -> None:
    far = FarEnd(answered(errors={case.key("A"): {"status": status, "message": "Not for you"}}))
    (said,) = resource_of(case, far).check([case.entry("A")]).outcomes.values()
    assert (said.news, said.status, said.words) == (News.REJECTED, status, "Not for you")


def test_a_record_is_given_back_without_the_key_that_a_server_repeats_in_it() -> None:
    applications = CASES[2]
    held = {"atsCandidateId": "C-1", "source": "Referral"}
    repeated = {"atsJobApplicationId": "A", "dataProvider": "ATS", "integrationContext": "urn:li:organization:77"}
    far = FarEnd(answered({applications.key("A"): held | repeated}))
    (outcome,) = resource_of(applications, far).check([applications.entry("A")]).outcomes.values()
    assert outcome.answer == held


# Candidates


def test_a_link_sets_one_field_and_an_unlink_deletes_it() -> None:
    key = CANDIDATES.key("A")
    far = FarEnd(answered({key: {"status": 204}}))
    whole = {"firstName": "A", "manualMatchedMember": "urn:li:person:Ab12"}
    for verb, patch in (
        ("LINK", {"patch": {"$set": {"manualMatchedMember": "urn:li:person:Ab12"}}}),
        ("UNLINK", {"patch": {"$delete": ["manualMatchedMember"]}}),
    ):
        answer = resource_of(CANDIDATES, far).send([CANDIDATES.entry("A", verb=verb, payload=whole)])
        assert (far.last.method, far.last.path) == ("POST", f"/v2/atsCandidates?{CANDIDATES.query('A')}")
        assert far.last.headers["x-restli-method"] == "batch_partial_update"
        assert far.sent == {"entities": {CANDIDATES.key("A", PRINTED): patch}}
        assert (answer.outcomes["A"].news, answer.outcomes["A"].request) == (News.ACCEPTED, patch)


def test_a_hundred_links_keep_post_as_their_method_in_the_tunnel() -> None:
    ids = [f"C-{number}" for number in range(100)]
    far = FarEnd(answered({CANDIDATES.key(own_id): {"status": 204} for own_id in ids}))
    payload = {"manualMatchedMember": "urn:li:person:Ab12"}
    resource_of(CANDIDATES, far).send([CANDIDATES.entry(own_id, verb="LINK", payload=payload) for own_id in ids])
    assert far.last.headers["x-http-method-override"] == "POST"
    assert far.last.headers["x-restli-method"] == "batch_partial_update"
    assert far.last.headers["content-type"].startswith("multipart/mixed")


@pytest.mark.parametrize(
    ("held", "matched", "linked"),
    [
        ({}, [], ""),
        (
            {"matchedMembers": ["urn:li:person:Ab12", "urn:li:person:Cd34"]},
            ["urn:li:person:Ab12", "urn:li:person:Cd34"],
            "",
        ),
        ({"matchedMembers": None, "manualMatchedMember": "urn:li:person:Cd34"}, [], "urn:li:person:Cd34"),
        ({"matchedMembers": [1, None, "urn:li:person:Ab12"], "manualMatchedMember": 5}, ["urn:li:person:Ab12"], ""),
        ({"matchedMembers": "urn:li:person:Ab12"}, [], ""),
    ],
)
def test_a_check_tells_whom_linkedin_matched(held: dict[str, Any], matched: list[str], linked: str) -> None:
    for verb, fields in (("", ""), ("MATCHES", "&fields=matchedMembers,manualMatchedMember")):
        far = FarEnd(answered({CANDIDATES.key("A"): held}))
        answer = resource_of(CANDIDATES, far).check([CANDIDATES.entry("A", verb=verb)])
        assert far.last.path == f"/v2/atsCandidates?{CANDIDATES.query('A')}{fields}"
        assert answer.outcomes["A"].news is News.LIVE
        assert answer.outcomes["A"].facts == {"matched_members": matched, "manual_matched_member": linked}


def test_one_look_at_a_whole_record_makes_the_call_ask_for_whole_records() -> None:
    far = FarEnd(answered())
    resource_of(CANDIDATES, far).check([CANDIDATES.entry("A", verb="MATCHES"), CANDIDATES.entry("B")])
    assert "fields" not in far.last.path


# The requests that LinkedIn prints


DELETING = {
    "/v2/atsCandidates": "candidates",
    "/v2/atsApplications": "applications",
    "/v2/atsCandidates/notes": "candidate_notes",
    "/v2/atsApplications/notes": "application_notes",
    "/v2/atsApplications/stages": "application_stages",
    "/v2/atsApplications/interviewFeedback": "interview_feedback",
}


@pytest.mark.parametrize("pair", DATA_DELETION, ids=[pair.name for pair in DATA_DELETION])
def test_the_six_deletes_are_those_of_the_page(pair: Pair) -> None:
    """Byte for byte but for the percent-encoding, which the page leaves out."""
    organization = "urn:li:organization:1000" if pair.name == "delete applications" else "urn:li:organization:2414183"
    *before, last = pair.path.split("/")
    parent = before[-1] if "=" in before[-1] else ""
    name = DELETING[f"{'/'.join(before[:-1])}/{last}" if parent else pair.path]
    ids = [value for part in pair.query.split("&") if (value := part.partition("=")[2]) and is_own_id(part)]
    far = FarEnd(answered())
    client = client_of(far, organization_urn=organization)
    owner = parent.partition("=")[2].partition("&")[0]
    client.resources[name].send([Entry(key=own_id, parent=owner, verb="DELETE") for own_id in ids])
    assert len(ids) == 2
    assert far.last.method == "DELETE"
    assert unquote(far.last.path) == f"{pair.path}?{pair.query}"


def is_own_id(part: str) -> bool:
    return "dataProvider" not in part and "integrationContext" not in part


def test_two_candidates_are_synced_as_the_page_shows() -> None:
    peter = Candidate(
        external_id="CAND123",
        first_name="Peter",
        last_name="Griffin",
        middle_initial="L",
        prefix="Mr",
        suffix="Jr",
        email_addresses=("foo@example.com",),
        phone_numbers=(Phone(number="555-555-5555", extension="1234"),),
        addresses=(
            Address(
                line1="31 Spooner St",
                city="Quahog",
                geographic_area="RI",
                geographic_area_type="STATE",
                postal_code="02802",
                country="us",
            ),
        ),
        ats_created_at=1484864187000,
        ats_last_modified_at=1484864187000,
        external_profile_url="https://example.com/p-griffin",
        current_company_name="Pawtucket Patriot Brewery",
        current_job_title="Quality Assurance",
    )
    maude = Candidate(
        external_id="CAND456",
        first_name="Maude",
        last_name="Flanders",
        prefix="Mrs",
        email_addresses=("foo@example.com",),
        phone_numbers=(Phone(number="555-666-7777", extension="1234"),),
        addresses=(
            Address(
                line1="1000 W Maude Ave",
                line2="ATTN: Maude Flanders",
                city="Calgary",
                geographic_area="AB",
                geographic_area_type="PROVINCE",
                postal_code="T1X 0L3",
                country="ca",
            ),
        ),
        ats_created_at=1484864187000,
        ats_last_modified_at=1484864187000,
        external_profile_url="https://example.com/m-flanders",
    )
    far = FarEnd(answered())
    client_of(far, organization_urn="urn:li:organization:2414183").resources["candidates"].send(
        [Entry(key=one.external_id, verb="UPSERT", payload=one.to_wire()) for one in (peter, maude)]
    )
    assert json.loads(far.last.body) == json.loads(TWO_CANDIDATES)
