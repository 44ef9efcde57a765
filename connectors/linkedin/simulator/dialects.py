"""How keys stand in a call under Rest.li 1.0.0 and under 2.0.0, read and written (linkedin.md 2.3).

A composite key is a mapping from part to value here, a simple key a text. Each place (query, path, body) has escaping
of its own, and what is not in the form of the protocol that the call names is refused. Simple keys stand in bodies as
they are, in both.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote, unquote_to_bytes

from connectors.base.simulation import Refused, SimulatedRequest
from connectors.linkedin.simulator.wire import not_supported, refuse, too_many

HEADER = "x-restli-protocol-version"
Composite = dict[str, str]

BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
INDEXED = re.compile(r"ids\[(\d{1,6})\]\.(\w+)")
MARKS = "(),:'"  # what has a meaning in 2.0.0
NESTED_COMMA = re.compile(r",(?=\()")


class Dialect(ABC):
    """One protocol version."""

    version: ClassVar[str]

    @abstractmethod
    def composite_ids(self, request: SimulatedRequest) -> list[Composite]: ...

    @abstractmethod
    def simple_ids(self, request: SimulatedRequest) -> list[str]: ...

    @abstractmethod
    def composite_in_path(self, segment: str) -> Composite: ...

    @abstractmethod
    def composite_in_body(self, text: str) -> Composite: ...

    @abstractmethod
    def composite_written(self, key: Mapping[str, str], *, raw: bool = False) -> str:
        """As answers write it: parts sorted by name; `raw` leaves out what escaping the form can do without."""


class One(Dialect):
    """1.0.0: `ids[0].a=…&ids[0].b=…`, `ids=…&ids=…`, and `a=…&b=…` as a key in path and body."""

    version = "1.0.0"

    def composite_ids(self, request: SimulatedRequest) -> list[Composite]:
        found: dict[int, Composite] = {}
        for name, value in _pairs(request.query):
            if match := INDEXED.fullmatch(name):
                _add(found.setdefault(int(match[1]), {}), match[2], value)
            elif name.partition("[")[0] == "ids":
                raise invalid_key()
        return [found[place] for place in sorted(found)]

    def simple_ids(self, request: SimulatedRequest) -> list[str]:
        # Escaped, it would be an id like any other.
        if any(part.startswith("ids=List(") for part in request.query.split("&")):
            raise invalid_key()
        return [value for name, value in _pairs(request.query) if name == "ids"]

    def composite_in_path(self, segment: str) -> Composite:
        return self.composite_in_body(segment)

    def composite_in_body(self, text: str) -> Composite:
        key: Composite = {}
        for pair in text.split("&"):
            name, equals, value = pair.partition("=")
            if not equals or "=" in value:
                raise invalid_key()
            _add(key, _decoded(name, plus=True), _decoded(value, plus=True))
        return key

    def composite_written(self, key: Mapping[str, str], *, raw: bool = False) -> str:
        escape = _only_what_breaks if raw else _percent
        return "&".join(f"{name}={escape(key[name])}" for name in sorted(key))


class Two(Dialect):
    """2.0.0: `ids=List((a:…,b:…),…)`, `ids=List(…,…)`, and `(a:…,b:…)` as a key in path and body.

    In bodies only the characters with a meaning are escaped in the parts of a key. In a path the key may be escaped
    once more as a whole.
    """

    version = "2.0.0"

    def composite_ids(self, request: SimulatedRequest) -> list[Composite]:
        inside = _list_inside(request)
        return [_tuple(item) for item in NESTED_COMMA.split(inside)] if inside else []

    def simple_ids(self, request: SimulatedRequest) -> list[str]:
        inside = _list_inside(request)
        return [_token(item) for item in inside.split(",")] if inside else []

    def composite_in_path(self, segment: str) -> Composite:
        return _tuple(_decoded(segment) if segment.startswith("%28") else segment)

    def composite_in_body(self, text: str) -> Composite:
        return _tuple(text)

    def composite_written(self, key: Mapping[str, str], *, raw: bool = False) -> str:
        return "(" + ",".join(f"{name}:{_only_marks(key[name])}" for name in sorted(key)) + ")"


DIALECTS: dict[str, Dialect] = {dialect.version: dialect for dialect in (One(), Two())}
USUAL = One.version  # 2.1: no header means 1.0.0


def dialect_of(request: SimulatedRequest) -> Dialect:
    version = request.header(HEADER).strip() or USUAL
    if version not in DIALECTS:
        raise refuse(400, f"Rest.li protocol version {version} used by the client is not supported!")
    return DIALECTS[version]


def spoken_version(request: SimulatedRequest) -> str:
    """The version that an answer names: the one that was asked for, if it is known."""
    version = request.header(HEADER).strip()
    return version if version in DIALECTS else USUAL


def batch_keys(request: SimulatedRequest, *, most: int | None = None) -> list[str]:
    """The keys of a batch_get on simple keys, each once."""
    keys = list(dict.fromkeys(dialect_of(request).simple_ids(request)))
    if not keys:
        raise not_supported(request)
    if most is not None and len(keys) > most:
        raise refuse(400, too_many(len(keys), most, "batch_get"))
    return keys


def count_ids(request: SimulatedRequest, *, composite: bool) -> int:
    """How many records a query names, for the call log, which also notes what is refused."""
    try:
        dialect = dialect_of(request)
        return len(dialect.composite_ids(request) if composite else dialect.simple_ids(request))
    except Refused:
        return 0


def parameter(request: SimulatedRequest, name: str) -> str:
    """The value of a parameter other than keys, or an empty text."""
    values = [part.partition("=")[2] for part in request.query.split("&") if part.partition("=")[0] == name]
    return _decoded(values[0], plus=True) if values else ""


def invalid_key() -> Refused:
    return refuse(400, "Batch key parameter value is invalid")


def _pairs(query: str) -> list[tuple[str, str]]:
    split = [part.partition("=") for part in query.split("&") if part]
    return [(_decoded(name, plus=True), _decoded(value, plus=True)) for name, _, value in split]


def _list_inside(request: SimulatedRequest) -> str:
    """What stands in `ids=List(…)`, still escaped; the marks themselves must be raw (2.3)."""
    split = [part.partition("=") for part in request.query.split("&") if part]
    named = [(_decoded(name), value) for name, _, value in split if _decoded(name).startswith("ids")]
    if not named:
        return ""
    name, value = named[0]
    if len(named) > 1 or name != "ids" or not (value.startswith("List(") and value.endswith(")")):
        raise invalid_key()
    # A blank may have come as a plus, as in any query; a plus itself has to be escaped.
    return value.removeprefix("List(").removesuffix(")").replace("+", "%20")


def _tuple(text: str) -> Composite:
    if not (text.startswith("(") and text.endswith(")")):
        raise invalid_key()
    key: Composite = {}
    for pair in text[1:-1].split(","):
        name, colon, value = pair.partition(":")
        if not colon:
            raise invalid_key()
        _add(key, _token(name), _token(value))
    return key


def _token(text: str) -> str:
    """A text of 2.0.0: marks inside it are escaped, nothing at all is written as two quotation marks."""
    if text == "''":
        return ""
    if not text or any(sign in MARKS for sign in text):
        raise invalid_key()
    return _decoded(text)


def _add(key: Composite, name: str, value: str) -> None:
    if name in key:
        raise invalid_key()
    key[name] = value


def _decoded(text: str, *, plus: bool = False) -> str:
    """Without percent-encoding; half an escape or half a letter is an error and no guess."""
    if BROKEN_PERCENT.search(text):
        raise invalid_key()
    try:
        return unquote_to_bytes(text.replace("+", " ") if plus else text).decode("utf-8")
    except UnicodeDecodeError:
        raise invalid_key() from None


def _percent(value: str) -> str:
    return quote(value, safe="")


def _only_marks(value: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in f"%{MARKS}" else sign for sign in value)


def _only_what_breaks(value: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%&=+" else sign for sign in value)
