"""The Rest.li dialect: how batches are put on the wire and how their answers are read.

It knows nothing of tokens, sockets or records. An answer is read per record: by index for a batch_create, by key for
everything else. What was not answered about is left out, never guessed.

Only batch_create, batch_update and batch_partial_update name their method in a header, as the pages show; reads and
deletes are known by their verb (linkedin.md 2.1).

Inferred, not documented: a key that is answered more than once, in `results` and in `errors` or twice in one of them,
counts as not answered; an entity in `results` with a failing number as `status`, or with an `error`, counts as
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from connectors.base.errors import Unanswered
from connectors.base.results import Exchange
from connectors.linkedin.endpoints import PARENT, Endpoint
from connectors.linkedin.keys import Key, in_body, in_path, in_query, recognised

K = TypeVar("K", bound=Key)

MAX_WORDS = 4000  # a vendor's message is quoted up to here; Rest.li may append a stack trace


@dataclass(frozen=True, kw_only=True, repr=False)
class Call:
    """One Rest.li call, before token and tunneling."""

    method: str
    endpoint: Endpoint
    query: str = ""
    content: Any = None
    rest_method: str = ""
    parent: Key | None = None  # whose records these are, where the path says it
    makes_one: bool = False  # the answer's header names what was made, and its body is empty

    @property
    def path(self) -> str:
        if self.parent is None:
            return self.endpoint.path
        return self.endpoint.path.replace(PARENT, in_path(self.parent, protocol=self.endpoint.protocol))


@dataclass(frozen=True, kw_only=True, repr=False)
class Reply:
    """A complete answer that did not refuse the call. `exchanges` lists every HTTP call it took, the refused token
    too.
    """

    content: Mapping[str, Any]
    headers: Mapping[str, str]
    exchanges: tuple[Exchange, ...]


class Wire(Protocol):
    """Whoever carries a call to LinkedIn."""

    def call(self, call: Call) -> Reply: ...


@dataclass(frozen=True, kw_only=True, repr=False)
class Refusal:
    """A vendor's no, about a call or about one record in it."""

    status: int | None = None
    code: str = ""
    words: str = ""

    @property
    def is_passing(self) -> bool:
        """Whether it says nothing of the record (linkedin.md 3.7: a record's status means what a call's means)."""
        if self.status is None:
            return not self.words
        return self.status in {401, 429} or self.status >= 500


@dataclass(frozen=True, kw_only=True)
class Patch:
    """What a partial update sets, and which fields it empties."""

    set: Mapping[str, Any] = field(default_factory=dict)
    delete: Sequence[str] = ()

    @property
    def content(self) -> dict[str, Any]:
        says = {"$set": dict(self.set), "$delete": list(self.delete)}
        return {"patch": {name: value for name, value in says.items() if value}}


@dataclass(frozen=True, kw_only=True, repr=False)
class Part:
    """What an answer says about one record: its content, or a refusal."""

    status: int | None = None
    content: Any = None
    refusal: Refusal | None = None


def create(endpoint: Endpoint, content: Mapping[str, Any]) -> Call:
    """One record in one POST; `created_id` finds its id. The pages name no method for it."""
    return Call(method="POST", endpoint=endpoint, content=content, makes_one=True)


def batch_create(endpoint: Endpoint, elements: Sequence[Mapping[str, Any]]) -> Call:
    """Many records in one POST. The method header is mandatory: without it LinkedIn answers 403 (linkedin.md 3.8)."""
    return Call(method="POST", endpoint=endpoint, content={"elements": list(elements)}, rest_method="batch_create")


def batch_get(
    endpoint: Endpoint, keys: Iterable[Key], *, parent: Key | None = None, fields: Sequence[str] = ()
) -> Call:
    """Many records by key, whole or only some of their fields. `fields` has one form in both protocols (2.3)."""
    query = _ids(endpoint, keys) + (f"&fields={','.join(fields)}" if fields else "")
    return Call(method="GET", endpoint=endpoint, query=query, parent=parent)


def batch_update(endpoint: Endpoint, records: Mapping[K, Mapping[str, Any]], *, parent: Key | None = None) -> Call:
    """Create or replace many records. A field that is left out becomes null (linkedin.md 4.1)."""
    return _entities("PUT", "batch_update", endpoint, records, parent)


def batch_partial_update(endpoint: Endpoint, patches: Mapping[K, Patch], *, parent: Key | None = None) -> Call:
    """Change single fields of many records."""
    contents = {key: patch.content for key, patch in patches.items()}
    return _entities("POST", "batch_partial_update", endpoint, contents, parent)


