"""The Celery application and its timetable. Tasks live in the apps; the timetable names them by string."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import celeryd_init, setup_logging
from django.conf import settings

from talentsync import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentsync.settings")
broker.register()

EXPIRY_SECONDS = 60
QUARTER, HOUR, DAY = 15 * 60, 60 * 60, 24 * 60 * 60  # seconds

app = Celery("talentsync")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def timetable(*, sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """What beat sends, and when. A message older than its interval is dropped: the next one does its work."""
    return {
        "sweep": every(sweep_seconds, task="sync.sweep"),
        "test connections": at(crontab(minute="7"), HOUR, task="sync.test_connections"),
        "probe held": at(crontab(minute="*/15"), QUARTER, task="sync.probe_held"),
        "wake missed": at(crontab(minute="25"), HOUR, task="sync.wake_missed"),
        "let go": at(crontab(minute="40"), HOUR, task="sync.let_go"),
        "prune": at(crontab(hour="3", minute="30"), DAY, task="sync.prune"),
        "sweep imports": every(sweep_seconds, task="imports.sweep"),
        "expire resumes": every(EXPIRY_SECONDS, task="resumes.expire"),
        "tidy files of resumes": at(crontab(minute="17"), HOUR, task="resumes.tidy"),
        "prune imports": at(crontab(hour="3", minute="40"), DAY, task="imports.prune"),
    }


def every(seconds: int, *, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


def at(times: crontab, interval: int, *, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": times, "options": {"expires": interval}}


app.add_defaults(lambda: {"beat_schedule": timetable(sweep_seconds=settings.SWEEP_SECONDS)})


@celeryd_init.connect
def be_patient(conf: Any, **_: object) -> None:
    """Nobody waits for a worker's page: it knocks again, or ends where the broker goes away while it starts."""
    conf.broker_transport_options = {}


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """A receiver, even an empty one, keeps Celery from adding handlers of its own, which would not redact."""
