"""Candidates and their notes at simulated LinkedIn: replace, rules, matches, deletion (linkedin.md 4.1 to 4.3, 5)."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import LinkedinCaller
from tests.simulators.syncing import CANDIDATES, CREATED_AT, Tongue, candidate, note, notes_of

PERSON = "urn:li:person:Ab12"
REQUIRED = "field is required but not found and has no default value"
MATCH_FIELDS = "matchedMembers,manualMatchedMember"


def verdict(tongue: Tongue, content: dict[str, Any]) -> str:
    """What is said about a candidate with this content; empty when it is taken."""
    error = tongue.errors(CANDIDATES, tongue.put(CANDIDATES, {"C-1": content})).get("C-1")
    assert error is None or error["status"] == 422
    return error["message"] if error else ""


def match_of(tongue: Tongue, external_id: str = "C-1") -> dict[str, Any]:
    answer = tongue.get(CANDIDATES, external_id, fields=MATCH_FIELDS)
    found: dict[str, Any] = tongue.results(CANDIDATES, answer)[external_id]
    return found


def test_a_sync_and_a_read(linkedin: Linkedin, tongue: Tongue) -> None:
    """2.2 and 4.1: 204 for each entity of a batch_update; a batch_get brings the records and empty statuses."""
    records = {"C-1": candidate(), "C-2": candidate(firstName="Other", doNotContact=True)}
    answer = tongue.put(CANDIDATES, records)
    assert (answer.status, answer.json()["errors"]) == (200, {})
    assert tongue.results(CANDIDATES, answer) == {"C-1": {"status": 204}, "C-2": {"status": 204}}
    read = tongue.get(CANDIDATES, "C-1", "C-2", "C-3")
    assert tongue.results(CANDIDATES, read) == records
    assert tongue.errors(CANDIDATES, read)["C-3"]["status"] == 404
    assert read.json()["statuses"] == {}


def test_every_field_of_the_page_is_taken(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.2, with the shapes of seed 003."""
    full = candidate(
        addresses=[
            {
                "line1": "1 Example Street",
                "line2": "ATTN: nobody",
                "city": "Sampletown",
                "geographicArea": "RI",
                "geographicAreaType": "STATE",
                "postalCode": "02802",
                "country": "us",
            }
        ],
        phoneNumbers=[{"number": "555-555-5555", "extension": "1234"}],
        linkedInProfileUrl="https://www.linkedin.com/in/test-person",
        currentCompanyName="Example Works",
        currentJobTitle="Quality Assurance",
        doNotContact=False,
        middleInitial="L",
        prefix="Mr",
        suffix="Jr",
        manualMatchedMember=PERSON,
    )
    assert verdict(tongue, full) == ""
    assert tongue.results(CANDIDATES, tongue.get(CANDIDATES, "C-1"))["C-1"] == full


@pytest.mark.parametrize(
    "name",
    [
        "firstName",
        "lastName",
        "emailAddresses",
        "addresses",
        "phoneNumbers",
        "atsCreatedAt",
        "atsLastModifiedAt",
        "externalProfileUrl",
    ],
)
def test_required_fields(linkedin: Linkedin, plain: Tongue, name: str) -> None:
    """4.2, in the words of 8.1; arrays may be empty but must be there."""
    assert verdict(plain, candidate(**{name: ...})) == f"ERROR :: /{name} :: {REQUIRED}\n"
    assert linkedin.count(CANDIDATES) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"firstName": ""}, '/firstName :: length of "" is out of range'),
        ({"firstName": None}, "/firstName :: null cannot be coerced to String"),
        ({"lastName": ""}, '/lastName :: length of "" is out of range'),
        ({"emailAddresses": []}, f"/emailAddresses :: {REQUIRED}"),
        ({"emailAddresses": ["a@b.c", "nobody"]}, '/emailAddresses/1 :: "nobody" is not a valid e-mail address'),
        ({"emailAddresses": ["a@b"]}, '/emailAddresses/0 :: "a@b" is not a valid e-mail address'),
        ({"emailAddresses": "a@b.c"}, "/emailAddresses :: a@b.c cannot be coerced to Array"),
        ({"addresses": [{"country": "usa"}]}, '/addresses/0/country :: length of "usa" is out of range 2...2'),
        ({"addresses": [{"geographicAreaType": "CANTON"}]}, '"CANTON" is not an enum symbol'),
        ({"addresses": [{"street": "x"}]}, "/addresses/0/street :: unrecognized field found but not allowed"),
        ({"addresses": ["x"]}, "/addresses/0 :: x cannot be coerced to Record"),
        ({"phoneNumbers": [{"extension": "1"}]}, f"/phoneNumbers/0/number :: {REQUIRED}"),
        ({"phoneNumbers": [{"number": 555}]}, "/phoneNumbers/0/number :: 555 cannot be coerced to String"),
        ({"atsCreatedAt": 0}, "/atsCreatedAt :: 0 is out of range"),
        ({"atsCreatedAt": "2017-01-19"}, "/atsCreatedAt :: 2017-01-19 cannot be coerced to Long"),
        ({"atsCreatedAt": 1.5}, "/atsCreatedAt :: 1.5 cannot be coerced to Long"),
        ({"atsLastModifiedAt": -1}, "/atsLastModifiedAt :: -1 is out of range"),
        ({"atsLastModifiedAt": CREATED_AT - 1}, f"/atsLastModifiedAt :: {CREATED_AT - 1} is before atsCreatedAt"),
        ({"externalProfileUrl": "ats/1"}, '/externalProfileUrl :: "ats/1" is not a valid URL'),
        ({"linkedInProfileUrl": "in/me"}, '/linkedInProfileUrl :: "in/me" is not a valid URL'),
        ({"doNotContact": "yes"}, "/doNotContact :: yes cannot be coerced to Boolean"),
        ({"currentJobTitle": 7}, "/currentJobTitle :: 7 cannot be coerced to String"),
        ({"manualMatchedMember": "urn:li:member:1"}, "is not a valid urn:li:person"),
        ({"matchedMembers": [PERSON]}, "/matchedMembers :: ReadOnly field"),
        ({"nickname": "Testy"}, "/nickname :: unrecognized field found but not allowed"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else next(iter(value)),
)
def test_field_rules(linkedin: Linkedin, plain: Tongue, fields: dict[str, Any], words: str) -> None:
    """4.2, per entity as a 422 in the words of 8.1."""
    said = verdict(plain, candidate(**fields))
    assert words in said
    assert said.startswith("ERROR :: /")
    assert linkedin.count(CANDIDATES) == 0


