"""Query tunneling of simulated LinkedIn for every method, exact to the byte (linkedin.md 7; seeds 001 and 003)."""

from __future__ import annotations

import json

import pytest

from connectors.base.simulation import SimulatedAnswer
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import FORM, ORGANIZATION, LinkedinCaller
from tests.simulators.syncing import CANDIDATES, Tongue, candidate, multipart

QUERY = f"ids[0].atsCandidateId=C-1&ids[0].dataProvider=ATS&ids[0].integrationContext={ORGANIZATION}"
KEY = f"atsCandidateId=C-1&dataProvider=ATS&integrationContext={ORGANIZATION}"
BODY = json.dumps({"entities": {KEY: candidate()}}).encode()
FORM_PART = f"Content-Type: application/x-www-form-urlencoded\r\n\r\n{QUERY}".encode()
JSON_PART = b"Content-Type: application/json\r\n\r\n" + BODY


def put(caller: LinkedinCaller, body: bytes, kind: str = "multipart/mixed; boundary=xyz") -> SimulatedAnswer:
    headers = {"X-HTTP-Method-Override": "PUT", "Content-Type": kind, "x-restli-method": "batch_update"}
    return caller.call("POST", "/v2/atsCandidates", headers=headers, body=body)


def parts(*pieces: bytes, end: bytes = b"\r\n--xyz--") -> bytes:
    return b"--xyz\r\n" + b"\r\n--xyz\r\n".join(pieces) + end


def test_the_deletion_of_the_page(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """Seed 001."""
    linkedin.seed_record(CANDIDATES, "C-1")
    headers = {**FORM, "X-HTTP-Method-Override": "DELETE"}
    answer = caller.call("POST", "/v2/atsCandidates", headers=headers, body=QUERY.encode())
    assert list(answer.json()["results"].values()) == [{"status": 204}]
    call = linkedin.calls[-1]
    assert (call.method, call.override, call.endpoint, call.records) == ("DELETE", "DELETE", "atsCandidates", 1)


def test_the_matches_of_the_page(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """Seed 003, retrieve candidate matches."""
    linkedin.seed_record(CANDIDATES, "C-1")
    linkedin.match("C-1", members=["urn:li:person:Ab12"])
    headers = {**FORM, "X-HTTP-Method-Override": "GET"}
    body = f"{QUERY}&fields=matchedMembers,manualMatchedMember".encode()
    answer = caller.call("POST", "/v2/atsCandidates", headers=headers, body=body)
    assert list(answer.json()["results"].values()) == [{"matchedMembers": ["urn:li:person:Ab12"]}]


def test_the_sync_of_the_page(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """Seed 003, sync candidates."""
    assert put(caller, parts(FORM_PART, JSON_PART)).status == 200
    assert (linkedin.calls[-1].method, linkedin.calls[-1].records) == ("PUT", 1)
    assert linkedin.count(CANDIDATES) == 1


def test_a_partial_update_keeps_post(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """7.3: partial updates keep POST as their verb."""
    linkedin.seed_record(CANDIDATES, "C-1", fields=candidate())
    answer = Tongue(caller, tunneled=True).patch({"C-1": {"$set": {"manualMatchedMember": "urn:li:person:Cd34"}}})
    assert answer.status == 200
    assert linkedin.calls[-1].override == "POST"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (parts(JSON_PART, FORM_PART), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART, JSON_PART), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART) + b"\r\n", "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART), 'Multipart/Mixed; charset=utf-8; boundary="xyz"'),
        (
            multipart(QUERY, json.dumps({"entities": {KEY: candidate()}}, indent=2).encode(), boundary="xyz"),
            "multipart/mixed;boundary=xyz",
        ),
    ],
    ids=["other order", "a part too many", "a line end at the end", "quoted boundary", "JSON in lines"],
)
def test_bodies_that_are_read(linkedin: Linkedin, caller: LinkedinCaller, body: bytes, kind: str) -> None:
    """7.3: parts in any order, surplus parts ignored."""
    assert put(caller, body, kind).status == 200
    assert linkedin.count(CANDIDATES) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (parts(FORM_PART, JSON_PART).replace(b"\r\n", b"\n"), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, b"\n" + JSON_PART), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, b" \nContent-Type: application/json\r\n\r\n" + BODY), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, b"Content-Type: application/json\n\n" + BODY), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART), "multipart/mixed; boundary=xyz"),
        (parts(JSON_PART, JSON_PART), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, BODY), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART, end=b""), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART, end=b"\r\n--xyz"), "multipart/mixed; boundary=xyz"),
        (b"\r\n" + parts(FORM_PART, JSON_PART), "multipart/mixed; boundary=xyz"),
        (parts(FORM_PART, JSON_PART), "multipart/mixed; boundary=abc"),
        (parts(FORM_PART, JSON_PART), "multipart/mixed"),
        (parts(FORM_PART, JSON_PART.replace(b"Person", b"xyz")), "multipart/mixed; boundary=xyz"),
        (b"", "multipart/mixed; boundary=xyz"),
    ],
    ids=[
        "line feeds",
        "a line feed too many",
        "as printed",
        "line feeds in a head",
        "no body",
        "no query",
        "no head",
        "no end",
        "half an end",
        "something before",
        "another boundary",
        "no boundary",
        "boundary inside",
        "nothing",
    ],
)
def test_bodies_that_are_malformed(linkedin: Linkedin, caller: LinkedinCaller, body: bytes, kind: str) -> None:
    """7.3: CRLF only, the boundary in neither part; what the page prints has a blank line too many (10.1, row 25)."""
    answer = put(caller, body, kind)
    assert (answer.status, answer.json()["message"].startswith("Malformed multipart/mixed body")) == (400, True)
    assert linkedin.count(CANDIDATES) == 0


