"""How keys are written and recognised, in both protocols (linkedin.md 2.3)."""

from __future__ import annotations

import pytest

from connectors.linkedin.endpoints import V2, Endpoint, KeyShape
from connectors.linkedin.keys import PROTOCOL_2, CompositeKey, Key, in_body, in_path, in_query, parsed, recognised

ORGANIZATION = "urn:li:organization:77"
PLAIN = CompositeKey.of({"atsCandidateId": "C 1", "integrationContext": ORGANIZATION})
ODD = CompositeKey.of({"a": "(1),'2':50%&b=ü+/", "b": ""})


@pytest.mark.parametrize(
    ("protocol", "key", "query", "path", "body"),
    [
        (
            "",
            PLAIN,
            "ids%5B0%5D.atsCandidateId=C%201&ids%5B0%5D.integrationContext=urn%3Ali%3Aorganization%3A77",
            "atsCandidateId=C%201&integrationContext=urn%3Ali%3Aorganization%3A77",
            "atsCandidateId=C%201&integrationContext=urn:li:organization:77",
        ),
        (
            PROTOCOL_2,
            PLAIN,
            "ids=List((atsCandidateId:C%201,integrationContext:urn%3Ali%3Aorganization%3A77))",
            "(atsCandidateId:C%201,integrationContext:urn%3Ali%3Aorganization%3A77)",
            "(atsCandidateId:C 1,integrationContext:urn%3Ali%3Aorganization%3A77)",
        ),
        (
            "1.0.0",
            ODD,
            "ids%5B0%5D.a=%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F&ids%5B0%5D.b=",
            "a=%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F&b=",
            "a=%281%29%2C%272%27:50%25%26b%3D%C3%BC%2B%2F&b=",
        ),
        (
            PROTOCOL_2,
            ODD,
            "ids=List((a:%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F,b:''))",
            "(a:%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F,b:'')",
            "(a:%281%29%2C%272%27%3A50%25&b=ü+/,b:'')",
        ),
        ("", "N 1/(2),ü", "ids=N%201%2F%282%29%2C%C3%BC", "N%201%2F%282%29%2C%C3%BC", "N 1/(2),ü"),
        (PROTOCOL_2, "N 1/(2),ü", "ids=List(N%201%2F%282%29%2C%C3%BC)", "N%201%2F%282%29%2C%C3%BC", "N 1/(2),ü"),
    ],
)
def test_a_key_has_three_forms_in_each_protocol(protocol: str, key: Key, query: str, path: str, body: str) -> None:
    assert in_query([key], protocol=protocol) == query
    assert in_path(key, protocol=protocol) == path
    assert in_body(key, protocol=protocol) == body


def test_many_keys_are_counted_or_listed() -> None:
    keys = [CompositeKey.of({"a": "1"}), CompositeKey.of({"a": "2"})]
    assert in_query(keys) == "ids%5B0%5D.a=1&ids%5B1%5D.a=2"
    assert in_query(keys, protocol=PROTOCOL_2) == "ids=List((a:1),(a:2))"
    assert in_query(["N1", "N2"]) == "ids=N1&ids=N2"
    assert in_query(["N1", "N2"], protocol=PROTOCOL_2) == "ids=List(N1,N2)"


def test_the_order_of_a_keys_parts_says_nothing() -> None:
    assert CompositeKey.of({"a": "1", "b": "2"}) == CompositeKey.of({"b": "2", "a": "1"})


@pytest.mark.parametrize(
    "said",
    [
        "atsCandidateId=C%201&integrationContext=urn%3Ali%3Aorganization%3A77",
        "integrationContext=urn%3ali%3aorganization%3a77&atsCandidateId=C%201",
        "atsCandidateId=C 1&integrationContext=urn:li:organization:77",
        "atsCandidateId=C+1&integrationContext=urn%3Ali%3Aorganization%3A77",
        "(atsCandidateId:C 1,integrationContext:urn%3Ali%3Aorganization%3A77)",
        "(integrationContext:urn%3Ali%3Aorganization%3A77,atsCandidateId:C%201)",
    ],
)
def test_a_servers_key_is_recognised_in_any_order_and_escaping(said: str) -> None:
    assert recognised([said], [PLAIN]) == {said: PLAIN}


@pytest.mark.parametrize(
    "said",
    [
        "a=%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F&b=",
        "b=&a=%281%29%2C%272%27%3A50%25%26b%3D%C3%BC%2B%2F",
        "(b:'',a:%281%29%2C%272%27%3A50%25&b=ü+/)",
    ],
)
def test_an_odd_key_is_recognised_too(said: str) -> None:
    assert recognised([said], [ODD]) == {said: ODD}


