"""The call log of a simulated vendor: what came in and how it was answered, without secrets, in memory only."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Enough for the longest test; a demonstration shows the last twenty.
KEPT_CALLS = 20_000
SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization"}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call: `endpoint` is the vendor's resource, `method` what was meant, `override` what tunneling said.

    `status` is 0 when the vendor gave no answer; `sent` is the parsed body (never of a token call).
    """

    at: float
    endpoint: str
    method: str
    path: str
    override: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    records: int = 0
    mood: str = ""
    sent: Any = None


class CallLog:
    """The newest calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def all(self) -> list[Call]:
        return list(self._calls)

    def clear(self) -> None:
        self._calls.clear()


def without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items() if name.lower() not in SECRET_HEADERS}
