"""Two imports, and an import and a person, at the same moment, each with a connection of its own."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from talentsync.candidates.models import Candidate, CandidateEmail
from talentsync.customers.models import Customer
from talentsync.imports.rows import Verdict
from talentsync.resumes import services as resumes
from talentsync.resumes.models import Resume
from tests.candidates.making import make_candidate
from tests.candidates.test_at_once import meeting
from tests.imports.making import as_csv, candidate, filed, stored
from tests.imports.test_resumes import load, pdf, zipped
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


def test_a_row_without_a_day_changes_none_of_a_resume_that_somebody_has_just_uploaded(
    acme: Customer, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    kim, day = make_candidate(acme), timezone.now() - timedelta(days=9)
    path = zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a"))
    by_hand = partial(
        resumes.upload, kim, io.BytesIO(pdf("a")), "a.pdf", by=None, external_id="R-1", ats_created_at=day, send=False
    )
    meeting(by_hand, partial(load, path), at="candidates_candidate")
    assert Resume.objects.get().ats_created_at == day
