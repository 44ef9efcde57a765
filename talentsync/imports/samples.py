"""A file of each kind that can be imported as it is, made from the table of columns."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from talentsync.imports.columns import Sheet

FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


def sample(sheet: Sheet, form: str) -> str:
    """One record. Columns that say the same as another one (author's names beside the author) are left out."""
    chosen: dict[str, Any] = {}
    filled: set[str] = set()
    for column in sheet.columns.values():
        if not filled & set(column.fields):
            chosen[column.name] = column.example
            filled.update(column.fields)
    return _csv(chosen) if form == "csv" else json.dumps(chosen, ensure_ascii=False) + "\n"


def _csv(chosen: dict[str, Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([list(chosen), [in_cell(value) for value in chosen.values()]])
    return text.getvalue()


def in_cell(value: Any) -> str:
    """A value as it stands in a cell of CSV."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
