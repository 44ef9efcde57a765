"""Moods: what a simulated vendor does out of the ordinary in its next matching calls. They queue and are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connectors.base.simulation.exchange import SimulatedAnswer, SimulatedRequest
from connectors.base.simulation.store import Collection

HTML = b"<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"
GARBLED = b'{"results": {"status": 2'
ENDLESS = b'{"padding": "' + b"x" * 4096
USUAL_PAUSE_SECONDS = 0.2

CALL_MOODS: dict[str, str] = {
    "status": "answer with this status (and message, code, retry_after, headers)",
    "html": "answer with an HTML page instead of JSON",
    "empty": "answer with an empty body",
    "garbled": "answer with JSON that breaks off",
    "endless": "answer with a body that never ends",
    "drip": "answer with a body that comes a byte at a time and never ends (seconds = pause; served door only)",
    "slow": "answer as usual, after a pause (seconds; served door only)",
    "hang_up": "close the connection without an answer",
    "stall": "keep the connection open and never answer",
}


@dataclass(frozen=True, kw_only=True)
class Mood:
    """One behaviour: for how many calls (`times`; none = until reset), at which endpoint, and what must match.

    `match` is an external id or a part of the title for moods about one record, and any text of the address or body for
    moods about a whole call. `applied` says that the vendor does the work before it misbehaves.
    """

    kind: str
    times: int | None = 1
    endpoint: str = ""
    method: str = ""
    match: str = ""
    applied: bool = False
    status: int = 0
    message: str = ""
    code: int | None = None
    retry_after: int | None = None
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def is_at(self, endpoint: str, method: str) -> bool:
        return self.endpoint in ("", endpoint) and self.method.upper() in ("", method)

    def fits(self, request: SimulatedRequest, *, endpoint: str, method: str) -> bool:
        return self.is_at(endpoint, method) and (not self.match or request.mentions(self.match))

    def replaced_answer(self) -> SimulatedAnswer | None:
        """The bare answer of a mood that needs no vendor's words."""
        headers = {"Content-Type": "application/json", **self.headers}
        if self.kind == "html":
            headers = {"Content-Type": "text/html; charset=utf-8", **self.headers}
            return SimulatedAnswer(status=self.status or 200, headers=headers, body=HTML)
        if self.kind == "empty":
            return SimulatedAnswer(status=self.status or 200, headers=headers)
        if self.kind == "garbled":
            return SimulatedAnswer(status=self.status or 200, headers=headers, body=GARBLED)
        if self.kind == "endless":
            return SimulatedAnswer(status=self.status or 200, headers=headers, body=ENDLESS, endless=True)
        if self.kind == "drip":
            pause = self.seconds or USUAL_PAUSE_SECONDS
            return SimulatedAnswer(status=200, headers=headers, body=b" ", endless=True, pause_seconds=pause)
        return None


class Moods:
    """The queue of moods of one vendor."""

    def __init__(self, kept: Collection, kinds: Mapping[str, str], *, endpoints: Sequence[str]) -> None:
        self._kept = kept
        self.kinds = dict(kinds)
        self.endpoints = tuple(endpoints)

    def add(self, mood: Mood) -> None:
        if mood.kind not in self.kinds:
            raise ValueError(f"no such mood: {mood.kind}; there are {', '.join(sorted(self.kinds))}")
        if mood.endpoint and mood.endpoint not in self.endpoints:
            raise ValueError(f"no such endpoint: {mood.endpoint}; there are {', '.join(self.endpoints)}")
        if mood.kind == "status" and not 200 <= mood.status <= 599:
            raise ValueError("say which status")
        place = max((int(key) for key, _ in self._waiting()), default=0) + 1
        self._kept.put(f"{place:08d}", asdict(mood))

    def waiting(self) -> list[Mood]:
        return [mood for _, mood in self._waiting()]

    def take(self, kinds: set[str], fits: Callable[[Mood], bool]) -> Mood | None:
        """The first waiting mood of these kinds that fits, used up by one."""
        for key, mood in self._waiting():
            if mood.kind in kinds and fits(mood):
                self._use(key, mood)
                return mood
        return None

    def clear(self) -> None:
        self._kept.clear()

    def _waiting(self) -> list[tuple[str, Mood]]:
        return [(key, Mood(**document)) for key, document in self._kept.through("99999999")]

    def _use(self, key: str, mood: Mood) -> None:
        if mood.times is None:
            return
        if mood.times <= 1:
            self._kept.delete(key)
        else:
            self._kept.put(key, asdict(replace(mood, times=mood.times - 1)))


def mood_from(values: Mapping[str, Any]) -> Mood:
    """A mood from loose JSON; raises ValueError with a sentence for a person."""
    try:
        return Mood(**values)
    except TypeError as error:
        raise ValueError(f"this is not a mood: {error}") from error
