"""Who keeps watch: whoever lives. Each process alone notices that the others are silent, and tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from talentsync.monitoring import watching
from talentsync.monitoring.models import Receiver, Watch
from tests.crash.conftest import migrated, place, world  # noqa: F401  (fixtures)
from tests.crash.world import World
from tests.monitoring.webhook_server import Receiver as Chat
from tests.sync import driving


@pytest.mark.django_db
def test_one_looks_at_a_time_and_the_next_when_it_is_time() -> None:
    assert not watching.look(timezone.now())  # the row is made, and all others may have started by the first look
    assert Watch.objects.count() == 1
    driving.clock.shift(timedelta(seconds=31))
    assert watching.look(timezone.now())
    assert not watching.look(timezone.now())
    driving.clock.shift(timedelta(seconds=31))
    assert watching.look(timezone.now())


SILENT = {"worker": "No worker is running", "beat": "The clock (beat) is not running"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("alive", "noticed"), [("worker", {"beat"}), ("beat", {"worker"}), ("web", {"worker", "beat"})]
)
def test_whoever_lives_tells_of_who_does_not(
    world: World,  # noqa: F811
    webhook: Chat,
    settings: object,
    alive: str,
    noticed: set[str],
) -> None:
    world.environ |= {
        "TEST_WATCH_SECONDS": "0.5",
        "ALERT_WEBHOOK_URL": settings.ALERT_WEBHOOK_URL,
        "ALERT_WEBHOOK_SECRET": settings.ALERT_WEBHOOK_SECRET,
    }
    world.run(alive)
    world.until(lambda: bool(webhook.posts), "the receiver is told")
    world.until(lambda: Receiver.objects.filter(told_upto__gt=0).exists(), "it is written down")
    text = "\n".join(post.text for post in webhook.posts)
    assert {part for part, words in SILENT.items() if words in text} == noticed
    assert len(webhook.posts) == 1
