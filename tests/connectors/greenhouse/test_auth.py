"""The token endpoint, word for word as greenhouse.md 2.2 tells it, and the v1 key."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.base.errors import ConnectorError, Misconfigured, Throttled, Unanswered, Unauthorized
from connectors.base.simulation import HangUp, Stall
from connectors.base.tokens import Token
from connectors.greenhouse.auth import LONGEST_LIFE_SECONDS, TOKEN_LIFE_SECONDS, basic_token, fetch_token
from connectors.greenhouse.errors import explain
from tests.connectors.greenhouse.far_end import FarEnd, Said, bare, said

CLIENT_ID, SECRET = "canary-id/77", "canary+secret"


def fetch(far: FarEnd, **changes: str) -> Token:
    wanted = {"client_id": CLIENT_ID, "client_secret": SECRET, "acting_user_id": "4410027", **changes}
    return fetch_token(far.transport("https://auth.example.com"), **wanted)


def granted(**fields: Any) -> Said:
    return said({"token_type": "bearer", "access_token": "eyJ.abc", **fields})


def refusal(answer: Said) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        fetch(FarEnd(answer))
    return caught.value


def test_the_token_is_asked_for_with_basic_credentials_and_the_acting_user_as_sub() -> None:
    far = FarEnd(granted(expires_in=3600))
    assert fetch(far).value == "eyJ.abc"
    [request] = far.requests
    assert (request.method, request.path) == ("POST", "/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
    assert request.body == b"grant_type=client_credentials&sub=4410027"


def test_without_an_acting_user_the_credentials_own_service_user_acts() -> None:
    far = FarEnd(granted(expires_in=3600))
    fetch(far, acting_user_id="")
    assert far.requests[0].body == b"grant_type=client_credentials"


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("expires_in", lambda end: 1800),
        ("expires_in", lambda end: "1800"),
        ("expires_at", lambda end: end.isoformat().replace("+00:00", "Z")),
        ("expires", lambda end: end.isoformat()),
        ("expires", lambda end: end.timestamp()),
    ],
    ids=["expires_in", "expires_in as text", "expires_at", "expires as a date", "expires as a number"],
)
def test_all_three_spellings_of_the_lifetime_are_read(name: str, spelled: Callable[[datetime], Any]) -> None:
    end = datetime.now(UTC) + timedelta(seconds=1800)
    assert fetch(FarEnd(granted(**{name: spelled(end)}))).expires_in == pytest.approx(1800, abs=60)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"expires_at": "soon"},
        {"expires_in": None},
        {"expires_in": 0},
        {"expires_in": -5},
        {"expires_in": True},
        {"expires_in": [1800]},
        {"expires_in": math.inf},
        {"expires_in": "inf"},
        {"expires_in": math.nan},
        {"expires_in": 10**400},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"expires_at": "0001-01-01T00:00:00"},
    ],
    ids=lambda fields: str(fields)[:40],
)
def test_a_token_without_a_readable_lifetime_is_good_for_an_hour(fields: dict[str, Any]) -> None:
    assert fetch(FarEnd(granted(**fields))).expires_in == TOKEN_LIFE_SECONDS


@pytest.mark.parametrize("fields", [{"expires_in": 1e300}, {"expires": 9e12}, {"expires_at": "9999-12-31T23:59:59Z"}])
def test_a_token_that_is_said_to_be_good_for_longer_than_a_day_is_asked_for_anew_then(fields: dict[str, Any]) -> None:
    assert fetch(FarEnd(granted(**fields))).expires_in == LONGEST_LIFE_SECONDS


@pytest.mark.parametrize("value", ["eyJ\nabc", "токен", "   ", 77])
def test_a_token_that_no_header_can_carry_is_no_token(value: object) -> None:
    assert isinstance(refusal(said({"access_token": value})), Unanswered)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (said({"message": "Unauthorized", "errorId": "err-1"}, status=401), "token_refused"),
        (
            said({"message": f"client_id={CLIENT_ID} does not contain a valid client ID suffix"}, status=400),
            "token_malformed_client_id",
        ),
        (said({"error": "invalid_client"}, status=401), "token_invalid_client"),
        (said({"message": "unknown grant_type"}, status=400), "token_grant_type"),
        (said({"error": "invalid_grant"}, status=400), "token_invalid_grant"),
        (bare(403, b"<html>"), "token_refused"),
    ],
)
def test_every_refusal_of_the_token_endpoint_is_about_the_credentials(answer: Said, code: str) -> None:
    error = refusal(answer)
    assert isinstance(error, Unauthorized)
    assert error.code == code
    assert explain(status=error.status, code=error.code, words=error.words).remedy


@pytest.mark.parametrize("echo", [CLIENT_ID, "canary-id%2F77", SECRET, "canary%2Bsecret"])
def test_an_echoed_client_id_or_secret_stands_nowhere_in_the_error(echo: str) -> None:
    error = refusal(said({"message": f"client_id={echo} does not contain a valid client ID suffix"}, status=400))
    assert "canary" not in f"{error} {error!r} {error.words} {error.detail} {error.code} {error.exchange}"


def test_the_token_endpoint_throttles_on_its_own() -> None:
    error = refusal(said({"message": "Rate limit exceeded"}, status=429, headers={"Retry-After": "17"}))
    assert isinstance(error, Throttled)
    assert error.retry_after == 17


@pytest.mark.parametrize(
    "answer",
    [
        bare(200, b"<html>"),
        bare(200),
        bare(502, b"Bad Gateway"),
        said({"error": "server_error"}, status=500),
        said({"token_type": "bearer"}),
        said({"access_token": ""}),
        said([]),
        HangUp(applied=False),
        Stall(applied=False),
    ],
)
def test_an_answer_without_a_token_is_no_word_about_the_credentials(answer: Said) -> None:
    assert isinstance(refusal(answer), Unanswered)


@pytest.mark.parametrize(
    "changes", [{"client_id": ""}, {"client_secret": ""}, {"acting_user_id": "ada@example.com"}], ids=str
)
def test_incomplete_credentials_are_told_before_anything_is_sent(changes: dict[str, str]) -> None:
    far = FarEnd()
    with pytest.raises(Misconfigured):
        fetch(far, **changes)
    assert far.requests == []


def test_the_v1_key_is_the_user_name_with_a_blank_password() -> None:
    assert base64.b64decode(basic_token("secret-key")) == b"secret-key:"
    assert basic_token("secret-key") == "c2VjcmV0LWtleTo="  # the vendor's own sample shape (greenhouse.md 3.2)
