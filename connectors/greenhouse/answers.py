"""Reading one answer of Greenhouse: its JSON, its words, and what a refusal means.

Any status of 400 or more is an error, never data. A refusal that is not in JSON was not written by the API
(greenhouse.md 1.6, 2.6), so it says nothing about the record.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.base.errors import (
    ConnectorError,
    Forbidden,
    Misconfigured,
    Rejected,
    Throttled,
    Unanswered,
    Unauthorized,
)
from connectors.base.reading import json_of
from connectors.base.retry_after import retry_after
from connectors.base.transport import Response

MAX_WORDS = 2000  # enough for every documented message; a page of HTML is not words
MIN_WAIT_SECONDS = 1.0  # some answers say "Retry-After: 0"; obeying that literally loops (greenhouse.md 7)
_LEGACY_GONE = re.compile(r"deprecat|sunset|retired|removed|no longer|harvest v3|\bgone\b", re.IGNORECASE)
_MAY_SAY_GONE = {401, 403, 404, 410}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """What the two versions of Harvest do differently before any endpoint is named."""

    version: str
    scheme: str  # of the Authorization header
    window_seconds: float  # the rate limit's window


V3 = Dialect(version="v3", scheme="Bearer", window_seconds=30)  # greenhouse.md 2.4
V1 = Dialect(version="v1", scheme="Basic", window_seconds=10)  # greenhouse.md 1.3


def rows_of(response: Response) -> list[Any]:
    """A list's rows. Raises `Unanswered` for anything but a bare JSON array: an unreadable page is not an empty one."""
    rows = _json(response)
    if not isinstance(rows, list):
        raise _unreadable(response)
    return rows


def object_of(response: Response) -> dict[str, Any]:
    """One JSON object. Raises `Unanswered` for anything else."""
    found = _json(response)
    if not isinstance(found, dict):
        raise _unreadable(response)
    return found


def refusal(response: Response, *, needs: str, dialect: Dialect) -> ConnectorError:
    """What an answer of 400 or more means for the call. `needs` names the scope or permission that it asks for."""
    status, words, exchange = response.status, words_of(response), response.exchange
    if dialect is V1 and _says_gone(status, words):
        detail = "The legacy API is gone: use v3."
        return Misconfigured(detail, status=status, code="legacy_gone", words=words, exchange=exchange)
    match status:
        case 401:
            detail = "Greenhouse does not accept the credentials."
            return Unauthorized(
                detail, status=status, code=f"{dialect.version}_refused", words=words, exchange=exchange
            )
        case 403:
            detail = f"Greenhouse does not allow this call; it needs {needs}."
            return Forbidden(detail, status=status, code=needs, words=words, exchange=exchange)
        case 429:
            return throttled(response, window_seconds=dialect.window_seconds)
    if status >= 500 or not _is_json_object(response):
        return _unreadable(response)
    return Rejected("Greenhouse finds the call wrong.", status=status, words=words, exchange=exchange)


def throttled(response: Response, *, window_seconds: float) -> Throttled:
    """A 429 with the time to wait: `Retry-After`, else the end of the window, at most one window away."""
    now = time.time()
    wait = retry_after(response.headers, now=now)
    if wait is None and (reset := _number(response.headers.get("x-ratelimit-reset"))) is not None:
        wait = min(reset - now, window_seconds)
    return Throttled(
        "Greenhouse asks us to wait.",
        retry_after=None if wait is None else max(wait, MIN_WAIT_SECONDS),
        status=response.status,
        words=words_of(response),
        exchange=response.exchange,
    )


def words_of(response: Response) -> str:
    """The vendor's sentences of an error body: `message`, `error`, and `errors` (strings or objects)."""
    try:
        body = _json(response)
    except Unanswered:
        return ""
    if not isinstance(body, dict):
        return ""
    parts = [part for name in ("message", "error", "errors") for part in _sentences(body.get(name))]
    return "; ".join(parts)[:MAX_WORDS]


def _sentences(entry: Any) -> Iterator[str]:
    match entry:
        case str() | int() | float():
            yield str(entry)
        case list():
            for each in entry:
                yield from _sentences(each)
        case {"message": message, "field": field}:  # v1: which field
            yield f"{field}: {message}"
        case {"message": message}:
            yield str(message)
        case dict():  # v3: one key, the parameter at fault
            for name, value in entry.items():
                yield f"{name}: {'; '.join(_sentences(value))}"


def _says_gone(status: int, words: str) -> bool:
    """Nobody has published what a switched-off v1 answers (greenhouse.md 2.1); this is what APIs say in general."""
    return status == 410 or (status in _MAY_SAY_GONE and bool(_LEGACY_GONE.search(words)))


def _unreadable(response: Response) -> Unanswered:
    return Unanswered("Greenhouse gave no readable answer.", status=response.status, exchange=response.exchange)


def _is_json_object(response: Response) -> bool:
    try:
        return isinstance(_json(response), dict)
    except Unanswered:
        return False


def _json(response: Response) -> Any:
    try:
        return json_of(response.body)
    except (ValueError, RecursionError):
        raise _unreadable(response) from None


def _number(header: str | None) -> float | None:
    try:
        number = float(header or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
