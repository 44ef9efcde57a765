"""Job applications, their notes, stages and interview feedback at simulated LinkedIn (linkedin.md 4.4, 4.5, 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import LinkedinCaller, job
from tests.simulators.syncing import (
    APPLICATIONS,
    CANDIDATES,
    CREATED_AT,
    Tongue,
    application,
    candidate,
    feedback,
    note,
    stage,
    under,
)

REQUIRED = "field is required but not found and has no default value"
BELOW: dict[str, Callable[..., dict[str, Any]]] = {"notes": note, "stages": stage, "interviewFeedback": feedback}


@pytest.fixture(autouse=True)
def _job_and_candidate(linkedin: Linkedin) -> None:
    linkedin.seed_posting("J-1")
    linkedin.seed_record(CANDIDATES, "C-1", fields=candidate())


def verdict(tongue: Tongue, content: dict[str, Any]) -> dict[str, Any]:
    answer = tongue.put(APPLICATIONS, {"A-1": content})
    found: dict[str, Any] = tongue.errors(APPLICATIONS, answer).get("A-1", {"status": 204, "message": ""})
    return found


def test_a_sync_and_a_read(linkedin: Linkedin, tongue: Tongue) -> None:
    full = application(source="Referral", dispositionReason="")
    answer = tongue.put(APPLICATIONS, {"A-1": full, "A-2": application(atsCandidateId=...)})
    assert tongue.results(APPLICATIONS, answer) == {"A-1": {"status": 204}, "A-2": {"status": 204}}
    assert tongue.results(APPLICATIONS, tongue.get(APPLICATIONS, "A-1")) == {"A-1": full}
    tongue.put(APPLICATIONS, {"A-1": application()})
    assert tongue.results(APPLICATIONS, tongue.get(APPLICATIONS, "A-1")) == {"A-1": application()}


@pytest.mark.parametrize(
    "name",
    [
        "atsJobPostingId",
        "atsJobPostingName",
        "candidateEmail",
        "firstName",
        "lastName",
        "atsCreatedAt",
        "atsLastModifiedAt",
    ],
)
def test_required_fields(plain: Tongue, name: str) -> None:
    """4.4."""
    assert verdict(plain, application(**{name: ...})) == {"status": 422, "message": f"ERROR :: /{name} :: {REQUIRED}\n"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"atsJobPostingId": ""}, '/atsJobPostingId :: length of "" is out of range'),
        ({"atsJobPostingName": ""}, '/atsJobPostingName :: length of "" is out of range'),
        ({"firstName": ""}, '/firstName :: length of "" is out of range'),
        ({"lastName": ""}, '/lastName :: length of "" is out of range'),
        ({"candidateEmail": "person@example"}, '/candidateEmail :: "person@example" is not a valid e-mail address'),
        ({"atsCreatedAt": 0}, "/atsCreatedAt :: 0 is out of range"),
        ({"atsLastModifiedAt": CREATED_AT - 1}, f"/atsLastModifiedAt :: {CREATED_AT - 1} is before atsCreatedAt"),
        ({"source": 1}, "/source :: 1 cannot be coerced to String"),
        ({"stage": "Offer"}, "/stage :: unrecognized field"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else next(iter(value)),
)
def test_field_rules(linkedin: Linkedin, plain: Tongue, fields: dict[str, Any], words: str) -> None:
    """4.4."""
    error = verdict(plain, application(**fields))
    assert (error["status"], words in error["message"]) == (422, True)
    assert linkedin.count(APPLICATIONS) == 0


def test_job_and_candidate_come_first(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1, strict: a 404 for the entity, the others are taken."""
    records = {
        "A-1": application(),
        "A-2": application(atsJobPostingId="J-9"),
        "A-3": application(atsCandidateId="C-9"),
    }
    answer = tongue.put(APPLICATIONS, records)
    assert list(tongue.results(APPLICATIONS, answer)) == ["A-1"]
    errors = tongue.errors(APPLICATIONS, answer)
    assert errors["A-2"] == {"status": 404, "message": "Job posting J-9 does not exist"}
    assert errors["A-3"] == {"status": 404, "message": "Resource atsCandidates C-9 does not exist"}


def test_a_strange_candidate_or_job_can_be_accepted(linkedin: Linkedin, plain: Tongue) -> None:
    """4.1: LinkedIn's own page does not refuse them."""
    linkedin.configure(unknown_links="accept")
    assert verdict(plain, application(atsJobPostingId="J-9", atsCandidateId="C-9"))["status"] == 204


