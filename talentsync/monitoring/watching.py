"""Keeping watch. Every process does it: worker, beat and each web process look every half minute whose turn it is.

So whoever is dead is noticed by whoever is left, and a broker that is away keeps nobody from being told: no message
and no task is needed.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import connection
from django.utils import timezone

from talentsync.core import starting
from talentsync.monitoring import alerts, census, tallies, telling, troubles
from talentsync.monitoring.models import Watch

logger = logging.getLogger(__name__)


def begin(**_: object) -> None:
    """Keep watch for as long as this process lives."""
    Thread(target=_watch_for_ever, name="watch", daemon=True).start()


def _watch_for_ever() -> None:
    """The first look comes late enough for the others to have started, too."""
    pause = Event()
    while not pause.wait(settings.WATCH_SECONDS):
        try:
            starting.end_with_wrong_keys()
            look(timezone.now())
        except Exception:
            # The last line: a watch that ends is noticed by nobody.
            logger.exception("a look was given up")
        connection.close()


def look(now: datetime) -> bool:
    """Count, note what is wrong, and tell who should know. False when it was somebody else's turn."""
    if not _take_turn(now):
        return False
    watch = Watch.objects.get(pk=Watch.THE_ONE)
    alerts.note(troubles.found(now), now)
    telling.tell(now)
    tallies.add(watch, now)
    census.take(watch, now)
    alerts.forget(now)
    return True


def _take_turn(now: datetime) -> bool:
    """One conditional update; its row count is the answer."""
    next_at = now + timedelta(seconds=settings.WATCH_SECONDS)
    if Watch.objects.filter(pk=Watch.THE_ONE, due_at__lte=now).update(due_at=next_at):
        return True
    if not Watch.objects.filter(pk=Watch.THE_ONE).exists():
        Watch.objects.bulk_create([Watch(due_at=next_at)], ignore_conflicts=True)
    return False
