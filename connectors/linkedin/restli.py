"""The Rest.li dialect: how batches are put on the wire and how their answers are read.

It knows nothing of tokens, sockets or jobs. Simple keys under protocol 1.0.0 are `ids=A&ids=B`; composite keys and
protocol 2.0.0 join as further ways to write and match keys. An answer is read per record: by index for a
batch_create, by key for a batch_get. What was not answered about is left out, never guessed.

Inferred, not documented: a key that stands in `results` and in `errors` at once counts as not answered; an entity in
`results` with a failing number as `status`, or with an `error`, counts as refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, unquote

from connectors.base.errors import Unanswered
from connectors.base.results import Exchange

MAX_WORDS = 4000  # a vendor's message is quoted up to here; Rest.li may append a stack trace


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """How one endpoint is spoken to. Switching a customer to `/rest` is a second table of these."""

    path: str
    version: str = ""  # LinkedIn-Version, wanted under /rest only
    protocol: str = ""  # X-RestLi-Protocol-Version; none sent means 1.0.0 (linkedin.md 2.1)

    @property
    def headers(self) -> dict[str, str]:
        sent = {"LinkedIn-Version": self.version, "X-RestLi-Protocol-Version": self.protocol}
        return {name: value for name, value in sent.items() if value}


V2: Mapping[str, Endpoint] = {
    name: Endpoint(path=f"/v2/{name}") for name in ("simpleJobPostings", "simpleJobPostingTasks", "jobPostingStatus")
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Call:
    """One Rest.li call, before token and tunneling."""

    method: str
    endpoint: Endpoint
    query: str = ""
    content: Any = None
    rest_method: str = ""


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


@dataclass(frozen=True, kw_only=True, repr=False)
class Part:
    """What an answer says about one record: its content, or a refusal."""

    status: int | None = None
    content: Any = None
    refusal: Refusal | None = None


def batch_create(endpoint: Endpoint, elements: Sequence[Mapping[str, Any]]) -> Call:
    """Many records in one POST. The method header is mandatory: without it LinkedIn answers 403 (linkedin.md 3.8)."""
    return Call(method="POST", endpoint=endpoint, content={"elements": list(elements)}, rest_method="batch_create")


def batch_get(endpoint: Endpoint, keys: Iterable[str]) -> Call:
    return Call(method="GET", endpoint=endpoint, query=simple_keys(keys))


def simple_keys(keys: Iterable[str]) -> str:
    """`ids=A&ids=B`, percent-encoded whole."""
    return "&".join(f"ids={quote(key, safe='')}" for key in keys)


def created_parts(content: Mapping[str, Any], *, expected: int) -> list[Part]:
    """A batch_create's answer, one part per element sent, in their order.

    Raises `Unanswered` when the number of elements differs: then nobody knows whose answer is whose.
    """
    elements = content.get("elements")
    if not isinstance(elements, list) or len(elements) != expected:
        raise Unanswered("LinkedIn's answer does not fit the records that were sent.")
    return [_part(element) for element in elements]


def keyed_parts(content: Mapping[str, Any], *, keys: Iterable[str]) -> dict[str, Part]:
    """A batch_get's answer by the keys that were asked for; a key that was not answered about is missing.

    Raises `Unanswered` when the answer holds neither `results` nor `errors`.
    """
    results, errors = content.get("results"), content.get("errors")
    if not isinstance(results, dict) and not isinstance(errors, dict):
        raise Unanswered("LinkedIn's answer holds neither results nor errors.")
    asked = set(keys)
    found = _asked_for(results, asked)
    refused = _asked_for(errors, asked)
    statuses = _asked_for(content.get("statuses"), asked)
    parts = {key: _result(value, statuses.get(key)) for key, value in found.items() if key not in refused}
    parts |= {key: _refused(value, statuses.get(key)) for key, value in refused.items() if key not in found}
    return {key: part for key, part in parts.items() if part is not None}


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
    return lowered.get("x-restli-id") or lowered.get("x-linkedin-id") or ""


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
    return Part(status=status, content=value)


def _refused(value: Any, status: Any) -> Part:
    said = refusal(value, status=_number(status))
    return Part(status=said.status, content=value, refusal=said)


def _asked_for(entities: Any, asked: set[str]) -> dict[str, Any]:
    """The entities whose keys were asked for; a server may send keys percent-encoded (linkedin.md 2.3)."""
    if not isinstance(entities, dict):
        return {}
    matched = {key if key in asked else unquote(key): value for key, value in entities.items()}
    return {key: value for key, value in matched.items() if key in asked}


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
