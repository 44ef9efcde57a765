"""linkedin.md 1: what the token call sends and what its answers mean."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from connectors.base.errors import ConnectorError, Throttled, Unanswered, Unauthorized
from connectors.base.tokens import Token
from connectors.linkedin.auth import fetch_token
from tests.connectors.linkedin.builders import FarEnd, HangUp, Said, page, says, transport_to

SECRET = "wK9/=+&%20 ü€\U0001f511\"'{}"  # what 1.1 warns of, and worse


def fetch(far: FarEnd, *, secret: str = SECRET) -> Token:
    return fetch_token(transport_to(far.handle), client_id="client-1", client_secret=secret)


def refused(said: Said) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        fetch(FarEnd(said))
    error = caught.value
    assert SECRET not in f"{error} {error!r} {error.args} {error.words} {error.code} {error.exchange!r}"
    return error


@pytest.mark.parametrize("lifetime", [1800, "1800", 1800.0])
def test_the_lifetime_is_a_number_or_its_text(lifetime: object) -> None:
    token = fetch(FarEnd(says({"access_token": "AQX-1", "expires_in": lifetime})))
    assert (token.value, token.expires_in) == ("AQX-1", 1800)


def test_a_token_type_is_tolerated() -> None:
    assert fetch(FarEnd(says({"access_token": "t", "expires_in": 1, "token_type": "Bearer"}))).value == "t"


def test_the_credential_travels_form_encoded_and_never_in_the_address() -> None:
    far = FarEnd(says({"access_token": "t", "expires_in": 1800}))
    fetch(far)
    arrived = far.last
    assert (arrived.method, arrived.path) == ("POST", "/oauth/v2/accessToken")
    assert arrived.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(arrived.body.decode(), strict_parsing=True)) == {
        "grant_type": "client_credentials",
        "client_id": "client-1",
        "client_secret": SECRET,
    }


@pytest.mark.parametrize("character", "/=+& ü€")
def test_every_special_character_of_a_secret_is_percent_encoded(character: str) -> None:
    far = FarEnd(says({"access_token": "t", "expires_in": 1800}))
    fetch(far, secret=f"a{character}b")
    escaped = "".join(f"%{byte:02X}" for byte in character.encode())
    assert f"client_secret=a{escaped}b".encode() in far.last.body


@pytest.mark.parametrize(
    ("status", "content", "detail"),
    [
        (401, {"error": "invalid_client", "error_description": "Client authentication failed"}, "does not know"),
        (400, {"error": "invalid_client"}, "does not know"),
        (
            403,
            {
                "error": "access_denied",
                "error_description": "This application is not allowed to create application tokens",
            },
            "has not enabled",
        ),
        (400, {"error": "invalid_request"}, "does not accept"),
        (400, {"error": "unsupported_grant_type"}, "does not accept"),
        (401, {}, "does not accept"),
        (404, {"message": "Resource does not exist"}, "does not accept"),
    ],
)
def test_a_refused_credential_is_unauthorized(status: int, content: object, detail: str) -> None:
    error = refused(says(content, status=status))
    assert isinstance(error, Unauthorized)
    assert detail in error.detail


def test_an_unauthorized_without_json_is_still_about_the_credential() -> None:
    assert isinstance(refused(page(status=401)), Unauthorized)


def test_the_vendors_words_are_kept_but_not_the_secret_in_them() -> None:
    said = says({"error": "invalid_client", "error_description": f"wrong secret {SECRET}"}, status=401)
    error = refused(said)
    assert (error.code, error.words) == ("invalid_client", "wrong secret …")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_of_the_token_service_says_nothing_about_the_credential(status: int) -> None:
    assert isinstance(refused(page(status=status)), Unanswered)
    assert isinstance(refused(says({"error": "server_error"}, status=status)), Unanswered)


def test_a_throttled_token_call_is_throttled() -> None:
    error = refused(says({"error": "throttled"}, status=429, **{"Retry-After": "9"}))
    assert isinstance(error, Throttled)
    assert error.retry_after == 9


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        "token",
        {"access_token": "t"},
        {"expires_in": 1800},
        {"access_token": "", "expires_in": 1800},
        {"access_token": 5, "expires_in": 1800},
        {"access_token": "t", "expires_in": "soon"},
        {"access_token": "t", "expires_in": None},
        {"access_token": "t", "expires_in": True},
        {"access_token": "t", "expires_in": 0},
        {"access_token": "t", "expires_in": -5},
        {"access_token": "t", "expires_in": "nan"},
        {"access_token": "t", "expires_in": 10**12},
        {"access_token": "t\r\nX-Evil: 1", "expires_in": 1800},
        {"access_token": "tökén", "expires_in": 1800},
        {"error": "invalid_client"},
    ],
)
def test_a_success_without_a_usable_token_is_no_answer(content: object) -> None:
    assert isinstance(refused(says(content)), Unanswered)


def test_a_page_instead_of_a_token_is_no_answer() -> None:
    assert isinstance(refused(page(status=200)), Unanswered)
    assert isinstance(refused(Said(body=b"")), Unanswered)
    assert isinstance(refused(page(status=400)), Unanswered)


def test_a_broken_connection_is_no_answer() -> None:
    with pytest.raises(Unanswered):
        fetch(FarEnd(HangUp()))
