"""From a status and a body to a reply, or to the error that says what it means (linkedin.md 8).

Inferred, not documented: a 4xx other than 401, 403, 414 and 429 must carry a JSON object to count as LinkedIn's own
word, because gateways answer HTML; `Retry-After` is honoured though no page promises it; a message that names a day's
limit means that the quota is used up until 00:00 UTC.
"""

from __future__ import annotations

import re
import time
from typing import Any, TypeVar

from connectors.base.errors import (
    ConnectorError,
    Forbidden,
    Refused,
    Rejected,
    Throttled,
    Unanswered,
    Unauthorized,
)
from connectors.base.reading import json_of
from connectors.base.retry_after import retry_after
from connectors.base.transport import Response
from connectors.linkedin.restli import Refusal, refusal

E = TypeVar("E", bound=ConnectorError)

_DAILY = re.compile(r"\bDAY limit|\bdaily\b|per day", re.IGNORECASE)  # "… APPLICATION DAY limit …" (linkedin.md 8.1)
_STATUS_SPEAKS_FOR_ITSELF = {401, 403, 414, 429}


def content_of(response: Response, *, may_be_empty: bool = False) -> dict[str, Any]:
    """The JSON object of a successful answer, which a single create does without (linkedin.md 2.2). Raises what
    `failure_of` finds otherwise.
    """
    if may_be_empty and response.status == 201 and not response.body:
        return {}
    content = parsed(response.body)
    if 200 <= response.status < 300 and isinstance(content, dict):
        return content
    raise failure_of(response, content)


def parsed(body: bytes) -> Any:
    """The body's JSON, None when it is not JSON."""
    try:
        return json_of(body)
    except (ValueError, RecursionError):
        return None


def failure_of(response: Response, content: Any) -> ConnectorError:
    said = refusal(content)
    if response.status >= 500:
        return _error(Unanswered, "LinkedIn had a failure of its own.", response, said)
    is_words = isinstance(content, dict) or response.status in _STATUS_SPEAKS_FOR_ITSELF
    if response.status < 400 or not is_words:
        return _error(Unanswered, "LinkedIn's answer cannot be read.", response, said)
    if response.status == 429:
        return throttled(response, said)
    return _refused(response, said)


def throttled(response: Response, said: Refusal) -> Throttled:
    return Throttled(
        "LinkedIn asks us to slow down.",
        retry_after=retry_after(response.headers, now=time.time()),
        daily=bool(_DAILY.search(said.words)),
        status=response.status,
        code=said.code,
        words=said.words,
        exchange=response.exchange,
    )


def _refused(response: Response, said: Refusal) -> Refused:
    match response.status:
        case 401:
            return _error(Unauthorized, "LinkedIn does not accept the access token.", response, said)
        case 403:
            return _error(Forbidden, "LinkedIn does not allow this call.", response, said)
    return _error(Rejected, "LinkedIn refused the whole call.", response, said)


def _error(kind: type[E], detail: str, response: Response, said: Refusal) -> E:
    return kind(detail, status=response.status, code=said.code, words=said.words, exchange=response.exchange)
