"""Celery's doors: each task is a few lines that call the engine, takes primary keys, and returns counts only.

What has to wait for a slot ends with `Ignore`: no result is written down, so that a click does not wait for that.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from celery.exceptions import Ignore
from django.utils import timezone

from talentsync.core import known
from talentsync.sync import engine, erasing, housekeeping, nudges, pruning, runs, slots
from talentsync.sync.models import Lane, Run
from talentsync.sync.slots import Work

logger = logging.getLogger(__name__)

LETTING_GO = timedelta(minutes=1)  # in an hour
VISIT = timedelta(seconds=5)  # then somebody else's lane has its turn
SHORT_VISIT = timedelta(seconds=1)  # without a slot: on a thread that is kept free for the next click


@shared_task(name=nudges.DELIVER)
def deliver(lane_id: int) -> dict[str, int]:
    lane = Lane.objects.select_related("connection__customer").get(pk=lane_id)
    with slots.held(slots.of_lane(lane)) as has_slot, known.about(lane=str(lane), connection=lane.connection_id):
        if not (has_slot or engine.owes_a_click(lane)):
            raise Ignore
        visit = VISIT if has_slot else SHORT_VISIT
        did = engine.run(lane, until=timezone.now() + visit, clicks_alone=not has_slot)
    if did.more:
        nudges.nudge_lanes([lane_id])
    else:
        housekeeping.come_back(lane, timezone.now())
    return {"batches": did.batches, "records": did.records}


@shared_task(name=nudges.START_RUN)
def start_run(run_id: int) -> dict[str, bool]:
    run = Run.objects.get(pk=run_id)
    work, is_long = Work(nudges.START_RUN, run_id), not runs.is_a_click(run)
    with slots.held(work, needed=is_long) as is_its_turn, known.about(run=run_id):
        if not is_its_turn:
            raise Ignore
        over = runs.carry_on(run, until=timezone.now() + VISIT)
        logger.info("request %d: %s", run_id, "everything was asked for" if over else "it goes on")
    if not over:
        nudges.nudge_run(run_id)
    return {"started": over}


@shared_task(name=nudges.ERASE)
def erase(run_id: int) -> dict[str, bool]:
    run = Run.objects.get(pk=run_id)
    work, is_long = Work(nudges.ERASE, run_id), not runs.is_a_click(run)
    with slots.held(work, needed=is_long) as is_its_turn, known.about(run=run_id):
        if not is_its_turn:
            raise Ignore
        over = erasing.carry_on(run, until=timezone.now() + VISIT)
    if not over:
        nudges.nudge_erasure(run_id)
    return {"erased": over}


@shared_task(name="sync.sweep")
def sweep() -> dict[str, int]:
    nudges.end_rest()
    return housekeeping.sweep(timezone.now())


@shared_task(name="sync.test_connections")
def test_connections() -> dict[str, int]:
    return housekeeping.test_connections()


@shared_task(name="sync.probe_held")
def probe_held() -> dict[str, int]:
    return housekeeping.probe_held()


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
