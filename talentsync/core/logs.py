"""The last line of defence of the logs: masks what looks like a secret in any record, whoever wrote it.

It is not a licence to log secrets: it knows shapes, not values.
"""

from __future__ import annotations

import logging
import re
import traceback

MASK = "***"

_PATTERNS = (
    # Authorization: Bearer AQX…, and 'Authorization': 'Basic …' inside a printed dict
    re.compile(
        r"(?i)(?P<keep>\bauthorization\b[\"']?\s*[:=]\s*[\"']?(?:b[\"'])?)(?P<hide>[^\s\"',}]+(?:\s+[^\s\"',}]+)?)"
    ),
    # a scheme and its credential alone; "basic posting" is not one: a credential has a digit, a capital or a sign
    re.compile(r"(?P<keep>\b(?:[Bb]earer|[Bb]asic)\s+)(?P<hide>(?=\S*[A-Z0-9=/+_.~-]\S)[A-Za-z0-9\-._~+/%=]{6,})"),
    # form fields, query parameters, JSON and keyword arguments that carry a credential
    re.compile(
        r"(?i)(?P<keep>\b(?:access_token|refresh_token|client_secret|api_key|password|secret_key)\b"
        r"[\"']?\s*[:=]\s*[\"']?)(?P<hide>[^\s&\"',;}]+)"
    ),
    # LinkedIn's signed upload addresses, plain and percent-encoded: whoever has one may use it
    re.compile(r"(?i)(?P<keep>(?:/|%2f)ambry(?:/|%2f)?)(?P<hide>(?:\?|%3f)[^\s\"'<>]+)"),
    # credentials inside an address: postgres://user:password@host
    re.compile(r"(?P<keep>\b[a-z][a-z0-9+.\-]*://[^\s:/@]*:)(?P<hide>[^\s@/]+)(?=@)"),
)


def redact(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: found["keep"] + MASK, text)
    return text


class RedactingFilter(logging.Filter):
    """Put it on every handler. Masks the formatted message, so arguments of any type are covered, and the traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(_message(record)), None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(record.exc_text or "".join(traceback.format_exception(*record.exc_info)).rstrip())
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:
        return f"{record.msg} (its arguments do not fit and are left out)"
