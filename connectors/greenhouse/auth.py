"""Getting a token from Greenhouse: OAuth client credentials for Harvest v3, and the Basic key of v1.

Nothing here caches: who may fetch, and when, is the token provider's business (issuing a token revokes the one before,
greenhouse.md 2.2). Its errors never hold the client id or the secret, though the vendor echoes the id.
"""

from __future__ import annotations

import base64
import math
import time
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from connectors.base.errors import ConnectorError, Misconfigured, Unanswered, Unauthorized
from connectors.base.tokens import Token
from connectors.base.transport import Request, Response, Transport
from connectors.greenhouse.answers import object_of, throttled, words_of

TOKEN_LIFE_SECONDS = 3600.0  # where the answer does not say (greenhouse.md 2.2)
LONGEST_LIFE_SECONDS = 24 * 3600.0  # whoever asks anew before the end loses nothing, and nobody can reckon with more
TOKEN_WINDOW_SECONDS = 60.0  # the token endpoint's own rate window (greenhouse.md 2.2)


def fetch_token(transport: Transport, *, client_id: str, client_secret: str, acting_user_id: str) -> Token:
    """Ask for a token that acts as `acting_user_id` (empty: the credential's own service user).

    Every documented refusal is about the credentials, so each raises `Unauthorized`: no record must be blamed for it.
    """
    if not client_id or not client_secret:
        raise Misconfigured("The client id or the client secret is missing.")
    if acting_user_id and not acting_user_id.isdecimal():
        raise Misconfigured("The acting user must be a Greenhouse user id, a number.")
    response = transport.call(_request(client_id, client_secret, acting_user_id))
    if response.status >= 400:
        raise _refused(response, secrets=(client_secret, client_id))
    return _token(response)


def basic_token(api_key: str) -> str:
    """The v1 key as it follows `Basic`: user name with a blank password. Without the colon v1 answers 400."""
    return _base64(f"{api_key}:")


def _request(client_id: str, client_secret: str, acting_user_id: str) -> Request:
    form = {"grant_type": "client_credentials"} | ({"sub": acting_user_id} if acting_user_id else {})
    headers = {
        "Authorization": f"Basic {_base64(f'{client_id}:{client_secret}')}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
    }
    return Request(method="POST", path="/token", headers=headers, body=urlencode(form).encode(), of_token=True)


def _token(response: Response) -> Token:
    body = object_of(response)
    value = body.get("access_token")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value.strip():
        raise Unanswered("The answer holds no token.", status=response.status, exchange=response.exchange)
    return Token(value=value, expires_in=_life(body))


def _life(body: dict[str, Any]) -> float:
    """Seconds from now, a day at most. Three spellings are in use: `expires_in` (seconds), `expires_at` (ISO) and
    `expires`.
    """
    for name in ("expires_in", "expires_at", "expires"):
        seconds = _seconds(body.get(name))
        if seconds is not None and seconds > 0:
            return min(seconds, LONGEST_LIFE_SECONDS)
    return TOKEN_LIFE_SECONDS


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:  # an integer of hundreds of digits
        return None
    except (TypeError, ValueError):
        return _until(value) if isinstance(value, str) else None
    if not math.isfinite(number):
        return None
    return number - time.time() if number > 1e9 else number  # a point in time cannot be a span


def _until(moment: str) -> float | None:
    try:
        return datetime.fromisoformat(moment).timestamp() - time.time()
    except (ValueError, OverflowError):  # the latter of a year that no clock comes to
        return None


def _refused(response: Response, *, secrets: tuple[str, ...]) -> ConnectorError:
    if response.status == 429:
        return throttled(response, window_seconds=TOKEN_WINDOW_SECONDS)
    if response.status >= 500:
        detail = "Greenhouse's sign-in service gave no readable answer."
        return Unanswered(detail, status=response.status, exchange=response.exchange)
    words = _scrubbed(words_of(response), secrets)
    return Unauthorized(
        "Greenhouse gives no token for these credentials.",
        status=response.status,
        code=_code(words),
        words=words,
        exchange=response.exchange,
    )


def _code(words: str) -> str:
    """Our name for a documented refusal of the token endpoint (greenhouse.md 2.2)."""
    told = {
        "invalid_client": "token_invalid_client",
        "client id suffix": "token_malformed_client_id",
        "invalid_grant": "token_invalid_grant",
        "grant_type": "token_grant_type",
    }
    return next((code for sign, code in told.items() if sign in words.lower()), "token_refused")


def _scrubbed(words: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        for spelling in (secret, quote(secret, safe="")):
            words = words.replace(spelling, "…")
    return words


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
