"""What simulated LinkedIn allows per application and endpoint: calls a day, records a minute and a day.

Days end at 00:00 UTC by the virtual clock. No Retry-After: none is documented (linkedin.md 8.3).
"""

from __future__ import annotations

from connectors.base.simulation import World
from connectors.linkedin.simulator.wire import CODE_THROTTLED, refuse


class Throttle:
    """Counts, and refuses with 429 what goes beyond; what it refuses is not counted as records."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = world.collection("throttle")

    def count_call(self, client_id: str, endpoint: str) -> None:
        limit = self._world.settings["calls_per_day"].get(endpoint)
        self._count(f"{client_id}|{endpoint}|calls", self._world.clock.day(), 1, limit, "DAY")

    def count_records(self, client_id: str, endpoint: str, n_records: int) -> None:
        settings, clock = self._world.settings, self._world.clock
        key, minute = f"{client_id}|{endpoint}", str(int(clock.now() // 60))
        self._count(f"{key}|minute", minute, n_records, settings["records_per_minute"].get(endpoint), "MINUTE")
        self._count(f"{key}|day", clock.day(), n_records, settings["records_per_day"].get(endpoint), "DAY")

    def _count(self, key: str, window: str, units: int, limit: int | None, span: str) -> None:
        kept = self._kept.get(key)
        used = kept["used"] if kept and kept["window"] == window else 0
        if limit is not None and used + units > limit:
            text = f"Resource level throttle APPLICATION {span} limit for calls to this resource is reached."
            raise refuse(429, text, code=CODE_THROTTLED)
        self._kept.put(key, {"window": window, "used": used + units})
