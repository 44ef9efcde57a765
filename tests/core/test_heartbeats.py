"""Who is silent, since when, and what to type."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from talentsync.core import heartbeats
from talentsync.core.models import Heartbeat

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return [part.name for part in heartbeats.silent(NOW)]


def test_parts_that_were_never_seen_are_silent_and_say_what_to_type():
    worker, beat = heartbeats.silent(NOW)

    assert (worker.name, beat.name) == ("worker", "beat")
    assert worker.since is None
    assert "celery -A talentsync worker" in worker.command


def test_parts_that_were_seen_a_moment_ago_are_not_silent():
    heartbeats.beat("worker", now=NOW)
    heartbeats.beat("beat", now=NOW)

    assert names() == []


def test_one_missed_beat_is_not_yet_silence_but_four_are():
    heartbeats.beat("beat", now=NOW)
    heartbeats.beat("worker", now=NOW - timedelta(seconds=heartbeats.BEAT_SECONDS * 3))
    assert names() == []

    heartbeats.beat("worker", now=NOW - timedelta(seconds=heartbeats.BEAT_SECONDS * 4 + 1))
    assert names() == ["worker"]


def test_beating_again_moves_the_same_row():
    heartbeats.beat("worker", now=NOW - timedelta(days=1))
    heartbeats.beat("worker", now=NOW)

    assert Heartbeat.objects.get().seen_at == NOW
