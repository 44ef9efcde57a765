"""How a record's fields are spelled at LinkedIn, and what of a record travels.

A batch_update replaces the whole record, and a field left out becomes null (linkedin.md 4.1, 10.2): everything that
has a value is sent, every time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

EMPTY: tuple[Any, ...] = (None, "", (), {})


def filled(record: Any, *, required: Collection[str] = (), apart: Collection[str] = ()) -> dict[str, Any]:
    """The fields that hold something, and the `required` ones in any case, in LinkedIn's spelling. What is named in
    `apart` is not part of the record at LinkedIn.
    """
    return {
        wire_name(field.name): on_wire(value)
        for field in fields(record)
        if field.name not in apart and ((value := getattr(record, field.name)) not in EMPTY or field.name in required)
    }


def on_wire(value: Any) -> Any:
    if isinstance(value, tuple):
        return [on_wire(each) for each in value]
    return filled(value) if is_dataclass(value) else value


@cache  # of fields that are declared: a few dozen
def wire_name(attribute: str) -> str:
    """LinkedIn's spelling of a field: `company_apply_url` is `companyApplyUrl`."""
    first, *rest = attribute.split("_")
    return first + "".join(part.capitalize() for part in rest)


def attribute_named(field_name: str, kind: type) -> str:
    """Our spelling of a field LinkedIn complains about; empty when it is not a field of that kind of record."""
    return next((field.name for field in fields(kind) if wire_name(field.name) == field_name), "")
