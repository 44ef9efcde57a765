"""hireMediaUrl and the upload of files (linkedin.md 6.2, 6.3, 11; seed 002). The calls are this file's own."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest

from connectors.base.simulation import HangUp, SimulatedAnswer, SimulatedRequest, Stall, Store
from connectors.base.simulation.page import page
from connectors.base.simulation.serving import served
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, ORGANIZATION, LinkedinCaller

JSON_2 = {"content-type": "application/json", "accept": "application/json", "x-restli-protocol-version": "2.0.0"}
PDF = b"%PDF-1.7 of nobody"
MEGABYTE = 1024 * 1024


def asked(**fields: Any) -> dict[str, Any]:
    """The body of the page's sample; a field set to ... is left out."""
    content = {
        "usageParameters": {"tcrmResumeParameters": {}},
        "contentType": "application/pdf",
        "hiringContext": CONTRACT,
        **fields,
    }
    return {name: value for name, value in content.items() if value is not ...}


@dataclass
class Uploader:
    caller: LinkedinCaller

    def ask(self, *, headers: dict[str, str] | None = None, query: str = "", **fields: Any) -> SimulatedAnswer:
        body = json.dumps(asked(**fields)).encode()
        return self.caller.call("POST", f"/v2/hireMediaUrl{query}", headers=headers or JSON_2, body=body)

    def address(self, **fields: Any) -> str:
        answer = self.ask(**fields)
        assert answer.status == 201, answer.body
        return answer.header("x-linkedin-id")

    def put(self, url: str, *, name: str = "a.pdf", body: bytes = PDF, method: str = "POST") -> SimulatedAnswer:
        path = url.removeprefix("https://www.linkedin.com")
        return self.caller.call(method, f"{path}&x-ambry-filename={quote(name, safe='')}", body=body)

    def upload(self, **fields: Any) -> str:
        answer = self.put(self.address(**fields))
        assert answer.status == 201, answer.body
        return answer.header("location")


@pytest.fixture
def uploader(linkedin: Linkedin, caller: LinkedinCaller) -> Uploader:
    linkedin.seed_application(contracts=[CONTRACT])
    return Uploader(caller)


# The address.


def test_an_address_is_given_in_two_headers_and_no_body(uploader: Uploader) -> None:
    answer = uploader.ask()
    assert (answer.status, answer.body) == (201, b"")
    signed = answer.header("x-linkedin-id")
    assert signed.startswith("https://www.linkedin.com/ambry/?x-li-ambry-ep=")
    assert unquote(answer.header("location")) == f"/hireMediaUrl/{signed}"
    assert answer.header("location").startswith(
        "/hireMediaUrl/https%3A%2F%2Fwww.linkedin.com%2Fambry%2F%3Fx-li-ambry-ep="
    )
    assert answer.header("x-restli-protocol-version") == "2.0.0"


def test_an_address_may_lead_to_another_host(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.configure(upload_url="http://127.0.0.1:8900/linkedin-www/")
    assert uploader.address().startswith("http://127.0.0.1:8900/linkedin-www/ambry/?")


def test_two_addresses_differ(uploader: Uploader) -> None:
    assert uploader.address() != uploader.address()


@pytest.mark.parametrize(("header", "absent"), [("x-restli-id", "x-linkedin-id"), ("location", "x-linkedin-id")])
def test_the_header_of_the_address_can_be_set(linkedin: Linkedin, uploader: Uploader, header: str, absent: str) -> None:
    """10.1, row 12."""
    linkedin.configure(address_header=header)
    answer = uploader.ask()
    assert answer.header(absent) == ""
    assert "ambry" in answer.header(header)


@pytest.mark.parametrize("version", ["", "1.0.0", "3.0.0"])
def test_protocol_2_is_asked_for(uploader: Uploader, version: str) -> None:
    assert uploader.ask(headers={**JSON_2, "x-restli-protocol-version": version}).status == 400


def test_json_is_asked_for(uploader: Uploader) -> None:
    assert uploader.ask(headers={**JSON_2, "content-type": "text/plain"}).status == 415


def test_an_address_is_made_alone_and_without_a_query(uploader: Uploader) -> None:
    assert uploader.ask(headers={**JSON_2, "x-restli-method": "batch_create"}).status == 400
    assert uploader.ask(headers={**JSON_2, "x-restli-method": "CREATE"}).status == 201
    assert uploader.ask(query="?ids=1").status == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_a_post_asks_for_one(uploader: Uploader, method: str) -> None:
    assert uploader.caller.call(method, "/v2/hireMediaUrl", headers=JSON_2).status == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"1"])
