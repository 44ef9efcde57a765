"""Files and records for the tests of imports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from talentsync.customers.models import Customer
from talentsync.imports.columns import SHEETS
from talentsync.imports.filing import Filing
from talentsync.imports.mistakes import BadFile, Mistake
from talentsync.imports.readers import open_file
from talentsync.imports.rows import Row, chunks
from talentsync.imports.samples import in_cell
from talentsync.imports.seen import Seen

PLAIN = [kind for kind, sheet in SHEETS.items() if not sheet.in_zip]
"""The kinds of which a file holds everything."""

CREATED = "2026-02-01T08:00:00+01:00"
MODIFIED = "2026-02-02T08:00:00+01:00"


def candidate(number: int = 1, **cells: Any) -> dict[str, Any]:
    row = {
        "external_id": f"C-{number}",
        "first_name": "Kim",
        "last_name": f"Example {number}",
        "email_addresses": [f"kim.{number}@example.com"],
        "external_profile_url": f"https://ats.example.com/candidates/C-{number}",
        "ats_created_at": CREATED,
        "ats_last_modified_at": MODIFIED,
    }
    return {**row, **cells}


def note(number: int = 1, **cells: Any) -> dict[str, Any]:
    return {"candidate": "C-1", "external_id": f"N-{number}", "note": "Called.", "ats_created_at": CREATED, **cells}


def feedback(**cells: Any) -> dict[str, Any]:
    return {"application": "A-1", "external_id": "F-1", "feedback": "Knows her trees.", **cells}


def job(number: int = 1, **cells: Any) -> dict[str, Any]:
    row = {
        "external_id": f"J-{number}",
        "title": "Gardener",
        "description": "We look for somebody who likes careful work, clear words and quiet gardens. " * 2,
        "company_apply_url": "https://jobs.example.com/apply",
        "listed_at": CREATED,
        "location": "Graz, Austria",
        "poster_email": "poster@example.com",
    }
    return {**row, **cells}


def application(number: int = 1, **cells: Any) -> dict[str, Any]:
    row = {"external_id": f"A-{number}", "candidate": "C-1", "job": "J-1"}
    return {**row, "ats_created_at": CREATED, "ats_last_modified_at": MODIFIED, **cells}


def as_csv(rows: Iterable[Mapping[str, Any]], delimiter: str = ",") -> bytes:
    rows, text = list(rows), io.StringIO()
    lines = csv.writer(text, delimiter=delimiter)
    lines.writerow(rows[0])
    lines.writerows([in_cell(row.get(name, "")) for name in rows[0]] for row in rows)
    return text.getvalue().encode()


def as_jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def stored(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def filed(path: Path, kind: str, customer: Customer, *, load: bool = True) -> list[Row]:
    """Every row of a file, loaded or only checked."""
    done: list[Row] = []
    with Seen() as seen:
        filing = Filing(SHEETS[kind], customer, seen, now=timezone.now())
        for raw in chunks(open_file(path, filing.sheet).rows()):
            done += (filing.load(raw) or []) if load else filing.prepare(raw)
    return done


def loaded(rows: Iterable[Mapping[str, Any]], kind: str, customer: Customer) -> None:
    """These rows, from a file."""
    with TemporaryDirectory() as folder:
        refused = [row.mistakes for row in filed(stored(Path(folder), as_csv(rows)), kind, customer) if row.mistakes]
    assert not refused, refused


def mistakes(path: Path, kind: str, customer: Customer) -> list[Mistake]:
    """Everything that is wrong with a file."""
    found: list[Mistake] = []
    with Seen() as seen:
        filing = Filing(SHEETS[kind], customer, seen, now=timezone.now())
        try:
            for raw in chunks(open_file(path, filing.sheet).rows()):
                found += [each for row in filing.prepare(raw) for each in row.mistakes]
        except BadFile as bad:
            found += bad.mistakes
    return found
