"""Celery's doors to imports: primary keys in, counts out."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from talentsync.imports import nudges, services

VISIT = timedelta(seconds=5)  # then somebody else's work has its turn


@shared_task(name=nudges.CARRY_ON)
def carry_on(import_id: int) -> dict[str, bool]:
    return {"over": services.visit(import_id, until=timezone.now() + VISIT)}


@shared_task(name="imports.sweep")
def sweep() -> dict[str, int]:
    return services.sweep(timezone.now())


@shared_task(name="imports.prune")
def prune() -> dict[str, int]:
    return services.prune(timezone.now())
