"""Keys of simulated LinkedIn's batch calls in both protocols: how they are read, compared and written (linkedin.md 2.3,
4.1, 8.1; seed 001)."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import ORGANIZATION, LinkedinCaller
from tests.simulators.syncing import (
    APPLICATIONS,
    CANDIDATES,
    Place,
    Tongue,
    application,
    candidate,
    note,
    notes_of,
    stage,
    under,
)

PROTOCOL_2 = {"X-RestLi-Protocol-Version": "2.0.0"}
INVALID = "Batch key parameter value is invalid"
STRANGE_IDS = [
    "C 1",
    "a&b=c+d%e/f:g,(h)'i\"",
    "%41%20",
    "List(x)",
    "ids[0].x~y",
    "Zoë 🦉 שלום",
    "x" * 200,
    "|;?#\\",
]


def key_of(external_id: str, organization: str = ORGANIZATION) -> str:
    return f"atsCandidateId={external_id}&dataProvider=ATS&integrationContext={organization}"


def query_of(*ids: str) -> str:
    return "&".join(
        f"ids[{place}].atsCandidateId={one}&ids[{place}].dataProvider=ATS&ids[{place}].integrationContext={ORGANIZATION}"
        for place, one in enumerate(ids)
    )


def put(caller: LinkedinCaller, query: str, *keys: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    body = json.dumps({"entities": {key: candidate() for key in keys}}).encode()
    answer = caller.call("PUT", f"/v2/atsCandidates?{query}", headers=headers, body=body)
    return answer.status, answer.json().get("message", "")


def test_the_call_of_the_page_is_understood(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """Seed 003: raw brackets, raw colons, keys in another order than the answer's."""
    body = json.dumps({"entities": {key_of("CAND123"): candidate(), key_of("CAND456"): candidate()}}).encode()
    headers = {"content-type": "application/json", "x-restli-method": "batch_update"}
    path = f"/v2/atsCandidates?{query_of('CAND123', 'CAND456')}"
    answer = caller.call("PUT", path, headers=headers, body=body)
    encoded = quote(ORGANIZATION, safe="")
    assert answer.json() == {
        "errors": {},
        "results": {key_of("CAND123", encoded): {"status": 204}, key_of("CAND456", encoded): {"status": 204}},
    }


def test_candidates_come_back_sorted_and_encoded_applications_unencoded(linkedin: Linkedin, plain: Tongue) -> None:
    """Seed 001."""
    linkedin.configure(unknown_links="accept")
    assert list(plain.put(CANDIDATES, {"C 1/x": candidate()}).json()["results"]) == [
        "atsCandidateId=C%201%2Fx&dataProvider=ATS&integrationContext=urn%3Ali%3Aorganization%3A77"
    ]
    assert list(plain.put(APPLICATIONS, {"A 1/x": application()}).json()["results"]) == [
        "atsJobApplicationId=A 1/x&dataProvider=ATS&integrationContext=urn:li:organization:77"
    ]


