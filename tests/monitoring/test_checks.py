"""Settings of alerts and numbers that cannot work are named before anything starts, and no message quotes one."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from talentsync.core.checks import SETTINGS

SECRET = "a-secret-of-more-than-sixteen"


def found() -> dict[str, str]:
    """Id and words of what is wrong."""
    return {message.id: str(message) for message in run_checks(tags=[SETTINGS]) if "monitoring" in message.id}


@pytest.mark.parametrize(
    ("settings_are", "expected"),
    [
        ({}, set()),
        ({"METRICS_TOKEN": "short"}, {"monitoring.E001"}),
        ({"METRICS_TOKEN": SECRET}, set()),
        ({"ALERT_EMAILS": ["duty@example.com"], "EMAIL_URL": ""}, {"monitoring.E002"}),
        ({"ALERT_EMAILS": ["duty@example.com"], "EMAIL_URL": "smtp://127.0.0.1:25"}, set()),
        ({"ALERT_WEBHOOK_URL": "http://chat.example/hook"}, {"monitoring.E003"}),
        ({"ALERT_WEBHOOK_URL": "https://user@chat.example/hook"}, {"monitoring.E003"}),
        ({"ALERT_WEBHOOK_URL": "chat.example/hook"}, {"monitoring.E003"}),
        ({"ALERT_WEBHOOK_URL": "https://chat.example/hook"}, set()),
        ({"ALERT_WEBHOOK_URL": "http://127.0.0.1:9000/hook"}, set()),
        ({"ALERT_WEBHOOK_URL": "https://chat.example/hook", "ALERT_WEBHOOK_SECRET": ""}, {"monitoring.E004"}),
        ({"ALERT_WEBHOOK_URL": "https://chat.example/hook", "ALERT_WEBHOOK_SECRET": "short"}, {"monitoring.E004"}),
    ],
)
def test_what_cannot_work_is_named(settings: object, settings_are: dict[str, object], expected: set[str]) -> None:
    settings.ALERT_WEBHOOK_SECRET = SECRET
    for name, value in settings_are.items():
        setattr(settings, name, value)
    assert found().keys() == expected
    for words in found().values():
        assert not {"short", "user", "chat.example", "duty"} & set(words.replace(":", " ").replace("/", " ").split())