def test_every_fault_is_named_and_the_good_ones_are_taken(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1: results and errors are exclusive, and the rest of the batch is applied."""
    answer = tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate(firstName=..., atsCreatedAt=0)})
    assert answer.status == 200
    assert tongue.results(CANDIDATES, answer) == {"C-1": {"status": 204}}
    (error,) = tongue.errors(CANDIDATES, answer).values()
    assert error["message"].splitlines() == [
        f"ERROR :: /firstName :: {REQUIRED}",
        "ERROR :: /atsCreatedAt :: 0 is out of range 1...9223372036854775807",
    ]


def test_a_field_that_is_left_out_is_gone(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1 and 10.2: a full replace."""
    tongue.put(CANDIDATES, {"C-1": candidate(prefix="Dr", currentJobTitle="Nurse")})
    tongue.put(CANDIDATES, {"C-1": candidate(currentJobTitle="Head nurse")})
    assert tongue.results(CANDIDATES, tongue.get(CANDIDATES, "C-1"))["C-1"] == candidate(currentJobTitle="Head nurse")


def test_a_linked_candidate_needs_no_e_mail(tongue: Tongue) -> None:
    """4.2: required unless a person URN is attached."""
    assert verdict(tongue, candidate(emailAddresses=..., manualMatchedMember=PERSON)) == ""
    assert verdict(tongue, candidate(emailAddresses=[], manualMatchedMember=PERSON)) == ""


def test_a_projection(tongue: Tongue) -> None:
    """2.3: `fields=a,b` in both protocols; a field that is not there is left out."""
    tongue.put(CANDIDATES, {"C-1": candidate()})
    answer = tongue.get(CANDIDATES, "C-1", fields="firstName,suffix")
    assert tongue.results(CANDIDATES, answer) == {"C-1": {"firstName": "Test"}}
    assert tongue.get(CANDIDATES, "C-1", fields="List(firstName)").status == 400


def test_what_is_said_of_an_unknown_record_can_be_switched(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.configure(unknown_record="missing")
    assert plain.get(CANDIDATES, "C-1").json() == {"results": {}, "statuses": {}, "errors": {}}


# Matches (4.2)


def test_the_person_is_linked_and_unlinked_by_a_partial_update(linkedin: Linkedin, tongue: Tongue) -> None:
    tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate()})
    answer = tongue.patch({"C-1": {"$set": {"manualMatchedMember": PERSON}}})
    assert tongue.results(CANDIDATES, answer) == {"C-1": {"status": 204}}
    assert (match_of(tongue), match_of(tongue, "C-2")) == ({"manualMatchedMember": PERSON}, {})
    tongue.patch({"C-1": {"$delete": ["manualMatchedMember"]}})
    assert tongue.results(CANDIDATES, tongue.get(CANDIDATES, "C-1"))["C-1"] == candidate()


