"""System checks of the house: what must be true of the settings before anything starts. Each id stands once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from talentsync.core.checks import SETTINGS

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHORTEST_HASH_KEY = 32  # characters; an HMAC-SHA256 key of fewer bits than its hash is the weaker part
VENDOR_URLS = ("LINKEDIN_API_URL", "LINKEDIN_AUTH_URL", "GREENHOUSE_API_URL", "GREENHOUSE_AUTH_URL")


@register(SETTINGS)
def check_clocks(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """A call must end before its lease does, or two workers could send the same records."""
    clocks = (settings.CONNECT_TIMEOUT_SECONDS, settings.WALL_DEADLINE_SECONDS, settings.LEASE_SECONDS)
    if clocks[0] < clocks[1] < clocks[2]:
        return []
    hint = "CONNECT_TIMEOUT_SECONDS < WALL_DEADLINE_SECONDS < LEASE_SECONDS must hold."
    return [Error(f"The clocks do not nest: {clocks}.", hint=hint, id="talentsync.E001")]


@register(SETTINGS)
def check_keys(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """The keys of the encrypted columns are checked by the app that has those columns."""
    return list(key_errors())


def key_errors() -> Iterator[Error]:
    hint = "Run bin/run once: it writes .env with random keys. Or set it in the environment (see .env.example)."
    if not has_secret_key():
        yield Error("SECRET_KEY is not set.", hint=hint, id="talentsync.E002")
    if len(settings.ERASURE_HASH_KEY) < SHORTEST_HASH_KEY:
        text = f"ERASURE_HASH_KEY is not set, or shorter than {SHORTEST_HASH_KEY} characters."
        yield Error(text, hint=hint, id="talentsync.E003")


def has_secret_key() -> bool:
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's own answer to an empty key
        return False


@register(SETTINGS)
def check_addresses(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """Vendors by https, or plain http to this machine; the simulators on this machine only."""
    odd = [name for name in VENDOR_URLS if not (is_https(name) or is_loopback(name))]
    errors = [Error(f"{name} must be an https address.", id="talentsync.E004") for name in odd]
    if not is_loopback("SIMULATOR_URL"):
        errors.append(Error("SIMULATOR_URL must be an http address on this machine.", id="talentsync.E005"))
    return errors


@register(SETTINGS)
def check_headroom(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    if 0 <= settings.DAILY_LIMIT_HEADROOM_PERCENT < 100:
        return []
    hint = "With 100 nothing would ever be sent."
    return [Error("DAILY_LIMIT_HEADROOM_PERCENT must be between 0 and 99.", hint=hint, id="talentsync.E006")]


LEAST: Mapping[str, int] = {
    "SWEEP_SECONDS": 1,
    "UNDO_SECONDS": 0,
    "LINKEDIN_TASK_FIRST_POLL_SECONDS": 0,
    "EXCHANGE_RETENTION_DAYS": 1,
    "REQUEST_RETENTION_DAYS": 0,
    "AUDIT_RETENTION_DAYS": 0,
    "ERASURE_LOCAL_AFTER_DAYS": 0,
}
"""A sweep of 0 s is dropped before it is read, and what is kept for -1 days goes before it has come."""


@register(SETTINGS)
def check_numbers(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    return [
        Error(f"{name} must be {least} or more.", id="talentsync.E009")
        for name, least in LEAST.items()
        if getattr(settings, name) < least
    ]


@register(SETTINGS)
def check_log_format(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    if settings.LOG_FORMAT in ("text", "json"):
        return []
    return [Error("LOG_FORMAT must be text or json.", id="talentsync.E008")]


@register(SETTINGS)
def check_proxies(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    hint = "Addresses or networks, separated by commas: 10.0.0.7, or 10.0.0.0/24."
    odd = [each for each in settings.TRUSTED_PROXIES if not is_network(each)]
    return [
        Error(f"TRUSTED_PROXIES: {each} is no address and no network.", hint=hint, id="talentsync.E007") for each in odd
    ]


def is_network(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


def is_https(name: str) -> bool:
    parts = urlsplit(getattr(settings, name))
    return parts.scheme == "https" and bool(parts.hostname)


def is_loopback(name: str) -> bool:
    parts = urlsplit(getattr(settings, name))
    return parts.scheme == "http" and parts.hostname in LOOPBACK
