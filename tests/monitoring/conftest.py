"""A customer at both vendors in practice, and receivers of alerts on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from talentsync.core import heartbeats
from tests.monitoring import mail_server, webhook_server
from tests.sync.conftest import (  # noqa: F401  (fixtures)
    acme,
    at_greenhouse,
    at_linkedin,
    greenhouse,
    linkedin,
    ticking,
    unmounted,
)

WEBHOOK_SECRET = "a-secret-of-the-receiver"


@pytest.fixture
def alive(db: None) -> None:
    """Worker and beat were seen a moment ago."""
    heartbeats.beat("worker")
    heartbeats.beat("beat")


@pytest.fixture
def mailbox(settings: object) -> Iterator[mail_server.Mailbox]:
    """What the settings say of a mail server, as EMAIL_URL does."""
    with mail_server.served() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        settings.ALERT_EMAILS, settings.ALERT_FROM = ["duty@example.com"], "talentsync@example.com"
        yield mailbox


@pytest.fixture
def webhook(settings: object) -> Iterator[webhook_server.Receiver]:
    with webhook_server.served() as receiver:
        settings.ALERT_WEBHOOK_URL = f"http://127.0.0.1:{receiver.port}/services/T0/B0/path-is-secret?key=secret"
        settings.ALERT_WEBHOOK_SECRET = WEBHOOK_SECRET
        yield receiver
