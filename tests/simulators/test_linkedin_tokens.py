"""The token endpoint and the bearer token (linkedin.md 1, 8.1)."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.simulation import SimulatedRequest
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import FORM, LinkedinCaller, job


def test_a_token_lives_half_an_hour(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    assert caller.ask_token().json()["expires_in"] == 1800
    linkedin.clock.freeze()
    caller.log_in()
    linkedin.advance(1799)
    assert caller.get("/v2/jobPostingStatus?ids=1").status == 200
    linkedin.advance(2)
    answer = caller.get("/v2/jobPostingStatus?ids=1")
    assert (answer.status, answer.json()["serviceErrorCode"]) == (401, 65602)
    assert answer.json()["message"] == "The token used in the request has expired"


def test_the_lifetime_may_come_as_a_text(linkedin: Linkedin) -> None:
    linkedin.configure(expires_in_as_text=True)
    assert LinkedinCaller(linkedin).ask_token().json()["expires_in"] == "1800"


def test_a_secret_with_signs_must_be_percent_encoded(linkedin: Linkedin) -> None:
    linkedin.seed_application(client_id="signs", client_secret="a/b=c+d e%")
    caller = LinkedinCaller(linkedin)
    assert caller.ask_token(client_id="signs", client_secret="a/b=c+d e%").status == 200
    raw = b"grant_type=client_credentials&client_id=signs&client_secret=a/b=c+d e%"
    answer = linkedin.handle(SimulatedRequest(method="POST", path="/oauth/v2/accessToken", headers=FORM, body=raw))
    assert (answer.status, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": ""}, 400, "invalid_request"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_failures_have_the_shape_of_oauth(linkedin: Linkedin, changes: dict[str, str], status: int, name: str) -> None:
    answer = LinkedinCaller(linkedin).ask_token(**changes)
    assert (answer.status, answer.json()["error"]) == (status, name)
    assert "serviceErrorCode" not in answer.json()


@pytest.mark.parametrize(
    "request_parts",
    [
        {"headers": {"content-type": "application/json"}},
        {"headers": {}},
        {"headers": FORM, "path": "/oauth/v2/accessToken?client_secret=sim-secret"},
        {"headers": FORM, "method": "GET"},
    ],
)
def test_only_a_form_in_the_body_is_taken(linkedin: Linkedin, request_parts: dict[str, Any]) -> None:
    body = b"grant_type=client_credentials&client_id=sim-client&client_secret=sim-secret"
    parts = {"method": "POST", "path": "/oauth/v2/accessToken", "body": body, **request_parts}
    answer = linkedin.handle(SimulatedRequest(**parts))
    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


def test_a_grant_type_is_named(linkedin: Linkedin) -> None:
    body = b"client_id=sim-client&client_secret=sim-secret"
    answer = linkedin.handle(SimulatedRequest(method="POST", path="/oauth/v2/accessToken", headers=FORM, body=body))
    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


def test_a_test_may_revoke_tokens(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.revoke_tokens()
    assert linkedin.live_tokens() == 0
    assert caller.get("/v2/jobPostingStatus?ids=1").status == 401


def test_with_several_applications_one_says_which(linkedin: Linkedin) -> None:
    linkedin.seed_application(client_id="other")
    with pytest.raises(ValueError, match="say which client_id"):
        linkedin.posting("A")
    assert linkedin.posting("A", client_id="other") is None


def test_an_application_that_may_not_mint_says_so(linkedin: Linkedin) -> None:
    linkedin.seed_application(client_id="sim-client", may_mint=False)
    answer = LinkedinCaller(linkedin).ask_token()
    assert answer.json() == {
        "error": "access_denied",
        "error_description": "This application is not allowed to create application tokens",
    }


@pytest.mark.parametrize(
    ("authorization", "code", "message"),
    [
        ("", 401, "Empty oauth2_access_token"),
        ("Bearer ", 401, "Empty oauth2_access_token"),
        ("Bearer made-up", 65600, "Invalid access token"),
    ],
)
def test_a_call_without_a_good_token(linkedin: Linkedin, authorization: str, code: int, message: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = linkedin.handle(SimulatedRequest(method="GET", path="/v2/jobPostingStatus?ids=1", headers=headers))
    assert answer.status == 401
    assert answer.json() == {"message": message, "status": 401, "serviceErrorCode": code}
    assert answer.header("X-LinkedIn-Error-Response") == "true"


def test_a_revoked_token_has_a_code_of_its_own(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("token_revoked", endpoint="jobPostingStatus")
    assert caller.get("/v2/jobPostingStatus?ids=1").json()["serviceErrorCode"] == 65601
    caller.log_in()
    assert caller.get("/v2/jobPostingStatus?ids=1").status == 200


def test_who_mints_beside_a_fresh_token_is_noticed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    assert linkedin.warnings == []
    linkedin.advance(1750)
    caller.log_in()
    assert linkedin.warnings == []
    caller.log_in()
    assert linkedin.warnings == ["sim-client holds 3 live tokens; one is to be shared until it ends"]
    assert linkedin.live_tokens() == 3


def test_the_token_endpoint_stands_on_the_www_host_only(linkedin: Linkedin) -> None:
    body = b"grant_type=client_credentials&client_id=sim-client&client_secret=sim-secret"
    request = SimulatedRequest(method="POST", path="/oauth/v2/accessToken", headers=FORM, body=body)
    assert linkedin.answer(request, door="api").status == 404
    assert linkedin.answer(request, door="www").status == 200


def test_a_parent_applications_token_may_not_send_data(linkedin: Linkedin) -> None:
    linkedin.seed_application(is_parent=True)
    caller = LinkedinCaller(linkedin)
    caller.log_in()
    answer = caller.send(job("A"))
    assert answer.json()["message"] == "Not enough permissions to access: POST /simpleJobPostings"
    assert (answer.status, answer.json()["serviceErrorCode"]) == (403, 100)


def test_an_application_without_the_product_may_not_send_jobs(linkedin: Linkedin) -> None:
    linkedin.seed_application(products=[])
    caller = LinkedinCaller(linkedin)
    caller.log_in()
    assert caller.send(job("A")).status == 403