def test_a_full_replace_drops_a_link_that_it_does_not_carry(linkedin: Linkedin, tongue: Tongue) -> None:
    tongue.put(CANDIDATES, {"C-1": candidate()})
    tongue.patch({"C-1": {"$set": {"manualMatchedMember": PERSON}}})
    tongue.put(CANDIDATES, {"C-1": candidate(manualMatchedMember=PERSON)})
    assert match_of(tongue) == {"manualMatchedMember": PERSON}
    tongue.put(CANDIDATES, {"C-1": candidate()})
    assert match_of(tongue) == {}


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        ({}, "/patch :: field is required"),
        ({"$set": {"manualMatchedMember": "Ab12"}}, "is not a valid urn:li:person"),
        ({"$set": {"firstName": "Other"}}, "/firstName :: cannot be changed by a partial update"),
        ({"$delete": ["prefix"]}, "/prefix :: cannot be changed by a partial update"),
        ({"$push": {}}, "/patch/$push :: unrecognized field"),
        ({"$set": []}, "/patch :: "),
        ({"$set": {"manualMatchedMember": PERSON}, "$delete": ["manualMatchedMember"]}, "is set and deleted"),
    ],
)
def test_patches_that_are_refused(linkedin: Linkedin, plain: Tongue, patch: dict[str, Any], words: str) -> None:
    """4.2 shows a partial update for the linked person and for nothing else."""
    plain.put(CANDIDATES, {"C-1": candidate(prefix="Dr")})
    error = plain.errors(CANDIDATES, plain.patch({"C-1": patch}))["C-1"]
    assert (error["status"], words in error["message"]) == (422, True)


def test_a_link_that_stands_for_the_e_mail_cannot_be_taken_away(plain: Tongue) -> None:
    plain.put(CANDIDATES, {"C-1": candidate(emailAddresses=[], manualMatchedMember=PERSON)})
    error = plain.errors(CANDIDATES, plain.patch({"C-1": {"$delete": ["manualMatchedMember"]}}))["C-1"]
    assert error == {"status": 422, "message": f"ERROR :: /emailAddresses :: {REQUIRED}\n"}


def test_nobody_is_linked_who_is_not_there(tongue: Tongue) -> None:
    errors = tongue.errors(CANDIDATES, tongue.patch({"C-1": {"$set": {"manualMatchedMember": PERSON}}}))
    assert errors["C-1"]["status"] == 404


@pytest.mark.parametrize(
    "fields",
    [{"linkedInProfileUrl": "https://www.linkedin.com/in/test-person"}, {"emailAddresses": ["Test@Example.com"]}],
    ids=["profile address", "e-mail at example.com"],
)
def test_the_built_in_rule_matches_after_a_while(linkedin: Linkedin, tongue: Tongue, fields: dict[str, Any]) -> None:
    linkedin.clock.freeze()
    tongue.put(CANDIDATES, {"C-1": candidate(**fields), "C-2": candidate()})
    assert match_of(tongue) == {}
    linkedin.advance(60)
    (member,) = match_of(tongue)["matchedMembers"]
    assert member.startswith("urn:li:person:")
    tongue.put(CANDIDATES, {"C-1": candidate(**fields, prefix="Dr")})
    assert match_of(tongue) == {"matchedMembers": [member]}, "a later sync does not start the wait anew"
    assert match_of(tongue, "C-2") == {}


