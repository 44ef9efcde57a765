"""The time at a simulated vendor: the real one, moved forward or standing still. It is kept, so a restart goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.base.simulation.exchange import Document
from connectors.base.simulation.store import Collection

DAY_SECONDS = 86_400


class VirtualClock:
    """Seconds since 1970 as the vendor sees them; it never runs backwards by our doing."""

    def __init__(self, kept: Collection, *, real: Callable[[], float] = time.time) -> None:
        self._kept = kept
        self._real = real

    def now(self) -> float:
        state = self._state()
        frozen_at = state["frozen_at"]
        return float(self._real() + state["offset"] if frozen_at is None else frozen_at)

    def milliseconds(self) -> int:
        return int(self.now() * 1000)

    def day(self) -> str:
        """The vendor's day in UTC, on which daily limits hang."""
        return datetime.fromtimestamp(self.now(), tz=UTC).date().isoformat()

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("a vendor's clock is only moved forward")
        state = self._state()
        if state["frozen_at"] is None:
            state["offset"] += seconds
        else:
            state["frozen_at"] += seconds
        self._kept.put("clock", state)

    def freeze(self) -> None:
        """Stand still; `advance` still moves it."""
        self._kept.put("clock", {"offset": 0.0, "frozen_at": self.now()})

    def thaw(self) -> None:
        """Run again from where it stood."""
        self._kept.put("clock", {"offset": self.now() - self._real(), "frozen_at": None})

    def _state(self) -> Document:
        return self._kept.get("clock") or {"offset": 0.0, "frozen_at": None}


def iso(seconds: float) -> str:
    """The moment as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(seconds, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
