"""An import from upload to report, in as many visits as it takes, by workers that may be killed, doubled or late."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.db import DataError, OperationalError, connection
from django.utils import timezone

from talentsync import celery_app
from talentsync.candidates.models import Candidate, CandidateEmail
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Customer
from talentsync.imports import files as files_module
from talentsync.imports import seen, services, tasks
from talentsync.imports.columns import SHEETS
from talentsync.imports.models import Import, RowError, State
from tests.core.rows import dump
from tests.customers.making import make_user
from tests.imports.making import as_csv, as_jsonl, candidate

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(acme: Customer) -> Callable[..., Import]:
    def keep(content: bytes, kind: str = "candidate", **more: Any) -> Import:
        return services.upload(File(io.BytesIO(content), name="x"), kind=kind, customer=acme, **{"by": None, **more})

    return keep


def visits(run: Import) -> int:
    """As many visits as it takes, each only long enough for one chunk; how many that were."""
    number = 1
    while not services.carry_on(run.pk, until=timezone.now()):
        number += 1
    run.refresh_from_db()
    return number


def checked(run: Import) -> Import:
    visits(run)
    assert run.state == State.CHECKED
    return run


def loaded(run: Import) -> Import:
    assert services.confirm(checked(run), by=None)
    visits(run)
    return run


def left(files: Path) -> list[Path]:
    folder = files / "media" / "imports"
    return list(folder.iterdir()) if folder.exists() else []


def test_nothing_is_loaded_before_somebody_has_confirmed(upload):
    run = checked(upload(as_csv([candidate(1), candidate(2, first_name="")])))

    assert (run.n_new, run.n_refused, run.n_errors) == (1, 1, 1)
    assert not Candidate.objects.exists()
    assert services.carry_on(run.pk, until=timezone.now()) is True
    assert not Candidate.objects.exists()


def test_after_the_load_the_report_counts_what_was_done_and_the_file_is_gone(
    upload, files: Path, django_capture_on_commit_callbacks
):
    user = make_user("rosa")
    run = checked(upload(as_csv([candidate(1), candidate(2, first_name="")]), by=user))
    assert services.confirm(run, by=user)
    with django_capture_on_commit_callbacks(execute=True):
        visits(run)

    assert (run.state, run.n_new, run.n_refused, run.n_unsent, run.percent) == (State.DONE, 1, 1, 1, 100)
    assert list(run.errors.values_list("line", "column", "rule")) == [(3, "first_name", "linkedin")]
    assert left(files) == []
    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.kind, event.label) == (user, "import", "candidate", f"import {run.pk}")


@pytest.mark.parametrize("form", [as_csv, as_jsonl])
def test_every_visit_goes_on_where_the_last_one_ended(upload, form):
    rows = [*map(candidate, range(2_300)), candidate(7)]
    run = upload(form(rows))

    assert visits(run) == 3 + 1, "three chunks, and the end"
    assert (run.n_new, run.n_refused) == (2_300, 1), "a doubled ID is noticed two visits later"
    assert services.confirm(run, by=None)
    assert visits(run) == 3 + 1
    assert (run.state, run.n_new, run.n_refused) == (State.DONE, 2_300, 1)
    assert Candidate.objects.count() == CandidateEmail.objects.count() == 2_300


def test_a_worker_that_comes_late_loads_and_counts_nothing(upload, acme: Customer):
    """Two messages for one import: both have read the same place, the first one has committed."""
    run = checked(upload(as_csv(map(candidate, range(1_500)))))
    services.confirm(run, by=None)
    late = Import.objects.select_related("customer").get(pk=run.pk)
    assert services.carry_on(run.pk, until=timezone.now()) is False
    before = dump()

    assert services._visit(late, SHEETS["candidate"], timezone.now()) is True

    assert dump() == before


def test_confirming_twice_loads_once(upload):
    run = checked(upload(as_csv([candidate(1)])))
    assert services.confirm(run, by=None)
    assert not services.confirm(run, by=None)
    assert AuditEvent.objects.count() == 1


def test_the_counts_of_the_check_do_not_add_to_those_of_the_load(upload):
    run = loaded(upload(as_csv([candidate(1), candidate(1)])))
    assert (run.n_new, run.n_refused, run.n_errors, run.errors.count()) == (1, 1, 1, 1)


def test_importing_the_same_file_again_finds_nothing_to_load(upload):
    loaded(upload(as_csv([candidate(1)])))
    run = checked(upload(as_csv([candidate(1)])))
    assert (run.n_unchanged, run.n_good) == (1, 0)


# Errors


def test_ten_thousand_errors_are_kept_and_all_are_counted(upload):
    run = upload(as_jsonl(candidate(number, first_name="", last_name="") for number in range(5_500)))
    visits(run)

    assert run.n_errors == 11_000
    assert run.errors.count() == services.KEPT_ERRORS


@pytest.mark.parametrize("content", [b"", b"id\n1\n", b"\xff\xfe\n", as_csv([candidate(1)]) + b"\xff\n"])
def test_a_file_that_cannot_be_read_fails_and_is_deleted(
    upload, files: Path, content: bytes, django_capture_on_commit_callbacks
):
    run = upload(content)
    with django_capture_on_commit_callbacks(execute=True):
        visits(run)

    assert run.state == State.FAILED
    assert run.n_errors == run.errors.count() > 0
    assert left(files) == []
    assert not services.confirm(run, by=None)


def test_a_file_that_is_gone_is_said_so(upload, files: Path):
    run = upload(as_csv([candidate(1)]))
    for path in left(files):
        path.unlink()
    visits(run)

    assert (run.state, run.errors.get().rule) == (State.FAILED, "file_gone")


def failing(error: Exception, table: str = "candidates_candidate"):
    """A database that refuses whatever concerns a table, by Django's own hook."""

    def refuse(execute, sql, params, many, context):
        if f'"{table}"' in sql:
            raise error
        return execute(sql, params, many, context)

    return connection.execute_wrapper(refuse)


