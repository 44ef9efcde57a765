"""The test seam behaves as a socket would."""

from __future__ import annotations

import gzip

import pytest

from connectors.base.errors import Unanswered
from connectors.base.transport import Arrived, Request, Transport
from tests.connectors.linkedin.builders import FarEnd, HangUp, Said, Stall, page, says, transport_to

CALL = Request(method="PUT", path="/v2/a%20b?ids=%C3%A4", headers={"X-Some": "Value"}, body=b"{}")


def call(far: FarEnd, request: Request = CALL) -> bytes:
    return transport_to(far.handle, base_url="https://api.example.com/prefix").call(request).body


def test_the_function_sees_the_call_as_it_was_sent() -> None:
    far = FarEnd(says({"a": 1}))
    assert call(far) == b'{"a": 1}'
    arrived = far.last
    assert (arrived.method, arrived.path, arrived.body) == ("PUT", "/v2/a%20b?ids=%C3%A4", b"{}")
    assert arrived.headers["x-some"] == "Value"


def test_a_call_without_a_body_arrives_without_one() -> None:
    far = FarEnd(says({}))
    call(far, Request(method="GET", path="/"))
    assert far.last.body == b""


@pytest.mark.parametrize("trouble", [HangUp(), Stall()])
def test_a_vendor_that_does_not_answer_may_have_applied_the_call(trouble: Exception) -> None:
    with pytest.raises(Unanswered) as caught:
        call(FarEnd(trouble))
    assert caught.value.may_have_been_applied


@pytest.mark.parametrize("status", [200, 302, 500])
def test_an_endless_body_stops_at_the_size_cap(status: int) -> None:
    endless = Said(status=status, headers={"Location": "/elsewhere"}, body=b"x", endless=True)
    with pytest.raises(Unanswered) as caught:
        call(FarEnd(endless))
    assert "too big" in str(caught.value)


def test_a_page_comes_through_as_it_is() -> None:
    assert b"<html>" in call(FarEnd(page(status=502)))


def test_a_compressed_body_is_unpacked() -> None:
    packed = gzip.compress(b"x" * 200_000)
    assert call(FarEnd(Said(headers={"Content-Encoding": "gzip"}, body=packed))) == b"x" * 200_000


def test_a_fault_of_the_function_itself_is_not_hidden() -> None:
    def broken(arrived: Arrived) -> Said:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transport_to(broken).call(CALL)


def test_what_arrived_shows_nothing_when_printed() -> None:
    assert "Value" not in repr(Arrived(method="GET", path="/", headers={"a": "Value"}, body=b""))
    assert "Value" not in repr(CALL)
    assert "token" not in repr(Transport("https://api.example.com"))
