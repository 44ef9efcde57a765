"""The page "Updated API Request Maximum Length" as test cases: what is tunneled, how, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.base.errors import TooLong
from connectors.base.transport import Request
from connectors.linkedin.tunnel import fitted, tunneled
from tests.connectors.linkedin.documented import AUTHORIZATION, PAIRS, Pair

BASE = "https://api.linkedin.com"

named = pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None) -> Request:
    return Request(method=method, path=path, headers=headers or dict(AUTHORIZATION), body=body)


def query_of(size: int) -> str:
    return "ids=" + "x" * (size - 4)


def moved(pair: Pair, query: str) -> tuple[str, bytes]:
    """Content-Type and body as the page shows them, with its xyz in our spelling."""
    if pair.body is None:
        return "application/x-www-form-urlencoded", query.encode()
    return "multipart/mixed; boundary=talentsync-1", (
        "--talentsync-1\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "\r\n"
        f"{query}\r\n"
        "--talentsync-1\r\n"
        "Content-Type: application/json\r\n"
        "\r\n"
        f"{pair.body}\r\n"
        "--talentsync-1--"
    ).encode()


@named
def test_a_documented_request_becomes_its_documented_tunneled_form(pair: Pair) -> None:
    sent = tunneled(pair.today)
    content_type, body = moved(pair, pair.query)
    assert (sent.method, sent.path, sent.body) == ("POST", pair.path, body)
    assert dict(sent.headers) == {
        **AUTHORIZATION,
        **pair.headers,
        "X-HTTP-Method-Override": pair.method,
        "Content-Type": content_type,
    }
    assert (sent.tunneled, sent.shown_method) == (True, pair.method)


@named
def test_a_documented_request_is_tunneled_as_soon_as_it_is_long(pair: Pair) -> None:
    query = pair.query
    while len(query) < 4000:
        query += "&" + pair.query
    long = replace(pair.today, path=f"{pair.path}?{query}")
    assert fitted(long, base_url=BASE) == tunneled(long)


@named
def test_a_short_call_travels_as_it_is(pair: Pair) -> None:
    call = pair.today
    assert fitted(call, base_url=BASE) is call


def test_a_delete_never_travels_as_a_get() -> None:
    """LinkedIn's own client tunnels every call without a body as a GET: a delete would delete nothing."""
    sent = fitted(request("DELETE", f"/v2/atsCandidates?{query_of(5000)}"), base_url=BASE)
    assert sent.headers["X-HTTP-Method-Override"] == "DELETE"


def test_protocol_version_and_method_headers_stay() -> None:
    headers = {**AUTHORIZATION, "X-RestLi-Protocol-Version": "1.0.0", "X-RestLi-Method": "batch_delete"}
    sent = fitted(request("DELETE", f"/v2/x?{query_of(5000)}", headers=headers), base_url=BASE)
    assert headers.items() <= sent.headers.items()


@pytest.mark.parametrize(
    ("size", "tunneled"), [(3999, False), (4000, True), (4096, True), (4097, True), (100_000, True)]
)
def test_tunneling_begins_at_4000_bytes_of_query(size: int, tunneled: bool) -> None:
    assert fitted(request("GET", f"/v2/x?{query_of(size)}"), base_url=BASE).tunneled is tunneled


def test_the_query_is_measured_in_bytes_and_not_in_characters() -> None:
    assert fitted(request("GET", "/v2/x?ids=" + "ü" * 2000), base_url=BASE).tunneled


def test_a_long_path_makes_a_query_travel_in_the_body() -> None:
    path = "/v2/" + "/".join(["x" * 3000, "y" * 2000])
    assert fitted(request("GET", f"{path}?{query_of(3500)}"), base_url=BASE).tunneled


def test_long_headers_make_a_query_travel_in_the_body() -> None:
    headers = {**AUTHORIZATION, "X-Long": "x" * 25_000}
    assert fitted(request("GET", f"/v2/x?{query_of(3500)}", headers=headers), base_url=BASE).tunneled


@pytest.mark.parametrize(("size", "fits"), [(4096, True), (4097, False)])
def test_a_path_segment_over_4_kb_is_refused_because_tunneling_does_not_shorten_it(size: int, fits: bool) -> None:
    call = request("GET", f"/v2/{'x' * size}?{query_of(4500)}")
    if fits:
        assert fitted(call, base_url=BASE).tunneled
    else:
        with pytest.raises(TooLong):
            fitted(call, base_url=BASE)


@pytest.mark.parametrize(("size", "fits"), [(8192, True), (8193, False)])
def test_an_address_over_8_kb_without_a_query_to_move_is_refused(size: int, fits: bool) -> None:
    rest = size - len(BASE) - len("/v2///")
    call = request("GET", f"/v2/{'x' * 4000}/{'y' * 4000}/{'z' * (rest - 8000)}")
    assert len(BASE + call.path) == size
    if fits:
        assert fitted(call, base_url=BASE) is call
    else:
        with pytest.raises(TooLong):
            fitted(call, base_url=BASE)


def test_a_head_over_28_kb_is_refused() -> None:
    with pytest.raises(TooLong):
        fitted(request("GET", "/v2/x", headers={"Authorization": "x" * 28_672}), base_url=BASE)


@pytest.mark.parametrize(
    ("method", "size", "is_tunneled"), [("PUT", 3999, False), ("PUT", 4000, True), ("POST", 4097, True)]
)
def test_a_query_beside_a_body_is_measured_like_any_other(method: str, size: int, is_tunneled: bool) -> None:
    headers = {**AUTHORIZATION, "Content-Type": "application/json"}
    call = request(method, f"/v2/atsCandidates?{query_of(size)}", headers=headers, body=b"{}")
    sent = fitted(call, base_url=BASE)
    assert sent.tunneled is is_tunneled
    assert sent.headers.get("X-HTTP-Method-Override") == (method if is_tunneled else None)


@pytest.mark.parametrize(
    ("query", "body", "boundary"),
    [
        ("ids=1", b"{}", "talentsync-1"),
        ("ids=talentsync-1", b"{}", "talentsync-2"),
        ("ids=talentsync-2", b'"--talentsync-1"', "talentsync-3"),
        ("ids=talentsync-12", b"{}", "talentsync-2"),
    ],
)
def test_the_boundary_stands_in_neither_part(query: str, body: bytes, boundary: str) -> None:
    headers = {"Content-Type": "application/json"}
    sent = tunneled(request("PUT", f"/v2/x?{query}", headers=headers, body=body))
    assert sent.headers["Content-Type"] == f"multipart/mixed; boundary={boundary}"
    assert (sent.body or b"").count(f"\r\n--{boundary}".encode()) == 2


def test_the_prefix_of_the_base_address_counts() -> None:
    with pytest.raises(TooLong):
        fitted(request("GET", "/v2/x"), base_url=f"{BASE}/{'p' * 4097}")


def test_a_large_body_is_no_reason_to_refuse() -> None:
    call = request("POST", "/v2/simpleJobPostings", body=b"x" * 1_000_000)
    assert fitted(call, base_url=BASE) is call
