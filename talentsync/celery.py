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

app = Celery("talentsync")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def timetable(*, sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """What beat sends, and when. A message older than its interval is dropped: the next one does its work."""
    return {
        "sweep": every(sweep_seconds, task="sync.sweep"),
        "test connections": {"task": "sync.test_connections", "schedule": crontab(minute="7")},
        "probe held": {"task": "sync.probe_held", "schedule": crontab(minute="*/15")},
        "wake missed": {"task": "sync.wake_missed", "schedule": crontab(minute="25")},
        "let go": {"task": "sync.let_go", "schedule": crontab(minute="40")},
        "prune": {"task": "sync.prune", "schedule": crontab(hour="3", minute="30")},
        "sweep imports": every(sweep_seconds, task="imports.sweep"),
        "expire resumes": every(EXPIRY_SECONDS, task="resumes.expire"),
        "tidy files of resumes": {"task": "resumes.tidy", "schedule": crontab(minute="17")},
        "prune imports": {"task": "imports.prune", "schedule": crontab(hour="3", minute="40")},
    }


def every(seconds: int, *, task: str) -> dict[str, Any]:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.add_defaults(lambda: {"beat_schedule": timetable(sweep_seconds=settings.SWEEP_SECONDS)})


@celeryd_init.connect
def be_patient(conf: Any, **_: object) -> None:
    """Nobody waits for a worker's page: it knocks again, or ends where the broker goes away while it starts."""
    conf.broker_transport_options = {}


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """A receiver, even an empty one, keeps Celery from adding handlers of its own, which would not redact."""
