"""Two imports, and an import and a person, at the same moment, each with a connection of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from talentsync.candidates.models import Candidate, CandidateEmail
from talentsync.customers.models import Customer
from talentsync.imports.rows import Verdict
from tests.imports.making import as_csv, candidate, filed, stored
from tests.sync.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 2_200


def test_the_same_file_twice_at_once_makes_every_record_once(acme: Customer, tmp_path: Path) -> None:
    path = stored(tmp_path, as_csv(map(candidate, range(ROWS))))
    made: list[int] = []

    def load() -> None:
        made.append(sum(row.verdict is Verdict.NEW for row in filed(path, "candidate", acme)))

    at_once(load, load)

    assert sum(made) == ROWS
    assert Candidate.objects.count() == CandidateEmail.objects.count() == ROWS


def test_two_files_that_change_the_same_records_in_opposite_order_do_not_block_each_other(
    acme: Customer, tmp_path: Path
) -> None:
    rows = list(map(candidate, range(ROWS)))
    filed(stored(tmp_path, as_csv(rows)), "candidate", acme)
    paths = [tmp_path / "one", tmp_path / "other"]
    paths[0].write_bytes(as_csv({**row, "prefix": "Dr."} for row in rows))
    paths[1].write_bytes(as_csv({**row, "prefix": "Mag."} for row in reversed(rows)))

    at_once(*(lambda path=path: filed(path, "candidate", acme) for path in paths))

    assert set(Candidate.objects.values_list("prefix", flat=True)) <= {"Dr.", "Mag."}
    assert CandidateEmail.objects.count() == ROWS
