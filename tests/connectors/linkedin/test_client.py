"""One call: its headers, its one retry, and what statuses and bodies mean (linkedin.md 2.1, 8)."""

from __future__ import annotations

import pytest

from connectors.base.errors import (
    ConnectorError,
    Forbidden,
    Rejected,
    Throttled,
    TokenBusy,
    TooLong,
    Unanswered,
    Unauthorized,
)
from connectors.base.resource import Entry
from connectors.linkedin.endpoints import Endpoint
from connectors.linkedin.restli import Call, Reply, batch_create, batch_get
from tests.connectors.linkedin.builders import FarEnd, HangUp, Said, Stall, Tokens, client_of, page, says

JOBS = Endpoint(path="/v2/simpleJobPostings")
PERSON = "canary.person@example.com"


def ask(*script: Said | Exception, tokens: Tokens | None = None) -> Reply:
    return client_of(FarEnd(*script), tokens=tokens).call(batch_get(JOBS, [PERSON]))


def failing(*script: Said | Exception) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        ask(*script)
    error = caught.value
    shown = f"{error} {error!r} {error.args} {error.exchange!r}"
    assert PERSON not in shown
    assert "token-" not in shown
    return error


def test_a_read_carries_the_token_and_no_method_header() -> None:
    far = FarEnd(says({"results": {}}))
    client_of(far).call(batch_get(JOBS, ["a b"]))
    assert (far.last.method, far.last.path, far.last.body) == ("GET", "/v2/simpleJobPostings?ids=a%20b", b"")
    assert far.last.headers["authorization"] == "Bearer token-0"
    assert not {"x-restli-method", "content-type", "x-http-method-override"} & far.last.headers.keys()


def test_a_batch_create_names_its_method_and_sends_json() -> None:
    far = FarEnd(says({"elements": []}))
    client_of(far).call(batch_create(JOBS, [{"title": "Köchin"}]))
    assert far.last.method == "POST"
    assert far.last.headers["x-restli-method"] == "batch_create"
    assert far.last.headers["content-type"] == "application/json"
    assert far.last.body == '{"elements":[{"title":"Köchin"}]}'.encode()


def test_v2_sends_neither_version_nor_protocol() -> None:
    far = FarEnd(says({}))
    client_of(far).call(Call(method="GET", endpoint=JOBS))
    assert not {"linkedin-version", "x-restli-protocol-version"} & far.last.headers.keys()


def test_a_versioned_endpoint_sends_its_headers() -> None:
    far = FarEnd(says({}))
    endpoint = Endpoint(path="/rest/simpleJobPostings", version="202603", protocol="2.0.0")
    client_of(far).call(Call(method="GET", endpoint=endpoint))
    assert (far.last.headers["linkedin-version"], far.last.headers["x-restli-protocol-version"]) == ("202603", "2.0.0")


def test_a_refused_token_is_replaced_once_and_the_call_repeated() -> None:
    tokens = Tokens()
    reply = ask(says({"message": "expired"}, status=401), says({"results": {}}), tokens=tokens)
    assert tokens.refused == ["token-0"]
    assert [exchange.status for exchange in reply.exchanges] == [401, 200]


@pytest.mark.parametrize("then", [says({}, status=500), says({}, status=429), says({}, status=401), HangUp()])
def test_what_goes_wrong_after_a_refused_token_tells_of_both_calls(then: Said | Exception) -> None:
    with pytest.raises(ConnectorError) as caught:
        ask(says({"message": "expired"}, status=401), then)
    assert [exchange.status for exchange in caught.value.exchanges] == [401, getattr(then, "status", None)]


def test_a_refused_token_counts_also_where_no_other_is_to_be_had() -> None:
    class Busy(Tokens):
        def replace(self, refused: str) -> str:
            raise TokenBusy

    with pytest.raises(TokenBusy) as caught:
        ask(says({"message": "expired"}, status=401), tokens=Busy())
    assert [exchange.status for exchange in caught.value.exchanges] == [401]


def test_a_second_refusal_is_unauthorized_and_not_tried_again() -> None:
    far, tokens = FarEnd(says({"message": "Invalid access token", "serviceErrorCode": 65600}, status=401)), Tokens()
    with pytest.raises(Unauthorized) as caught:
        client_of(far, tokens=tokens).call(batch_get(JOBS, ["a"]))
    assert [arrived.headers["authorization"] for arrived in far.arrived] == ["Bearer token-0", "Bearer token-1"]
    assert (caught.value.words, caught.value.code) == ("Invalid access token", "65600")
    assert caught.value.status == 401


def test_only_a_401_is_ever_repeated() -> None:
    for said in (says({}, status=500), says({}, status=429), says({}, status=403), page(status=502)):
        far = FarEnd(said)
        with pytest.raises(ConnectorError):
            client_of(far).call(batch_get(JOBS, ["a"]))
        assert len(far.arrived) == 1


