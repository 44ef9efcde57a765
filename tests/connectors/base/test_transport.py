"""The transport against real loopback sockets: answers that are good, bad, slow, endless or missing."""

from __future__ import annotations

import gzip
import logging
import socket
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.base.errors import ConnectorError, Misconfigured, Unanswered, Unreachable
from connectors.base.transport import Request, Response, Transport
from tests.connectors.base.sockets import Peer, far_socket, self_signed

SECRET = "canary-secret"
HEAD = b"HTTP/1.1 200 OK\r\n"
JSON_BODY = b'{"results": {"a": 1}}'
TOO_LATE = {"The answer took too long.", "No answer in time.", "The connection took too long."}
PERSON = "canary.person@example.com"


def ask(url: str, **options: object) -> Response:
    request = Request(
        method="GET", path=f"/v2/jobs?ids={PERSON}", headers={"Authorization": f"Bearer {SECRET}"}, body=None
    )
    return Transport(url, **options).call(request)  # type: ignore[arg-type]


def silent(peer: Peer) -> None:
    peer.request()
    peer.wait()


def answering(*parts: bytes) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        while peer.request():
            peer.say(*parts)

    return script


def with_length(body: bytes, *headers: bytes) -> bytes:
    lines = [b"Content-Length: %d" % len(body), *headers]
    return HEAD + b"\r\n".join(lines) + b"\r\n\r\n" + body


def failing(url: str, **options: object) -> ConnectorError:
    """The error of a call that must fail; it must not tell anything secret or personal."""
    with pytest.raises(ConnectorError) as caught:
        ask(url, **options)
    error = caught.value
    shown = f"{error} {error!r} {error.args} {error.exchange!r}"
    assert SECRET not in shown
    assert PERSON not in shown
    return error


def test_an_answer_comes_whole_with_its_request_id() -> None:
    with far_socket(answering(with_length(JSON_BODY, b"X-LI-UUID: AbC="))) as far:
        response = ask(far.url)
    assert (response.status, response.body) == (200, JSON_BODY)
    assert response.headers["x-li-uuid"] == "AbC="
    exchange = response.exchange
    assert (exchange.method, exchange.path, exchange.status, exchange.request_id) == ("GET", "/v2/jobs", 200, "AbC=")


def test_path_query_headers_and_body_travel_byte_for_byte() -> None:
    arrived: list[bytes] = []

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.say(with_length(b"{}"))

    path = "/v2/a%20b/(c:d,e)/f=g&h?ids%5B0%5D.x=%C3%A4%2F&ids=List(1,2)&empty="
    with far_socket(script) as far:
        Transport(f"{far.url}/prefix").call(
            Request(method="PUT", path=path, headers={"X-RestLi-Method": "batch_update"}, body=b'{"a":"\xc3\xa4"}')
        )
    head, _, body = arrived[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0] == b"PUT /prefix" + path.encode() + b" HTTP/1.1"
    assert b"X-RestLi-Method: batch_update" in head
    assert body == b'{"a":"\xc3\xa4"}'


