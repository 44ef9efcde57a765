"""A file of each kind that can be imported as it is, made from the table of columns."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

from talentsync.imports.columns import Sheet

FORMS = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "zip": "application/zip",
}
RESUME = "Kim Example\nGardener\n\nTen years of trees, beds and paths.\n"


def forms(sheet: Sheet) -> tuple[str, ...]:
    """The forms that a file of this kind may have."""
    return ("zip",) if sheet.in_zip else ("csv", "jsonl")


def bundle(sheet: Sheet) -> bytes:
    """A zip with its table and the file that this names."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{sheet.kind}s.csv", sample(sheet, "csv"))
        archive.writestr(sheet.columns["file"].example, RESUME)
    return file.getvalue()


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
