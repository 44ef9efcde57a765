"""A file as the body of a call: streamed, whole, within the deadline, and never another file than was meant."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from io import BytesIO

import pytest

from connectors.base.content import Content, Pace, Readable
from connectors.base.errors import ConnectorError, Unanswered, Unmappable, Unreachable
from connectors.base.transport import Arrived, FunctionAdapter, Request, Response, Transport
from tests.connectors.base.sockets import Peer, far_socket

DATA = bytes(range(256)) * 1000
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
TOO_LARGE = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class File(BytesIO):
    """A file that notes how it was read and whether it was closed."""

    def __init__(self, data: bytes = DATA) -> None:
        super().__init__(data)
        self.pieces: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.pieces.append(len(piece))
        return piece


def upload(
    url: str, open_file: Callable[[], Readable], *, size: int = len(DATA), wall_deadline: float | None = None
) -> Response:
    request = Request(method="POST", path="/file?secret=1", content=Content(size=size, open=open_file))
    return Transport(url, wall_deadline=5).call(request, wall_deadline=wall_deadline)


def kept(arrived: list[bytes], *, say: bytes = CREATED) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        arrived.append(peer.request())
        peer.say(say)

    return script


def test_a_file_arrives_whole_with_its_length_and_piece_by_piece() -> None:
    arrived: list[bytes] = []
    file = File()
    with far_socket(kept(arrived)) as far:
        assert upload(far.url, lambda: file).status == 201
    head, _, body = arrived[0].partition(b"\r\n\r\n")
    assert body == DATA
    assert f"Content-Length: {len(DATA)}".encode() in head
    assert b"Transfer-Encoding" not in head
    assert max(file.pieces) <= 64 * 1024
    assert file.closed


def test_a_file_of_one_byte_arrives() -> None:
    arrived: list[bytes] = []
    with far_socket(kept(arrived)) as far:
        upload(far.url, lambda: File(b"x"), size=1)
    assert arrived[0].endswith(b"\r\n\r\nx")


def test_an_empty_file_is_not_sent() -> None:
    with pytest.raises(ValueError, match="empty"):
        Content(size=0, open=File)


@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1, 64 * 1024, 1, 10 * len(DATA)])
def test_a_file_of_another_size_than_was_said_never_arrives_whole(size: int) -> None:
    arrived: list[bytes] = []
    file = File()
    with far_socket(kept(arrived)) as far, pytest.raises(Unmappable, match="not the one that was checked"):
        upload(far.url, lambda: file, size=size)
    assert all(len(request.partition(b"\r\n\r\n")[2]) < size for request in arrived)
    assert file.closed


def test_a_file_is_closed_when_the_connection_breaks() -> None:
    def early(peer: Peer) -> None:
        peer.hear()
        peer.reset()

    data = bytes(8 * 1024 * 1024)
    file = File(data)
    with far_socket(early) as far, pytest.raises(Unanswered) as caught:
        upload(far.url, lambda: file, size=len(data))
    assert (file.closed, caught.value.may_have_been_applied) == (True, True)


def test_a_call_whose_time_is_over_before_its_first_byte_was_not_sent() -> None:
    with far_socket(kept([])) as far, pytest.raises(Unreachable):
        upload(far.url, File, wall_deadline=-1)


def missing() -> Readable:
    raise FileNotFoundError("/private/canary-name")


def test_a_file_that_is_gone_says_so_without_its_path() -> None:
    with far_socket(kept([])) as far, pytest.raises(Unmappable) as caught:
        upload(far.url, missing)
    assert "no longer there" in str(caught.value)
    assert "canary" not in f"{caught.value!r} {caught.value.args}"


class Broken(File):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError("input/output error")


def test_a_storage_that_fails_is_not_taken_for_a_broken_connection() -> None:
    """It is ours to mend, and the vendor has nothing of it."""
    with far_socket(kept([])) as far, pytest.raises(OSError, match="input/output") as caught:
        upload(far.url, Broken)
    assert not isinstance(caught.value, ConnectorError)


def test_a_far_end_that_does_not_read_cannot_outlast_the_deadline() -> None:
    data = bytes(8 * 1024 * 1024)
    with (
        far_socket(lambda peer: peer.wait()) as far,
        pytest.raises(Unanswered, match="in time") as caught,
    ):
        upload(far.url, lambda: File(data), size=len(data), wall_deadline=0.3)
    assert caught.value.exchange is not None
    assert "secret" not in repr(caught.value.exchange)


def test_the_deadline_of_a_file_may_be_longer_than_that_of_other_calls() -> None:
    def slowly(peer: Peer) -> None:
        peer.request()
        released.wait(10)
        peer.say(CREATED)

    released = threading.Event()
    timer = threading.Timer(0.3, released.set)
    content = Content(size=len(DATA), open=File)
    with far_socket(slowly) as far:
        timer.start()
        transport = Transport(far.url, wall_deadline=0.05)
        response = transport.call(Request(method="POST", path="/", content=content), wall_deadline=10)
    assert response.status == 201


def test_a_refusal_in_the_middle_of_a_file_is_read() -> None:
    """The far end may say 413 before it has all, and need not listen to the rest."""

    def early(peer: Peer) -> None:
        peer.hear()  # the head is enough to know
        peer.say(TOO_LARGE)
        peer.request()

    data = bytes(4 * 1024 * 1024)
    with far_socket(early) as far:
        assert upload(far.url, lambda: File(data), size=len(data)).status == 413


def test_a_function_in_place_of_a_socket_has_the_file_too() -> None:
    arrived: list[Arrived] = []

    class Created:
        status, headers, body, endless = http.client.CREATED, {"location": "/x"}, b"", False

    def handle(request: Arrived) -> Created:
        arrived.append(request)
        return Created()

    transport = Transport("https://files.example", adapter=FunctionAdapter("https://files.example", handle))
    transport.call(Request(method="POST", path="/", content=Content(size=len(DATA), open=File)))
    assert arrived[0].body == DATA
    assert arrived[0].headers["content-length"] == str(len(DATA))


def test_a_pace_allows_for_the_size() -> None:
    pace = Pace(base_seconds=60, bytes_per_second=1000)
    assert [pace.seconds(size) for size in (1000, 60_000)] == [61, 120]