def test_what_is_no_object_cannot_be_read(uploader: Uploader, body: bytes) -> None:
    assert uploader.caller.call("POST", "/v2/hireMediaUrl", headers=JSON_2, body=body).status == 400


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"usageParameters": ...}, "/usageParameters :: field is required"),
        ({"usageParameters": {}}, "/usageParameters :: a union has exactly one member"),
        ({"usageParameters": {"tcrmResumeParameters": {"x": 1}}}, "/usageParameters/tcrmResumeParameters/x ::"),
        ({"usageParameters": {"recruiterSystemConnectResumeParameters": {}}}, "/usageParameters/recruiter"),
        ({"usageParameter": {"tcrmResumeParameters": {}}}, "/usageParameter :: unrecognized field"),
        ({"contentType": ...}, "/contentType :: field is required"),
        ({"contentType": "image/png"}, '/contentType :: "image/png" is not an enum symbol'),
        ({"contentType": "application/vnd.openxmlformats"}, "/contentType ::"),
        ({"hiringContext": ...}, "/hiringContext :: field is required"),
        ({"hiringContext": ORGANIZATION}, "/hiringContext ::"),
        ({"hiringContext": 123456}, "/hiringContext ::"),
        ({"fileName": "a.pdf"}, "/fileName :: unrecognized field"),
        ({"blobTtl": 72}, "/blobTtl ::"),
        ({"blobTtl": {"unit": "HOUR"}}, "/blobTtl/duration :: field is required"),
        ({"blobTtl": {"duration": 72}}, "/blobTtl/unit :: field is required"),
        ({"blobTtl": {"duration": "72", "unit": "HOUR"}}, "/blobTtl/duration :: 72 cannot be coerced to Long"),
        ({"blobTtl": {"duration": 0, "unit": "HOUR"}}, "/blobTtl/duration :: 0 is out of range"),
        ({"blobTtl": {"duration": 2**63, "unit": "HOUR"}}, "is out of range"),
        ({"blobTtl": {"duration": 72, "unit": "HOURS"}}, '/blobTtl/unit :: "HOURS" is not an enum symbol'),
    ],
)
def test_each_field_has_its_rule(uploader: Uploader, fields: dict[str, Any], words: str) -> None:
    answer = uploader.ask(**fields)
    assert answer.status == 422
    assert words in answer.json()["message"]


def test_the_contract_must_be_the_callers(uploader: Uploader) -> None:
    answer = uploader.ask(hiringContext="urn:li:contract:1")
    words = "Caller is not authorized to access the contract: urn:li:contract:1"
    assert (answer.status, answer.json()["message"]) == (403, words)


