"""System checks of what is told to other programs and people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error

from connectors.base.transport import is_loopback

SHORTEST = 16  # characters of a secret that others must not guess


def check_metrics(app_configs: object, **_: Any) -> list[CheckMessage]:
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= SHORTEST:
        return []
    return [Error(f"METRICS_TOKEN is shorter than {SHORTEST} characters.", id="monitoring.E001")]


def check_receivers(app_configs: object, **_: Any) -> list[CheckMessage]:
    return list(_receiver_errors())


def _receiver_errors() -> Iterator[Error]:
    if settings.ALERT_EMAILS and not settings.EMAIL_URL:
        yield Error("ALERT_EMAILS is set, and EMAIL_URL is not: no mail can be sent.", id="monitoring.E002")
    if not settings.ALERT_WEBHOOK_URL:
        return
    address = urlsplit(settings.ALERT_WEBHOOK_URL)
    is_here = address.scheme == "http" and is_loopback(address.hostname or "")
    if not address.hostname or address.username or not (address.scheme == "https" or is_here):
        text = "ALERT_WEBHOOK_URL must be an https address without a user, or an http address on this machine."
        yield Error(text, id="monitoring.E003")
    if len(settings.ALERT_WEBHOOK_SECRET) < SHORTEST:
        text = f"ALERT_WEBHOOK_SECRET is not set, or shorter than {SHORTEST} characters."
        yield Error(text, hint="By it the receiver knows that an alert is ours.", id="monitoring.E004")
