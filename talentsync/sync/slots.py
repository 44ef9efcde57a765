"""How much long work may keep threads of one worker at a time, so that a person's click finds one free.

Long is what takes a whole visit and comes again: a lane with much to send, the start of a large request, an import. It
takes a slot for the visit. What finds none waits for its turn here, in memory, and not in the broker's queue, where a
click would wait behind it; whoever ends a visit goes on with the first one that waits. What is lost with the process is
found by the next sweep.

A file keeps a thread for as long as its bytes take, and so files have a limit of their own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from celery.worker import state as worker
from django.db import close_old_connections

from talentsync.sync import nudges
from talentsync.sync.models import Lane

logger = logging.getLogger(__name__)

Did = Mapping[str, int]
Visit = Callable[[], Did]

THREADS = 8  # of the Procfile's worker, until Celery has said how many there are


@dataclass(frozen=True)
class Work:
    """What a nudge names: a task and its primary key."""

    task: str
    key: int
    carries_files: bool = False


class Slots:
    """Safe from any thread. Who comes first is first; the same work is done once at a time."""

    def __init__(self, threads: int) -> None:
        self._lock = Lock()
        self._inside: set[Work] = set()
        self._waiting: dict[Work, Visit] = {}
        self.resize(threads)

    def resize(self, threads: int) -> None:
        """A quarter of the threads is left to clicks, and at least one that finds out what has to wait. A worker with a
        single thread has none to leave.
        """
        self.number = max(threads - max(threads // 4, 1), 1)
        self.of_files = max(threads // 2, 1)

    def take(self, work: Work, visit: Visit) -> bool:
        """Whether the work has a slot now; if not, it waits for one, once."""
        with self._lock:
            if not self._has_room(work):
                self._waiting.setdefault(work, visit)
                return False
            self._inside.add(work)
            return True

    def pass_on(self, work: Work) -> tuple[Work, Visit] | None:
        """Give the slot back. The first one that waits for it has it from now on, and must be passed on in turn. A
        worker that ends begins nothing more.
        """
        with self._lock:
            self._inside.discard(work)
            if _ends():
                return None
            first = next(filter(self._has_room, self._waiting), None)
            if first is None:
                return None
            self._inside.add(first)
            return first, self._waiting.pop(first)

    def left(self) -> list[Work]:
        """What waits in vain, because the worker ends; nothing waits afterwards."""
        with self._lock:
            if not _ends():
                return []
            works, self._waiting = list(self._waiting), {}
            return works

    def _has_room(self, work: Work) -> bool:
        if work in self._inside or len(self._inside) >= self.number:
            return False
        return not work.carries_files or sum(each.carries_files for each in self._inside) < self.of_files


of_this_worker = Slots(THREADS)


def worker_is_ready(sender: Any, **_: object) -> None:
    of_this_worker.resize(sender.controller.concurrency)


def _ends() -> bool:
    """Whether this worker was told to. Celery keeps the exit code, which may be 0."""
    codes: tuple[Any, ...] = (worker.should_stop, worker.should_terminate)
    return any(code is not None and code is not False for code in codes)


def of_lane(lane: Lane) -> Work:
    return Work(nudges.DELIVER, lane.pk, carries_files=lane.route.content is not None)


def in_turn(work: Work, visit: Visit) -> Did | None:
    """What the visit did; None where the work waits: then a thread of this worker makes the visit when it is its turn.

    A slot is handed on here and not by a message, which another worker might take while this one has work that waits.
    """
    slots = of_this_worker
    if not slots.take(work, visit):
        return None
    try:
        return visit()
    except Exception:
        _tell(work)  # Celery hears of it when there is nobody in line any more
        raise
    finally:
        while (following := slots.pass_on(work)) is not None:
            work, visit = following
            _make(work, visit)
        for each in slots.left():
            nudges.nudge(each.task, each.key)


def _make(work: Work, visit: Visit) -> None:
    """As Celery makes one that did not wait: what goes wrong is logged, and found by the next sweep."""
    try:
        close_old_connections()
        visit()
    except Exception:
        _tell(work)


def _tell(work: Work) -> None:
    logger.exception("%s of %d failed", work.task, work.key)
