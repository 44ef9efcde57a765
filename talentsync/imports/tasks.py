"""Celery's doors to imports: primary keys in, counts out."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from celery import shared_task
from celery.exceptions import Ignore
from django.utils import timezone

from talentsync.imports import nudges, services
from talentsync.sync import slots
from talentsync.sync.nudges import end_rest
from talentsync.sync.slots import Work

VISIT = timedelta(seconds=5)  # then somebody else's work has its turn


@shared_task(name=nudges.CARRY_ON)
def carry_on(import_id: int) -> slots.Did:
    did = slots.in_turn(Work(nudges.CARRY_ON, import_id), partial(_visit, import_id))
    if did is None:
        raise Ignore
    return did


def _visit(import_id: int) -> slots.Did:
    return {"over": services.visit(import_id, until=timezone.now() + VISIT)}


@shared_task(name="imports.sweep")
def sweep() -> dict[str, int]:
    end_rest()
    return services.sweep(timezone.now())


@shared_task(name="imports.prune")
def prune() -> dict[str, int]:
    return services.prune(timezone.now())
