"""Lets go of what is old: tries with request and answer, the vendors' tasks, what our own returned, requests with their
records, audit events.

In steps of a thousand rows, each a transaction of its own, so that nobody waits for it long; what a visit does not come
to, the next one does. What is erased of a person goes by another way (`erasing`), and at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_celery_results.models import TaskResult

from talentsync.core.models import AuditEvent
from talentsync.sync.models import Attempt, AttemptItem, Erasure, RemoteTask, Run, RunItem
from talentsync.sync.states import UNFINISHED

STEP = 1_000  # rows
RESULTS_KEPT = timedelta(days=7)
OVER = (Run.State.DONE, Run.State.UNDONE, Run.State.CANCELLED)


def carry_on(now: datetime, *, until: datetime) -> dict[str, int]:
    """Delete step by step until the time is over; how many rows of each went."""
    gone = dict.fromkeys(PARTS, 0)
    for name, part in PARTS.items():
        while timezone.now() < until and (number := part(now)):
            gone[name] += number
    return gone


def _tries(now: datetime) -> int:
    """Their records first, of which a try has a hundred."""
    old = Attempt.objects.filter(at__lt=now - timedelta(days=settings.EXCHANGE_RETENTION_DAYS))
    keys = _first(old.order_by("at"), STEP // 100)
    AttemptItem.objects.filter(attempt__in=keys).delete()
    return _delete(Attempt.objects.filter(pk__in=keys))


def _tasks(now: datetime) -> int:
    """The vendors', but for what is still asked about. They are numbered as they were made: where the first ones are
    young nothing else is read.
    """
    before = now - timedelta(days=settings.EXCHANGE_RETENTION_DAYS)
    over = RemoteTask.objects.exclude(delivery__state__in=UNFINISHED).order_by("pk")
    first = over.values_list("pk", "created_at")[:STEP]
    return _delete(RemoteTask.objects.filter(pk__in=[pk for pk, made_at in first if made_at < before]))


def _results(now: datetime) -> int:
    return _step(TaskResult.objects.filter(date_done__lt=now - RESULTS_KEPT))


def _items_of_requests(now: datetime) -> int:
    return _step(RunItem.objects.filter(run__in=_requests_before(now).values("pk")))


def _requests(now: datetime) -> int:
    """Once their records are gone. A receipt stays with its request for ever."""
    return _step(_requests_before(now).filter(~Exists(RunItem.objects.filter(run=OuterRef("pk")))))


def _requests_before(now: datetime) -> QuerySet[Run]:
    if not settings.REQUEST_RETENTION_DAYS:
        return Run.objects.none()
    old = Run.objects.filter(created_at__lt=now - timedelta(days=settings.REQUEST_RETENTION_DAYS), state__in=OVER)
    return old.filter(~Exists(Erasure.objects.filter(run=OuterRef("pk"))))


def _events(now: datetime) -> int:
    if not settings.AUDIT_RETENTION_DAYS:
        return 0
    old = AuditEvent.objects.filter(at__lt=now - timedelta(days=settings.AUDIT_RETENTION_DAYS))
    return AuditEvent.objects.filter(pk__in=_first(old.order_by("at"), STEP)).forget()


PARTS: Mapping[str, Callable[[datetime], int]] = {
    "tries": _tries,
    "tasks": _tasks,
    "results": _results,
    "items": _items_of_requests,
    "requests": _requests,
    "events": _events,
}


def _step(rows: QuerySet[Any]) -> int:
    return _delete(rows.model._default_manager.filter(pk__in=_first(rows.order_by("pk"), STEP)))


def _first(rows: QuerySet[Any], number: int) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:number])


def _delete(rows: QuerySet[Any]) -> int:
    """How many of these rows went, without what went along."""
    _, by_model = rows.delete()
    return by_model.get(rows.model._meta.label, 0)
