"""A default of the customer's that was stored before it was refused: what an import says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from tests.imports.test_resumes import kim, load, media, pdf, zipped  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_default_that_cannot_be_chosen_is_told_and_is_no_traceback(kim: Candidate, tmp_path: Path) -> None:  # noqa: F811
    Customer.objects.update(resumes_kept_for=30, resumes_kept_unit="MINUTE", resumes_on_expiry="again")
    _, complaint = load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a")))
    assert "kept for an hour at least" in complaint
