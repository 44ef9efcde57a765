"""From status and body to an error: greenhouse.md 1.6 and 2.6, and what never is an answer."""

from __future__ import annotations

import time

import pytest

from connectors.base.errors import (
    ConnectorError,
    Forbidden,
    Misconfigured,
    Rejected,
    Throttled,
    Unanswered,
    Unauthorized,
    Unreachable,
)
from connectors.base.resource import Entry
from connectors.base.simulation import HangUp, Stall
from connectors.base.tokens import FixedToken
from connectors.base.transport import Arrived, Transport
from connectors.greenhouse.client import GreenhouseClient
from tests.connectors.greenhouse.far_end import FarEnd, Said, bare, job_row, opening_row, said

SCOPE = "harvest:jobs:list"


def error_of(answer: Said, *, api: str = "v3") -> ConnectorError:
    far = FarEnd(answer)
    with pytest.raises(ConnectorError) as caught:
        close(far, api=api)
    return caught.value


def close(far: FarEnd, *, api: str = "v3") -> None:
    far.client(api=api).resources["jobs"].send([Entry(key="J", verb="CLOSE", payload={"requisition_id": "R-1"})])


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (422, {"message": "Unprocessable Content", "errors": ["No."]}, "Unprocessable Content; No."),
        (422, {"errors": [{"per_page": "`600` number is greater"}]}, "per_page: `600` number is greater"),
        (
            422,
            {"message": "Validation error", "errors": [{"message": "is bad", "field": "type"}]},
            "Validation error; type: is bad",
        ),
        (422, {"errors": [{"message": "…must be 'open', is bad"}]}, "…must be 'open', is bad"),
        (422, {"errors": {"status": ["is bad", "is odd"]}}, "status: is bad; is odd"),
        (404, {"errors": [{"message": "Not found"}]}, "Not found"),
        (404, {"message": "Resource not found"}, "Resource not found"),
        (400, {"message": "Bad request"}, "Bad request"),
        (409, {"message": "Conflict"}, "Conflict"),
        (413, {"message": "Too big"}, "Too big"),
    ],
)
def test_a_call_found_wrong_carries_the_vendors_words(status: int, body: object, words: str) -> None:
    error = error_of(said(body, status=status))
    assert isinstance(error, Rejected)
    assert (error.status, error.words) == (status, words)
    assert "bad" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        bare(500),
        said({"message": "Server timeout in API"}, status=500),
        bare(503, b"<html>"),
        bare(200, b"<html>We will be back"),
        bare(200),
        bare(200, b'[{"id": 1, '),
        said({"jobs": []}),
        bare(204),
        bare(404, b"<html>"),
        bare(422),
        bare(302, Location="https://elsewhere.example.com"),
        HangUp(applied=False),
        Stall(applied=False),
    ],
)
def test_what_is_not_the_vendors_json_is_no_answer(answer: Said) -> None:
    error = error_of(answer)
    assert isinstance(error, Unanswered)
    assert error.exchange is not None


def test_a_body_that_never_ends_is_no_answer() -> None:
    endless = type("Answer", (), {"status": 200, "headers": {}, "body": b"[1,", "endless": True})()
    assert isinstance(error_of(endless), Unanswered)


def test_no_network_is_told_as_such_and_nothing_was_applied() -> None:
    client = GreenhouseClient(
        transport=Transport("http://127.0.0.1:9"), tokens=FixedToken("t"), api="v3", acting_user_id="1"
    )
    with pytest.raises(Unreachable) as caught:
        client.test()
    assert not caught.value.may_have_been_applied


def test_a_403_names_the_scope_that_the_call_needs() -> None:
    error = error_of(bare(403))
    assert isinstance(error, Forbidden)
    assert error.code == SCOPE
    assert SCOPE in str(error)


def test_in_v1_a_403_names_the_permission_as_the_vendors_dialog_does() -> None:
    assert error_of(bare(403), api="v1").code == "GET: List Jobs"