def test_a_raw_key_is_split_where_its_names_are() -> None:
    """Applications come back without any escaping on the page "Data Deletion"."""
    key = CompositeKey.of({"atsJobApplicationId": "A&B=C 100%", "dataProvider": "ATS"})
    said = "atsJobApplicationId=A&B=C 100%&dataProvider=ATS"
    assert recognised([said], [key]) == {said: key}


def test_two_apostrophes_are_an_id_like_any_other_under_1_0_0() -> None:
    key = CompositeKey.of({"a": "''"})
    assert recognised(["a=''"], [key]) == {"a=''": key}
    assert recognised(["(a:%27%27)"], [key]) == {"(a:%27%27)": key}
    assert recognised(["(a:'')"], [key]) == {}


def test_an_id_that_looks_like_another_ones_escaping_is_not_mixed_up_with_it() -> None:
    keys = [CompositeKey.of({"a": "50%25"}), CompositeKey.of({"a": "50%"}), CompositeKey.of({"a": "x y"})]
    assert recognised(["a=50%2525", "a=50%25", "a=x%20y"], keys) == {
        "a=50%2525": keys[0],
        "a=50%25": keys[1],
        "a=x%20y": keys[2],
    }
    assert recognised(["50%25", "50%"], ["50%25", "50%"]) == {"50%25": "50%25", "50%": "50%"}


def test_a_plus_is_a_blank_unless_nobody_has_such_an_id() -> None:
    """As Rest.li writes and reads the keys of protocol 1.0.0; a server that escapes nothing means a plus."""
    keys = [CompositeKey.of({"a": "x y"}), CompositeKey.of({"a": "x+y"})]
    assert recognised(["a=x+y", "a=x%2By"], keys) == {"a=x+y": keys[0], "a=x%2By": keys[1]}
    assert recognised(["a=x+y"], keys[1:]) == {"a=x+y": keys[1]}
    assert recognised(["(a:x+y)"], keys) == {"(a:x+y)": keys[1]}


@pytest.mark.parametrize(
    "said", ["", "a", "a=2", "a=1&b=2", "(a:2)", "(a)", "()", "(", "=1", "&", "a=1&", "((a:1))", "%", "(a:1", "''"]
)
def test_what_nobody_asked_about_is_left_out(said: str) -> None:
    assert recognised([said], [CompositeKey.of({"a": "1"})]) == {}


def test_text_that_is_no_composite_key_is_none() -> None:
    assert [parsed(text) for text in ("", "N1", "(N1)", "=x", "(:x)")] == [None] * 5


def test_the_dialect_of_v2_is_that_of_the_pages() -> None:
    key = V2["atsApplications"].key_of("APPL123", organization=ORGANIZATION)
    expected = {"atsJobApplicationId": "APPL123", "dataProvider": "ATS", "integrationContext": ORGANIZATION}
    assert key == CompositeKey.of(expected)
    notes = V2["atsCandidates/notes"]
    assert notes.key_of("N1", organization=ORGANIZATION, parent="C1") == "N1"
    assert notes.parent_key("C1", organization=ORGANIZATION) == V2["atsCandidates"].key_of(
        "C1", organization=ORGANIZATION
    )
    resume = V2["tcrmCandidateResumes"].key_of("R1", organization=ORGANIZATION, parent="C1")
    named = {"tcrmCandidateId": "C1", "tcrmResumeId": "R1", "dataProvider": "PARTNER"}
    assert resume == CompositeKey.of({**named, "integrationContext": ORGANIZATION})
    protocols = {"hireMediaUrl": "2.0.0", "tcrmCandidateResumes": "1.0.0"}  # linkedin.md 10.1, row 27
    assert {name: endpoint.headers for name, endpoint in V2.items() if endpoint.headers} == {
        name: {"X-RestLi-Protocol-Version": protocol} for name, protocol in protocols.items()
    }


def test_a_second_table_may_name_the_parent_in_the_key_and_send_no_data_provider() -> None:
    """linkedin.md 2.4: `/rest/candidateNotes` is flat."""
    notes = Endpoint(
        path="/rest/candidateNotes",
        version="202603",
        protocol=PROTOCOL_2,
        key=KeyShape(own="externalNoteId", parent="externalCandidateId"),
    )
    assert notes.hangs_on_parent
    assert notes.parent_key("C1", organization=ORGANIZATION) is None
    assert notes.key_of("N1", organization=ORGANIZATION, parent="C1") == CompositeKey.of(
        {"externalNoteId": "N1", "externalCandidateId": "C1", "integrationContext": ORGANIZATION}
    )


def test_a_key_does_not_show_whose_it_is() -> None:
    assert "C 1" not in repr(PLAIN)