def test_an_unencoded_key_escapes_what_would_break_it(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.configure(unknown_links="accept")
    (key,) = plain.put(APPLICATIONS, {"A&=+%": application()}).json()["results"]
    assert key.startswith("atsJobApplicationId=A%26%3D%2B%25&dataProvider=ATS&")


def test_which_keys_are_raw_can_be_switched(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.configure(raw_keys=[CANDIDATES], unknown_links="accept")
    assert "urn:li:" in str(plain.put(CANDIDATES, {"C-1": candidate()}).json()["results"])
    assert "urn%3Ali" in str(plain.put(APPLICATIONS, {"A-1": application()}).json()["results"])


def test_keys_of_protocol_2_come_back_as_tuples(caller: LinkedinCaller) -> None:
    answer = Tongue(caller, version="2.0.0").put(CANDIDATES, {"C (1)": candidate()})
    key = "(atsCandidateId:C %281%29,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77)"
    assert list(answer.json()["results"]) == [key]
    assert answer.header("x-restli-protocol-version") == "2.0.0"


@pytest.mark.parametrize("external_id", STRANGE_IDS)
@pytest.mark.parametrize("where", ["candidate", "note", "below a strange candidate"])
def test_strange_ids_survive(linkedin: Linkedin, tongue: Tongue, external_id: str, where: str) -> None:
    above = external_id if where.startswith("below") else "C-1"
    linkedin.seed_record(CANDIDATES, above)
    place: Place = CANDIDATES if where == "candidate" else notes_of(above)
    content = candidate() if where == "candidate" else note()
    answer = tongue.put(place, {external_id: content})
    assert tongue.results(place, answer) == {external_id: {"status": 204}}
    assert tongue.results(place, tongue.get(place, external_id)) == {external_id: content}
    parent = "" if where == "candidate" else above
    endpoint = "atsCandidates" if where == "candidate" else "atsCandidates/notes"
    held = linkedin.record(endpoint, external_id, parent=parent)
    assert held is not None
    assert held["external_id"] == external_id
    assert tongue.results(place, tongue.delete(place, external_id)) == {external_id: {"status": 204}}


def test_an_application_with_a_strange_id_holds_its_stages(linkedin: Linkedin, tongue: Tongue) -> None:
    linkedin.configure(unknown_links="accept")
    for external_id in STRANGE_IDS:
        assert tongue.results(APPLICATIONS, tongue.put(APPLICATIONS, {external_id: application()})) != {}
        place = under(external_id, "stages")
        assert list(tongue.results(place, tongue.put(place, {"S/1": stage()}))) == ["S/1"]


def test_key_parts_may_come_encoded_and_in_any_order(caller: LinkedinCaller) -> None:
    query = "ids%5B0%5D.integrationContext=urn%3Ali%3Aorganization%3A77&ids%5B0%5D.dataProvider=ATS"
    key = "integrationContext=urn%3Ali%3Aorganization%3A77&dataProvider=ATS&atsCandidateId=C-1"
    assert put(caller, f"{query}&ids[0].atsCandidateId=C%2D1", key) == (200, "")


def test_ids_are_numbered_in_any_order(caller: LinkedinCaller) -> None:
    query = query_of("A", "B").replace("ids[0]", "ids[7]")
    answer = caller.get(f"/v2/atsCandidates?{query}")
    assert [key.partition("&")[0] for key in answer.json()["errors"]] == ["atsCandidateId=B", "atsCandidateId=A"]


def test_a_key_in_a_path_of_protocol_2_may_be_escaped_as_a_whole(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """2.3, from the page about the protocol."""
    linkedin.seed_record(CANDIDATES, "C,1")
    key = "(atsCandidateId:C%2C1,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77)"
    for written in (key, quote(key, safe="")):
        answer = caller.call("GET", f"/v2/atsCandidates/{written}/notes?ids=List(N)", headers=PROTOCOL_2)
        assert (answer.status, list(answer.json()["errors"])) == (200, ["N"])


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("ids=List((atsCandidateId:C,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77))", {}),
        (query_of("C"), PROTOCOL_2),
        ("ids=List%28(atsCandidateId:C,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77))", PROTOCOL_2),
        ("ids=List((atsCandidateId:C,dataProvider:ATS,integrationContext:urn:li:organization:77))", PROTOCOL_2),
        ("ids=List((atsCandidateId:O'C,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77))", PROTOCOL_2),
        ("ids=List((atsCandidateId:,dataProvider:ATS,integrationContext:urn%3Ali%3Aorganization%3A77))", PROTOCOL_2),
        ("ids=List(C)", PROTOCOL_2),
        (query_of("100%"), {}),
        (query_of("%C3"), {}),
        (query_of(""), {}),
        (query_of("C").replace(ORGANIZATION, "77"), {}),
        (query_of("C").replace("&ids[0].dataProvider=ATS", ""), {}),
        (f"{query_of('C')}&ids[0].atsCandidateId=D", {}),
        (f"{query_of('C')}&ids[0].more=D", {}),
        ("ids=C", {}),
    ],
    ids=[
        "list in 1.0.0",
        "numbers in 2.0.0",
        "escaped list mark",
        "raw colons",
        "raw apostrophe",
        "nothing",
        "simple key",
        "half an escape",
        "half a letter",
        "empty",
        "no URN",
        "part missing",
        "part twice",
        "part too many",
        "simple key in 1.0.0",
    ],
)
def test_keys_that_cannot_be_read(caller: LinkedinCaller, query: str, headers: dict[str, str]) -> None:
    """8.1 gives the words; 11 asks that each protocol refuses the other's form."""
    answer = caller.call("GET", f"/v2/atsCandidates?{query}", headers=headers)
    assert (answer.status, answer.json()["message"]) == (400, INVALID)


def test_simple_keys_are_refused_in_the_others_form(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.seed_record(CANDIDATES, "C-1")
    one, two = Tongue(caller).path(notes_of("C-1")), Tongue(caller, version="2.0.0").path(notes_of("C-1"))
    assert caller.call("GET", f"{one}?ids=List(N)").status == 400
    assert caller.call("GET", f"{two}?ids=N&ids=M", headers=PROTOCOL_2).status == 400
    assert caller.call("GET", f"{one}?ids=N", headers=PROTOCOL_2).status == 400
    assert caller.call("GET", f"{two}?ids=N").status == 400


def test_a_plus_in_a_query_is_a_blank(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.seed_record(CANDIDATES, "C 1", fields={"prefix": "Dr"})
    assert caller.get(f"/v2/atsCandidates?{query_of('C+1')}").json()["errors"] == {}
    assert caller.get(f"/v2/atsCandidates?{query_of('C%2B1')}").json()["results"] == {}


@pytest.mark.parametrize(
    ("ids", "keys", "message"),
    [
        (["A"], ["A", "B"], "Batch request mismatch. Entity key '{B}' not found in the query parameter."),
        (["A", "B"], ["A"], "Batch request mismatch. URI keys: '{A}, {B}' Entity keys: '{A}'"),
        (["A", "A"], ["A"], "Batch request mismatch. URI keys: '{A}, {A}' Entity keys: '{A}'"),
        (["A"], ["A", "%41"], "Duplicate key in batch request body: 'atsCandidateId=%41&"),
    ],
    ids=["key too many", "id too many", "id twice", "key twice in two spellings"],
)
def test_ids_and_entities_are_the_same_set(
    linkedin: Linkedin, caller: LinkedinCaller, ids: list[str], keys: list[str], message: str
) -> None:
    """4.1 and 8.1: otherwise the whole call is a 400 and nothing is done."""
    status, words = put(caller, query_of(*ids), *map(key_of, keys))
    encoded = {one: key_of(one, quote(ORGANIZATION, safe="")) for one in ("A", "B")}
    assert status == 400
    assert words.startswith(message.format(**encoded))
    assert linkedin.count(CANDIDATES) == 0


def test_a_key_twice_in_the_same_spelling(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    entity = f'"{key_of("A")}": {json.dumps(candidate())}'
    answer = caller.call(
        "PUT", f"/v2/atsCandidates?{query_of('A')}", body=f'{{"entities": {{{entity}, {entity}}}}}'.encode()
    )
    assert (answer.status, answer.json()["message"]) == (400, f"Duplicate key in batch request body: '{key_of('A')}'")


def test_an_id_twice_in_a_read_or_a_deletion_is_one(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.seed_record(CANDIDATES, "A")
    assert len(plain.get(CANDIDATES, "A", "A").json()["results"]) == 1
    assert plain.delete(CANDIDATES, "A", "A").json()["errors"] == {}


def test_at_most_a_hundred_records(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1; the words are those of 8.1. More than some thirty need a tunnel (7.4)."""
    records = {str(number): candidate() for number in range(101)}
    answer = tongue.put(CANDIDATES, records)
    if not tongue.tunneled:
        assert answer.status == 414
        return
    words = "The request batch size: 101 is larger than the allowed max batch size: 100 for method: batch_update"
    assert (answer.status, answer.json()["message"]) == (400, words)
    assert tongue.delete(CANDIDATES, *records).status == 400
    records.pop("100")
    assert len(tongue.put(CANDIDATES, records).json()["results"]) == 100
    assert linkedin.count(CANDIDATES) == 100


@pytest.mark.parametrize("method", [None, "batch_update", "BATCH_UPDATE", " batch_update"])
def test_the_method_header_is_inferred_when_it_is_missing(caller: LinkedinCaller, method: str | None) -> None:
    """2.1 and 4.5: verb and ids say enough; the value comes in both cases (10.1, row 4)."""
    headers = {"X-RestLi-Method": method} if method else {}
    assert put(caller, query_of("A"), key_of("A"), headers=headers) == (200, "")


@pytest.mark.parametrize("method", ["batch_create", "update", "batch_partial_update", "batch_delete"])
def test_another_method_than_the_verbs_is_refused(caller: LinkedinCaller, method: str) -> None:
    status, words = put(caller, query_of("A"), key_of("A"), headers={"X-RestLi-Method": method})
    assert (status, words) == (
        400,
        f"PUT operation not supported for URI: '/v2/atsCandidates' with X-RestLi-Method: '{method}'",
    )


@pytest.mark.parametrize("verb", ["GET", "PUT", "POST", "DELETE"])
def test_a_batch_call_names_its_ids(caller: LinkedinCaller, verb: str) -> None:
    answer = caller.call(verb, "/v2/atsCandidates", body=b'{"entities": {}}')
    assert (answer.status, "operation not supported" in answer.json()["message"]) == (400, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"entities": []}', b'{"entities": {"A": 1}}', b'{"entities": {"A": {"x": "\\ud800"}}}'],
)
def test_a_body_that_is_not_entities(caller: LinkedinCaller, body: bytes) -> None:
    assert caller.call("PUT", f"/v2/atsCandidates?{query_of('A')}", body=body).status == 400


def test_a_body_of_another_type(caller: LinkedinCaller) -> None:
    headers = {"content-type": "text/plain"}
    assert caller.call("PUT", f"/v2/atsCandidates?{query_of('A')}", headers=headers, body=b"{}").status == 415


def test_an_unknown_protocol_is_refused(caller: LinkedinCaller) -> None:
    answer = caller.get(f"/v2/atsCandidates?{query_of('A')}", **{"X-RestLi-Protocol-Version": "3.0.0"})
    assert (answer.status, "3.0.0 used by the client is not supported" in answer.json()["message"]) == (400, True)


def test_an_error_is_marked_as_its_protocol_does(caller: LinkedinCaller) -> None:
    """2.2."""
    assert caller.get("/v2/atsCandidates").header("x-linkedin-error-response") == "true"
    answer = caller.get("/v2/atsCandidates", **PROTOCOL_2)
    assert answer.header("x-restli-error-response") == "true"
    assert answer.header("x-linkedin-error-response") == ""