def test_the_part_names_the_type_of_the_body(caller: LinkedinCaller) -> None:
    assert put(caller, parts(FORM_PART, b"Content-Type: text/plain\r\n\r\n" + BODY)).status == 415


def test_a_put_in_a_form_has_no_entities(caller: LinkedinCaller) -> None:
    answer = put(caller, QUERY.encode(), "application/x-www-form-urlencoded")
    assert (answer.status, answer.json()["message"]) == (400, "Cannot parse request entity")


def test_a_tunneled_query_joins_the_one_of_the_address(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """7.3."""
    linkedin.seed_record(CANDIDATES, "C-1", fields=candidate())
    headers = {**FORM, "X-HTTP-Method-Override": "GET"}
    answer = caller.call("POST", f"/v2/atsCandidates?{QUERY}", headers=headers, body=b"fields=firstName")
    assert list(answer.json()["results"].values()) == [{"firstName": "Test"}]


def test_a_long_query_must_be_tunneled_and_may_be(caller: LinkedinCaller) -> None:
    """7.1 and 7.4: a hundred candidates are 13 KB."""
    records = {f"{number:0>10}": candidate() for number in range(100)}
    for version in ("1.0.0", "2.0.0"):
        assert Tongue(caller, version=version).put(CANDIDATES, records).status == 414
        assert Tongue(caller, version=version, tunneled=True).put(CANDIDATES, records).status == 200


def test_a_long_key_in_the_path_cannot_be_tunneled(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """7.1: tunneling mends the query only."""
    path = f"/v2/atsCandidates/atsCandidateId={'x' * 4096}&dataProvider=ATS&integrationContext={ORGANIZATION}/notes"
    headers = {**FORM, "X-HTTP-Method-Override": "DELETE"}
    assert caller.call("POST", path, headers=headers, body=b"ids=N").status == 414


def test_a_patch_may_not_travel(caller: LinkedinCaller) -> None:
    """7.3: there is no PATCH in Rest.li."""
    headers = {**FORM, "X-HTTP-Method-Override": "PATCH"}
    assert caller.call("POST", "/v2/atsCandidates", headers=headers, body=QUERY.encode()).status == 400
