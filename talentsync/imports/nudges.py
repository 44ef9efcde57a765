"""The message that says "go on with this import". A lost one costs a sweep."""

from __future__ import annotations

from celery import current_app
from django.db import transaction

CARRY_ON = "imports.carry_on"


def nudge(import_id: int) -> None:
    transaction.on_commit(lambda: current_app.send_task(CARRY_ON, args=[import_id], retry=False), robust=True)