def test_a_mistake_of_ours_ends_the_import_without_a_persons_data(upload, caplog: pytest.LogCaptureFixture):
    """PostgreSQL's errors name the values of the row."""
    caplog.set_level("DEBUG")
    run = checked(upload(as_csv([candidate(1, first_name="Wilhelmina")])))
    services.confirm(run, by=None)
    with failing(DataError("Failing row contains (Wilhelmina)")):
        visits(run)

    assert (run.state, run.errors.get().rule, run.n_new) == (State.FAILED, "internal", 0)
    assert "DataError" in caplog.text
    assert "Wilhelmina" not in caplog.text


def test_a_database_that_does_not_answer_ends_nothing(upload):
    run = checked(upload(as_csv([candidate(1)])))
    services.confirm(run, by=None)
    with failing(OperationalError("database is locked")):
        assert visits(run) == 1
    assert run.state == State.LOADING

    visits(run)
    assert (run.state, run.n_new) == (State.DONE, 1)


def test_two_workers_at_one_file_do_not_end_the_import(upload, monkeypatch: pytest.MonkeyPatch):
    """The other one holds the list of IDs for longer than we wait."""
    monkeypatch.setattr(seen, "BUSY_SECONDS", 0)
    run = upload(as_csv([candidate(1)]))
    other = sqlite3.connect(files_module.seen_path(run.stored_as))
    other.execute("BEGIN EXCLUSIVE")
    visits(run)
    assert run.state == State.CHECKING
    other.close()

    assert checked(run).n_new == 1


# Celery


def test_the_task_takes_a_number_and_returns_no_data(upload):
    run = upload(as_csv([candidate(1)]))
    assert tasks.carry_on(run.pk) == {"over": True}
    services.confirm(run, by=None)
    assert tasks.carry_on(run.pk) == {"over": True}
    assert tasks.carry_on(run.pk) == {"over": True}
    assert tasks.carry_on(404) == {"over": True}
    assert Candidate.objects.count() == 1


