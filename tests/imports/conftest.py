"""One customer, a place for files, and what files are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from talentsync.applications.models import Application
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.imports.rows import Row
from talentsync.jobs.models import Job
from tests.customers.making import make_customer
from tests.imports import making

Load = Callable[..., list[Row]]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


@pytest.fixture
def acme(db: None) -> Customer:
    return make_customer("Acme")


@pytest.fixture
def load(acme: Customer, tmp_path: Path) -> Load:
    """Load rows of a kind through a CSV file."""

    def through_a_file(kind: str, rows: Iterable[Mapping[str, Any]]) -> list[Row]:
        return making.filed(making.stored(tmp_path, making.as_csv(rows)), kind, acme)

    return through_a_file


@pytest.fixture
def parents(acme: Customer) -> tuple[Candidate, Job, Application]:
    """A candidate C-1, a job J-1 and the application A-1 of the one for the other."""
    moment = parse_datetime(making.CREATED)
    given = making.candidate()
    given |= {"ats_created_at": moment, "ats_last_modified_at": moment}
    person = Candidate.objects.create(customer=acme, **given)
    post = Job.objects.create(customer=acme, **{**making.job(), "listed_at": moment})
    return person, post, Application.objects.create(customer=acme, external_id="A-1", candidate=person, job=post)
