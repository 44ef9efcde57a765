"""Whether everything is there that TalentSync needs to do its work. Says of each part a word, and never why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from celery import current_app
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from talentsync.core import heartbeats

OK = "ok"
BROKER_SECONDS = 2  # whoever asks waits for the answer


def parts(now: datetime) -> Mapping[str, str]:
    """Every part and how it is; all is well where each is `OK`."""
    found = {"database": _database()}
    found["broker"] = _broker()
    if found["database"] != OK:
        return found | dict.fromkeys(("migrations", *heartbeats.PARTS), "unknown")
    found["migrations"] = _migrations()
    if found["migrations"] != OK:
        return found | dict.fromkeys(heartbeats.PARTS, "unknown")
    silent = {part.name for part in heartbeats.silent(now)}
    return found | {name: "silent" if name in silent else OK for name in heartbeats.PARTS}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return OK


def _broker() -> str:
    """A connection is opened, and a channel, because Redis is not spoken to before that."""
    try:
        with current_app.connection_for_write() as broker:
            broker.connect_timeout = BROKER_SECONDS
            if broker.transport_cls.startswith("redis"):
                waits = {"socket_connect_timeout": BROKER_SECONDS, "socket_timeout": BROKER_SECONDS}
                broker.transport_options = {**(broker.transport_options or {}), **waits}
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_SECONDS)
            broker.channel()
    except Exception:  # each broker's library has errors of its own
        return "unreachable"
    return OK


def _migrations() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error:
        return "unreachable"
    missing = len(_on_disk() - applied.keys())
    return f"{missing} not applied" if missing else OK


@cache
def _on_disk() -> frozenset[tuple[str, str]]:
    """What this code needs; it does not change while the process lives."""
    loader = MigrationLoader(None)
    replaced = {name for migration in loader.disk_migrations.values() for name in migration.replaces}
    return frozenset(loader.disk_migrations.keys() - replaced)
