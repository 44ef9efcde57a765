"""`manage.py` with the kill switch that the test asked for: `python -m tests.crash.command request_sync …`."""

from __future__ import annotations

import sys

import django
from django.core.management import execute_from_command_line

from talentsync.celery import app

if __name__ == "__main__":
    app.set_current()
    django.setup()

    from tests.crash import killing

    killing.arm()
    execute_from_command_line(sys.argv)
