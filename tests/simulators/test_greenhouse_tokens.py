"""The token endpoint, scopes and acting users of simulated Greenhouse v3 (greenhouse.md 2.2, 2.3)."""

from __future__ import annotations

import base64
from datetime import datetime

import pytest

from connectors.base.simulation import SimulatedRequest
from connectors.greenhouse.simulator import Greenhouse
from tests.simulators.speaking import GreenhouseCaller

REVOKED = "Token has already been refreshed or revoked. Please generate a new token."


def test_a_token_lives_an_hour(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.clock.freeze()
    admin.log_in()
    greenhouse.advance(3599)
    assert admin.get("/v3/jobs").status == 200
    greenhouse.advance(1)
    assert admin.get("/v3/jobs").status == 401


def test_the_answer_tells_when_it_ends(greenhouse: Greenhouse) -> None:
    told = GreenhouseCaller(greenhouse).ask_token().json()
    assert told["token_type"] == "bearer"
    ends = datetime.fromisoformat(told["expires_at"].replace("Z", "+00:00")).timestamp()
    assert ends - greenhouse.clock.now() == pytest.approx(3600, abs=60)


@pytest.mark.parametrize("field", ["expires_in", "expires"])
def test_the_end_may_come_under_another_name(greenhouse: Greenhouse, field: str) -> None:
    greenhouse.configure(expiry_field=field)
    told = GreenhouseCaller(greenhouse).ask_token().json()
    assert set(told) == {"token_type", "access_token", field}
    assert isinstance(told[field], int if field == "expires_in" else str)


def test_a_new_token_revokes_the_one_before(admin: GreenhouseCaller) -> None:
    old = admin.token
    admin.log_in()
    assert admin.get("/v3/jobs").status == 200
    admin.token = old
    answer = admin.get("/v3/jobs")
    assert (answer.status, answer.json()) == (401, {"message": "Unauthorized", "errors": [REVOKED]})


def test_another_clients_token_stays(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_credential(client_id="other-client")
    GreenhouseCaller(greenhouse).ask_token(client="other-client:sim-secret")
    assert admin.get("/v3/jobs").status == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer x"}, {"authorization": "Basic %%%"}])
def test_no_credentials(greenhouse: Greenhouse, headers: dict[str, str]) -> None:
    answer = GreenhouseCaller(greenhouse).ask_token(headers=headers)
    assert (answer.status, answer.json()["message"]) == (401, "Unauthorized")
    assert answer.json()["errorId"].startswith("err-")


def test_a_malformed_client_id_is_echoed(greenhouse: Greenhouse) -> None:
    answer = GreenhouseCaller(greenhouse).ask_token(client="a b:secret")
    assert (answer.status, answer.json()["message"]) == (400, "client_id=a b does not contain a valid client ID suffix")


@pytest.mark.parametrize("client", ["unknown-client:sim-secret", "sim-client:wrong", "sim-client:"])
def test_unknown_credentials(greenhouse: Greenhouse, client: str) -> None:
    answer = GreenhouseCaller(greenhouse).ask_token(client=client)
    assert (answer.status, answer.json()) == (401, {"error": "invalid_client"})


@pytest.mark.parametrize("grant_type", ["", "authorization_code"])
def test_a_missing_or_wrong_grant_type(greenhouse: Greenhouse, grant_type: str) -> None:
    answer = GreenhouseCaller(greenhouse).ask_token(grant_type=grant_type)
    assert answer.status == 400
    assert "grant_type" in answer.json()["message"]


def test_the_body_is_a_form(greenhouse: Greenhouse) -> None:
    credentials = base64.b64encode(b"sim-client:sim-secret").decode()
    headers = {"authorization": f"Basic {credentials}", "content-type": "application/json"}
    request = SimulatedRequest(
        method="POST", path="/token", headers=headers, body=b'{"grant_type": "client_credentials"}'
    )
    assert greenhouse.handle(request).status == 400


@pytest.mark.parametrize("sub", ["1", "somebody@example.com"])
def test_the_acting_user_is_the_number_of_a_user(greenhouse: Greenhouse, sub: str) -> None:
    assert GreenhouseCaller(greenhouse).ask_token(sub=sub).status == 400


def test_tokens_are_asked_for_at_the_auth_host(greenhouse: Greenhouse) -> None:
    request = SimulatedRequest(method="POST", path="/token")
    assert greenhouse.answer(request, door="api").status == 404
    assert greenhouse.answer(request, door="auth").status == 401
    elsewhere = SimulatedRequest(method="GET", path="/v3/jobs")
    assert greenhouse.answer(elsewhere, door="auth").status == 404


def test_a_test_may_revoke_the_token(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.revoke_tokens()
    assert admin.get("/v3/jobs").json()["errors"] == [REVOKED]


def test_tokens_have_a_window_of_a_minute(greenhouse: Greenhouse) -> None:
    greenhouse.clock.freeze()
    greenhouse.configure(token_limit=1)
    caller = GreenhouseCaller(greenhouse)
    assert [caller.ask_token().status for _ in range(2)] == [200, 429]
    greenhouse.advance(60)
    assert caller.ask_token().status == 200


@pytest.mark.parametrize("token", ["", "eyJhbGciOi.made.up"])
def test_a_token_that_cannot_be_read(admin: GreenhouseCaller, token: str) -> None:
    admin.token = token
    answer = admin.get("/v3/jobs")
    assert answer.status == 401
    assert answer.json()["errors"][0].startswith("Token could not be decoded.")


def test_routing_comes_before_the_token(greenhouse: Greenhouse) -> None:
    caller = GreenhouseCaller(greenhouse)
    assert caller.get("/v3/nothing").json() == {"message": "Resource not found"}
    assert caller.get("/v3/jobs").status == 401


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v3/jobs", "jobs:list"),
        ("/v3/openings", "openings:list"),
        ("/v3/close_reasons", "close_reasons:list"),
        ("/v3/users", "users:list"),
    ],
)
def test_each_list_has_its_scope(greenhouse: Greenhouse, admin: GreenhouseCaller, path: str, scope: str) -> None:
    greenhouse.seed_credential(scopes=[scope])
    assert admin.get(path).status == 200
    greenhouse.seed_credential(scopes=[name for name in ("jobs:list", "openings:list") if name != scope])
    assert admin.get(path).status == 403


def test_a_removed_scope_fails_at_once(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    opening = greenhouse.openings(greenhouse.seed_job("R"))[0]["id"]
    greenhouse.seed_credential(scopes=["jobs:list", "openings:list"])
    assert admin.patch(opening, status="closed").status == 403
    assert greenhouse.openings(71_001)[0]["open"]


def test_lists_are_for_site_admins(greenhouse: Greenhouse) -> None:
    greenhouse.seed_user(5, site_admin=False)
    caller = GreenhouseCaller(greenhouse)
    caller.log_in(sub="5")
    assert caller.get("/v3/jobs").status == 403
    greenhouse.configure(not_site_admin="empty")
    greenhouse.seed_job("R")
    assert caller.rows("/v3/jobs") == []


def test_without_a_sub_the_credentials_own_user_acts(greenhouse: Greenhouse) -> None:
    caller = GreenhouseCaller(greenhouse)
    caller.log_in()
    assert caller.get("/v3/jobs").status == 200


def test_a_mood_takes_a_scope_away_once(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.next("missing_scope", endpoint="openings", method="PATCH")
    opening = greenhouse.openings(greenhouse.seed_job("R"))[0]["id"]
    assert admin.get("/v3/openings").status == 200
    assert [admin.patch(opening, status="closed").status for _ in range(2)] == [403, 200]


def test_a_mood_revokes_the_callers_token(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.next("token_revoked", endpoint="jobs")
    assert admin.get("/v3/jobs").json()["errors"] == [REVOKED]
    admin.log_in()
    assert admin.get("/v3/jobs").status == 200
