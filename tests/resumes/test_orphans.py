"""Files without a row and rows without a file: found in two streams, removed when they are old."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from talentsync.resumes import orphans, storage
from talentsync.resumes.orphans import Missing
from talentsync.resumes.storage import PrivateStorage

DAY = 24 * 60 * 60

pytestmark = pytest.mark.django_db  # the rows of resumes are among the owners


@pytest.fixture
def rows() -> Iterator[list[str]]:
    """The names that rows hold. An owner says them in order, as a query does."""
    held: list[str] = []

    def owner() -> list[str]:
        return sorted(held)

    orphans.owners.append(owner)
    yield held
    orphans.owners.remove(owner)


def kept(files: Path, *, days: float = 0) -> str:
    name = storage.keep(io.BytesIO(b"Rosa"))
    written = os.stat(files / name).st_mtime - days * DAY
    os.utime(files / name, (written, written))
    return name


def run(*options: str) -> tuple[str, str]:
    """What the command says, and what it complains of."""
    out = StringIO()
    try:
        call_command("find_orphaned_files", *options, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_where_rows_and_files_agree_nothing_is_said(files, rows):
    rows += [kept(files) for _ in range(5)]
    assert run() == ("", "")


def test_both_sorts_are_listed_and_nothing_is_removed(files, rows):
    rows += [kept(files, days=9), "00/" + "0" * 32]
    old, young = kept(files, days=3), kept(files)
    said, complaint = run()
    assert f"file without a record: {old} (" in said
    assert f"young file without a record: {young} (" in said
    assert f"record without its file: {rows[1]}" in said
    assert len(said.splitlines()) == 3
    assert complaint.startswith("1 records have lost their file")
    assert (files / old).exists()


def test_only_what_is_old_is_removed(files, rows):
    rows.append(kept(files, days=9))
    old, young = kept(files, days=3), kept(files, days=0.9)
    assert run("--remove")[0].count("removed") == 1
    assert sorted(storage.store().names()) == sorted([rows[0], young])
    assert not (files / old).exists()


def test_what_a_crash_left_half_written_is_removed(files, rows):
    name = kept(files, days=2)
    (files / name).rename(files / "new" / name[3:])
    assert f"removed: new/{name[3:]}" in run("--remove")[0]
    assert list(storage.store().names()) == []


def test_days_may_be_more_and_not_less_than_one(files, rows):
    old = kept(files, days=3)
    run("--remove", "--days", "4")
    assert (files / old).exists()
    with pytest.raises(CommandError) as caught:
        call_command("find_orphaned_files", "--remove", "--days", "0")
    assert caught.value.returncode == 2


def test_while_nobody_says_which_files_have_rows_nothing_is_removed(files, monkeypatch):
    monkeypatch.setattr(orphans, "owners", [])
    name = kept(files, days=9)
    said, complaint = run("--remove")
    assert said == ""
    assert "nothing can be compared" in complaint
    assert (files / name).exists()


def test_names_out_of_order_end_it_before_a_wrong_one_is_removed(files, monkeypatch):
    names = sorted(kept(files, days=9) for _ in range(3))
    monkeypatch.setattr(orphans, "owners", [lambda: reversed(names)])
    with pytest.raises(ValueError, match="in order"):
        run("--remove")
    assert list(storage.store().names()) == names


def test_several_owners_are_joined(files, monkeypatch):
    mine, yours = kept(files, days=9), kept(files, days=9)
    monkeypatch.setattr(orphans, "owners", [lambda: [mine], lambda: [yours]])
    assert run("--remove") == ("", "")


def test_a_row_whose_file_came_meanwhile_is_no_orphan(files):
    name = kept(files)

    class Late(storage.LocalStorage):
        def names(self):
            return iter(())

    assert list(orphans.compare(Late(), [name])) == []


def test_a_file_that_went_meanwhile_is_no_orphan():
    class Early(storage.LocalStorage):
        def names(self):
            yield "ab/" + "0" * 32

    assert list(orphans.compare(Early(), [])) == []


class Named(PrivateStorage):
    """A store of names alone."""

    def __init__(self, held):
        self.held = held

    def names(self):
        return iter(sorted(self.held))

    def exists(self, name):
        return name in self.held

    def get_modified_time(self, name):
        return None


names = st.sets(st.sampled_from("abcdefgh"))


@given(names, names)
def test_the_comparison_is_the_difference_of_two_sets(held, known):
    found = list(orphans.compare(Named(held), sorted(known)))
    assert {each.name for each in found if each.missing is Missing.ROW} == held - known
    assert {each.name for each in found if each.missing is Missing.FILE} == known - held


def test_files_that_cannot_be_reached_end_it(rows, monkeypatch):
    class Away(PrivateStorage):
        def names(self):
            raise OSError("canary")

    monkeypatch.setattr(storage, "store", Away)
    assert run() == ("", "The files could not be reached: OSError.")
