"""What a full replace would erase: one row per way to lose a value, and per way that loses none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.linkedin.null_wipe import erased, value_at

HOME = {"line1": "Hauptplatz 1", "line2": "Tür 4", "city": "Graz", "country": "at"}
WORK = {"line1": "Ring 2", "city": "Wien", "country": "at"}


@pytest.mark.parametrize(
    ("held", "sent", "paths"),
    [
        ({}, {}, []),
        ({"suffix": "Jr"}, {"suffix": "Jr"}, []),
        ({"suffix": "Jr"}, {"suffix": "Sr"}, []),
        ({"suffix": "Jr"}, {}, ["suffix"]),
        ({"suffix": "Jr"}, {"suffix": ""}, ["suffix"]),
        ({"suffix": "Jr"}, {"suffix": None}, ["suffix"]),
        ({"suffix": "", "prefix": None, "addresses": [], "author": {}}, {}, []),
        ({"author": {"firstName": "", "lastName": None}, "addresses": [{}, {"city": ""}]}, {}, []),
        ({"doNotContact": True}, {"doNotContact": False}, []),
        ({"doNotContact": False, "atsCreatedAt": 0}, {}, ["doNotContact", "atsCreatedAt"]),
        ({"matchedMembers": ["urn:li:person:Ab12"]}, {}, []),
        ({"manualMatchedMember": "urn:li:person:Ab12"}, {}, ["manualMatchedMember"]),
        ({"fieldOfALaterVersion": {"deep": 1}}, {}, ["fieldOfALaterVersion"]),
        ({"author": {"firstName": "A", "lastName": "B"}}, {"author": {"firstName": "A"}}, ["author.lastName"]),
        ({"author": {"firstName": "A", "lastName": "B"}}, {}, ["author"]),
    ],
)
def test_a_value_is_erased_when_nothing_takes_its_place(
    held: dict[str, Any], sent: dict[str, Any], paths: list[str]
) -> None:
    assert erased(held, sent) == paths


@pytest.mark.parametrize(
    ("name", "held", "sent", "paths"),
    [
        ("emailAddresses", ["a@x.example", "b@x.example"], ["b@x.example", "a@x.example"], []),
        ("emailAddresses", ["A@X.example"], ["a@x.example"], []),
        ("emailAddresses", ["a@x.example", "b@x.example"], ["b@x.example"], ["[0]"]),
        ("emailAddresses", ["a@x.example"], ["c@x.example"], ["[0]"]),
        ("emailAddresses", ["a@x.example", "b@x.example"], [], ["[0]", "[1]"]),
        ("emailAddresses", ["a@x.example", "b@x.example"], None, ["[0]", "[1]"]),
        ("phoneNumbers", [{"number": "555-1"}], [{"number": "555 1"}], []),
        ("phoneNumbers", [{"number": "555-1", "extension": "9"}], [{"number": "5551"}], ["[0].extension"]),
        ("phoneNumbers", [{"number": "555-1"}, {"number": "555-2"}], [{"number": "555-2"}], ["[0]"]),
        ("phoneNumbers", [{"number": "555-1"}], [{"number": "555-3"}], ["[0]"]),
        ("phoneNumbers", [{"number": "+43 1"}], [{"number": "0043 1"}], ["[0]"]),
        ("evaluations", [{"attribute": "Skill", "result": "4/5"}], [{"attribute": "skill", "result": "5/5"}], []),
        ("evaluations", [{"attribute": "Skill", "result": "4/5"}], [{"attribute": "Skill"}], ["[0].result"]),
        ("evaluations", [{"attribute": "Skill", "result": "4/5"}], [{"attribute": "Tone"}], ["[0]"]),
        ("addresses", [HOME, WORK], [WORK, HOME], []),
        ("addresses", [HOME], [WORK, HOME], []),
        ("addresses", [HOME], [WORK], ["[0].line2"]),
        ("addresses", [HOME, WORK], [WORK], ["[0]"]),
        ("addresses", [HOME], [{**HOME, "city": "Linz"}], []),
        ("addresses", [HOME], [], ["[0]"]),
        ("addresses", [WORK, HOME], [{**HOME, "line2": ""}, WORK], ["[1].line2"]),
    ],
)
def test_an_item_of_a_list_is_a_value_of_its_own(name: str, held: list[Any], sent: Any, paths: list[str]) -> None:
    assert erased({name: held}, {name: sent}) == [name + path for path in paths]


def test_what_is_erased_can_be_shown() -> None:
    held = {"emailAddresses": ["a@x.example", "b@x.example"], "addresses": [HOME], "suffix": "Jr"}
    paths = erased(held, {"emailAddresses": ["a@x.example"], "addresses": [{**HOME, "line2": None}]})
    assert {path: value_at(held, path) for path in paths} == {
        "emailAddresses[1]": "b@x.example",
        "addresses[0].line2": "Tür 4",
        "suffix": "Jr",
    }


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=8,
)
RECORDS = st.dictionaries(
    st.sampled_from(["suffix", "emailAddresses", "phoneNumbers", "addresses", "evaluations"]), VALUES
)


@settings(max_examples=200, deadline=None)
@given(held=RECORDS, sent=RECORDS)
def test_any_two_records_can_be_compared_and_sending_what_is_held_erases_nothing(
    held: dict[str, Any], sent: dict[str, Any]
) -> None:
    assert erased(held, json.loads(json.dumps(held))) == []
    for path in erased(held, sent):
        assert value_at(held, path) not in ("", None, [], {})