def test_a_closed_job_will_do_and_one_on_its_way_will_not(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """4.1: `job (simpleJobPostings, any state)`."""
    plain = Tongue(caller)
    linkedin.clock.freeze()
    caller.send(job("J-2"))
    assert verdict(plain, application(atsJobPostingId="J-2"))["status"] == 404
    linkedin.advance(60)
    assert verdict(plain, application(atsJobPostingId="J-2"))["status"] == 204
    caller.post(job("J-2", "CLOSE"))
    assert verdict(plain, application(atsJobPostingId="J-2"))["status"] == 204


@pytest.mark.parametrize("name", BELOW)
def test_what_hangs_on_an_application(linkedin: Linkedin, tongue: Tongue, name: str) -> None:
    """4.5: simple ids, one application a call."""
    tongue.put(APPLICATIONS, {"A-1": application(), "A-2": application()})
    place, record = under("A-1", name), BELOW[name]()
    answer = tongue.put(place, {"X-1": record, "X-2": record})
    assert tongue.results(place, answer) == {"X-1": {"status": 204}, "X-2": {"status": 204}}
    assert linkedin.calls[-1].endpoint == f"atsApplications/{name}"
    read = tongue.get(place, "X-1", "X-9")
    assert tongue.results(place, read) == {"X-1": record}
    assert tongue.errors(place, read)["X-9"]["status"] == 404
    assert tongue.results(under("A-2", name), tongue.get(under("A-2", name), "X-1")) == {}


@pytest.mark.parametrize("name", BELOW)
def test_below_an_unknown_application_everything_is_a_404(linkedin: Linkedin, tongue: Tongue, name: str) -> None:
    """4.1, for the whole call."""
    place = under("A-9", name)
    answers = (tongue.put(place, {"X-1": BELOW[name]()}), tongue.get(place, "X-1"), tongue.delete(place, "X-1"))
    assert [(answer.status, answer.json()["serviceErrorCode"]) for answer in answers] == [(404, 0)] * 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("stages", stage(atsCreatedAt=...), f"/atsCreatedAt :: {REQUIRED}"),
        ("stages", stage(atsCreatedAt=0), "/atsCreatedAt :: 0 is out of range"),
        ("stages", stage(stage=...), f"/stage :: {REQUIRED}"),
        ("stages", stage(stage=""), '/stage :: length of "" is out of range'),
        ("stages", stage(stage="Not Available"), '/stage :: "Not Available" is not a stage'),
        ("stages", stage(note="x"), "/note :: unrecognized field"),
        ("interviewFeedback", feedback(interviewType="VIDEO"), '/interviewType :: "VIDEO" is not an enum symbol'),
        ("interviewFeedback", feedback(interviewer={"firstName": "Test"}), f"/interviewer/lastName :: {REQUIRED}"),
        ("interviewFeedback", feedback(evaluations={}), "/evaluations :: {} cannot be coerced to Array"),
        ("interviewFeedback", feedback(evaluations=[{"result": 4}]), "/evaluations/0/result :: 4 cannot be coerced"),
        ("interviewFeedback", feedback(evaluations=[{"score": "4"}]), "/evaluations/0/score :: unrecognized field"),
        ("interviewFeedback", feedback(feedback=1), "/feedback :: 1 cannot be coerced to String"),
        ("interviewFeedback", feedback(atsCreatedAt="x"), "/atsCreatedAt :: x cannot be coerced to Long"),
        ("notes", note(author={}), f"/author/firstName :: {REQUIRED}"),
    ],
)
def test_rules_below_an_application(plain: Tongue, name: str, content: dict[str, Any], words: str) -> None:
    """4.5."""
    plain.put(APPLICATIONS, {"A-1": application()})
    error = plain.errors(under("A-1", name), plain.put(under("A-1", name), {"X-1": content}))["X-1"]
    assert (error["status"], words in error["message"]) == (422, True)


def test_everything_about_an_interview_is_optional(plain: Tongue) -> None:
    """4.5."""
    plain.put(APPLICATIONS, {"A-1": application()})
    place = under("A-1", "interviewFeedback")
    assert plain.put(place, {"X-1": {}, "X-2": feedback(evaluations=[])}).json()["errors"] == {}


@pytest.mark.parametrize("name", BELOW)
def test_one_of_them_is_deleted_alone(linkedin: Linkedin, tongue: Tongue, name: str) -> None:
    """Certification RSC-503, seed 001."""
    tongue.put(APPLICATIONS, {"A-1": application()})
    place = under("A-1", name)
    tongue.put(place, {"X-1": BELOW[name](), "X-2": BELOW[name]()})
    answer = tongue.delete(place, "X-1", "X-9")
    assert tongue.results(place, answer) == {"X-1": {"status": 204}}
    assert tongue.errors(place, answer)["X-9"]["status"] == 404
    assert linkedin.count(f"atsApplications/{name}") == 1
    assert linkedin.count(APPLICATIONS) == 1


def test_an_application_takes_along_what_hangs_on_it(linkedin: Linkedin, tongue: Tongue) -> None:
    """Certification RSC-504."""
    tongue.put(APPLICATIONS, {"A-1": application(), "A-2": application()})
    for parent in ("A-1", "A-2"):
        for name, record in BELOW.items():
            tongue.put(under(parent, name), {"X-1": record()})
    assert tongue.results(APPLICATIONS, tongue.delete(APPLICATIONS, "A-1")) == {"A-1": {"status": 204}}
    assert {name: linkedin.count(f"atsApplications/{name}") for name in BELOW} == dict.fromkeys(BELOW, 1)
    assert linkedin.record("atsApplications/stages", "X-1", parent="A-2") is not None


def test_notes_of_an_application_are_not_those_of_a_candidate(linkedin: Linkedin, plain: Tongue) -> None:
    """5: different resources even with equal ids."""
    linkedin.seed_record("atsCandidates/notes", "N-1", parent="C-1")
    plain.put(APPLICATIONS, {"C-1": application()})
    plain.put(under("C-1", "notes"), {"N-1": note()})
    plain.delete(APPLICATIONS, "C-1")
    assert (linkedin.count("atsCandidates/notes"), linkedin.count("atsApplications/notes")) == (1, 0)


def test_applications_stay_when_their_candidate_leaves_and_it_shows(linkedin: Linkedin, plain: Tongue) -> None:
    """5: not stated, so they are kept."""
    plain.put(APPLICATIONS, {"A-1": application()})
    assert linkedin.state()["records"]["atsApplications"]["latest"][0]["candidate_is_known"]
    plain.delete(CANDIDATES, "C-1")
    held = linkedin.state()["records"]["atsApplications"]
    assert (held["count"], held["latest"][0]["candidate_is_known"]) == (1, False)
