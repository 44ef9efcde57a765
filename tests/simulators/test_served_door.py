"""The served door: a real socket, real misbehaviour, loopback only; its controls and its page."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from connectors.base.simulation import Store
from connectors.base.simulation.serving import PracticeServer, served
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from connectors.simulators import serve
from tests.simulators.speaking import FORM
from tests.simulators.syncing import BOUNDARY, candidate, multipart

JSON = {"content-type": "application/json"}


class Browser:
    """Speaks HTTP to the door, over one connection where that is possible."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)

    def call(
        self, method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        self._connection.request(method, path, body=body, headers=headers or {})
        response = self._connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}

    def control(self, name: str, content: object) -> tuple[int, Any]:
        status, body, _ = self.call("POST", f"/_control/{name}", body=json.dumps(content).encode(), headers=JSON)
        return status, json.loads(body)

    def state(self) -> Any:
        return json.loads(self.call("GET", "/_control/state")[1])

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def vendors() -> tuple[Linkedin, Greenhouse]:
    store = Store()
    return Linkedin(store), Greenhouse(store)


@pytest.fixture
def browser(vendors: tuple[Linkedin, Greenhouse]) -> Iterator[Browser]:
    with served(vendors) as url:
        visitor = Browser(url)
        yield visitor
        visitor.close()


def _token(browser: Browser) -> str:
    form = {"grant_type": "client_credentials", "client_id": "sim-client", "client_secret": "sim-secret"}
    path = "/linkedin-www/oauth/v2/accessToken"
    _, body, _ = browser.call("POST", path, body=urlencode(form).encode(), headers=FORM)
    return str(json.loads(body)["access_token"])


def test_both_vendors_answer_under_their_prefixes(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].seed_application()
    headers = {"Authorization": f"Bearer {_token(browser)}"}
    status, body, _ = browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A%20B", headers=headers)
    assert (status, list(json.loads(body)["results"])) == (200, ["A B"])
    assert browser.call("GET", "/greenhouse/v3/nothing")[0] == 404
    assert browser.call("POST", "/greenhouse-auth/token")[0] == 401
    assert browser.call("POST", "/linkedin/oauth/v2/accessToken")[0] == 404


