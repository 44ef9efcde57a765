"""Kinds of columns that several apps have: looked for in lower case, filled by the database, limited to a vendor's
values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from connectors.base.reading import REPLACEMENT

LAST = "\U0010ffff"  # sorts behind every character


class LowerCaseEmailField(models.EmailField):
    """An address that is looked for: stored and compared in lower case, so that an index serves."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return text.lower() if isinstance(text, str) else text


def lower_cased(column: str, *, max_length: int) -> models.GeneratedField:
    """A column that the database fills; its model has an index for it from `by_beginnings`."""
    return models.GeneratedField(
        expression=Lower(column),
        output_field=models.CharField(max_length=max_length),
        db_persist=True,
    )


def by_beginnings(prefix: str, *keys: str) -> list[models.Index]:
    """An index for each of these lower-case columns, as `begins` needs it.

    In most collations PostgreSQL serves LIKE only from an index of this operator class; SQLite knows none.
    """
    return [models.Index(fields=[key], name=f"{prefix}_{key}", opclasses=["varchar_pattern_ops"]) for key in keys]


def in_form(values: Mapping[str, str]) -> list[tuple[str, Any]]:
    """A vendor's values with their words, as Django's choices."""
    return [(value, _(words)) for value, words in values.items()]


def is_storable(value: Any) -> bool:
    """Whether every database takes this as JSON: no NUL, no half of a character, no number that is none."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text


def cut(model: type[models.Model], column: str, text: str) -> str:
    """As much of a vendor's text as the column holds."""
    field = model._meta.get_field(column)
    assert isinstance(field, models.Field)
    return text[: field.max_length]


def if_whole(model: type[models.Model], column: str, text: str) -> str:
    """A vendor's address or name for something; "" where the column does not hold all of it, or it came with signs that
    cannot be kept: what is left of it would name something else.
    """
    return text if cut(model, column, text) == text and REPLACEMENT not in text else ""


def begins(key: str, text: str) -> Q:
    """Whether a lower-case column begins like this, answered from its index.

    PostgreSQL does so for LIKE; SQLite's LIKE cannot use an index, but a range can.
    """
    low = Lower(Value(text))
    if connection.vendor != "sqlite":
        return Q(**{f"{key}__startswith": low})
    return Q(**{f"{key}__gte": low, f"{key}__lt": Concat(low, Value(LAST))})
