"""The `Retry-After` header: for how long a vendor asks us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 24 * 3600.0  # no limit lasts longer; whoever is asked again too early says so again


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds from now, a day at most; None where the header is missing or cannot be read. It may be a number or an
    HTTP date (RFC 9110).

    A date is read against the vendor's own `Date` where it is sent, so that a clock that is wrong on either side does
    not matter.
    """
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", said):
        return min(float(said), LONGEST_SECONDS)
    until = _moment(said)
    if until is None:
        return None
    return min(max(0.0, until - (_moment(headers.get("date", "")) or now)), LONGEST_SECONDS)


def _moment(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
