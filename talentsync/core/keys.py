"""Whether FIELD_ENCRYPTION_KEYS are the keys that this database was written with. Asked before anything starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

from talentsync.core.fields import WrongKey
from talentsync.core.models import KeyProbe

WORDS = (
    "FIELD_ENCRYPTION_KEYS do not open this database: it was written with another key, or its rotation is not finished."
)
HINT = "Put the key that is missing behind the others, separated by a comma. Nothing was changed."


def are_wrong() -> bool:
    """False also where nobody can know: the database is away, or has no tables yet."""
    try:
        KeyProbe.objects.first()
    except WrongKey:
        return True
    except DatabaseError:
        return False
    return False


def check_probe(app_configs: object, *, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """core.E003: keys that do not fit. Like Django's own checks of databases it runs where one is named: `migrate`,
    `check --database default`.
    """
    return [Error(WORDS, hint=HINT, id="core.E003")] if databases and are_wrong() else []
