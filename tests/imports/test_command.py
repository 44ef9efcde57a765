"""`import_records`: what it loads, what it says, and how it ends."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from talentsync.candidates.models import Candidate
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Customer
from talentsync.imports.models import Import
from tests.imports.making import as_csv, candidate, stored

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("acme")]


class Said:
    """What a run of the command has said, and its exit code."""

    def __init__(self, *typed: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code, self.last = 0, ""
        try:
            call_command("import_records", *typed, stdout=out, stderr=err)
        except CommandError as error:
            self.code, self.last = error.returncode, str(error)
        self.out, self.err = out.getvalue(), err.getvalue()


def typed(path: Path, *more: str, kind: str = "candidate", customer: str = "Acme") -> Said:
    return Said(kind, str(path), "--customer", customer, *more)


def test_good_rows_are_loaded_and_repeating_changes_nothing(acme: Customer, tmp_path: Path):
    path = stored(tmp_path, as_csv(map(candidate, range(3))))

    first, second = typed(path), typed(path)

    assert (first.code, second.code) == (0, 0)
    assert "3 new, 0 changed, 0 unchanged, 0 refused, of 3 rows." in first.out
    assert "3 records are new or changed and not yet sent." in first.out
    assert "0 new, 0 changed, 3 unchanged" in second.out
    event = AuditEvent.objects.get()
    assert (event.verb, event.kind, event.count, event.customer) == ("import", "candidate", 3, acme)


def test_with_automatic_sync_nothing_is_called_unsent(acme: Customer, tmp_path: Path):
    Customer.objects.filter(pk=acme.pk).update(sends_changes=True)

    said = typed(stored(tmp_path, as_csv([candidate(1)])))

    assert "Automatic sync is on" in said.out
    assert "not yet sent" not in said.out


def test_bad_rows_are_listed_and_the_others_loaded(tmp_path: Path):
    said = typed(stored(tmp_path, as_csv([candidate(1), candidate(2, ats_created_at="soon"), candidate(3)])))

    assert said.code == 1
    assert "line 3, ats_created_at: This is no date." in said.err
    assert "[bad_date]" in said.err
    assert "2 new" in said.out
    assert Candidate.objects.count() == 2


def test_a_dry_run_lists_everything_and_loads_nothing(tmp_path: Path):
    path = stored(tmp_path, as_csv([candidate(1, first_name=""), candidate(2, last_name=""), candidate(3)]))

    said = typed(path, "--dry-run")

    assert said.code == 1
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["line 2, first_name", "line 3, last_name"]
    assert "Would load: 1 new" in said.out
    assert (Candidate.objects.count(), AuditEvent.objects.count()) == (0, 0)
    assert typed(stored(tmp_path, as_csv([candidate(3)])), "--dry-run").code == 0


def test_where_the_file_breaks_off_what_stood_before_is_loaded(tmp_path: Path):
    said = typed(stored(tmp_path, as_csv([candidate(1)]) + b"\xff\n"))
    assert said.code == 1
    assert "line 3: This line is not UTF-8." in said.err
    assert Candidate.objects.count() == 1


def test_a_moment_without_a_zone_is_told(tmp_path: Path):
    said = typed(stored(tmp_path, as_csv([candidate(1, ats_created_at="2026-02-01T08:00:00")])))
    assert "Moments without a zone, taken as UTC: 1." in said.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"customer": "Nobody"}, "There is no customer called 'Nobody'."),
        ({"kind": "person"}, "invalid choice"),
        ({"kind": "resume_file"}, "invalid choice"),
    ],
)
def test_a_mistake_of_the_person_is_a_sentence(tmp_path: Path, options: dict, says: str):
    said = typed(stored(tmp_path, as_csv([candidate(1)])), **options)
    assert says in said.last
    assert said.code in (1, 2)  # argparse's own words are an exit code of 2 from a shell
    assert Candidate.objects.count() == 0


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        said = typed(path)
        assert (said.code, said.last) == (2, f"There is no file {path}.")


def test_wrong_columns_load_nothing(tmp_path: Path):
    said = typed(stored(tmp_path, b"id,name\n1,Kim\n"))
    assert said.code == 1
    assert "external_id: This column is missing. [missing_column]" in said.err
    assert "of 0 rows" in said.out


def test_the_command_leaves_no_file_and_no_row_of_its_own(files: Path, tmp_path: Path):
    typed(stored(tmp_path, as_csv([candidate(1)])))
    assert not Import.objects.exists()
    assert not (files / "media").exists()
