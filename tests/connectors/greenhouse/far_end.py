"""A far end that says word for word what a test tells it to, for what the simulator would never say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connectors.base.simulation import SimulatedAnswer, json_answer
from connectors.base.tokens import FixedToken
from connectors.base.transport import Arrived, FunctionAdapter, Transport
from connectors.greenhouse.client import GreenhouseClient

URL = "https://harvest.example.com"
Said = SimulatedAnswer | Exception | Callable[[Arrived], Any]


class FarEnd:
    """Gives its answers in order, one per request, and keeps the requests."""

    def __init__(self, *answers: Said) -> None:
        self._answers = list(answers)
        self.requests: list[Arrived] = []

    @property
    def paths(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.requests]

    def handle(self, arrived: Arrived) -> Any:
        self.requests.append(arrived)
        assert self._answers, f"not expected: {arrived.method} {arrived.path}"
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer(arrived) if callable(answer) else answer

    def transport(self, url: str = URL) -> Transport:
        return Transport(url, adapter=FunctionAdapter(url, self.handle))

    def client(self, **options: Any) -> GreenhouseClient:
        defaults: dict[str, Any] = {"api": "v3", "acting_user_id": "4410027", "tokens": FixedToken("a-token")}
        return GreenhouseClient(transport=self.transport(), **{**defaults, **options})


def said(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> SimulatedAnswer:
    return json_answer(status, content, headers=headers)


def bare(status: int, body: bytes = b"", **headers: str) -> SimulatedAnswer:
    """An answer that is not JSON."""
    return SimulatedAnswer(status=status, headers=headers, body=body)


def job_row(job_id: int = 71002, **changes: Any) -> dict[str, Any]:
    """A job with the fields that both versions show."""
    row = {
        "id": job_id,
        "name": "Baker",
        "requisition_id": "R-1",
        "status": "open",
        "opened_at": "2026-11-01T08:00:00Z",
        "closed_at": None,
        "confidential": False,
        "created_at": "2026-11-01T08:00:00.000Z",
        "updated_at": "2026-11-01T08:00:00.000Z",
    }
    return {**row, **changes}


def opening_row(opening_id: int, *, job_id: int = 71002, is_open: bool = True, **changes: Any) -> dict[str, Any]:
    """An opening as v3 shows it."""
    row = {
        "id": opening_id,
        "job_id": job_id,
        "opening_id": None,
        "open": is_open,
        "opened_at": "2026-11-01T08:00:00Z",
        "closed_at": None if is_open else "2026-11-02T08:00:00.985Z",
        "close_reason_id": None,
        "application_id": None,
    }
    return {**row, **changes}
