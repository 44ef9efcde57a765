"""Keys: how one is written in a query, a body and a path, and how it is recognised in an answer (linkedin.md 2.3).

A simple key is text. A composite key is a set of named texts; under protocol 1.0.0 it looks like `a=1&b=2`, under
2.0.0 like `(a:1,b:2)`. Servers send keys back in an order and an escaping of their own, sometimes with none, so keys
are never compared as text.

The brackets of `ids[0].a=` are percent-encoded as on the page "Sync Candidate Resumes": a URL may not hold them raw,
the HTTP library would encode them last, and a query measured before that would be too long after it.

From the source of Rest.li: under 1.0.0 a `+` in a key is a blank; under 2.0.0 a body's composite keys have `%` escaped
too, and an empty value is `''`; simple keys stand in a body as they are, in both. Old servers compared the composite
keys of a body as text, so that there the colons of URNs stay as the pages print them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, unquote_plus

PROTOCOL_2 = "2.0.0"
EMPTY = "''"


@dataclass(frozen=True, repr=False)
class CompositeKey:
    """Named texts, sorted by name: two keys are equal whatever the order they were given in."""

    parts: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> CompositeKey:
        return cls(tuple(sorted(parts.items())))


Key = str | CompositeKey


def in_query(keys: Iterable[Key], *, protocol: str = "") -> str:
    """The `ids` of a batch, percent-encoded."""
    if protocol == PROTOCOL_2:
        return f"ids=List({','.join(in_path(key, protocol=protocol) for key in keys)})"
    return "&".join(_one_in_query(index, key) for index, key in enumerate(keys))


def in_path(key: Key, *, protocol: str = "") -> str:
    """A key as one segment of a path, percent-encoded but for the marks that hold a composite key together."""
    return _written(key, _encoded, protocol)


def in_body(key: Key, *, protocol: str = "") -> str:
    """A key as the name of an entity in JSON. Simple keys stay as they are."""
    if isinstance(key, str):
        return key
    return _written(key, _escaped if protocol == PROTOCOL_2 else _encoded_but_urns, protocol)


def recognised(said: Iterable[str], asked: Collection[Key]) -> dict[str, Key]:
    """Which key that was asked about a server means by each of its own; what nobody asked about is left out."""
    names = {name for key in asked if isinstance(key, CompositeKey) for name, _ in key.parts}
    known = set(asked)
    found = ((text, next((key for key in _readings(text, names) if key in known), None)) for text in said)
    return {text: key for text, key in found if key is not None}


def parsed(
    text: str, *, names: Collection[str] = (), decode: Callable[[str], str] = unquote_plus
) -> CompositeKey | None:
    """A composite key in either form, None when it is of neither. With `names`, a value may hold a raw `&`."""
    if text.startswith("(") and text.endswith(")"):
        pairs = [part.partition(":") for part in text[1:-1].split(",")]
        values = {name: "" if value == EMPTY else unquote(value) for name, _, value in pairs}
    else:
        pairs = [part.partition("=") for part in _separated(text, names)]
        values = {name: decode(value) for name, _, value in pairs}
    return CompositeKey.of(values) if all(name and mark for name, mark, _ in pairs) else None


def _one_in_query(index: int, key: Key) -> str:
    if isinstance(key, str):
        return f"ids={_encoded(key)}"
    return "&".join(f"ids%5B{index}%5D.{name}={_encoded(value)}" for name, value in key.parts)


def _written(key: Key, escape: Callable[[str], str], protocol: str) -> str:
    is_second = protocol == PROTOCOL_2
    if isinstance(key, str):
        return escape(key) or (EMPTY if is_second else "")
    if is_second:
        return f"({','.join(f'{name}:{escape(value) or EMPTY}' for name, value in key.parts)})"
    return "&".join(f"{name}={escape(value)}" for name, value in key.parts)


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _encoded_but_urns(text: str) -> str:
    return quote(text, safe=":")


def _escaped(text: str) -> str:
    return re.sub(r"[%,():']", lambda found: f"%{ord(found.group()):02X}", text)


def _readings(text: str, names: Collection[str]) -> Iterator[Key]:
    """What a server's key may mean, the likeliest first."""
    yield text
    yield unquote(text)
    if not names:
        return
    for decode in (unquote_plus, unquote, str):
        for known in ((), names):
            if (key := parsed(text, names=known, decode=decode)) is not None:
                yield key


def _separated(text: str, names: Collection[str]) -> list[str]:
    if not names:
        return text.split("&")
    start = rf"(?:{'|'.join(re.escape(name) for name in names)})="
    return re.split(rf"&(?={start})", text)