def test_a_product_is_needed(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.seed_application(contracts=[CONTRACT], products=["recruiterSystemConnect"])
    assert uploader.ask().json()["message"] == "Not enough permissions to access: POST /hireMediaUrl"


# The upload.


@pytest.mark.parametrize(
    ("content_type", "end"), [("text/plain", "txt"), ("application/pdf", "pdf"), ("application/msword", "doc")]
)
def test_a_file_gets_a_location_and_is_known_by_size_and_digest(
    linkedin: Linkedin, uploader: Uploader, content_type: str, end: str
) -> None:
    answer = uploader.put(uploader.address(contentType=content_type), name="Lebenslauf ä/ö.pdf")
    location = answer.header("location")
    assert (answer.status, answer.body) == (201, b"")
    assert location.startswith("/AAYU")
    assert location.endswith(f".{end}")
    (kept,) = linkedin.files
    assert (kept["file_name"], kept["size"], kept["content_type"]) == ("Lebenslauf ä/ö.pdf", len(PDF), content_type)
    assert (kept["location"], kept["sha256"]) == (location, sha256(PDF).hexdigest())
    assert (kept["expires_at"], kept["status"]) == (None, "KEPT")


def test_any_content_type_is_taken_for_the_bytes(uploader: Uploader) -> None:
    """6.3: curl would say that they are a form."""
    path = uploader.address().removeprefix("https://www.linkedin.com") + "&x-ambry-filename=a.pdf"
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert uploader.caller.call("POST", path, headers=form, body=PDF).status == 201


def test_the_files_name_must_be_in_the_query_as_the_page_shows_it(linkedin: Linkedin, uploader: Uploader) -> None:
    path = uploader.address().removeprefix("https://www.linkedin.com")
    signature = path.partition("?")[2]
    for wrong in (
        path,
        f"{path}&x-ambry-filename=",
        f"{path}&filename=a.pdf",
        f"{path}&x-ambry-filename=a b.pdf",
        f"{path}&x-ambry-filename=a+b.pdf",
        f"{path}&x-ambry-filename=a/b.pdf",
        f"{path}&x-ambry-filename=ä.pdf",
        f"{path}&x-ambry-filename=%",
        f"{path}&x-ambry-filename=%FF",
        f"{path}&x-ambry-filename=a.pdf&more=1",
        f"/ambry/?x-ambry-filename=a.pdf&{signature}",
        "/ambry/?x-ambry-filename=a.pdf",
        f"/ambry?{signature}&x-ambry-filename=a.pdf",
    ):
        assert uploader.caller.call("POST", wrong, body=PDF).status in {400, 404}, wrong
    assert linkedin.files == []
    assert uploader.put(f"https://www.linkedin.com{path}").status == 201


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_file_is_posted(uploader: Uploader, method: str) -> None:
    assert uploader.put(uploader.address(), method=method).status == 400


def test_a_token_is_needed_and_it_must_be_of_who_asked(linkedin: Linkedin, uploader: Uploader) -> None:
    url = uploader.address()
    nobody = Uploader(LinkedinCaller(linkedin, token="none"))
    assert nobody.put(url).status == 401
    linkedin.seed_application(client_id="other", client_secret="s", contracts=[CONTRACT])
    other = LinkedinCaller(linkedin)
    other.token = other.ask_token(client_id="other", client_secret="s").json()["access_token"]
    assert Uploader(other).put(url).status == 403
    assert uploader.put(url).status == 201


def test_an_address_nobody_signed_is_refused(uploader: Uploader) -> None:
    answer = uploader.put("https://www.linkedin.com/ambry/?x-li-ambry-ep=invented")
    assert (answer.status, answer.json()["message"]) == (403, "The upload URL is not valid")


def test_an_address_works_for_a_quarter_of_an_hour(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.clock.freeze()
    url, other = uploader.address(), uploader.address()
    linkedin.advance(899)
    assert uploader.put(url).status == 201
    linkedin.advance(1)
    answer = uploader.put(other)
    assert (answer.status, answer.json()["message"]) == (403, "The upload URL has expired")


def test_an_address_works_once_or_as_often_as_set(linkedin: Linkedin, uploader: Uploader) -> None:
    url = uploader.address()
    assert [uploader.put(url).status for _ in range(2)] == [201, 403]
    linkedin.configure(address_uses=2)
    url = uploader.address()
    assert [uploader.put(url).status for _ in range(3)] == [201, 201, 403]


def test_a_file_has_at_most_ten_megabytes_and_at_least_a_byte(linkedin: Linkedin, uploader: Uploader) -> None:
    url = uploader.address()
    assert uploader.put(url, body=bytes(10 * MEGABYTE + 1)).status == 413
    linkedin.configure(too_large_status=400)
    assert uploader.put(url, body=bytes(10 * MEGABYTE + 1)).status == 400
    assert uploader.put(url, body=b"").status == 400
    assert uploader.put(url, body=bytes(10 * MEGABYTE)).status == 201


@pytest.mark.parametrize(
    ("ttl", "seconds"),
    [
        ({"duration": 500, "unit": "MILLISECOND"}, 0.5),
        ({"duration": 30, "unit": "SECOND"}, 30),
        ({"duration": 5, "unit": "MINUTE"}, 300),
        ({"duration": 72, "unit": "HOUR"}, 72 * 3600),
        ({"duration": 2, "unit": "DAY"}, 2 * 86_400),
        ({"duration": 1, "unit": "WEEK"}, 7 * 86_400),
        ({"duration": 1, "unit": "MONTH"}, 30 * 86_400),
        ({"duration": 1, "unit": "YEAR"}, 365 * 86_400),
    ],
)
def test_a_file_is_gone_when_its_time_is_over(
    linkedin: Linkedin, uploader: Uploader, ttl: dict[str, Any], seconds: float
) -> None:
    linkedin.clock.freeze()
    uploader.upload(blobTtl=ttl)
    linkedin.advance(seconds - 0.01)
    assert linkedin.files[0]["status"] == "KEPT"
    linkedin.advance(0.01)
    assert linkedin.files[0]["status"] == "EXPIRED"


def test_a_time_beyond_all_calendars_is_kept_and_shown(linkedin: Linkedin, uploader: Uploader) -> None:
    uploader.upload(blobTtl={"duration": 2**62, "unit": "YEAR"})
    assert linkedin.files[0]["status"] == "KEPT"
    assert "beyond all calendars" in page([linkedin]).body.decode()


# Moods.


def test_an_upload_may_be_lost_before_and_after_its_bytes_arrived(linkedin: Linkedin, uploader: Uploader) -> None:
    for applied, n_files in ((False, 0), (True, 1)):
        linkedin.next("hang_up", endpoint="ambry", applied=applied)
        with pytest.raises(HangUp):
            uploader.put(uploader.address())
        assert len(linkedin.files) == n_files
    linkedin.next("stall", endpoint="ambry")
    with pytest.raises(Stall):
        uploader.put(uploader.address())


def test_an_upload_may_be_refused(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.next("status", status=503, endpoint="ambry")
    url = uploader.address()
    assert [uploader.put(url).status for _ in range(2)] == [503, 201]


def test_an_address_may_be_stale_when_it_is_given_out(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.next("stale_address")
    assert [uploader.put(uploader.address()).status for _ in range(2)] == [403, 201]


# What is seen of it.


def test_neither_state_nor_page_nor_log_nor_store_tell_a_signature(
    linkedin: Linkedin, uploader: Uploader, tmp_path: Any
) -> None:
    url = uploader.address()
    uploader.put(url, name="Nobody.pdf")
    signature = url.partition("=")[2]
    kept = str(linkedin.world.store.run("SELECT body, key FROM documents"))
    shown = json.dumps(linkedin.state()) + page([linkedin]).body.decode() + repr(linkedin.calls) + kept
    assert signature not in shown
    assert linkedin.calls[-1].path == "/ambry/?x-ambry-filename=Nobody.pdf"
    assert linkedin.calls[-1].sent is None


def test_a_texts_words_are_not_in_the_log(linkedin: Linkedin, uploader: Uploader) -> None:
    uploader.put(uploader.address(), body=b'{"canary": 1}')
    assert linkedin.calls[-1].sent is None


def test_files_are_in_the_state_and_on_the_page(linkedin: Linkedin, uploader: Uploader) -> None:
    url = uploader.address(blobTtl={"duration": 1, "unit": "HOUR"})
    uploader.put(url, name="<b>Nobody</b>.pdf")
    (kept,) = linkedin.state()["files"]
    assert (kept["file_name"], kept["size"], kept["status"]) == ("<b>Nobody</b>.pdf", len(PDF), "KEPT")
    linkedin.advance(3600)
    shown = page([linkedin]).body.decode()
    assert "Files of resumes" in shown
    assert "&lt;b&gt;Nobody&lt;/b&gt;.pdf" in shown
    assert "expired" in shown


def test_files_and_addresses_outlive_a_restart(tmp_path: Any) -> None:
    first = Linkedin(Store(tmp_path / "vendors.sqlite3"))
    first.seed_application(contracts=[CONTRACT])
    uploader = Uploader(LinkedinCaller(first))
    uploader.caller.log_in()
    uploader.upload()
    url = uploader.address()
    again = Linkedin(Store(tmp_path / "vendors.sqlite3"))
    assert Uploader(LinkedinCaller(again, token=uploader.caller.token)).put(url).status == 201
    assert len(again.files) == 2


# Through the served door.


@pytest.fixture
def door(linkedin: Linkedin) -> Iterator[str]:
    linkedin.seed_application(contracts=[CONTRACT])
    with served([linkedin]) as url:
        yield url


def at_the_door(url: str, method: str, path: str, *, body: Any = b"", **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def signed_at(url: str, token: str) -> str:
    headers = {**JSON_2, "Authorization": f"Bearer {token}"}
    status, told = at_the_door(url, "POST", "/linkedin/v2/hireMediaUrl", body=json.dumps(asked()).encode(), **headers)
    assert status == 201
    return told["x-linkedin-id"]


def test_an_address_leads_back_to_the_served_door(linkedin: Linkedin, caller: LinkedinCaller, door: str) -> None:
    signed = signed_at(door, caller.token)
    assert signed.startswith(f"{door}/linkedin-www/ambry/?x-li-ambry-ep=")
    path = signed.removeprefix(door) + "&x-ambry-filename=a.pdf"
    status, told = at_the_door(door, "POST", path, body=PDF, Authorization=f"Bearer {caller.token}")
    assert (status, told["location"][:5]) == (201, "/AAYU")
    assert linkedin.files[0]["sha256"] == sha256(PDF).hexdigest()


def test_the_other_host_alone_takes_files(caller: LinkedinCaller, door: str) -> None:
    path = signed_at(door, caller.token).removeprefix(f"{door}/linkedin-www") + "&x-ambry-filename=a.pdf"
    status, _ = at_the_door(door, "POST", f"/linkedin{path}", body=PDF, Authorization=f"Bearer {caller.token}")
    assert status == 404


def test_a_file_that_breaks_off_on_its_way_is_none(linkedin: Linkedin, caller: LinkedinCaller, door: str) -> None:
    path = signed_at(door, caller.token).removeprefix(door) + "&x-ambry-filename=a.pdf"
    connection = http.client.HTTPConnection(urlsplit(door).netloc, timeout=10)
    connection.putrequest("POST", path)
    connection.putheader("Authorization", f"Bearer {caller.token}")
    connection.putheader("Content-Length", "1000")
    connection.endheaders(PDF)
    connection.close()
    assert linkedin.files == []


def test_a_slow_upload_keeps_nobody_else_waiting(linkedin: Linkedin, caller: LinkedinCaller, door: str) -> None:
    """Its body is read before the one lock of the store is taken."""
    path = signed_at(door, caller.token).removeprefix(door) + "&x-ambry-filename=a.pdf"
    slow = http.client.HTTPConnection(urlsplit(door).netloc, timeout=10)
    slow.putrequest("POST", path)
    slow.putheader("Authorization", f"Bearer {caller.token}")
    slow.putheader("Content-Length", str(len(PDF)))
    slow.endheaders(PDF[:5])
    assert at_the_door(door, "GET", "/_control/state")[0] == 200
    slow.send(PDF[5:])
    assert slow.getresponse().status == 201
    slow.close()


def test_an_answer_may_come_after_a_pause(linkedin: Linkedin, caller: LinkedinCaller, door: str) -> None:
    linkedin.next("slow", endpoint="hireMediaUrl", seconds=0.05)
    assert signed_at(door, caller.token)
    assert linkedin.calls[-1].mood == "slow"


def test_whoever_calls_without_a_socket_is_answered_at_once(linkedin: Linkedin, uploader: Uploader) -> None:
    linkedin.next("slow", endpoint="hireMediaUrl", seconds=60)
    assert uploader.ask().status == 201


def test_a_request_knows_its_file_whichever_way_it_came() -> None:
    request = SimulatedRequest(method="POST", path="/ambry/", body=PDF)
    assert (request.file.size, request.file.sha256) == (len(PDF), sha256(PDF).hexdigest())
