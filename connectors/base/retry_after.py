"""The `Retry-After` header: for how long a vendor asks us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds from now, None where the header is missing or cannot be read. It may be a number or an HTTP date (RFC
    9110).

    A date is read against the vendor's own `Date` where it is sent, so that a clock that is wrong on either side does
    not matter.
    """
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", said):
        return float(said)
    until = _moment(said)
    return None if until is None else max(0.0, until - (_moment(headers.get("date", "")) or now))


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
