"""Files as people have them: every way of writing one and the same row."""

from __future__ import annotations

from pathlib import Path

import pytest

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.imports.columns import SHEETS
from talentsync.imports.readers import open_file
from tests.imports.making import as_csv, as_jsonl, candidate, filed, stored

ROW = candidate(7, first_name='Kim "the; hedge",\r\nGardener', addresses=[{"city": "Graz"}], do_not_contact=True)
FORMS = {
    "comma": as_csv([ROW]),
    "semicolon": as_csv([ROW], ";"),
    "tab": as_csv([ROW], "\t"),
    "byte order mark": b"\xef\xbb\xbf" + as_csv([ROW]),
    "unix lines": as_csv([ROW]).replace(b"true\r\n", b"true\n").replace(b"\r\n", b"\n", 1),
    "no last line break": as_csv([ROW]).rstrip(b"\r\n"),
    "empty lines": b"\n\n" + as_csv([ROW]) + b"\n\n",
    "json lines": as_jsonl([ROW]),
    "json lines with mark and empty lines": b"\xef\xbb\xbf\n" + as_jsonl([ROW]) + b"\n",
}


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
def test_every_way_of_writing_a_row_is_the_same_row(acme: Customer, tmp_path: Path, form: str):
    filed(stored(tmp_path, FORMS[form]), "candidate", acme)

    found = Candidate.objects.get()
    assert found.external_id == "C-7"
    assert found.first_name.replace("\r", "") == 'Kim "the; hedge",\nGardener'
    assert found.addresses == [{"city": "Graz"}]
    assert found.do_not_contact is True
    assert found.ats_created_at.isoformat() == "2026-02-01T07:00:00+00:00"


@pytest.mark.parametrize("form", [as_csv, as_jsonl])
def test_reading_can_begin_where_any_row_has_ended(tmp_path: Path, form):
    reader = open_file(stored(tmp_path, form([ROW, *map(candidate, range(20))])), SHEETS["candidate"])
    whole = list(reader.rows())

    assert len(whole) == 21
    for number, row in enumerate(whole[:-1], 1):
        rest = list(reader.rows(position=row.end, line=row.next_line))
        assert [(each.line, each.cells) for each in rest] == [(each.line, each.cells) for each in whole[number:]]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path):
    reader = open_file(stored(tmp_path, as_csv([ROW, candidate(8)])), SHEETS["candidate"])
    assert [row.line for row in reader.rows()] == [2, 4], "the first row has a line break in it"


def test_a_file_is_read_a_row_at_a_time(tmp_path: Path):
    """Or a large one would not fit."""
    reader = open_file(stored(tmp_path, as_csv(map(candidate, range(50_000)))), SHEETS["candidate"])
    rows = reader.rows()
    ends = [next(rows).end for _ in range(3)]
    assert ends == sorted(ends)
    assert ends[-1] < 2_000
    rows.close()