def test_an_error_status_with_a_page_instead_of_json_is_still_a_complete_answer() -> None:
    page = b"<html>bad gateway</html>"
    with far_socket(answering(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\n\r\n" % len(page), page)) as far:
        response = ask(far.url)
    assert (response.status, response.body) == (502, page)


def test_an_empty_body_is_a_complete_answer() -> None:
    with far_socket(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as far:
        assert ask(far.url).body == b""


def test_a_second_call_reuses_the_connection() -> None:
    with far_socket(answering(with_length(JSON_BODY))) as far:
        transport = Transport(far.url)
        for _ in range(3):
            transport.call(Request(method="GET", path="/"))
        assert far.connections == 1


@pytest.mark.parametrize("size", [0, 1, 10, 70_000])
def test_a_chunked_body_arrives_whole(size: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    pieces = [body[at : at + 7_001] for at in range(0, len(body), 7_001)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    with far_socket(answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunks)) as far:
        transport = Transport(far.url)
        assert transport.call(Request(method="GET", path="/")).body == body
        assert transport.call(Request(method="GET", path="/")).body == body
        assert far.connections == 1


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_compressed_body_arrives_whole_even_byte_by_byte(encoding: str, is_chunked: bool) -> None:
    """One byte of a compressed body may say nothing yet; that must not look like its end."""
    packed = gzip.compress(JSON_BODY) if encoding == "gzip" else zlib.compress(JSON_BODY)
    head = HEAD + b"Content-Encoding: " + encoding.encode() + b"\r\n"
    if is_chunked:
        said = [head + b"Transfer-Encoding: chunked\r\n\r\n"]
        said += [b"1\r\n" + packed[at : at + 1] + b"\r\n" for at in range(len(packed))] + [b"0\r\n\r\n"]
    else:
        said = [head + b"Content-Length: %d\r\n\r\n" % len(packed)]
        said += [packed[at : at + 1] for at in range(len(packed))]
    with far_socket(answering(*said)) as far:
        assert ask(far.url).body == JSON_BODY


def test_a_compressed_body_of_many_chunks_arrives_whole() -> None:
    body = b"".join(b'{"key": %d}' % number for number in range(100_000))
    packed = gzip.compress(body)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with far_socket(answering(head, packed)) as far:
        assert ask(far.url).body == body


@pytest.mark.parametrize(
    "broken",
    [
        HEAD + b"Content-Length: 100\r\n\r\n" + JSON_BODY,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n" + JSON_BODY[:5] + b"\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nnot-a-number\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        HEAD + b"Content-Leng",
        HEAD + b"X-A: b\r\n",
        b"nonsense that is not HTTP\r\n\r\n",
        b"",
    ],
    ids=["short", "short chunks", "bad chunk", "bad gzip", "half a line", "half a head", "not http", "nothing"],
)
def test_an_answer_that_breaks_off_is_no_answer(broken: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.say(broken)

    with far_socket(script) as far:
        error = failing(far.url)
    assert isinstance(error, Unanswered)
    assert error.may_have_been_applied


def test_a_reset_before_the_request_was_read_may_have_been_applied() -> None:
    """The bytes left this machine: what became of them nobody knows."""

    def script(peer: Peer) -> None:
        peer.hear()  # otherwise the reset may come while the connection is still being made
        peer.reset()

    with far_socket(script) as far:
        assert isinstance(failing(far.url), Unanswered)


def test_a_reset_after_the_request_was_read_may_have_been_applied() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.reset()

    with far_socket(script) as far:
        assert isinstance(failing(far.url), Unanswered)


def test_a_vendor_that_never_answers_is_given_up_at_the_deadline() -> None:
    with far_socket(silent) as far:
        error = failing(far.url, wall_deadline=0.2)
    assert isinstance(error, Unanswered)
    assert error.detail in TOO_LATE


@pytest.mark.parametrize(
    ("said", "dribbled"),
    [
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (HEAD, b"X-A: b\r\n"),
        (HEAD + b"X-Long: ", b"x"),
        (b"HTTP/1.1 ", b" "),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["chunks", "body", "headers", "header line", "status line", "continue for ever"],
)
def test_a_dribble_cannot_outlive_the_wall_deadline(said: bytes, dribbled: bytes) -> None:
    """Every single read is quick, so that no read timeout ever strikes (exemplars 4.2)."""

    def script(peer: Peer) -> None:
        peer.request()
        peer.say(said)
        peer.dribble(dribbled, every=0.02)

    with far_socket(script) as far:
        error = failing(far.url, wall_deadline=0.3)
    assert isinstance(error, Unanswered)
    assert error.detail in TOO_LATE  # left to itself the dribble would end as a connection that broke


def test_a_body_that_never_ends_stops_at_the_size_cap() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.say(HEAD + b"\r\n")
        while True:
            peer.say(b"x" * 65536)

    with far_socket(script) as far:
        error = failing(far.url, max_answer_bytes=1_000_000)
    assert isinstance(error, Unanswered)
    assert "too big" in str(error)


def test_a_small_answer_that_unpacks_without_end_stops_at_the_size_cap() -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    with far_socket(answering(head, packed)) as far:
        assert "too big" in str(failing(far.url, max_answer_bytes=1_000_000))


def test_an_answer_of_exactly_the_cap_is_taken() -> None:
    with far_socket(answering(with_length(b"x" * 1000))) as far:
        assert len(ask(far.url, max_answer_bytes=1000).body) == 1000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_the_token_stays_here(status: int) -> None:
    with far_socket(answering(with_length(b"{}"))) as other:
        said = b"HTTP/1.1 %d Moved\r\nContent-Length: 0\r\nLocation: %s/v2\r\n\r\n" % (status, other.url.encode())
        with far_socket(answering(said)) as far:
            error = failing(far.url)
            assert far.connections == 1
        assert other.connections == 0
    assert isinstance(error, Unanswered)


def test_the_endless_body_of_a_redirect_is_not_swallowed() -> None:
    def script(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n")
        while True:
            peer.say(b"x" * 65536)

    with far_socket(script) as far:
        assert "too big" in str(failing(far.url, max_answer_bytes=100_000))


def test_a_certificate_nobody_vouches_for_is_a_tls_failure(tmp_path: Path) -> None:
    served: list[bytes] = []
    with far_socket(lambda peer: served.append(peer.request()), certificate=self_signed(tmp_path)) as far:
        error = failing(far.url)
    assert isinstance(error, Unreachable)
    assert error.code == "tls"
    assert not error.may_have_been_applied
    assert served == []


def test_a_plain_port_where_tls_is_expected_is_unreachable() -> None:
    with far_socket(lambda peer: peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as far:
        error = failing(far.url.replace("http:", "https:"))
    assert isinstance(error, Unreachable)


def test_a_tls_port_that_never_shakes_hands_is_unreachable() -> None:
    with far_socket(lambda peer: peer.wait()) as far:
        error = failing(far.url.replace("http:", "https:"), wall_deadline=0.2)
    assert isinstance(error, Unreachable)


def test_a_closed_port_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failing(f"http://127.0.0.1:{port}")
    assert isinstance(error, Unreachable)
    assert not error.may_have_been_applied


def test_an_unknown_host_is_unreachable() -> None:
    assert isinstance(failing("https://nowhere.invalid", wall_deadline=5), Unreachable)


def test_cookies_of_one_call_do_not_travel_with_the_next() -> None:
    arrived: list[bytes] = []

    def script(peer: Peer) -> None:
        while request := peer.request():
            arrived.append(request)
            peer.say(with_length(b"{}", b"Set-Cookie: lidc=customer-a; Path=/"))

    with far_socket(script) as far:
        transport = Transport(far.url)
        for _ in range(2):
            transport.call(Request(method="GET", path="/"))
    assert len(arrived) == 2
    assert b"cookie" not in arrived[1].lower()


def test_a_netrc_of_this_machine_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    arrived: list[bytes] = []

    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.say(with_length(b"{}"))

    with far_socket(script) as far:
        ask(far.url)
    assert f"Authorization: Bearer {SECRET}".encode() in arrived[0]


def test_a_proxy_of_this_machine_is_not_asked_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    with far_socket(answering(with_length(b"{}"))) as proxy, far_socket(answering(with_length(b"{}"))) as far:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert ask(far.url).status == 200
        assert (proxy.connections, far.connections) == (0, 1)


def test_not_even_debugging_logs_an_address_or_a_header(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), far_socket(answering(with_length(b"{}", b"Bad header"))) as far:
        ask(far.url)
    assert PERSON not in caplog.text
    assert SECRET not in caplog.text


def test_a_call_may_shorten_the_deadline_and_never_lengthen_it() -> None:
    with far_socket(silent) as far:
        for own, call in ((0.2, 60.0), (60.0, 0.2), (60.0, 0.0), (60.0, -1.0)):
            with pytest.raises((Unanswered, Unreachable)) as caught:
                Transport(far.url, wall_deadline=own).call(Request(method="GET", path="/"), wall_deadline=call)
            assert caught.value.detail in TOO_LATE


@pytest.mark.parametrize(
    "address",
    [
        "http://api.linkedin.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://",
        "",
        "127.0.0.1:80",
        "https://user:pass@api.linkedin.com",
        "https://api.linkedin.com?key=1",
        "https://api.linkedin.com#part",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
    ],
)
def test_an_address_that_would_show_the_token_is_refused(address: str) -> None:
    with pytest.raises(Misconfigured):
        Transport(address)


@pytest.mark.parametrize(
    "address",
    ["https://api.linkedin.com", "https://proxy.example.com/linkedin/", "http://localhost:8900/x", "http://[::1]:1"],
)
def test_https_anywhere_and_plain_http_to_this_machine_are_allowed(address: str) -> None:
    assert not Transport(address).base_url.endswith("/")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://api.example.com/base/v3/jobs?cursor=a%2Fb", "/v3/jobs?cursor=a%2Fb"),
        ("/base/v3/jobs", "/v3/jobs"),
        ("https://api.example.com/basement", "/basement"),
    ],
)
def test_a_url_to_follow_becomes_a_path(url: str, path: str) -> None:
    assert Transport("https://api.example.com/base").path_of(url) == path


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/base/v3/jobs",
        "http://api.example.com/base/v3/jobs",
        "https://api.example.com:8443/base",
        "//evil.example.com/base",
        "https://api.example.com@evil.example.com/",
    ],
)
def test_a_url_to_another_origin_is_not_followed(url: str) -> None:
    with pytest.raises(Unanswered):
        Transport("https://api.example.com/base").path_of(url)