def test_a_token_that_another_worker_is_fetching_is_not_waited_for() -> None:
    class Busy(Tokens):
        def get(self) -> str:
            raise TokenBusy

    far = FarEnd(says({}))
    with pytest.raises(TokenBusy):
        client_of(far, tokens=Busy()).call(batch_get(JOBS, ["a"]))
    assert far.arrived == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (402, Rejected),
        (403, Forbidden),
        (404, Rejected),
        (409, Rejected),
        (413, Rejected),
        (414, Rejected),
        (422, Rejected),
        (426, Rejected),
        (429, Throttled),
        (500, Unanswered),
        (502, Unanswered),
        (503, Unanswered),
        (504, Unanswered),
    ],
)
def test_a_status_means_what_it_says(status: int, kind: type[ConnectorError]) -> None:
    error = failing(says({"message": f"No, {PERSON}", "serviceErrorCode": 100, "status": status}, status=status))
    assert type(error) is kind
    assert (error.status, error.words, error.code) == (status, f"No, {PERSON}", "100")


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        ({"message": "No", "status": 400}, "No", ""),
        ({"message": "No", "serviceErrorCode": 0}, "No", "0"),
        ({"message": "No", "code": "ERROR_INVALID", "serviceErrorCode": 100}, "No", "ERROR_INVALID"),
        ({"message": {"deep": "No"}, "error": "plain"}, "plain", ""),
        ({"error_description": "No"}, "No", ""),
        ({"message": None, "code": ["x"]}, "", ""),
        ({"exceptionClass": "x", "stackTrace": "y"}, "", ""),
        ({}, "", ""),
        ({"message": "x" * 100_000}, "x" * 4000, ""),
    ],
)
def test_an_error_body_of_any_shape_is_read(content: object, words: str, code: str) -> None:
    error = failing(says(content, status=400))
    assert (error.words, error.code) == (words, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>hello</html>",
        b'{"results": {"a"',
        b"[]",
        b"null",
        b'"text"',
        b"12",
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("status", [200, 201, 204, 400, 404, 409, 422])
def test_a_body_that_is_not_a_json_object_is_no_answer(body: bytes, status: int) -> None:
    error = failing(Said(status=status, body=body))
    assert type(error) is Unanswered
    assert error.may_have_been_applied


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Unauthorized), (403, Forbidden), (414, Rejected), (429, Throttled), (502, Unanswered)]
)
def test_a_gateways_page_keeps_the_meaning_of_a_clear_status(status: int, kind: type[ConnectorError]) -> None:
    assert type(failing(page(status=status))) is kind


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Mon, 20 Jul 2026 12:01:30 GMT", "Date": "Mon, 20 Jul 2026 12:00:00 GMT"}, 90),
        ({"Retry-After": "later"}, None),
        ({}, None),
    ],
)
def test_a_throttle_says_how_long_to_wait_where_linkedin_says_so(
    headers: dict[str, str], seconds: float | None
) -> None:
    error = failing(says({"message": "Resource level throttle", "serviceErrorCode": 101}, status=429, **headers))
    assert isinstance(error, Throttled)
    assert (error.retry_after, error.code, error.daily) == (seconds, "101", False)


@pytest.mark.parametrize(
    ("words", "daily"),
    [
        ("Resource level throttle APPLICATION DAY limit for calls to this resource is reached.", True),
        ("The daily limit is used up", True),
        ("Too many requests per day", True),
        ("Resource level throttle MINUTE limit", False),
        ("Too many calls today", False),
        ("", False),
    ],
)
def test_a_daily_limit_is_known_by_its_words(words: str, daily: bool) -> None:
    error = failing(says({"message": words}, status=429))
    assert isinstance(error, Throttled)
    assert error.daily is daily


@pytest.mark.parametrize("trouble", [HangUp(), Stall()])
def test_a_broken_connection_is_no_answer(trouble: Exception) -> None:
    assert type(failing(trouble)) is Unanswered


def test_an_endless_answer_is_no_answer() -> None:
    assert type(failing(Said(body=b'{"a": "', endless=True))) is Unanswered


def test_a_redirect_is_not_followed() -> None:
    assert type(failing(Said(status=302, headers={"Location": "https://evil.example.com/"}))) is Unanswered


def test_what_is_too_long_never_leaves() -> None:
    far = FarEnd(says({}))
    with pytest.raises(TooLong):
        client_of(far).call(Call(method="GET", endpoint=Endpoint(path="/v2/" + "x" * 5000)))
    assert far.arrived == []


# Test connection


@pytest.mark.parametrize(
    "said",
    [
        says({"results": {}, "errors": {}}),
        says({"results": {}, "errors": {"talentsync-connection-test": {"status": 404}}}),
        says({"message": "No such job"}, status=404),
    ],
)
def test_a_connection_works_however_an_unknown_job_is_answered(said: Said) -> None:
    far = FarEnd(said)
    client_of(far).test()
    assert (far.last.method, far.last.path) == ("GET", "/v2/jobPostingStatus?ids=talentsync-connection-test")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (says({"message": "Invalid access token"}, status=401), Unauthorized),
        (says({"message": "Not enough permissions to access: GET /jobPostingStatus"}, status=403), Forbidden),
        (says({"message": "Resource jobPostingStatus does not exist"}, status=404), Rejected),
        (says({"message": "No"}, status=426), Rejected),
        (says({"message": "slow"}, status=429), Throttled),
        (page(status=502), Unanswered),
        (page(status=200), Unanswered),
    ],
)
def test_a_connection_that_does_not_work_says_why(said: Said, kind: type[ConnectorError]) -> None:
    with pytest.raises(kind):
        client_of(FarEnd(said)).test()


def test_nothing_secret_shows_when_a_client_is_printed() -> None:
    client = client_of(FarEnd(says({})))
    shown = f"{client!r} {client.resources!r} {Entry(key='k')!r} {batch_get(JOBS, [PERSON])!r}"
    assert PERSON not in shown
    assert "token-" not in shown
