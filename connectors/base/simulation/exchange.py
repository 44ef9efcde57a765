"""What goes in and out of a simulated vendor: a request, an answer, and the two ways of not answering.

It knows nothing of sockets: the served door and the tests' adapter translate from and to their own world.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from connectors.base.simulation.line import Line

Document = dict[str, Any]


READ_BYTES = 64 * 1024


class SupportsRead(Protocol):
    """Whatever gives bytes."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Swallowed:
    """What is known of a body that was not kept."""

    size: int
    sha256: str


def swallow(stream: SupportsRead, length: int, line: Line) -> Swallowed:
    """Read a body of this length piece by piece, as fast as the line brings it, and keep nothing of it; one that breaks
    off is an error.
    """
    digest, left, carry = sha256(), length, line.opened()
    while left:
        piece = stream.read(min(READ_BYTES, left))
        if not piece:
            raise HangUp
        carry(len(piece))
        digest.update(piece)
        left -= len(piece)
    return Swallowed(size=length, sha256=digest.hexdigest())


class Sent(Protocol):
    """Whatever a door brings in: a client's adapter has a request type of its own."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class SimulatedRequest:
    """One call as it was sent; `path` keeps its query and percent-encoding, header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Where the client sees this vendor, as far as a door can tell: links in answers lead back there.
    origin: str = ""
    # A file's body that a door has read already, in place of `body`.
    swallowed: Swallowed | None = None

    @classmethod
    def of(cls, sent: Sent) -> SimulatedRequest:
        return cls(
            method=sent.method.upper(),
            path=sent.path,
            headers=dict(sent.headers),
            body=sent.body,
            origin=getattr(sent, "origin", ""),
            swallowed=getattr(sent, "swallowed", None),
        )

    @property
    def file(self) -> Swallowed:
        """What is known of a file that was sent, whichever door it came through."""
        return self.swallowed or Swallowed(size=len(self.body), sha256=sha256(self.body).hexdigest())

    @property
    def route(self) -> str:
        """The path without its query, still percent-encoded."""
        return self.path.partition("?")[0]

    @property
    def query(self) -> str:
        return self.path.partition("?")[2]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    def header(self, name: str) -> str:
        """The header's value, or an empty text; asks in any letter case, because tests write what they like."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()

    def mentions(self, text: str) -> bool:
        """Whether the text stands anywhere in the address or the body."""
        sent = self.body.decode("utf-8", "replace")
        return any(text in place for place in (unquote(self.path), sent, unquote(sent)))


@dataclass(frozen=True, kw_only=True)
class SimulatedAnswer:
    """What the vendor says; an endless body is repeated until the client hangs up, after a pause if there is one."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    endless: bool = False
    pause_seconds: float = 0.0

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str:
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    def with_headers(self, headers: Mapping[str, str]) -> SimulatedAnswer:
        """The same answer with these headers where it has none of that name yet."""
        merged = {**headers, **self.headers}
        return replace(self, headers=merged)


class Refused(Exception):
    """A simulated vendor declines a call as a whole; nothing of it was done."""

    def __init__(self, answer: SimulatedAnswer) -> None:
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


class HangUp(Exception):
    """The vendor closes the connection without an answer; `applied` says whether it did the work first."""

    def __init__(self, *, applied: bool = False) -> None:
        super().__init__("the simulated vendor hung up")
        self.applied = applied


class Stall(Exception):
    """The vendor keeps the connection open and never answers; `applied` as in `HangUp`."""

    def __init__(self, *, applied: bool = False) -> None:
        super().__init__("the simulated vendor does not answer")
        self.applied = applied


def json_answer(status: int, content: object, *, headers: Mapping[str, str] | None = None) -> SimulatedAnswer:
    """An answer with a JSON body."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return SimulatedAnswer(status=status, headers={"Content-Type": "application/json", **(headers or {})}, body=body)
