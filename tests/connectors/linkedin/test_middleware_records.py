"""Candidates, notes, applications, stages and feedback as they go on the wire, and what LinkedIn accepts in them
(linkedin.md 4.2-4.5).
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from connectors.linkedin import choices
from connectors.linkedin.null_wipe import erased
from connectors.linkedin.records import (
    Address,
    Application,
    Candidate,
    Evaluation,
    InterviewFeedback,
    Note,
    Person,
    Phone,
    Stage,
    attribute_named,
    wire_name,
)
from connectors.linkedin.rules import Record, problems

CANDIDATE = Candidate(
    external_id="C-1",
    first_name="Ada",
    last_name="Beispiel",
    email_addresses=("ada@example.com", "ada@work.example"),
    phone_numbers=(Phone(number="+43 316 1", extension="7"), Phone(number="+43 316 2")),
    addresses=(
        Address(
            line1="Hauptplatz 1",
            line2="Tür 4",
            city="Graz",
            geographic_area="ST",
            geographic_area_type="STATE",
            postal_code="8010",
            country="at",
        ),
    ),
    ats_created_at=1_700_000_000_000,
    ats_last_modified_at=1_700_000_000_001,
    external_profile_url="https://ats.example.com/candidates/1",
    linked_in_profile_url="https://www.linkedin.com/in/ada-beispiel",
    current_company_name="Example",
    current_job_title="Engineer",
    middle_initial="B",
    prefix="Dr",
    suffix="Jr",
    do_not_contact=False,
    manual_matched_member="urn:li:person:Ab12",
)
NOTE = Note(
    external_id="N-1",
    note="Called back",
    ats_created_at=1_700_000_000_000,
    author=Person(first_name="Rosa", last_name="Recruiter"),
)
APPLICATION = Application(
    external_id="A-1",
    ats_candidate_id="C-1",
    ats_job_posting_id="TS-1",
    ats_job_posting_name="Engineer",
    candidate_email="ada@example.com",
    first_name="Ada",
    last_name="Beispiel",
    ats_created_at=1_700_000_000_000,
    ats_last_modified_at=1_700_000_000_000,
    source="Referral",
    disposition_reason="Hired",
)
STAGE = Stage(external_id="S-1", stage="Phone screen", ats_created_at=1_700_000_000_000)
FEEDBACK = InterviewFeedback(
    external_id="F-1",
    feedback="Clear and friendly",
    interview_type="PHONE_SCREEN",
    interviewer=Person(first_name="Ina", last_name="Interviewer"),
    evaluations=(Evaluation(attribute="Communication", result="4/5"), Evaluation(attribute="Skill", result="")),
    ats_created_at=1_700_000_000_000,
)
GOOD: list[Record] = [CANDIDATE, NOTE, APPLICATION, STAGE, FEEDBACK]

# What travels


def test_a_whole_candidate_travels_in_linkedins_spelling() -> None:
    assert CANDIDATE.to_wire() == {
        "firstName": "Ada",
        "lastName": "Beispiel",
        "emailAddresses": ["ada@example.com", "ada@work.example"],
        "phoneNumbers": [{"number": "+43 316 1", "extension": "7"}, {"number": "+43 316 2"}],
        "addresses": [
            {
                "line1": "Hauptplatz 1",
                "line2": "Tür 4",
                "city": "Graz",
                "geographicArea": "ST",
                "geographicAreaType": "STATE",
                "postalCode": "8010",
                "country": "at",
            }
        ],
        "atsCreatedAt": 1_700_000_000_000,
        "atsLastModifiedAt": 1_700_000_000_001,
        "externalProfileUrl": "https://ats.example.com/candidates/1",
        "linkedInProfileUrl": "https://www.linkedin.com/in/ada-beispiel",
        "currentCompanyName": "Example",
        "currentJobTitle": "Engineer",
        "middleInitial": "B",
        "prefix": "Dr",
        "suffix": "Jr",
        "doNotContact": False,
        "manualMatchedMember": "urn:li:person:Ab12",
    }


def test_the_lists_a_candidate_must_have_travel_empty() -> None:
    assert Candidate(external_id="C-1").to_wire() == {"emailAddresses": [], "phoneNumbers": [], "addresses": []}


def test_the_others_travel_in_linkedins_spelling() -> None:
    assert NOTE.to_wire() == {
        "note": "Called back",
        "atsCreatedAt": 1_700_000_000_000,
        "author": {"firstName": "Rosa", "lastName": "Recruiter"},
    }
    assert APPLICATION.to_wire() == {
        "atsCandidateId": "C-1",
        "atsJobPostingId": "TS-1",
        "atsJobPostingName": "Engineer",
        "candidateEmail": "ada@example.com",
        "firstName": "Ada",
        "lastName": "Beispiel",
        "atsCreatedAt": 1_700_000_000_000,
        "atsLastModifiedAt": 1_700_000_000_000,
        "source": "Referral",
        "dispositionReason": "Hired",
    }
    assert STAGE.to_wire() == {"stage": "Phone screen", "atsCreatedAt": 1_700_000_000_000}
    assert FEEDBACK.to_wire() == {
        "feedback": "Clear and friendly",
        "interviewType": "PHONE_SCREEN",
        "interviewer": {"firstName": "Ina", "lastName": "Interviewer"},
        "evaluations": [{"attribute": "Communication", "result": "4/5"}, {"attribute": "Skill"}],
        "atsCreatedAt": 1_700_000_000_000,
    }


@pytest.mark.parametrize("record", GOOD, ids=lambda record: type(record).__name__)
def test_everything_that_has_a_value_travels_and_the_key_does_not(record: Record) -> None:
    """A field left out becomes null (linkedin.md 4.1), so sending a record again must erase nothing of it."""
    wire = record.to_wire()
    assert set(wire) == {wire_name(field.name) for field in fields(record)} - {"externalId"}
    assert erased(wire, record.to_wire()) == []


@pytest.mark.parametrize("record", GOOD, ids=lambda record: type(record).__name__)
def test_a_field_linkedin_complains_about_is_found_in_our_spelling(record: Record) -> None:
    for field in fields(record):
        assert attribute_named(wire_name(field.name), type(record)) == field.name
    assert attribute_named("fieldOfALaterVersion", type(record)) == ""


# What LinkedIn accepts


def faults(record: Record, **changes: Any) -> set[str]:
    found = problems(replace(record, **changes), now_ms=1_784_548_800_000)
    assert all(problem.rule.endswith(".") for problem in found)
    return {problem.field for problem in found}


@pytest.mark.parametrize("record", GOOD, ids=lambda record: type(record).__name__)
def test_a_good_record_has_no_problems(record: Record) -> None:
    assert faults(record) == set()
    assert faults(record, external_id=" ") == {"external_id"}


def test_an_empty_record_names_every_required_field() -> None:
    moments = {"ats_created_at", "ats_last_modified_at"}
    names = {"external_id", "first_name", "last_name"}
    assert faults(Candidate(external_id="")) == {*names, *moments, "email_addresses", "external_profile_url"}
    assert faults(Application(external_id="")) == {
        *names,
        *moments,
        "ats_job_posting_id",
        "ats_job_posting_name",
        "candidate_email",
    }
    assert faults(Stage(external_id="")) == {"external_id", "stage", "ats_created_at"}
    assert faults(Note(external_id="")) == faults(InterviewFeedback(external_id="")) == {"external_id"}


PHONE = Phone(number="1")
PEOPLE_GOOD = [None, Person(first_name="A", last_name="B")]
PEOPLE_BAD = [Person(), Person(first_name="A"), Person(last_name="B"), Person(first_name=" ", last_name="B")]


@pytest.mark.parametrize(
    ("record", "field", "good", "bad"),
    [
        (CANDIDATE, "first_name", ["A"], ["", " "]),
        (CANDIDATE, "last_name", ["B"], ["", " "]),
        (CANDIDATE, "email_addresses", [("a@b.c",), ()], [("a",), ("a@b",), ("a b@c.d",), ("a@b.c", ""), ("@b.c",)]),
        (CANDIDATE, "phone_numbers", [(), (PHONE,)], [(PHONE, Phone(extension="7")), (Phone(number=" "),)]),
        (CANDIDATE, "ats_created_at", [1, 1_700_000_000_001], [None, 0, -1]),
        (CANDIDATE, "ats_last_modified_at", [1_700_000_000_000], [None, 0, 1, 1_699_999_999_999]),
        (CANDIDATE, "external_profile_url", ["http://ats/1", "https://a.example.com/x?y#z"],
         ["", "ats/1", "ftp://a.example.com", "https://", "https://a b", "https://[broken"]),
        (CANDIDATE, "linked_in_profile_url", ["", "https://www.linkedin.com/in/x"], ["linkedin.com/in/x"]),
        (CANDIDATE, "manual_matched_member", ["", "urn:li:person:a-B_1"],
         ["Ab12", "urn:li:person:", "urn:li:member:1", "urn:li:person:A b"]),
        (CANDIDATE, "do_not_contact", [None, True, False], []),
        (APPLICATION, "ats_candidate_id", ["", "C-2"], []),
        (APPLICATION, "ats_job_posting_id", ["x"], ["", " "]),
        (APPLICATION, "ats_job_posting_name", ["x"], ["", " "]),
        (APPLICATION, "candidate_email", ["a@b.c"], ["", "a", "a@b"]),
        (APPLICATION, "first_name", ["A"], [""]),
        (APPLICATION, "last_name", ["B"], [""]),
        (APPLICATION, "ats_created_at", [1], [None, 0]),
        (APPLICATION, "ats_last_modified_at", [1_700_000_000_000], [None, 0, 1_699_999_999_999]),
        (APPLICATION, "disposition_reason", ["", "x"], []),
        (NOTE, "author", PEOPLE_GOOD, PEOPLE_BAD),
        (NOTE, "ats_created_at", [None, 1], [0, -1]),
        (NOTE, "note", ["", "x"], []),
        (STAGE, "stage", ["x", "Not available yet"], ["", " ", "Not Available", "not  available "]),
        (STAGE, "ats_created_at", [1], [None, 0]),
        (FEEDBACK, "interview_type", ["", *choices.INTERVIEW_TYPES], ["VIDEO", "phone_screen"]),
        (FEEDBACK, "interviewer", PEOPLE_GOOD, PEOPLE_BAD),
        (FEEDBACK, "ats_created_at", [None, 1], [0]),
        (FEEDBACK, "evaluations", [(), (Evaluation(attribute="a", result="b"),)], []),
    ],
)  # fmt: skip
def test_a_field_accepts_what_linkedin_accepts_and_nothing_else(
    record: Record, field: str, good: list[Any], bad: list[Any]
) -> None:
    for value in good:
        assert faults(record, **{field: value}) == set(), value
    for value in bad:
        assert faults(record, **{field: value}) == {field}, value


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        (Address(), True),
        (Address(geographic_area_type="PROVINCE", country="CA"), True),
        (Address(geographic_area_type="REGION"), False),
        (Address(country="Austria"), False),
        (Address(country="4t"), False),
    ],
)
def test_an_address_has_a_known_area_and_a_country_of_two_letters(address: Address, is_good: bool) -> None:
    assert faults(CANDIDATE, addresses=(address,)) == (set() if is_good else {"addresses"})


def test_a_candidate_without_an_email_must_be_linked() -> None:
    assert faults(CANDIDATE, email_addresses=(), manual_matched_member="") == {"email_addresses"}
    assert faults(CANDIDATE, email_addresses=()) == set()


def test_both_moments_may_be_wrong_at_once() -> None:
    wrong = {"ats_created_at": None, "ats_last_modified_at": 0}
    assert faults(CANDIDATE, **wrong) == {"ats_created_at", "ats_last_modified_at"}
