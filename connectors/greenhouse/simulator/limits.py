"""Fixed windows in which simulated Harvest counts requests (greenhouse.md 1.3 and 2.4), and the headers that tell."""

from __future__ import annotations

import math

from connectors.base.simulation import Refused, World
from connectors.greenhouse.simulator.wire import error

TOKEN_WINDOW_SECONDS = 60  # 2.2


class Limits:
    """One window per version and caller; every request counts one, whatever its answer."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = world.collection("limits")

    def take(self, version: str, caller: str) -> None:
        """Count a request, or refuse it with 429."""
        limit, used = self._limit(version), self._used(version, caller)
        if used >= limit:
            refusal = error(429)
            wait = max(1, math.ceil(self._reset_at(version) - self._world.clock.now()))
            headers = {"Retry-After": str(wait), "X-RateLimit-Reset": str(self._reset_at(version))}
            raise Refused(refusal.with_headers(headers))
        self._kept.put(f"{version}|{caller}", {"window": self._window(version), "used": used + 1})

    def headers(self, version: str, caller: str) -> dict[str, str]:
        """v3 tells the end of the window on every answer; v1 only with a 429."""
        left = max(0, self._limit(version) - self._used(version, caller))
        told = {"X-RateLimit-Limit": str(self._limit(version)), "X-RateLimit-Remaining": str(left)}
        if version != "v1":
            told["X-RateLimit-Reset"] = str(self._reset_at(version))
        return told

    def _limit(self, version: str) -> int:
        return int(self._world.settings[f"{version}_limit"])

    def _seconds(self, version: str) -> int:
        return int(self._world.settings[f"{version}_window_seconds"])

    def _window(self, version: str) -> int:
        return int(self._world.clock.now() // self._seconds(version))

    def _reset_at(self, version: str) -> int:
        return (self._window(version) + 1) * self._seconds(version)

    def _used(self, version: str, caller: str) -> int:
        kept = self._kept.get(f"{version}|{caller}")
        return int(kept["used"]) if kept and kept["window"] == self._window(version) else 0
