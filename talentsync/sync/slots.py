"""How much long work may keep threads of one worker at a time, so that a person's click finds one free.

Long is what takes a whole visit and comes again: a lane with much to send, the start of a large request, an import. It
takes a slot for the visit. What finds none waits for its turn here, in memory, and not in the broker's queue, where a
click would wait behind it. What is lost with the process is found by the next sweep.

A file keeps a thread for as long as its bytes take, and so files have a limit of their own, and come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from talentsync.sync import nudges
from talentsync.sync.models import Lane

THREADS = 8  # of the Procfile's worker, until Celery has said how many there are


@dataclass(frozen=True)
class Work:
    """What a nudge names: a task and its primary key."""

    task: str
    key: int
    carries_files: bool = False


class Slots:
    """Safe from any thread. Who comes first is called first."""

    def __init__(self, threads: int) -> None:
        self._lock = Lock()
        self._taken: Counter[bool] = Counter()  # by whether they carry files
        self._waiting: dict[Work, None] = {}
        self.resize(threads)

    def resize(self, threads: int) -> None:
        """A quarter of the threads is left to clicks, and at least one that finds out what has to wait. A worker with a
        single thread has none to leave.
        """
        self.number = max(threads - max(threads // 4, 1), 1)
        self.of_files = max(threads // 2, 1)

    def take(self, work: Work) -> bool:
        """Whether the work has a slot now; if not, it waits for one."""
        with self._lock:
            if not self._has_room(work):
                self._waiting.setdefault(work)
                return False
            self._waiting.pop(work, None)
            self._taken[work.carries_files] += 1
            return True

    def give_back(self, work: Work) -> Work | None:
        """Whose turn it is now."""
        with self._lock:
            self._taken[work.carries_files] -= 1
            fitting = filter(self._has_room, self._waiting)
            first = min(fitting, key=lambda each: not each.carries_files, default=None)
            if first is not None:
                del self._waiting[first]
            return first

    def _has_room(self, work: Work) -> bool:
        if work.carries_files and self._taken[True] >= self.of_files:
            return False
        return self._taken.total() < self.number


of_this_worker = Slots(THREADS)


def worker_is_ready(sender: Any, **_: object) -> None:
    of_this_worker.resize(sender.controller.concurrency)


def of_lane(lane: Lane) -> Work:
    return Work(nudges.DELIVER, lane.pk, carries_files=lane.route.content is not None)


@contextmanager
def held(work: Work, *, needed: bool = True) -> Iterator[bool]:
    """Whether the work may be done in this block: it has a slot, or needs none. Else it is nudged once it is its
    turn.
    """
    if not needed:
        yield True
        return
    if not of_this_worker.take(work):
        yield False
        return
    try:
        yield True
    finally:
        if (first := of_this_worker.give_back(work)) is not None:
            nudges.nudge(first.task, first.key)