FAR_AWAY = str(int(time.time()) + 1_000_000)  # whenever the test is run


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "12"}, 12),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "12", "X-RateLimit-Reset": FAR_AWAY}, 12),
        ({"X-RateLimit-Reset": "1"}, 1),
        ({"X-RateLimit-Reset": FAR_AWAY}, 30),
        ({"X-RateLimit-Reset": "later"}, None),
        ({"X-RateLimit-Reset": "nan"}, None),
        ({"X-RateLimit-Reset": "1e400"}, None),
        ({}, None),
    ],
)
def test_a_throttle_tells_how_long_to_wait(headers: dict[str, str], wait: float | None) -> None:
    """Never less than a second, and by `X-RateLimit-Reset` never more than one window, should a clock be wrong."""
    error = error_of(said({"message": "Rate limit exceeded"}, status=429, headers=headers))
    assert isinstance(error, Throttled)
    assert error.retry_after == wait


class Replaceable:
    """A token provider that hands out t1, and t2 once t1 was refused."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def get(self) -> str:
        return "t1"

    def replace(self, refused: str) -> str:
        self.refused.append(refused)
        return "t2"


REVOKED = said(
    {
        "message": "Unauthorized",
        "errors": ["Token has already been refreshed or revoked. Please generate a new token."],
    },
    status=401,
)


def test_a_401_is_answered_with_one_fresh_token() -> None:
    tokens, far = Replaceable(), FarEnd(REVOKED, said([]), said([]))
    answer = far.client(tokens=tokens).resources["jobs"].check([Entry(key="J", payload={"requisition_id": "R-1"})])
    assert tokens.refused == ["t1"]
    assert [request.headers["authorization"] for request in far.requests] == ["Bearer t1", "Bearer t2"]
    assert [exchange.status for exchange in answer.exchanges] == [401, 200]


def test_what_goes_wrong_after_a_refused_token_tells_of_both_calls() -> None:
    far = FarEnd(REVOKED, said({}, status=500))
    with pytest.raises(Unanswered) as caught:
        far.client(tokens=Replaceable()).resources["jobs"].check([Entry(key="J", payload={"requisition_id": "R-1"})])
    assert [exchange.status for exchange in caught.value.exchanges] == [401, 500]


def test_a_second_401_is_about_the_credentials() -> None:
    tokens, far = Replaceable(), FarEnd(REVOKED, REVOKED)
    with pytest.raises(Unauthorized) as caught:
        far.client(tokens=tokens).test()
    assert tokens.refused == ["t1"]
    assert caught.value.code == "v3_refused"


def test_a_key_that_cannot_be_replaced_is_not_tried_twice() -> None:
    far = FarEnd(said({"message": "Invalid Basic Auth credentials"}, status=401))
    with pytest.raises(Unauthorized):
        far.client(api="v1").test()
    assert len(far.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        bare(410),
        said({"message": "Harvest v1 has been removed. Use Harvest v3."}, status=404),
        said({"message": "This API is deprecated"}, status=403),
        said({"message": "API keys are no longer supported"}, status=401),
    ],
)
def test_a_v1_that_is_switched_off_is_told_as_such(answer: Said) -> None:
    error = error_of(answer, api="v1")
    assert isinstance(error, Misconfigured)
    assert error.code == "legacy_gone"
    assert "use v3" in str(error)


def test_v3_is_never_told_to_be_the_legacy_api() -> None:
    assert isinstance(error_of(said({"message": "Resource removed"}, status=404)), Rejected)


def test_a_get_carries_no_body_and_no_acting_user() -> None:
    """v1 answers 403 to a GET with a body (greenhouse.md 1.1)."""
    far = FarEnd(bare(500))
    with pytest.raises(Unanswered):
        close(far, api="v1")
    [request] = far.requests
    assert request.body == b""
    assert request.headers["authorization"] == "Basic a-token"
    assert not {"content-type", "on-behalf-of", "content-length"} & set(request.headers)


def test_the_error_of_a_broken_step_carries_the_failing_exchange() -> None:
    def forbidden(arrived: Arrived) -> object:
        return bare(403)

    far = FarEnd(said([job_row()]), said([opening_row(1)]), forbidden)
    with pytest.raises(Forbidden) as caught:
        close(far)
    assert caught.value.exchange is not None
    assert (caught.value.exchange.method, caught.value.exchange.path) == ("PATCH", "/v3/openings/1")
    assert caught.value.code == "harvest:openings:update"
    assert [exchange.status for exchange in caught.value.exchanges] == [200, 200, 403]
