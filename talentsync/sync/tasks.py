"""Celery's doors: each task is a few lines that call the engine, takes primary keys, and returns counts only."""

from __future__ import annotations

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from talentsync.core import known
from talentsync.sync import engine, erasing, housekeeping, nudges, pruning, runs, slots
from talentsync.sync.models import Lane, Run

logger = logging.getLogger(__name__)

LETTING_GO = timedelta(minutes=1)  # in an hour
VISIT = timedelta(seconds=5)  # then somebody else's lane has its turn


@shared_task(name=nudges.DELIVER)
def deliver(lane_id: int) -> dict[str, int]:
    lane = Lane.objects.select_related("connection__customer").get(pk=lane_id)
    with slots.held(lane) as is_free, known.about(lane=str(lane), connection=lane.connection_id):
        if not is_free:
            return {"batches": 0, "records": 0}
        did = engine.run(lane, until=timezone.now() + VISIT)
    if did.more:
        nudges.nudge_lanes([lane_id])
    else:
        housekeeping.come_back(lane, timezone.now())
    return {"batches": did.batches, "records": did.records}


@shared_task(name=nudges.START_RUN)
def start_run(run_id: int) -> dict[str, bool]:
    with known.about(run=run_id):
        over = runs.carry_on(Run.objects.get(pk=run_id), until=timezone.now() + VISIT)
        logger.info("request %d: %s", run_id, "everything was asked for" if over else "it goes on")
    if not over:
        nudges.nudge_run(run_id)
    return {"started": over}


@shared_task(name=nudges.ERASE)
def erase(run_id: int) -> dict[str, bool]:
    with known.about(run=run_id):
        over = erasing.carry_on(Run.objects.get(pk=run_id), until=timezone.now() + VISIT)
    if not over:
        nudges.nudge_erasure(run_id)
    return {"erased": over}


@shared_task(name="sync.sweep")
def sweep() -> dict[str, int]:
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
