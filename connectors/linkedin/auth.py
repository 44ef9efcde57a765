"""LinkedIn's token endpoint: OAuth 2.0 client credentials.

https://learn.microsoft.com/linkedin/shared/authentication/client-credentials-flow
It asks once and keeps nothing; caching, sharing and locking are the token provider's.

Inferred, not documented: `invalid_client` for a wrong id or secret, `invalid_request` and `unsupported_grant_type`;
whatever this endpoint refuses is about the credential and never about a record, so every refusal that LinkedIn words
itself is `Unauthorized`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from connectors.base.errors import ConnectorError, Unanswered, Unauthorized
from connectors.base.tokens import Token
from connectors.base.transport import Request, Response, Transport
from connectors.linkedin.answers import parsed, throttled
from connectors.linkedin.restli import Refusal, refusal

TOKEN_PATH = "/oauth/v2/accessToken"
MAX_LIFETIME_SECONDS = 60 * 24 * 3600  # LinkedIn's longest token; more is an answer we do not understand

_DETAILS = {
    "invalid_client": "LinkedIn does not know this client ID and secret.",
    "access_denied": "LinkedIn has not enabled this application for server-to-server access.",
}


def fetch_token(transport: Transport, *, client_id: str, client_secret: str) -> Token:
    """A new token. Raises `Unauthorized` when LinkedIn refuses the credential, otherwise what the transport raises."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
    request = Request(
        method="POST",
        path=TOKEN_PATH,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        # quote, not quote_plus: a secret may hold / = + & and spaces
        body=urlencode(form, quote_via=quote, safe="").encode(),
        of_token=True,
    )
    response = transport.call(request)
    content = parsed(response.body)
    if response.status == 200 and (token := _token(content)) is not None:
        return token
    raise _failure(response, content, secret=client_secret)


def _token(content: Any) -> Token | None:
    """The token of a well-formed answer; `expires_in` may be a number or its text (linkedin.md 1.2)."""
    if not isinstance(content, dict):
        return None
    value, lifetime = content.get("access_token"), content.get("expires_in")
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or not value.strip():
        return None
    if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float, str)):
        return None
    try:
        seconds = float(lifetime)
    except ValueError:
        return None
    return Token(value=value, expires_in=seconds) if 0 < seconds <= MAX_LIFETIME_SECONDS else None


def _failure(response: Response, content: Any, *, secret: str) -> ConnectorError:
    said = refusal(content)
    code = content.get("error") if isinstance(content, dict) else None
    said = Refusal(
        code=code[:100] if isinstance(code, str) else said.code,
        words=said.words.replace(secret, "…") if secret else said.words,
    )
    if response.status == 429:
        return throttled(response, said)
    is_refusal = response.status == 401 or (400 <= response.status < 500 and isinstance(content, dict))
    if not is_refusal:
        return Unanswered(
            "LinkedIn's token service gave no usable answer.", status=response.status, exchange=response.exchange
        )
    return Unauthorized(
        _DETAILS.get(said.code, "LinkedIn's token service does not accept the client ID and secret."),
        status=response.status,
        code=said.code,
        words=said.words,
        exchange=response.exchange,
    )
