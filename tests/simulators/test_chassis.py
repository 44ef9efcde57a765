"""What every simulator shares: moods, clock, store, call log (both vendors stand for all)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connectors.base.simulation import HangUp, Mood, Stall, Store
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import GreenhouseCaller, LinkedinCaller, job

JOBS = "simpleJobPostings"


# Moods about a call.


@pytest.mark.parametrize("status", [400, 404, 409, 429, 500, 502, 503, 504])
def test_a_status_comes_in_the_vendors_shape(linkedin: Linkedin, caller: LinkedinCaller, status: int) -> None:
    linkedin.next("status", status=status, endpoint=JOBS)
    answer = caller.send(job("A"))
    assert (answer.status, answer.json()["status"]) == (status, status)
    assert linkedin.tasks_of("A") == []
    assert caller.send(job("A")).status == 200


def test_any_documented_words_can_be_said(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    words = "Insufficient lifetime budget for contract: urn:li:contract:1"
    linkedin.next("status", status=402, message=words, endpoint=JOBS)
    assert caller.send(job("A")).json() == {"message": words, "status": 402}


def test_greenhouse_has_words_of_its_own(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.next("status", status=422, message="is being edited", endpoint="openings")
    assert admin.get("/v3/openings").json() == {"message": "Unprocessable Content", "errors": ["is being edited"]}
    greenhouse.next("status", status=500, endpoint="openings")
    assert admin.get("/v3/openings").json() == {"message": "Server timeout in API"}


def test_a_429_with_and_without_retry_after(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("status", status=429, endpoint=JOBS)
    linkedin.next("status", status=429, retry_after=7, endpoint=JOBS)
    answers = [caller.send(job("A")) for _ in range(2)]
    assert [answer.header("retry-after") for answer in answers] == ["", "7"]
    assert answers[0].json()["serviceErrorCode"] == 101


def test_a_redirect_can_be_tried(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("status", status=302, headers={"Location": "https://elsewhere.example/"}, endpoint=JOBS)
    assert caller.send(job("A")).header("location") == "https://elsewhere.example/"


def test_bodies_that_are_no_answer(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("html", endpoint=JOBS)
    assert caller.send(job("A")).header("content-type").startswith("text/html")
    linkedin.next("empty", endpoint=JOBS)
    assert caller.send(job("A")).body == b""
    linkedin.next("garbled", endpoint=JOBS)
    with pytest.raises(ValueError, match="Expecting"):
        caller.send(job("A")).json()
    linkedin.next("endless", endpoint=JOBS)
    assert caller.send(job("A")).endless
    assert linkedin.tasks_of("A") == []


@pytest.mark.parametrize(("kind", "event"), [("hang_up", HangUp), ("stall", Stall)])
@pytest.mark.parametrize("applied", [False, True])
def test_no_answer_before_and_after_the_work(
    linkedin: Linkedin, caller: LinkedinCaller, kind: str, event: type[HangUp | Stall], applied: bool
) -> None:
    linkedin.next(kind, applied=applied, endpoint=JOBS)
    with pytest.raises(event) as caught:
        caller.send(job("A"))
    assert caught.value.applied is applied
    assert len(linkedin.tasks_of("A")) == int(applied)
    assert (linkedin.calls[-1].status, linkedin.calls[-1].mood) == (0, kind)


def test_an_error_may_come_after_the_work(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("status", status=502, applied=True, endpoint=JOBS)
    assert caller.send(job("A")).status == 502
    assert len(linkedin.tasks_of("A")) == 1


def test_moods_wait_for_their_endpoint_method_and_text(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("status", status=500, endpoint=JOBS, match="B", times=2)
    linkedin.next("status", status=503, method="GET")
    assert caller.send(job("A")).status == 200
    assert caller.send(job("A2"), job("B")).status == 500
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 503
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 200
    assert caller.send(job("B")).status == 500
    assert caller.send(job("B")).status == 200


def test_moods_come_one_after_another(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    for status in (500, 502, 503):
        linkedin.next("status", status=status, endpoint=JOBS)
    assert [caller.send(job("A")).status for _ in range(4)] == [500, 502, 503, 200]


def test_a_mood_may_last_until_it_is_calmed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.always("status", status=500, endpoint=JOBS)
    assert {caller.send(job("A")).status for _ in range(5)} == {500}
    linkedin.calm()
    assert caller.send(job("A")).status == 200


def test_the_token_endpoint_has_moods_too(linkedin: Linkedin) -> None:
    linkedin.next("status", status=503, endpoint="token")
    caller = LinkedinCaller(linkedin)
    assert caller.ask_token().status == 503
    assert caller.ask_token().status == 200


@pytest.mark.parametrize(
    "mood", [{"kind": "angry"}, {"kind": "html", "endpoint": "simpleJobPosting"}, {"kind": "status"}]
)
def test_a_mood_that_could_never_fit_is_refused(linkedin: Linkedin, mood: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no such|say which"):
        linkedin.next(**mood)


def test_a_missing_permission_and_a_wrong_contract(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("missing_permission", endpoint=JOBS)
    linkedin.next("wrong_contract", message="urn:li:contract:9", endpoint=JOBS)
    assert caller.send(job("A")).json()["message"] == "Not enough permissions to access: POST /simpleJobPostings"
    assert caller.send(job("A")).json()["message"].endswith("the jobs for contract: urn:li:contract:9")


# Clock.


def test_the_clock_runs_moves_and_stands(linkedin: Linkedin) -> None:
    before = linkedin.clock.now()
    linkedin.advance(3600)
    assert linkedin.clock.now() >= before + 3600
    linkedin.clock.freeze()
    still = linkedin.clock.now()
    assert linkedin.clock.now() == still
    linkedin.advance(5)
    assert linkedin.clock.now() == still + 5
    linkedin.clock.thaw()
    assert linkedin.clock.now() >= still + 5


def test_the_clock_is_not_turned_back(linkedin: Linkedin) -> None:
    with pytest.raises(ValueError, match="forward"):
        linkedin.advance(-1)


def test_vendors_have_clocks_of_their_own(linkedin: Linkedin, greenhouse: Greenhouse) -> None:
    linkedin.advance(86_400)
    assert linkedin.clock.now() - greenhouse.clock.now() > 86_000


# Store.


def test_a_restart_goes_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "simulator.sqlite3")
    linkedin, greenhouse = Linkedin(store), Greenhouse(store)
    linkedin.seed_application()
    greenhouse.seed_credential()
    caller, admin = LinkedinCaller(linkedin), GreenhouseCaller(greenhouse)
    caller.log_in()
    admin.log_in()
    caller.post(job("A"))
    urn = caller.elements(job("B"))[0]["id"]
    job_id = greenhouse.seed_job("R-1", openings=1)
    linkedin.advance(7200)
    linkedin.next("status", status=503, endpoint="jobPostingStatus")
    linkedin.configure(unknown_status="missing")
    store.close()

    store = Store(tmp_path / "deep" / "simulator.sqlite3")
    caller.vendor, admin.vendor = Linkedin(store), Greenhouse(store)
    assert caller.vendor.clock.now() > greenhouse_time(admin) + 7000
    caller.log_in()
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 503
    assert caller.status("A")["listingStatus"] == "LISTED"
    assert caller.get("/v2/jobPostingStatus?ids=never").json()["results"] == {}
    assert caller.task(urn)["status"] == "SUCCEEDED"
    assert admin.rows("/v3/jobs?requisition_id=R-1")[0]["id"] == job_id
    assert admin.vendor.seed_job("R-2") == job_id + 1
    store.close()


def greenhouse_time(caller: GreenhouseCaller) -> float:
    return caller.vendor.clock.now()


def test_secrets_are_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "simulator.sqlite3"
    store = Store(path)
    linkedin, greenhouse = Linkedin(store), Greenhouse(store)
    linkedin.seed_application(client_secret="canary-linkedin")
    greenhouse.seed_credential(client_secret="canary-greenhouse")
    greenhouse.seed_key(api_key="canary-key")
    caller = LinkedinCaller(linkedin)
    caller.token = caller.ask_token(client_secret="canary-linkedin").json()["access_token"]
    assert caller.send(job("A")).status == 200
    store.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"canary" not in kept
    assert caller.token.encode() not in kept
    assert b"sim-client" in kept


def test_a_reset_forgets_one_vendor_only(tmp_path: Path) -> None:
    store = Store()
    linkedin, greenhouse = Linkedin(store, task_seconds=3), Greenhouse(store)
    linkedin.seed_application()
    greenhouse.seed_credential()
    linkedin.configure(task_seconds=9)
    linkedin.advance(86_400)
    linkedin.reset()
    assert linkedin.state()["applications"] == []
    assert linkedin.clock.now() - greenhouse.clock.now() < 60
    assert linkedin.state()["settings"]["task_seconds"] == 3
    assert len(greenhouse.state()["credentials"]) == 1


def test_a_setting_that_does_not_exist_is_refused(linkedin: Linkedin) -> None:
    with pytest.raises(ValueError, match="no such setting: closing"):
        linkedin.configure(closing="task")
    with pytest.raises(TypeError, match="no such setting: closing"):
        Linkedin(closing="task")


def test_an_application_needs_urns(linkedin: Linkedin) -> None:
    with pytest.raises(ValueError, match="77"):
        linkedin.seed_application(organizations=["77"])
    with pytest.raises(ValueError, match="urn:li:organization:1"):
        linkedin.seed_application(job_contracts=["urn:li:organization:1"])


def test_a_failed_call_leaves_nothing_half_done(linkedin: Linkedin) -> None:
    def half() -> None:
        with linkedin.world.store.transaction():
            linkedin.world.collection("postings").put("x", {"half": True})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert linkedin.world.collection("postings").get("x") is None


# Calls.


def test_the_call_log_tells_what_came(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.send(job("A"), job("B"))
    call = linkedin.calls_to(JOBS)[0]
    assert (call.method, call.path, call.status, call.records) == ("POST", "/v2/simpleJobPostings", 200, 2)
    assert call.headers == {"x-restli-method": "batch_create"}
    assert linkedin.calls_to(JOBS, method="GET") == []


def test_a_mood_for_a_token_meets_a_call_without_one(linkedin: Linkedin, greenhouse: Greenhouse) -> None:
    linkedin.next("token_revoked")
    greenhouse.next("token_revoked")
    assert LinkedinCaller(linkedin).get("/v2/jobPostingStatus?ids=A").status == 401
    assert GreenhouseCaller(greenhouse).get("/v3/jobs").status == 401


def test_many_threads_lose_nothing(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    def send(part: int) -> None:
        for number in range(5):
            caller.elements(job(f"{part}-{number}"), job(f"{part}-{number}-b"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(8)))
    linkedin.finish_tasks()
    assert len(linkedin.state(limit=200)["postings"]) == 80
    numbers = {posting["number"] for posting in linkedin.state(limit=200)["postings"]}
    assert len(numbers) == 80


def test_a_mood_is_a_value() -> None:
    assert Mood(kind="html") == Mood(kind="html", times=1)