def test_what_is_not_over_is_nudged(upload, django_capture_on_commit_callbacks):
    run = upload(as_csv(map(candidate, range(1_001))))
    with django_capture_on_commit_callbacks() as callbacks:
        assert services.visit(run.pk, until=timezone.now()) is False
    assert len(callbacks) == 1


def test_a_sweep_takes_up_what_was_forgotten(upload, django_capture_on_commit_callbacks):
    run, fresh = upload(as_csv([candidate(1)])), upload(as_csv([candidate(2)]))
    Import.objects.filter(pk=run.pk).update(touched_at=timezone.now() - timedelta(minutes=1))
    with django_capture_on_commit_callbacks() as callbacks:
        assert tasks.sweep() == {"imports": 1}
    assert len(callbacks) == 1
    assert fresh.state == State.CHECKING


def test_beat_sweeps_and_prunes():
    planned = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert {"imports.sweep", "imports.prune"} <= planned


# Forgetting


def test_files_and_reports_are_forgotten_after_a_week_and_records_stay(upload, files: Path):
    old, young = loaded(upload(as_csv([candidate(1), candidate(1)]))), checked(upload(as_csv([candidate(2)])))
    waiting = checked(upload(as_csv([candidate(3)])))
    week = timezone.now() - timedelta(days=7, minutes=1)
    Import.objects.filter(pk__in=[old.pk, waiting.pk]).update(created_at=week)
    (files / "media/imports/left-by-a-crash").write_bytes(b"x")
    for path in left(files):
        if not path.name.startswith(young.stored_as.removeprefix("imports/")):
            os.utime(path, (week.timestamp(), week.timestamp()))

    tasks.prune()

    assert list(Import.objects.all()) == [young]
    assert {path.name.partition(".")[0] for path in left(files)} == {young.stored_as.removeprefix("imports/")}
    assert not RowError.objects.exists()
    assert Candidate.objects.count() == 1


def test_what_was_loaded_cannot_be_discarded(upload, files: Path):
    waiting, done = checked(upload(as_csv([candidate(1)]))), loaded(upload(as_csv([candidate(2)])))
    assert services.discard(waiting)
    assert not services.discard(done)
    assert list(Import.objects.all()) == [done]


def test_files_are_for_nobody_else(upload, files: Path):
    run = upload(as_csv([candidate(1)]))
    (path,) = left(files)
    assert path.stat().st_mode & 0o077 == 0
    assert path.name == run.stored_as.removeprefix("imports/")
    assert len(path.name) == 32


# A canary


CANARY = "wilhelmina"
AT_HOME = {"candidates_candidate", "candidates_candidateemail"}


def test_no_person_of_a_file_is_anywhere_but_in_the_records(
    upload, files: Path, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks
):
    caplog.set_level("DEBUG")
    person = {"first_name": CANARY, "last_name": CANARY, "email_addresses": [f"{CANARY}@example.com"]}
    rows = [
        candidate(1, **person),
        candidate(2, **{**person, "ats_created_at": CANARY}),
        candidate(3, **{**person, "external_profile_url": CANARY}),
        candidate(4, external_id=CANARY * 50, **person),
        candidate(5, **person, **{CANARY: CANARY}),
        candidate(6, external_id=CANARY, **person),
        candidate(7, external_id=CANARY, **person),
    ]
    with django_capture_on_commit_callbacks() as callbacks:
        run = upload(as_jsonl(rows))
        while not tasks.carry_on(run.pk)["over"]:
            pass
        services.confirm(run, by=None)
        assert tasks.carry_on(run.pk) == {"over": True}
    for callback in callbacks:
        callback()
    gone = run.stored_as
    headless = upload(as_csv([person]).replace(b"first_name", CANARY.encode()))
    tasks.carry_on(headless.pk)

    assert (Import.objects.get(pk=run.pk).n_new, Import.objects.get(pk=run.pk).n_refused) == (2, 5)
    found = {table for table, content in dump().items() if CANARY in repr(content).lower()}
    assert found == AT_HOME
    assert CANARY not in caplog.text.lower()
    assert not any(path.name.startswith(gone.removeprefix("imports/")) for path in left(files))
