"""Whatever starts without `manage.py` looks at the settings and the keys first: web, worker and beat.

`manage.py` runs all of Django's checks before a command. gunicorn runs none, and Celery does not heed what they say.
"""

from __future__ import annotations

import logging
import os
import signal

from django.core.checks import Error, run_checks
from django.db import connection

from talentsync.core import keys
from talentsync.core.checks import SETTINGS

logger = logging.getLogger(__name__)

FAILED_TO_BOOT = 3  # with any other code gunicorn starts its workers again for ever


def refuse_to_start() -> None:
    """End this process where the settings cannot work, or its keys do not fit: it would fail at every old value, and
    write what others cannot read.
    """
    found = [message for message in run_checks(tags=[SETTINGS]) if message.is_serious() and not message.is_silenced()]
    if not found and keys.are_wrong():
        found = [Error(keys.WORDS, hint=keys.HINT, id="core.E003")]
    connection.close()
    for message in found:
        logger.critical("%s", message)
    if found:
        raise SystemExit(FAILED_TO_BOOT)


def end_with_wrong_keys() -> None:
    """The same for a process that began while the database was away. It is told to end as by its operator, and whoever
    starts it again meets `refuse_to_start`.
    """
    if keys.are_wrong():
        logger.critical("%s %s", keys.WORDS, keys.HINT)
        os.kill(os.getpid(), signal.SIGTERM)


def worker_or_beat_starts(**_: object) -> None:
    """Celery logs what a receiver raises and goes on, except for the request to end."""
    try:
        refuse_to_start()
    except Exception:
        logger.exception("what must be true before the start could not be looked at")
        raise SystemExit(FAILED_TO_BOOT) from None
