"""What is checked before anything starts: that the keys of the encrypted columns are there and are keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

SETTINGS = "settings"
"""The tag of each check of ours that asks the settings alone. Every process runs them before it begins."""

_HINT = (
    "Make one with: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())' "
    "and put it first in FIELD_ENCRYPTION_KEYS, before the older ones, separated by commas."
)


def encryption_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """core.E001: no key; core.E002: something that is not a Fernet key. No message quotes a key."""
    keys = getattr(settings, "FIELD_ENCRYPTION_KEYS", [])
    if not keys:
        return [Error("FIELD_ENCRYPTION_KEYS is empty.", hint=_HINT, id="core.E001")]
    return [
        Error(f"Key number {number} of FIELD_ENCRYPTION_KEYS is not valid.", hint=_HINT, id="core.E002")
        for number, key in enumerate(keys, start=1)
        if not _is_key(key)
    ]


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
