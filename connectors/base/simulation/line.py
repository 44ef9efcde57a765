"""The line to a simulated vendor on which files travel: all of its connections share what it carries in a second."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Line:
    """`bytes_per_second` is asked for each file; None carries whatever comes, at once."""

    def __init__(
        self,
        bytes_per_second: Callable[[], float | None],
        *,
        now: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.bytes_per_second, self._now, self._wait = bytes_per_second, now, wait
        self._lock = threading.Lock()
        self._free_at = 0.0

    def opened(self) -> Callable[[int], None]:
        """For one file: what is told of each piece, and returns when the line has carried that many bytes more, after
        all that came before them.
        """
        rate = self.bytes_per_second()
        return (lambda size: self._carry(size, rate)) if rate else (lambda size: None)

    def _carry(self, size: int, rate: float) -> None:
        with self._lock:
            now = self._now()
            self._free_at = max(self._free_at, now) + size / rate
            left = self._free_at - now
        self._wait(left)
