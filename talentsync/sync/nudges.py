"""Nudges: messages that only say "look now". What is to be done stands in the database, so that a lost one costs one
sweep.
"""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from celery import current_app
from django.db import transaction

DELIVER = "sync.deliver"
START_RUN = "sync.start_run"
ERASE = "sync.erase"

LONG_SECONDS = 1.0
REST_SECONDS = 10.0
_rests_until = 0.0


def nudge_lanes(lane_ids: Iterable[int], *, in_seconds: float = 0) -> None:
    for lane_id in sorted(set(lane_ids)):
        nudge(DELIVER, lane_id, in_seconds=in_seconds)


def nudge_run(run_id: int, *, in_seconds: float = 0) -> None:
    nudge(START_RUN, run_id, in_seconds=in_seconds)


def nudge_erasure(run_id: int) -> None:
    nudge(ERASE, run_id)


def nudge(task: str, key: int, *, in_seconds: float = 0) -> None:
    """After the commit. `robust`: a dead broker must not turn a saved click into an error page."""
    transaction.on_commit(lambda: _send(task, key, in_seconds), robust=True)


def _send(task: str, key: int, in_seconds: float) -> None:
    """One that waited in vain for a silent broker spares the next ones the wait: a page may send many, and the sweep
    makes up for all of them (`end_rest`). A broker that refuses costs no time, and is asked each time.
    """
    global _rests_until
    began = monotonic()
    if began < _rests_until:
        return
    try:
        current_app.send_task(task, args=[key], countdown=in_seconds or None, retry=False)
    except Exception:
        if monotonic() - began >= LONG_SECONDS:
            _rests_until = monotonic() + REST_SECONDS
        raise


def end_rest() -> None:
    """For a sweep: it came by the broker, and what it does not say now would wait for the next one."""
    global _rests_until
    _rests_until = 0.0