def test_links_of_lists_lead_back_to_the_door(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[1].seed_key()
    for number in range(2):
        vendors[1].seed_job(f"R-{number}")
    headers = {"Authorization": "Basic c2ltLWtleTo="}
    _, _, told = browser.call("GET", "/greenhouse/v1/jobs?per_page=1", headers=headers)
    assert told["link"].startswith(f"<{browser.url}/greenhouse/v1/jobs?")


def test_a_hang_up_breaks_the_connection(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].next("hang_up")
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")
    browser.close()
    assert browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")[0] == 401


def test_a_stall_says_nothing_until_the_client_leaves(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].next("stall")
    host, port = urlsplit(browser.url).hostname, urlsplit(browser.url).port
    with socket.create_connection((str(host), int(port or 0)), timeout=0.3) as line:
        line.sendall(b"GET /linkedin/v2/jobPostingStatus?ids=A HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(TimeoutError):
            line.recv(1)
    assert browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")[0] == 401


@pytest.mark.parametrize("kind", ["endless", "drip"])
def test_a_body_without_an_end(browser: Browser, vendors: tuple[Linkedin, Greenhouse], kind: str) -> None:
    vendors[0].next(kind, seconds=0.01)
    connection = http.client.HTTPConnection(urlsplit(browser.url).netloc, timeout=5)
    connection.request("GET", "/linkedin/v2/jobPostingStatus?ids=A")
    response = connection.getresponse()
    assert response.getheader("content-length") is None
    wanted = 1_000_000 if kind == "endless" else 5
    assert len(response.read(wanted)) == wanted
    connection.close()


def test_a_simulators_own_fault_is_told_as_such(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].world.collection("moods").put("00000001", {"colour": "red"})
    status, body, _ = browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")
    assert (status, "the simulator itself failed" in body.decode()) == (500, True)


def test_a_head_has_no_body(browser: Browser) -> None:
    assert browser.call("HEAD", "/")[:2] == (200, b"")
    assert browser.call("GET", "/")[0] == 200


def test_only_loopback_is_served(vendors: tuple[Linkedin, Greenhouse]) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        PracticeServer(vendors, host="0.0.0.0", port=0)
    with pytest.raises(ValueError, match="loopback only"):
        serve("192.0.2.1", 0, store_path=":memory:")


def test_a_foreign_host_name_is_refused(browser: Browser) -> None:
    for path in ("/", "/_control/state", "/linkedin/v2/jobPostingStatus?ids=A"):
        assert browser.call("GET", path, headers={"Host": "rebound.example"})[0] == 403


def test_a_body_of_unknown_length_is_refused(browser: Browser) -> None:
    assert browser.call("POST", "/_control/seed", headers={"Content-Length": "many"})[0] == 411


# Controls.


def test_seeding_makes_an_application_known(browser: Browser) -> None:
    form = {"grant_type": "client_credentials", "client_id": "c-1", "client_secret": "s-1"}
    path = "/linkedin-www/oauth/v2/accessToken"
    assert browser.call("POST", path, body=urlencode(form).encode(), headers=FORM)[0] == 401
    application = {"client_id": "c-1", "client_secret": "s-1", "organizations": ["urn:li:organization:5"]}
    assert browser.control("seed", {"linkedin": {"applications": [application]}})[0] == 200
    assert browser.call("POST", path, body=urlencode(form).encode(), headers=FORM)[0] == 200
    shown = browser.state()["linkedin"]["applications"][0]
    assert (shown["client_id"], shown["live_tokens"]) == ("c-1", 1)
    assert "s-1" not in json.dumps(browser.state())


def test_seeding_everything_at_once(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    content = {
        "linkedin": {
            "settings": {"task_seconds": 1},
            "applications": [{"job_contracts": {"urn:li:contract:5": 1}}],
            "postings": [{"external_id": "X-1"}, {"external_id": "X-2"}],
            "removed": [{"external_id": "X-2"}],
        },
        "greenhouse": {
            "settings": {"v3_limit": 5},
            "credentials": [{"client_id": "g-1", "client_secret": "s"}],
            "keys": [{"api_key": "k-1"}],
            "users": [{"user_id": 7, "name": "Somebody Else"}],
            "close_reasons": [{"reason_id": 900, "name": "Other"}],
            "jobs": [{"requisition_id": "R-1", "openings": 2, "unless_known": True}],
        },
    }
    status, answer = browser.control("seed", content)
    assert (status, answer["done"]["greenhouse"]["jobs"]) == (200, [71_001])
    assert browser.control("seed", {"greenhouse": content["greenhouse"]})[1]["done"]["greenhouse"]["jobs"] == [71_001]
    state = browser.state()
    assert {one["external_id"]: one["status"] for one in state["linkedin"]["postings"]} == {
        "X-1": "LISTED",
        "X-2": "REMOVED",
    }
    assert state["greenhouse"]["jobs"][0]["open_openings"] == 2
    assert state["greenhouse"]["settings"]["v3_limit"] == 5


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("seed", {"workday": {}}),
        ("seed", {"linkedin": {"applications": [{"client": "x"}]}}),
        ("seed", {"linkedin": {"candidates": []}}),
        ("seed", {"greenhouse": {"candidates": []}}),
        ("mood", {"vendor": "linkedin", "kind": "angry"}),
        ("mood", {"vendor": "linkedin", "kind": "html", "colour": "red"}),
        ("mood", {"kind": "html"}),
        ("clock", {"advance_seconds": -1}),
        ("clock", {"vendor": "workday"}),
        ("reset", []),
    ],
)
def test_a_control_that_is_not_understood_says_why(browser: Browser, name: str, content: object) -> None:
    status, answer = browser.control(name, content)
    assert status == 400
    assert answer["error"]


def test_a_seed_that_fails_leaves_nothing_behind(browser: Browser) -> None:
    content = {"linkedin": {"applications": [{"client_id": "c-1"}, {"client_id": "c-2", "organizations": ["2"]}]}}
    assert browser.control("seed", content)[0] == 400
    assert browser.state()["linkedin"]["applications"] == []


def test_moods_clock_and_reset_by_control(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    browser.control("mood", {"vendor": "linkedin", "kind": "status", "status": 503, "times": None})
    assert browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")[0] == 503
    browser.control("mood", {"calm": True})
    assert browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")[0] == 401
    browser.control("clock", {"vendor": "greenhouse", "freeze": True, "advance_seconds": 86_400})
    assert vendors[1].clock.now() > vendors[0].clock.now() + 86_000
    browser.control("clock", {"vendor": "greenhouse", "thaw": True})
    browser.control("reset", {})
    assert vendors[1].clock.now() - vendors[0].clock.now() < 60


def test_controls_take_json_and_no_foreign_origin(browser: Browser) -> None:
    body = b'{"vendor": "linkedin"}'
    assert browser.call("POST", "/_control/reset", body=body, headers=FORM)[0] == 403
    foreign = {**JSON, "Origin": "http://elsewhere.example"}
    assert browser.call("POST", "/_control/reset", body=body, headers=foreign)[0] == 403
    own = {**JSON, "Origin": browser.url}
    assert browser.call("POST", "/_control/reset", body=body, headers=own)[0] == 200


def test_an_unknown_control(browser: Browser) -> None:
    assert browser.call("GET", "/_control/seed")[0] == 404
    assert browser.control("explode", {})[0] == 404


# The page.


def test_the_page_shows_what_is_held_and_escapes_it(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    linkedin, greenhouse = vendors
    linkedin.seed_application()
    linkedin.seed_posting("X-1", title="<script>alert(1)</script>")
    greenhouse.seed_credential()
    greenhouse.seed_job("R-1", name="Night nurse")
    browser.call("GET", "/linkedin/v2/jobPostingStatus?ids=A")
    status, body, headers = browser.call("GET", "/")
    text = body.decode()
    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "X-1" in text
    assert "&lt;script&gt;" in text
    assert "<script>" not in text
    assert "Night nurse" in text
    assert "3 of 3" in text
    assert "GET /v2/jobPostingStatus" in text


def test_the_page_is_kind_to_an_empty_house(browser: Browser) -> None:
    text = browser.call("GET", "/")[1].decode()
    assert "Nothing has been posted yet." in text
    assert "No jobs have been put in yet." in text


def test_the_form_sets_a_mood(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    form = {"vendor": "linkedin", "kind": "status", "status": "503", "times": "2", "endpoint": "", "seconds": ""}
    own = {**FORM, "Origin": browser.url}
    status, _, headers = browser.call("POST", "/mood", body=urlencode(form).encode(), headers=own)
    assert (status, headers["location"].partition("?")[0]) == (303, "/")
    assert "The mood is set." in browser.call("GET", headers["location"])[1].decode()
    mood = vendors[0].world.moods.waiting()[0]
    assert (mood.kind, mood.status, mood.times, mood.applied) == ("status", 503, 2, False)


def test_the_forms_calm_and_move_the_clock(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    own = {**FORM, "Origin": browser.url}
    vendors[0].next("html")
    assert browser.call("POST", "/calm", headers=own)[0] == 303
    assert vendors[0].world.moods.waiting() == []
    before = vendors[1].clock.now()
    assert browser.call("POST", "/clock", body=b"hours=24", headers=own)[0] == 303
    assert vendors[1].clock.now() >= before + 86_400


def test_a_form_that_is_not_understood_says_so(browser: Browser) -> None:
    own = {**FORM, "Origin": browser.url}
    _, _, headers = browser.call("POST", "/mood", body=b"vendor=linkedin&kind=status&status=x", headers=own)
    assert "Not+done" in headers["location"]


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_from_elsewhere_is_refused(
    browser: Browser, vendors: tuple[Linkedin, Greenhouse], headers: dict[str, str]
) -> None:
    vendors[0].next("html")
    for path in ("/mood", "/calm", "/clock"):
        assert browser.call("POST", path, headers={**FORM, **headers})[0] == 403
    assert len(vendors[0].world.moods.waiting()) == 1


def test_nothing_changes_by_a_get(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].next("html")
    for path in ("/calm", "/clock?hours=1", "/mood", "/_control/reset"):
        assert browser.call("GET", path)[0] == 404
    assert len(vendors[0].world.moods.waiting()) == 1


def test_a_tunneled_sync_through_the_door(browser: Browser, vendors: tuple[Linkedin, Greenhouse]) -> None:
    vendors[0].seed_application()
    query = "ids[0].atsCandidateId=Z%C3%BC&ids[0].dataProvider=ATS&ids[0].integrationContext=urn:li:organization:77"
    key = "atsCandidateId=Z%C3%BC&dataProvider=ATS&integrationContext=urn:li:organization:77"
    body = multipart(query, json.dumps({"entities": {key: candidate()}}).encode())
    headers = {
        "Authorization": f"Bearer {_token(browser)}",
        "X-HTTP-Method-Override": "PUT",
        "Content-Type": f"multipart/mixed; boundary={BOUNDARY}",
    }
    assert browser.call("POST", "/linkedin/v2/atsCandidates", body=body, headers=headers)[0] == 200
    held = browser.state()["linkedin"]["records"]["atsCandidates"]
    assert (held["count"], held["latest"][0]["external_id"], held["latest"][0]["fields"]) == (1, "Zü", candidate())
    mood = {"vendor": "linkedin", "kind": "reject", "endpoint": "atsCandidates", "match": "Zü"}
    assert browser.control("mood", mood)[0] == 200
    _, told, _ = browser.call("POST", "/linkedin/v2/atsCandidates", body=body, headers=headers)
    assert next(iter(json.loads(told)["errors"].values()))["status"] == 422
    shown = browser.call("GET", "/")[1].decode()
    assert "Candidates (1)" in shown
    assert "<option>atsApplications/interviewFeedback</option>" in shown
