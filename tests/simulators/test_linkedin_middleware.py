"""What all Middleware endpoints of simulated LinkedIn share: rights, quotas, moods, what is kept and shown
(linkedin.md 1.5, 4.1, 8, 11)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.base.simulation import HangUp, SimulatedRequest, Store
from connectors.base.simulation.controls import Controls
from connectors.base.simulation.page import page
from connectors.linkedin.simulator import Linkedin
from connectors.simulators import practice_vendors
from tests.simulators.speaking import ORGANIZATION, LinkedinCaller
from tests.simulators.syncing import (
    APPLICATIONS,
    CANDIDATES,
    Place,
    Tongue,
    application,
    candidate,
    feedback,
    note,
    notes_of,
    stage,
    under,
)

PERSON = "urn:li:person:Ab12"
PLACES: dict[str, tuple[Place, dict[str, Any]]] = {
    "atsCandidates": (CANDIDATES, candidate()),
    "atsCandidates/notes": (notes_of("C-1"), note()),
    "atsApplications": (APPLICATIONS, application()),
    "atsApplications/notes": (under("A-1", "notes"), note()),
    "atsApplications/stages": (under("A-1", "stages"), stage()),
    "atsApplications/interviewFeedback": (under("A-1", "interviewFeedback"), feedback()),
}


@pytest.fixture
def parents(linkedin: Linkedin) -> None:
    linkedin.seed_posting("J-1")
    linkedin.seed_record(CANDIDATES, "C-1", fields=candidate())
    linkedin.seed_record(APPLICATIONS, "A-1", fields=application())


@pytest.fixture
def morning(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """Away from midnight and at the start of a minute, standing still."""
    linkedin.clock.freeze()
    now = datetime.fromtimestamp(linkedin.clock.now(), tz=UTC)
    linkedin.advance(86_400 - (now.timestamp() % 86_400) + 6 * 3600)
    caller.log_in()


every_endpoint = pytest.mark.parametrize("endpoint", PLACES)


# Rights


@pytest.mark.parametrize("provider", ["PARTNER", "ats", ""])
def test_the_data_provider_is_ats(caller: LinkedinCaller, provider: str) -> None:
    """11."""
    query = f"ids[0].atsCandidateId=C&ids[0].dataProvider={provider}&ids[0].integrationContext={ORGANIZATION}"
    answer = caller.get(f"/v2/atsCandidates?{query}")
    words = "Not enough permissions to access: GET /atsCandidates"
    assert answer.json() == {"message": words, "status": 403, "serviceErrorCode": 100}


def test_the_organization_is_one_of_the_application(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    """11, in queries, bodies and paths; nothing of the call is done."""
    linkedin.seed_application(client_id="other", organizations=["urn:li:organization:88"])
    other = LinkedinCaller(linkedin)
    other.token = other.ask_token(client_id="other").json()["access_token"]
    linkedin.seed_record(CANDIDATES, "C-1", organization=ORGANIZATION, client_id="sim-client")
    for answer in (
        Tongue(other).put(CANDIDATES, {"C-1": candidate()}),
        Tongue(other, version="2.0.0").delete(CANDIDATES, "C-1"),
        Tongue(other).put(notes_of("C-1"), {"N-1": note()}),
    ):
        assert (answer.status, answer.json()["serviceErrorCode"]) == (403, 100)
    assert Tongue(caller).get(CANDIDATES, "C-1").json()["errors"] == {}


@every_endpoint
def test_a_token_is_needed_and_not_the_parents(linkedin: Linkedin, caller: LinkedinCaller, endpoint: str) -> None:
    """1.5 and 8.1."""
    place, content = PLACES[endpoint]
    linkedin.seed_application(is_parent=True)
    assert Tongue(caller).put(place, {"X": content}).status == 403
    caller.token = "other"
    assert Tongue(caller).put(place, {"X": content}).json()["serviceErrorCode"] == 65600


def test_the_product_is_needed(linkedin: Linkedin, caller: LinkedinCaller, plain: Tongue) -> None:
    linkedin.seed_application(products=["simpleJobPostings"])
    assert plain.get(CANDIDATES, "C-1").status == 403
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 200
    linkedin.seed_application(products=["recruiterSystemConnect"])
    assert plain.get(CANDIDATES, "C-1").status == 200
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/v2/atsCandidates/x",
        "/v2/atsCandidates/x/stages",
        "/v2/atsApplications/x/resumes",
        "/v2/atsCandidates/x/notes/y",
    ],
)
def test_other_paths_do_not_exist(caller: LinkedinCaller, path: str) -> None:
    assert caller.get(f"{path}?ids=1").status == 404


def test_a_key_in_a_path_that_cannot_be_read(caller: LinkedinCaller) -> None:
    answer = caller.get("/v2/atsCandidates/C-1/notes?ids=N-1")
    assert (answer.status, answer.json()["message"]) == (400, "Batch key parameter value is invalid")


# Quotas (4.1, 8.3)


@every_endpoint
def test_ten_thousand_records_a_minute(
    linkedin: Linkedin, caller: LinkedinCaller, parents: None, morning: None, endpoint: str
) -> None:
    place, content = PLACES[endpoint]
    assert linkedin.world.settings["records_per_minute"][endpoint] == 10_000
    linkedin.configure(records_per_minute={endpoint: 3})
    tongue = Tongue(caller)
    assert tongue.put(place, {"X-1": content, "X-2": content}).status == 200
    answer = tongue.put(place, {"X-3": content, "X-4": content})
    assert answer.json() == {
        "message": "Resource level throttle APPLICATION MINUTE limit for calls to this resource is reached.",
        "status": 429,
        "serviceErrorCode": 101,
    }
    assert answer.header("retry-after") == ""
    assert tongue.get(place, "X-3", "X-4").status == 429, "what is read or deleted counts too"
    linkedin.advance(60)
    assert tongue.put(place, {"X-3": content, "X-4": content}).status == 200


@every_endpoint
def test_a_hundred_thousand_calls_a_day(
    linkedin: Linkedin, caller: LinkedinCaller, parents: None, morning: None, endpoint: str
) -> None:
    place, content = PLACES[endpoint]
    assert linkedin.world.settings["calls_per_day"][endpoint] == 100_000
    linkedin.configure(calls_per_day={endpoint: 1})
    tongue = Tongue(caller)
    assert [tongue.put(place, {"X": content}).status for _ in range(2)] == [200, 429]
    linkedin.advance(18 * 3600)
    caller.log_in()
    assert tongue.put(place, {"X": content}).status == 200


def test_quotas_are_per_endpoint_and_application(
    linkedin: Linkedin, caller: LinkedinCaller, parents: None, morning: None
) -> None:
    linkedin.configure(records_per_minute=dict.fromkeys(PLACES, 1))
    tongue = Tongue(caller)
    assert [tongue.put(place, {"X": content}).status for place, content in PLACES.values()] == [200] * 6
    linkedin.seed_application(client_id="other")
    caller.token = caller.ask_token(client_id="other").json()["access_token"]
    assert tongue.put(CANDIDATES, {"X": candidate()}).status == 200
    assert tongue.put(CANDIDATES, {"X": candidate()}).status == 429


# Moods


@every_endpoint
def test_one_record_is_rejected(linkedin: Linkedin, parents: None, tongue: Tongue, endpoint: str) -> None:
    place, content = PLACES[endpoint]
    linkedin.next("reject", match="X-2", endpoint=endpoint, message="Not today")
    answer = tongue.put(place, {"X-1": content, "X-2": content})
    assert list(tongue.results(place, answer)) == ["X-1"]
    assert tongue.errors(place, answer) == {"X-2": {"status": 422, "message": "Not today"}}
    assert list(tongue.results(place, tongue.get(place, "X-1", "X-2"))) == ["X-1"]
    assert tongue.put(place, {"X-2": content}).json()["errors"] == {}


def test_records_below_one_are_found_by_its_id(linkedin: Linkedin, parents: None, plain: Tongue) -> None:
    linkedin.next("reject", match="C-1", status=500)
    answer = plain.put(notes_of("C-1"), {"N-1": note(), "N-2": note()})
    assert next(iter(answer.json()["errors"].values()))["status"] == 500
    assert list(answer.json()["results"]) == ["N-2"]


@every_endpoint
def test_one_record_is_forgotten_in_the_answer(
    linkedin: Linkedin, parents: None, tongue: Tongue, endpoint: str
) -> None:
    place, content = PLACES[endpoint]
    linkedin.next("forget", match="X-2", endpoint=endpoint)
    answer = tongue.put(place, {"X-1": content, "X-2": content})
    assert (list(tongue.results(place, answer)), answer.json()["errors"]) == (["X-1"], {})
    assert list(tongue.results(place, tongue.get(place, "X-2"))) == ["X-2"], "it was done all the same"


def test_the_stock_validator_takes_the_whole_batch_down(linkedin: Linkedin, tongue: Tongue) -> None:
    """4.1: nothing is applied, and the words name the keys."""
    linkedin.next("stock_validator", endpoint=CANDIDATES)
    assert tongue.put(CANDIDATES, {"C-0": candidate()}).status == 200, "it waits for a bad record"
    answer = tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate(lastName=...)})
    key = "dataProvider"
    assert answer.status == 422
    assert answer.json()["message"].startswith("Key: ")
    assert answer.json()["message"].count(key) == 1
    assert (
        "ERROR :: /lastName :: field is required but not found and has no default value\n" in answer.json()["message"]
    )
    assert linkedin.count(CANDIDATES) == 1
    assert tongue.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate(lastName=...)}).status == 200


def test_the_stock_validator_dislikes_a_named_record(linkedin: Linkedin, plain: Tongue) -> None:
    linkedin.next("stock_validator", match="C-2", message="/firstName :: is no name")
    assert plain.put(CANDIDATES, {"C-1": candidate()}).status == 200
    answer = plain.put(CANDIDATES, {"C-1": candidate(), "C-2": candidate()})
    assert (answer.status, "ERROR :: /firstName :: is no name" in answer.json()["message"]) == (422, True)
    assert linkedin.record(CANDIDATES, "C-2") is None


@pytest.mark.parametrize("external_id", ["C-7", "C 7/&", "Zoë"])
def test_moods_about_calls_find_a_record_in_them(linkedin: Linkedin, tongue: Tongue, external_id: str) -> None:
    linkedin.next("status", status=503, match=external_id, endpoint=CANDIDATES, method="PUT")
    assert tongue.get(CANDIDATES, external_id).status == 200
    assert tongue.put(CANDIDATES, {"C-1": candidate()}).status == 200
    assert tongue.put(CANDIDATES, {external_id: candidate()}).status == 503


def test_a_call_may_be_done_and_not_answered(linkedin: Linkedin, tongue: Tongue) -> None:
    linkedin.next("hang_up", applied=True, endpoint=CANDIDATES)
    with pytest.raises(HangUp):
        tongue.put(CANDIDATES, {"C-1": candidate()})
    assert linkedin.count(CANDIDATES) == 1


@every_endpoint
def test_permissions_may_be_missing(linkedin: Linkedin, plain: Tongue, endpoint: str) -> None:
    place, content = PLACES[endpoint]
    linkedin.next("missing_permission", endpoint=endpoint)
    answer = plain.put(place, {"X": content})
    assert answer.json()["message"] == f"Not enough permissions to access: PUT /{endpoint}"


# What is kept and shown


def test_all_of_it_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    store = Store(path)
    linkedin = Linkedin(store)
    linkedin.seed_application()
    linkedin.seed_posting("J-1")
    caller = LinkedinCaller(linkedin)
    caller.log_in()
    for place, content in [*PLACES.values()][:1] + [*PLACES.values()][2:3]:
        Tongue(caller).put(place, {"C-1" if place == CANDIDATES else "A-1": content})
    for place, content in PLACES.values():
        Tongue(caller).put(place, {"X-1": content})
    linkedin.match("X-1", members=[PERSON])
    store.close()
    again = Linkedin(Store(path))
    assert {endpoint: again.count(endpoint) for endpoint in PLACES} == {
        endpoint: 2 if endpoint in (CANDIDATES, APPLICATIONS) else 1 for endpoint in PLACES
    }
    held = again.record(CANDIDATES, "X-1")
    assert held is not None
    assert (held["fields"], held["matched_members"]) == (candidate(), [PERSON])
    again.reset()
    assert again.count(CANDIDATES) == 0


def test_the_state_counts_and_shows_the_newest(linkedin: Linkedin, parents: None, plain: Tongue) -> None:
    plain.put(CANDIDATES, {f"C-{number}": candidate() for number in range(2, 6)})
    plain.put(notes_of("C-1"), {"N-1": note()})
    records = linkedin.state(limit=2)["records"]
    assert list(records) == [*PLACES, "tcrmCandidateResumes"]
    assert records["atsCandidates"]["count"] == 5
    assert [one["external_id"] for one in records["atsCandidates"]["latest"]] == ["C-5", "C-4"]
    (held,) = records["atsCandidates/notes"]["latest"]
    assert (held["parent"], held["organization"], held["client_id"]) == ("C-1", ORGANIZATION, "sim-client")
    assert (held["fields"], held["sent_at"] > 0) == (note(), True)


def control(linkedin: Linkedin, name: str, content: object) -> tuple[int, Any]:
    headers = {"content-type": "application/json"}
    body = json.dumps(content).encode()
    request = SimulatedRequest(method="POST", path=f"/_control/{name}", headers=headers, body=body)
    answer = Controls([linkedin]).answer(request)
    return answer.status, answer.json()


def test_records_and_matches_come_by_the_controls(linkedin: Linkedin, plain: Tongue) -> None:
    records = [
        {"endpoint": "atsCandidates", "external_id": "C-1", "fields": candidate()},
        {"endpoint": "atsCandidates/notes", "external_id": "N-1", "parent": "C-1", "fields": note()},
    ]
    matches = [{"external_id": "C-1", "members": [PERSON]}]
    status, answer = control(linkedin, "seed", {"linkedin": {"records": records, "matches": matches}})
    assert (status, answer["done"]["linkedin"]["records"], answer["done"]["linkedin"]["matches"]) == (200, 2, 1)
    (read,) = plain.get(CANDIDATES, "C-1").json()["results"].values()
    assert read == {**candidate(), "matchedMembers": [PERSON]}
    assert plain.get(notes_of("C-1"), "N-1").json()["results"] == {"N-1": note()}


@pytest.mark.parametrize(
    "content",
    [
        {"records": [{"endpoint": "atsInterviews", "external_id": "1"}]},
        {"records": [{"endpoint": "atsCandidates/notes", "external_id": "1"}]},
        {"records": [{"endpoint": "atsCandidates", "external_id": "1", "parent": "2"}]},
        {"records": [{"endpoint": "atsCandidates", "external_id": "1", "client_id": "nobody"}]},
        {"matches": [{"external_id": "C-9", "members": []}]},
    ],
)
def test_controls_say_what_they_do_not_know(linkedin: Linkedin, content: dict[str, Any]) -> None:
    status, answer = control(linkedin, "seed", {"linkedin": content})
    assert (status, bool(answer["error"])) == (400, True)
    assert linkedin.count(CANDIDATES) == 0


def test_a_mood_of_an_unknown_endpoint_is_refused(linkedin: Linkedin) -> None:
    assert (
        control(linkedin, "mood", {"vendor": "linkedin", "kind": "reject", "endpoint": "atsCandidates/notes"})[0] == 200
    )
    assert control(linkedin, "mood", {"vendor": "linkedin", "kind": "reject", "endpoint": "notes"})[0] == 400


def test_the_page_shows_all_of_it_and_escapes_it(linkedin: Linkedin, parents: None, plain: Tongue) -> None:
    plain.put(CANDIDATES, {"C-2": candidate(firstName="<b>Bold</b>", currentJobTitle="Night nurse")})
    plain.patch({"C-2": {"$set": {"manualMatchedMember": PERSON}}})
    for place, content in PLACES.values():
        plain.put(place, {"X-1": content})
    plain.put(notes_of("X-1"), {"X-2": note(note="x" * 200)})
    plain.delete(CANDIDATES, "C-1")
    shown = page([linkedin]).body.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt; Person" in shown
    assert "<b>" not in shown
    for words in (
        "Candidates (2)",
        "Job applications (2)",
        "Application stages (1)",
        "Application notes (1)",
        "Interview feedback (1)",
        PERSON,
        "C-1 (not here)",
        "Phone screen",
        "Calm at night.",
        "Called back.",
        f"{'x' * 80}…",
    ):
        assert words in shown, words
    assert "x" * 81 not in shown
    assert shown.count("Nothing has been sent yet.") == 1  # of resumes


def test_the_page_stays_small(linkedin: Linkedin) -> None:
    for number in range(60):
        linkedin.seed_record(CANDIDATES, f"C-{number:03}", fields=candidate())
    shown = page([linkedin]).body.decode()
    assert "Candidates (60, the newest 50)" in shown
    assert ("C-059" in shown, "C-009" in shown) == (True, False)


def test_practice_matches_within_two_seconds(tmp_path: Path) -> None:
    (linkedin, _) = practice_vendors(tmp_path / "simulator.sqlite3")
    assert linkedin.world.settings["match_seconds"] == 2.0


@pytest.mark.slow
def test_ten_thousand_candidates(tmp_path: Path) -> None:
    """A call is one transaction, and page and deletion do not notice how many there are."""
    linkedin = Linkedin(Store(tmp_path / "simulator.sqlite3"), records_per_minute={})
    linkedin.seed_application()
    caller = LinkedinCaller(linkedin)
    caller.log_in()
    tongue = Tongue(caller, tunneled=True)
    for first in range(0, 10_000, 100):
        answer = tongue.put(CANDIDATES, {f"C-{number}": candidate() for number in range(first, first + 100)})
        assert answer.json()["errors"] == {}
    assert linkedin.count(CANDIDATES) == 10_000
    assert "Candidates (10,000, the newest 50)" in page([linkedin]).body.decode()
    assert len(tongue.delete(CANDIDATES, *(f"C-{number}" for number in range(100))).json()["results"]) == 100


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT body FROM documents WHERE collection = ? ORDER BY place DESC LIMIT 50",
        "SELECT count(*) FROM documents WHERE collection = ?",
        "DELETE FROM documents WHERE collection = ? AND key >= 'a|' AND key < 'a}'",
        "SELECT body FROM documents WHERE collection = ? AND key = 'a'",
    ],
)
def test_records_are_found_by_an_index(statement: str) -> None:
    plan = Store().run(f"EXPLAIN QUERY PLAN {statement}", "linkedin.candidates")
    words = " ".join(str(row[3]) for row in plan)
    assert "SEARCH" in words
    assert "SCAN" not in words
    assert "TEMP B-TREE" not in words