def batch_delete(endpoint: Endpoint, keys: Iterable[Key], *, parent: Key | None = None) -> Call:
    return Call(method="DELETE", endpoint=endpoint, query=_ids(endpoint, keys), parent=parent)


def _entities(method: str, rest_method: str, endpoint: Endpoint, entities: Mapping[K, Any], parent: Key | None) -> Call:
    """The ids of the query and the keys of the body come from one mapping: LinkedIn refuses the call when they differ
    (linkedin.md 4.1).
    """
    return Call(
        method=method,
        endpoint=endpoint,
        query=_ids(endpoint, entities),
        content={"entities": {in_body(key, protocol=endpoint.protocol): value for key, value in entities.items()}},
        rest_method=rest_method,
        parent=parent,
    )


def _ids(endpoint: Endpoint, keys: Iterable[Key]) -> str:
    return in_query(keys, protocol=endpoint.protocol)


def created_parts(content: Mapping[str, Any], *, expected: int) -> list[Part]:
    """A batch_create's answer, one part per element sent, in their order.

    Raises `Unanswered` when the number of elements differs: then nobody knows whose answer is whose.
    """
    elements = content.get("elements")
    if not isinstance(elements, list) or len(elements) != expected:
        raise Unanswered("LinkedIn's answer does not fit the records that were sent.")
    return [_part(element) for element in elements]


def keyed_parts(content: Mapping[str, Any], *, keys: Iterable[K]) -> dict[K, Part]:
    """An answer by the keys that were asked about; a key that was not answered about is missing.

    Raises `Unanswered` when the answer holds neither `results` nor `errors`.
    """
    results, errors = content.get("results"), content.get("errors")
    if not isinstance(results, dict) and not isinstance(errors, dict):
        raise Unanswered("LinkedIn's answer holds neither results nor errors.")
    asked = list(dict.fromkeys(keys))
    found, refused, statuses = (_by_key(said, asked) for said in (results, errors, content.get("statuses")))
    parts = {key: _only(found.get(key, []), refused.get(key, []), statuses.get(key, [])) for key in asked}
    return {key: part for key, part in parts.items() if part is not None}


def _only(found: Sequence[Any], refused: Sequence[Any], statuses: Sequence[Any]) -> Part | None:
    """The one thing that was said about a record, None when there is none or more than one."""
    if len(found) + len(refused) != 1:
        return None
    status = statuses[0] if len(statuses) == 1 else None
    return _refused(refused[0], status) if refused else _result(found[0], status)


def refusal(content: Any, *, status: int | None = None) -> Refusal:
    """The message and code of an error body, whatever its shape (linkedin.md 8.1)."""
    body = content if isinstance(content, dict) else {}
    words = next((text for name in ("message", "error_description", "error") if (text := _text(body.get(name)))), "")
    code = next((text for name in ("code", "serviceErrorCode") if (text := _text(body.get(name)))), "")
    if isinstance(content, str):
        words = content.strip()
    return Refusal(status=_number(body.get("status")) or status, code=code[:100], words=words[:MAX_WORDS])


def created_id(headers: Mapping[str, str]) -> str:
    """The id of a single create. The header's name follows the protocol, except where it does not (linkedin.md 2.2)."""
    lowered = {name.lower(): value for name, value in headers.items()}
    return (lowered.get("x-linkedin-id") or lowered.get("x-restli-id") or "").strip()


def _part(element: Any) -> Part:
    body = element if isinstance(element, dict) else {}
    status = _number(body.get("status"))
    if "error" in body or (status or 0) >= 400:
        return Part(status=status, content=element, refusal=refusal(body.get("error", body), status=status))
    return Part(status=status, content=element)


def _result(value: Any, status: int | None) -> Part | None:
    status = _number(status)
    if not isinstance(value, dict):
        return None
    own = _number(value.get("status"))
    if value.get("error") or (own or 0) >= 400 or (status or 0) >= 400:
        return _refused(value.get("error") or value, own or status)
    return Part(status=own if status is None else status, content=value)


def _refused(value: Any, status: Any) -> Part:
    said = refusal(value, status=_number(status))
    return Part(status=said.status, content=value, refusal=said)


def _by_key(entities: Any, asked: Sequence[K]) -> dict[Key, list[Any]]:
    """What is said of each key that was asked about, in whatever spelling."""
    said: dict[Key, list[Any]] = {}
    if isinstance(entities, dict):
        for text, key in recognised(entities, asked).items():
            said.setdefault(key, []).append(entities[text])
    return said


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
