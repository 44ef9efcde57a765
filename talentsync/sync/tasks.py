"""Celery's doors: each task is a few lines that call the engine, takes primary keys, and returns counts only.

What has to wait for a slot ends with `Ignore`: no result is written down, so that a click does not wait for that.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from celery import shared_task
from celery.exceptions import Ignore
from django.utils import timezone

from talentsync.core import known
from talentsync.sync import engine, erasing, housekeeping, nudges, pruning, runs, slots
from talentsync.sync.models import Lane, Run
from talentsync.sync.slots import Work

logger = logging.getLogger(__name__)

LETTING_GO = timedelta(minutes=1)  # in an hour
TESTING = timedelta(minutes=45)  # in an hour
PROBING = timedelta(minutes=10)  # in a quarter of one
VISIT = timedelta(seconds=5)  # then somebody else's lane has its turn
SHORT_VISIT = timedelta(seconds=1)  # without a slot: on a thread that is kept free for the next click


@shared_task(name=nudges.DELIVER)
def deliver(lane_id: int) -> slots.Did:
    lane = _lane(lane_id)
    did = slots.in_turn(slots.of_lane(lane), partial(_visit, lane_id, VISIT))
    if did is None and not engine.owes_a_click(lane):
        raise Ignore
    return did if did is not None else _visit(lane_id, SHORT_VISIT, clicks_alone=True)


def _visit(lane_id: int, lasts: timedelta, *, clicks_alone: bool = False) -> slots.Did:
    lane = _lane(lane_id)
    with known.about(lane=str(lane), connection=lane.connection_id):
        did = engine.run(lane, until=timezone.now() + lasts, clicks_alone=clicks_alone)
    kept_from_its_turn = clicks_alone and did.batches > 0  # by this visit, if that came just now
    if did.more or kept_from_its_turn:
        nudges.nudge_lanes([lane_id])
    else:
        housekeeping.come_back(lane, timezone.now())
    return {"batches": did.batches, "records": did.records}


def _lane(lane_id: int) -> Lane:
    return Lane.objects.select_related("connection__customer").get(pk=lane_id)


@shared_task(name=nudges.START_RUN)
def start_run(run_id: int) -> slots.Did:
    return _sooner_or_later(Work(nudges.START_RUN, run_id), partial(_start, run_id))


def _start(run_id: int) -> slots.Did:
    with known.about(run=run_id):
        over = runs.carry_on(Run.objects.get(pk=run_id), until=timezone.now() + VISIT)
        logger.info("request %d: %s", run_id, "everything was asked for" if over else "it goes on")
    if not over:
        nudges.nudge_run(run_id)
    return {"started": over}


@shared_task(name=nudges.ERASE)
def erase(run_id: int) -> slots.Did:
    return _sooner_or_later(Work(nudges.ERASE, run_id), partial(_erase, run_id))


def _erase(run_id: int) -> slots.Did:
    with known.about(run=run_id):
        over = erasing.carry_on(Run.objects.get(pk=run_id), until=timezone.now() + VISIT)
    if not over:
        nudges.nudge_erasure(run_id)
    return {"erased": over}


def _sooner_or_later(work: Work, visit: slots.Visit) -> slots.Did:
    """What is asked for by a click at once, and large requests in turn."""
    if runs.is_a_click(Run.objects.get(pk=work.key)):
        return visit()
    if (did := slots.in_turn(work, visit)) is None:
        raise Ignore
    return did


@shared_task(name="sync.sweep")
def sweep() -> dict[str, int]:
    nudges.end_rest()
    return housekeeping.sweep(timezone.now())


@shared_task(name="sync.test_connections")
def test_connections() -> dict[str, int]:
    return housekeeping.test_connections(until=timezone.now() + TESTING)


@shared_task(name="sync.probe_held")
def probe_held() -> dict[str, int]:
    return housekeeping.probe_held(until=timezone.now() + PROBING)


@shared_task(name="sync.let_go")
def let_go() -> dict[str, int]:
    now = timezone.now()
    return pruning.carry_on(now, until=now + LETTING_GO)


@shared_task(name="sync.wake_missed")
def wake_missed() -> dict[str, int]:
    return housekeeping.wake_missed(timezone.now())


@shared_task(name="sync.prune")
def prune() -> dict[str, int]:
    return housekeeping.prune(timezone.now())
