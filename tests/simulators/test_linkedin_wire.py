"""Sizes, query tunneling and protocol of simulated LinkedIn (linkedin.md 2, 7; seed 003)."""

from __future__ import annotations

import pytest

from connectors.base.simulation import SimulatedRequest
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import FORM, LinkedinCaller, job

STATUS = "/v2/jobPostingStatus"


def test_every_answer_carries_a_request_id_and_the_protocol(caller: LinkedinCaller) -> None:
    first, second = caller.get(f"{STATUS}?ids=1"), caller.get("/v2/nothing")
    assert first.header("x-li-uuid")
    assert first.header("x-li-uuid") != second.header("x-li-uuid")
    assert first.header("x-restli-protocol-version") == "1.0.0"


def test_an_unknown_path_is_a_404_with_code_0(caller: LinkedinCaller) -> None:
    answer = caller.get("/v2/simpleJobPosting?ids=1")
    assert answer.json() == {
        "message": "Resource simpleJobPosting does not exist",
        "status": 404,
        "serviceErrorCode": 0,
    }


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"{STATUS}?ids={'x' * 4092}", {}, 200),
        (f"{STATUS}?ids={'x' * 4093}", {}, 414),
        (f"/v2/{'x' * 4096}", {}, 404),
        (f"/v2/{'x' * 4097}", {}, 414),
        (f"{'/x' * 4200}", {}, 414),
        (f"{STATUS}?ids=1", {"x-long": "x" * 28_672}, 414),
    ],
    ids=["query", "query+1", "segment", "segment+1", "url", "head"],
)
def test_a_call_that_is_too_long_is_a_414(
    caller: LinkedinCaller, path: str, headers: dict[str, str], status: int
) -> None:
    assert caller.get(path, **headers).status == status


def test_the_body_of_a_414_is_not_json(caller: LinkedinCaller) -> None:
    assert caller.get(f"{STATUS}?ids={'x' * 5000}").body.startswith(b"<html>")


def test_a_long_query_travels_in_the_body_of_a_post(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    ids = [f"{number:0>70}" for number in range(100)]
    body = "&".join(f"ids={external_id}" for external_id in ids).encode()
    answer = caller.call("POST", STATUS, headers={**FORM, "X-HTTP-Method-Override": "GET"}, body=body)
    assert list(answer.json()["results"]) == ids
    call = linkedin.calls[-1]
    assert (call.method, call.override, call.path, call.records) == ("GET", "GET", STATUS, 100)


def test_a_tunneled_query_joins_the_one_that_is_there(caller: LinkedinCaller) -> None:
    headers = {**FORM, "x-http-method-override": "get"}
    answer = caller.call("POST", f"{STATUS}?ids=A", headers=headers, body=b"ids=B")
    assert list(answer.json()["results"]) == ["A", "B"]


@pytest.mark.parametrize("verb", ["PATCH", "HEAD", "FETCH"])
def test_verbs_that_may_not_travel(caller: LinkedinCaller, verb: str) -> None:
    answer = caller.call("POST", STATUS, headers={**FORM, "x-http-method-override": verb}, body=b"ids=A")
    assert answer.status == 400


def test_a_tunneled_call_names_its_content_type(caller: LinkedinCaller) -> None:
    headers = {"x-http-method-override": "GET"}
    assert caller.call("POST", STATUS, headers=headers, body=b"ids=A").status == 400
    assert caller.call("POST", STATUS, headers={**headers, "content-type": "text/plain"}, body=b"ids=A").status == 415


def test_only_a_post_is_a_tunnel(caller: LinkedinCaller) -> None:
    assert caller.call("GET", f"{STATUS}?ids=A", headers={**FORM, "x-http-method-override": "GET"}).status == 400


def test_a_post_that_lost_its_override_is_no_read(caller: LinkedinCaller) -> None:
    assert caller.call("POST", STATUS, headers=FORM, body=b"ids=A").status == 403


def test_protocol_1_knows_no_list_syntax(caller: LinkedinCaller) -> None:
    answer = caller.get(f"{STATUS}?ids=List(A,B)")
    assert (answer.status, answer.json()["message"]) == (400, "Batch key parameter value is invalid")


def test_the_protocol_of_the_pages_is_1_and_2_may_be_named(caller: LinkedinCaller) -> None:
    for version, ids in (("1.0.0", "ids=A%2CB"), ("2.0.0", "ids=List(A%2CB)")):
        answer = caller.get(f"{STATUS}?{ids}", **{"X-RestLi-Protocol-Version": version})
        assert (answer.status, answer.header("x-restli-protocol-version")) == (200, version)
        assert next(iter(answer.json()["results"].values()))["externalJobPostingId"] == "A,B"
    assert caller.get(f"{STATUS}?ids=A", **{"X-RestLi-Protocol-Version": "2.0.0"}).status == 400


def test_an_explicit_method_must_agree_with_the_verb(caller: LinkedinCaller) -> None:
    answer = caller.get(f"{STATUS}?ids=A", **{"x-restli-method": "batch_delete"})
    assert "operation not supported for URI" in answer.json()["message"]


def test_a_batch_get_names_its_keys(caller: LinkedinCaller) -> None:
    assert caller.get(STATUS).status == 400
    assert caller.get(f"{STATUS}?ids%5B0%5D=A").status == 400


def test_header_names_are_read_in_any_case(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    headers = {"AUTHORIZATION": f"Bearer {caller.token}"}
    request = SimulatedRequest(method="GET", path=f"{STATUS}?ids=A", headers=headers)
    assert linkedin.handle(request).status == 200


def test_the_call_log_keeps_no_token(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.send(job("A"))
    log = repr(linkedin.calls)
    assert caller.token not in log
    assert "sim-secret" not in log
    assert linkedin.calls_to("token")[0].sent is None
    assert linkedin.calls[-1].sent["elements"][0]["externalJobPostingId"] == "A"