def test_the_built_in_rule_knows_the_same_person_again(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.configure(match_seconds=0)
    same = candidate(linkedInProfileUrl="https://www.linkedin.com/in/test-person/")
    plain.put(CANDIDATES, {"C-1": same, "C-2": same, "C-3": candidate(emailAddresses=["other@example.com"])})
    assert match_of(plain) == match_of(plain, "C-2") != match_of(plain, "C-3")


def test_a_match_goes_with_what_it_was_made_by(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.configure(match_seconds=0)
    plain.put(CANDIDATES, {"C-1": candidate(emailAddresses=["test@example.com"])})
    plain.put(CANDIDATES, {"C-1": candidate()})
    assert match_of(plain) == {}


def test_controls_say_whom_a_candidate_is_matched_with(linkedin: Linkedin, tongue: Tongue) -> None:
    tongue.put(CANDIDATES, {"C-1": candidate()})
    linkedin.match("C-1", members=[PERSON, "urn:li:person:Cd34"])
    assert match_of(tongue) == {"matchedMembers": [PERSON, "urn:li:person:Cd34"]}
    tongue.put(CANDIDATES, {"C-1": candidate()})
    assert match_of(tongue)["matchedMembers"][0] == PERSON, "matches are LinkedIn's own and outlive a replace"
    linkedin.match("C-1", members=None)
    assert match_of(tongue) == {}


def test_controls_know_candidates_and_persons_only(linkedin: Linkedin, plain: Tongue) -> None:
    with pytest.raises(ValueError, match="no candidate C-1"):
        linkedin.match("C-1", members=[PERSON])
    plain.put(CANDIDATES, {"C-1": candidate()})
    with pytest.raises(ValueError, match="not a valid urn:li:person"):
        linkedin.match("C-1", members=["Ab12"])


# Notes (4.3)


def test_notes_of_a_candidate(linkedin: Linkedin, tongue: Tongue) -> None:
    tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate()})
    tongue.put(notes_of("C-1"), {"N-1": note(), "N-2": {}})
    tongue.put(notes_of("C-2"), {"N-1": note(note="Another one's.")})
    read = tongue.get(notes_of("C-1"), "N-1", "N-2", "N-3")
    assert tongue.results(notes_of("C-1"), read) == {"N-1": note(), "N-2": {}}
    assert list(tongue.errors(notes_of("C-1"), read)) == ["N-3"]
    assert linkedin.calls[-1].endpoint == "atsCandidates/notes"
    assert linkedin.count("atsCandidates/notes") == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (note(note=7), "/note :: 7 cannot be coerced to String"),
        (note(atsCreatedAt="x"), "/atsCreatedAt :: x cannot be coerced to Long"),
        (note(author={"firstName": "Test"}), f"/author/lastName :: {REQUIRED}"),
        (note(author={"lastName": "Test"}), f"/author/firstName :: {REQUIRED}"),
        (note(author="Test"), "/author :: Test cannot be coerced to Record"),
        (note(text="x"), "/text :: unrecognized field"),
    ],
)
def test_rules_of_a_note(plain: Tongue, content: dict[str, Any], words: str) -> None:
    plain.put(CANDIDATES, {"C-1": candidate()})
    error = plain.errors(notes_of("C-1"), plain.put(notes_of("C-1"), {"N-1": content}))["N-1"]
    assert (error["status"], words in error["message"]) == (422, True)


def test_notes_of_nobody_are_a_404_for_the_whole_call(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1, strict: the parent is there first."""
    for answer in (
        tongue.put(notes_of("C-9"), {"N-1": note()}),
        tongue.get(notes_of("C-9"), "N-1"),
        tongue.delete(notes_of("C-9"), "N-1"),
    ):
        assert (answer.status, answer.json()["serviceErrorCode"]) == (404, 0)
    assert linkedin.count("atsCandidates/notes") == 0


def test_a_partial_update_is_for_candidates_only(linkedin: Linkedin, caller: LinkedinCaller, plain: Tongue) -> None:
    plain.put(CANDIDATES, {"C-1": candidate()})
    answer = caller.call("POST", f"{plain.path(notes_of('C-1'))}?ids=N-1", body=b'{"entities": {}}')
    assert (answer.status, "operation not supported" in answer.json()["message"]) == (400, True)


# Deletion (5)


def test_deletions_are_answered_for_each_record(linkedin: Linkedin, tongue: Tongue) -> None:
    """Seed 001; an unknown id is a 404 in `errors`."""
    tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate()})
    answer = tongue.delete(CANDIDATES, "C-1", "C-9")
    assert answer.status == 200
    assert tongue.results(CANDIDATES, answer) == {"C-1": {"status": 204}}
    error = tongue.errors(CANDIDATES, answer)["C-9"]
    assert (error["status"], "does not exist" in error["message"]) == (404, True)
    assert linkedin.record(CANDIDATES, "C-1") is None
    assert linkedin.record(CANDIDATES, "C-2") is not None
    assert tongue.errors(CANDIDATES, tongue.delete(CANDIDATES, "C-1"))["C-1"]["status"] == 404


def test_a_note_is_deleted_alone(linkedin: Linkedin, tongue: Tongue) -> None:
    """Certification RSC-501."""
    tongue.put(CANDIDATES, {"C-1": candidate()})
    tongue.put(notes_of("C-1"), {"N-1": note(), "N-2": note()})
    answer = tongue.delete(notes_of("C-1"), "N-1", "N-9")
    assert tongue.results(notes_of("C-1"), answer) == {"N-1": {"status": 204}}
    assert tongue.errors(notes_of("C-1"), answer)["N-9"]["status"] == 404
    assert linkedin.count("atsCandidates/notes") == 1


def test_notes_leave_with_their_candidate(linkedin: Linkedin, tongue: Tongue) -> None:
    """Certification RSC-502; a neighbour whose id starts alike keeps its own."""
    tongue.put(CANDIDATES, {"C-1": candidate(), "C-10": candidate(), "C-1|": candidate()})
    for parent in ("C-1", "C-10", "C-1|"):
        tongue.put(notes_of(parent), {"N-1": note()})
    tongue.delete(CANDIDATES, "C-1")
    assert linkedin.count("atsCandidates/notes") == 2
    tongue.put(CANDIDATES, {"C-1": candidate()})
    assert tongue.results(notes_of("C-1"), tongue.get(notes_of("C-1"), "N-1")) == {}
