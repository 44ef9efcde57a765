"""Which parts of the service are alive, and what to type when one is not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentsync.core.models import Heartbeat

logger = logging.getLogger(__name__)

WORKER = "worker"
BEAT = "beat"
PARTS = (WORKER, BEAT)
BEAT_SECONDS = 15
MISSED_BEATS = 4  # one lost message and one slow batch are not yet a dead worker

_COMMANDS = {
    WORKER: "celery -A talentsync worker -P threads -c 8",
    BEAT: "celery -A talentsync beat -s var/beat.db",
}
_WORDS = {
    WORKER: _("No worker is running: what people ask for waits and is not sent."),
    BEAT: _("The clock (beat) is not running: nothing is tried again, and nothing is checked."),
}


@dataclass(frozen=True, kw_only=True)
class SilentPart:
    """A part that has not been seen for too long, or never (`since` is None)."""

    name: str
    since: datetime | None
    words: str | Promise
    command: str


def words(name: str) -> str | Promise:
    """What it means that this part is not running."""
    return _WORDS[name]


def beat(name: str, *, now: datetime | None = None) -> None:
    """Write down that `name` is alive. Safe from any thread or process, and as often as one likes."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=now or timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at"],
    )


def beat_lives(**_: object) -> None:
    """Beat has started. It writes its own heartbeat: a task would need a worker as well."""
    keep_beating(BEAT)


def worker_lives(**_: object) -> None:
    keep_beating(WORKER)


def keep_beating(name: str) -> None:
    """Beat now and every `BEAT_SECONDS` for as long as this process lives. A database that is away costs one beat."""
    Thread(target=_beat_for_ever, args=[name], name=f"heartbeat of {name}", daemon=True).start()


def _beat_for_ever(name: str) -> None:
    pause = Event()
    while not pause.is_set():
        try:
            beat(name)
        except DatabaseError:
            logger.warning("the heartbeat of %s could not be written", name)
        connection.close()
        pause.wait(BEAT_SECONDS)


def silent(now: datetime) -> Sequence[SilentPart]:
    """The parts that were not seen for `MISSED_BEATS` beats."""
    seen = dict(Heartbeat.objects.values_list("name", "seen_at"))
    limit = now - timedelta(seconds=BEAT_SECONDS * MISSED_BEATS)
    return [
        SilentPart(name=name, since=seen.get(name), words=_WORDS[name], command=_COMMANDS[name])
        for name in PARTS
        if name not in seen or seen[name] < limit
    ]
