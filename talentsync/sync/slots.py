"""How many lanes of files may travel through one worker at a time: half of its threads, so that a click finds one free.

A file keeps a thread for as long as its bytes take. A lane that finds no slot waits its turn here, in memory: what is
lost with the process is found by the next sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from talentsync.sync import nudges
from talentsync.sync.models import Lane

THREADS = 8  # of the Procfile's worker, until Celery has said how many there are


class Slots:
    """Safe from any thread. Who comes first is called first."""

    def __init__(self, threads: int) -> None:
        self._lock = Lock()
        self._taken = 0
        self._waiting: dict[int, None] = {}
        self.resize(threads)

    def resize(self, threads: int) -> None:
        self.number = max(threads // 2, 1)

    def take(self, lane_id: int) -> bool:
        """Whether the lane has a slot now; if not, it waits for one."""
        with self._lock:
            if self._taken >= self.number:
                self._waiting.setdefault(lane_id)
                return False
            self._waiting.pop(lane_id, None)
            self._taken += 1
            return True

    def give_back(self) -> int | None:
        """The lane whose turn it is now."""
        with self._lock:
            self._taken -= 1
            first = next(iter(self._waiting), None)
            if first is not None:
                del self._waiting[first]
            return first


of_this_worker = Slots(THREADS)


def worker_is_ready(sender: Any, **_: object) -> None:
    of_this_worker.resize(sender.controller.concurrency)


@contextmanager
def held(lane: Lane) -> Iterator[bool]:
    """Whether the lane may be visited in this block. A lane that sends no files always may."""
    if lane.route.content is None:
        yield True
        return
    if not of_this_worker.take(lane.pk):
        yield False
        return
    try:
        yield True
    finally:
        if (first := of_this_worker.give_back()) is not None:
            nudges.nudge_lanes([first])
