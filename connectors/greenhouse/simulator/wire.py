"""How simulated Harvest words its refusals: v3 and v1 have different bodies for the same things.

greenhouse.md 1.6 (v1), 2.2 (token endpoint), 2.6 (v3).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from connectors.base.simulation import Refused, SimulatedAnswer, json_answer

NOT_FOUND = {"message": "Resource not found"}
MESSAGES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Resource not found",
    422: "Unprocessable Content",
    429: "Rate limit exceeded",
    500: "Server timeout in API",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
UNREADABLE_TOKEN = "Token could not be decoded. Please provide a valid token."
REVOKED_TOKEN = "Token has already been refreshed or revoked. Please generate a new token."
EXPIRED_TOKEN = "Token has expired. Please generate a new token."


def error(status: int, message: str = "") -> SimulatedAnswer:
    """A plain refusal, whose body is `{"message": …}` in both versions."""
    return json_answer(status, {"message": message or MESSAGES.get(status, "Error")})


def refuse(status: int, message: str = "") -> Refused:
    return Refused(error(status, message))


def unauthorized(reason: str) -> Refused:
    return Refused(json_answer(401, {"message": "Unauthorized", "errors": [reason]}))


def unprocessable(*errors: str | dict[str, str]) -> Refused:
    """v3's 422: entries are sentences or objects with one key."""
    return Refused(json_answer(422, {"message": "Unprocessable Content", "errors": list(errors)}))


def invalid(*errors: tuple[str, str]) -> Refused:
    """v1's 422 for validation: field and sentence."""
    return Refused(json_answer(422, {"message": "Validation error", "errors": _fields(errors)}))


def with_error_id(status: int, message: str) -> Refused:
    """What the token endpoint's gateway says."""
    return Refused(json_answer(status, {"message": message, "errorId": f"err-{secrets.token_hex(8)}"}))


def oauth_error(status: int, name: str) -> Refused:
    return Refused(json_answer(status, {"error": name}))


def _fields(errors: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"message": sentence, "field": field} for field, sentence in errors]
