"""A zip of resumes from upload to report: every row once, whoever is killed, doubled or late; nothing is left over."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from talentsync.imports import forgetting, services, tasks
from talentsync.imports.columns import SHEETS
from talentsync.imports.models import Import, State
from talentsync.resumes import orphans, storage
from talentsync.resumes import services as resumes
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.sync import driving
from talentsync.sync.models import Delivery
from tests.candidates.making import make_candidate
from tests.core.rows import dump
from tests.customers.conftest import linkedin, unmounted  # noqa: F401  (fixtures)
from tests.customers.making import make_connection, make_user
from tests.imports import meddling
from tests.imports.zips import a_zip, pdf
from tests.sync.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

TWO = a_zip(["C-1,a.pdf,R-1", "C-1,b.pdf,"], {"a.pdf": pdf("a"), "b.pdf": pdf("b")})


@pytest.fixture
def kim(acme: Customer) -> Candidate:
    return make_candidate(acme)


@pytest.fixture
def meddle(settings: Any) -> Iterator[list[Callable[[], object]]]:
    settings.RESUME_SCANNER = "tests.imports.meddling.scan"
    yield meddling.once
    meddling.once.clear()


def upload(customer: Customer, content: bytes, **more: Any) -> Import:
    return services.upload(
        File(io.BytesIO(content), name="x"), kind="resume", customer=customer, **{"by": None, **more}
    )


def visits(run: Import) -> int:
    """As many visits as it takes, each only long enough for one row; how many that were."""
    number = 1
    while not services.carry_on(run.pk, until=timezone.now()):
        number += 1
    run.refresh_from_db()
    return number


def checked(customer: Customer, content: bytes, **more: Any) -> Import:
    run = upload(customer, content, **more)
    visits(run)
    assert run.state == State.CHECKED, list(run.errors.values_list("rule", flat=True))
    return run


def loaded(customer: Customer, content: bytes, **more: Any) -> Import:
    run = checked(customer, content, **more)
    assert services.confirm(run, by=None)
    visits(run)
    return run


def counts(run: Import) -> tuple[int, int, int, int]:
    run.refresh_from_db()
    return run.n_new, run.n_changed, run.n_unchanged, run.n_refused


def rules(run: Import) -> list[tuple[int, str]]:
    return list(run.errors.order_by("line").values_list("line", "rule"))


def left(files: Path, folder: str = "imports") -> list[Path]:
    return [path for path in (files / "media" / folder).rglob("*") if path.is_file()]


def names(queryset: Any) -> list[str]:
    return sorted(queryset.values_list("file__name", flat=True))


# From upload to report


def test_nothing_is_loaded_or_stored_before_somebody_has_confirmed(kim: Candidate, files: Path) -> None:
    run = checked(kim.customer, TWO)
    assert counts(run) == (2, 0, 0, 0)
    assert (Resume.objects.count(), left(files, "resumes")) == (0, [])
    assert [row.cells["file"] for row in services.first_rows(run, 3)] == ["a.pdf", "b.pdf"]


def test_after_the_load_the_report_counts_and_nothing_of_the_zip_is_left(kim: Candidate, files: Path) -> None:
    user = make_user("rosa")
    run = checked(kim.customer, TWO, by=user)
    assert services.confirm(run, by=user)
    assert visits(run) == 2 + 1, "a row is a step"
    assert (run.state, run.n_new, run.n_unsent, run.percent) == (State.DONE, 2, 2, 100)
    assert left(files) == []
    assert names(Resume.objects.filter(candidate=kim)) == ["a.pdf", "b.pdf"]
    assert len(left(files, "resumes")) == 2
    event = AuditEvent.objects.get(verb="import")
    assert (event.actor, event.kind, event.count) == (user, "resume", 2)
    assert not Delivery.objects.exists()


def test_loading_the_same_zip_again_finds_nothing_to_load(kim: Candidate) -> None:
    loaded(kim.customer, TWO)
    assert counts(checked(kim.customer, TWO)) == (0, 0, 2, 0)


def test_progress_is_that_of_the_table(kim: Candidate) -> None:
    run = upload(kim.customer, TWO)
    assert services.carry_on(run.pk, until=timezone.now()) is False
    run.refresh_from_db()
    assert 0 < run.percent < 100


def test_the_check_says_what_the_load_does_of_one_content_that_is_named_twice(kim: Candidate) -> None:
    make_candidate(kim.customer, "C-2")
    rows = ["C-1,a.pdf,", "C-1,a.pdf,", "C-2,a.pdf,", "C-1,a.pdf,R-1", "C-1,copy.pdf,"]
    run = checked(kim.customer, a_zip(rows, {"a.pdf": pdf(), "copy.pdf": pdf()}))
    assert counts(run) == (3, 0, 2, 0), "another candidate's, and one with an ID of its own, are other resumes"
    services.confirm(run, by=None)
    visits(run)
    assert counts(run) == (3, 0, 2, 0)
    assert Resume.objects.filter(candidate=kim).count() == 2


def test_every_file_that_is_refused_is_reported_with_its_line(kim: Candidate) -> None:
    rows = ["C-1,a.pdf,R-1", "C-1,a.pdf,R-1", "C-9,a.pdf,R-2", "C-1,../a.pdf,R-3", "C-1,none.pdf,R-4", "C-1,a.zip,R-5"]
    run = loaded(kim.customer, a_zip(rows, {"a.pdf": pdf(), "a.zip": a_zip([], {})}))
    assert counts(run) == (1, 0, 0, 5)
    assert rules(run) == [
        (3, "doubled_id"),
        (4, "unknown_parent"),
        (5, "file_elsewhere"),
        (6, "no_such_file"),
        (7, "resume"),
    ]
    assert "Take the resume out of it and upload that." in run.errors.get(line=7).sentence


def test_a_changed_date_is_taken_over_and_stores_no_file(kim: Candidate, files: Path) -> None:
    head = "candidate,file,external_id,ats_created_at"
    old, new = ("2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00")
    loaded(kim.customer, a_zip([f"C-1,a.pdf,R-1,{old}"], {"a.pdf": pdf()}, head=head))
    stored = left(files, "resumes")
    run = loaded(kim.customer, a_zip([f"C-1,a.pdf,R-1,{new}"], {"a.pdf": pdf()}, head=head))
    assert counts(run) == (0, 1, 0, 0)
    assert Resume.objects.get().ats_created_at.isoformat() == new
    assert left(files, "resumes") == stored
    loaded(kim.customer, a_zip([f"C-1,a.pdf,R-1,{old}"], {"a.pdf": pdf("other")}, head=head))
    resume = Resume.objects.get()
    assert (resume.ats_created_at.isoformat(), len(left(files, "resumes"))) == (old, 1)
    assert counts(loaded(kim.customer, a_zip(["C-1,a.pdf,R-1,"], {"a.pdf": pdf("other")}, head=head))) == (0, 0, 1, 0)


def test_what_linkedin_would_not_accept_is_refused_by_the_check(kim: Candidate) -> None:
    head = "candidate,file,external_id,ats_created_at"
    run = checked(kim.customer, a_zip(["C-1,a.pdf,R-1,1969-01-01T00:00:00Z"], {"a.pdf": pdf()}, head=head))
    error = run.errors.get()
    assert (error.line, error.column, error.rule) == (2, "ats_created_at", "linkedin")
    assert error.sentence == "The day of creation is too long ago to be right."


@pytest.mark.parametrize("content", [b"", b"candidate,file\nC-1,a.pdf\n", b"PK\5\6" + bytes(18), TWO[:-30]])
def test_what_is_no_zip_fails_and_is_deleted(kim: Candidate, files: Path, content: bytes) -> None:
    run = upload(kim.customer, content)
    visits(run)
    assert (run.state, left(files)) == (State.FAILED, [])
    assert run.errors.get().rule in ("bad_zip", "zip_one_table")


def test_a_zip_that_is_gone_is_said_so(kim: Candidate, files: Path) -> None:
    run = upload(kim.customer, TWO)
    for path in left(files):
        path.unlink()
    visits(run)
    assert (run.state, run.errors.get().rule, left(files)) == (State.FAILED, "file_gone", [])


# Scanning, which comes with the load


def test_what_the_scanner_finds_is_left_out_and_reported(kim: Candidate, files: Path, meddle: list[Any]) -> None:
    run = loaded(
        kim.customer, a_zip(["C-1,a.pdf,", "C-1,b.pdf,", "C-1,a.pdf,"], {"a.pdf": pdf("eicar"), "b.pdf": pdf()})
    )
    assert counts(run) == (1, 0, 0, 2), "nor is the second row with that content taken for loaded"
    assert rules(run) == [(2, "resume"), (4, "resume")]
    assert (run.state, len(left(files, "resumes"))) == (State.DONE, 1)


# Two at once


def test_two_workers_at_one_import_load_every_row_once(kim: Candidate, files: Path) -> None:
    files_of = {f"{number}.pdf": pdf(str(number)) for number in range(12)}
    run = checked(kim.customer, a_zip([f"C-1,{name}," for name in files_of], files_of))
    services.confirm(run, by=None)

    def work() -> None:
        later = timezone.now() + timedelta(minutes=1)
        while not services.carry_on(run.pk, until=later) or Import.objects.get(pk=run.pk).state == State.LOADING:
            pass

    at_once(work, work)
    assert counts(run) == (12, 0, 0, 0)
    assert names(Resume.objects.all()) == sorted(files_of)
    assert len(left(files, "resumes")) == ResumeFile.objects.count() == 12
    assert left(files) == []


def test_a_worker_that_comes_late_stores_and_counts_nothing(kim: Candidate, files: Path) -> None:
    run = checked(kim.customer, TWO)
    services.confirm(run, by=None)
    late = Import.objects.select_related("customer").get(pk=run.pk)
    assert services.carry_on(run.pk, until=timezone.now()) is False
    before, stored = dump(), left(files, "resumes")
    assert services._visit(late, SHEETS["resume"], timezone.now()) is True
    assert (dump(), left(files, "resumes")) == (before, stored)


def test_two_imports_of_one_zip_at_once_make_every_resume_once(kim: Candidate, files: Path, meddle: list[Any]) -> None:
    """The second one loads what the first one has looked at and not yet written."""
    content = a_zip(["C-1,a.pdf,", "C-1,b.pdf,R-1"], {"a.pdf": pdf("a"), "b.pdf": pdf("b")})
    first, second = checked(kim.customer, content), checked(kim.customer, content)
    for run in (first, second):
        assert services.confirm(run, by=None)
    meddle.append(lambda: visits(second))
    visits(first)
    assert (counts(first), counts(second)) == ((0, 0, 2, 0), (2, 0, 0, 0))
    assert Resume.objects.count() == len(left(files, "resumes")) == 2


@pytest.mark.parametrize(("content", "expected", "name"), [("b", (0, 1, 0, 0), "a.pdf"), ("a", (0, 0, 1, 0), "b.pdf")])
@pytest.mark.parametrize("is_known", [True, False])
def test_an_id_that_a_person_uses_meanwhile_is_changed_where_that_is_needed(
    kim: Candidate, files: Path, meddle: list[Any], content: str, expected: tuple[int, ...], name: str, is_known: bool
) -> None:
    file = io.BytesIO(pdf(content))
    if is_known:
        known = resumes.upload(kim, io.BytesIO(pdf("old")), "old.pdf", by=None, external_id="R-1", send=False).resume
    run = checked(kim.customer, a_zip(["C-1,a.pdf,R-1"], {"a.pdf": pdf("a")}))
    services.confirm(run, by=None)
    if is_known:
        meddle.append(lambda: resumes.replace(known, file, "b.pdf", by=None, send=False))
    else:
        meddle.append(lambda: resumes.upload(kim, file, "b.pdf", by=None, external_id="R-1", send=False))
    assert visits(run) == 1 + 1
    assert counts(run) == expected
    assert (names(Resume.objects.all()), len(left(files, "resumes"))) == ([name], 1)


@pytest.mark.parametrize(("stored", "rule"), [(True, "unknown_parent"), (False, "resume")])
def test_whose_candidate_goes_meanwhile_is_refused_and_leaves_no_file(
    kim: Candidate, files: Path, meddle: list[Any], stored: bool, rule: str
) -> None:
    if stored:
        loaded(kim.customer, a_zip(["C-1,a.pdf,R-1"], {"a.pdf": pdf("a")}))
    run = checked(kim.customer, a_zip(["C-1,a.pdf,R-1", "C-1,b.pdf,"], {"a.pdf": pdf("b"), "b.pdf": pdf("c")}))
    services.confirm(run, by=None)
    before = left(files, "resumes")

    def erase() -> None:
        with transaction.atomic():
            Resume.objects.all().delete()
            kim.delete()

    meddle.append(erase)
    visits(run)
    assert rules(run) == [(2, rule), (3, "unknown_parent")]
    assert (run.state, Resume.objects.count()) == (State.DONE, 0)
    assert left(files, "resumes") == before


def test_confirming_twice_loads_once_and_deleting_comes_too_late(kim: Candidate, files: Path) -> None:
    run = checked(kim.customer, TWO)
    assert [services.confirm(run, by=None) for _ in range(2)] == [True, False]
    assert not services.discard(run)
    visits(run)
    assert counts(run) == (2, 0, 0, 0)
    other = checked(kim.customer, TWO)
    assert services.discard(other)
    assert not services.confirm(other, by=None)
    assert left(files) == []


def test_a_database_that_does_not_answer_ends_nothing(kim: Candidate, files: Path) -> None:
    run = checked(kim.customer, TWO)
    services.confirm(run, by=None)

    def refuse(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if 'INTO "resumes_resume"' in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        visits(run)
    assert (run.state, run.position, Resume.objects.count()) == (State.LOADING, 0, 0)
    visits(run)
    assert (counts(run), run.state) == ((2, 0, 0, 0), State.DONE)


def test_a_commit_whose_answer_is_lost_keeps_the_file_of_its_row(kim: Candidate) -> None:
    run = checked(kim.customer, TWO)
    services.confirm(run, by=None)

    def lose() -> None:
        raise OperationalError("server closed the connection unexpectedly")

    def write(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if 'INTO "resumes_resume"' in sql:
            transaction.on_commit(lose)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(write):
        visits(run)
    assert (run.state, run.n_new, Resume.objects.count()) == (State.LOADING, 1, 1)
    visits(run)
    assert (counts(run), Resume.objects.count()) == ((2, 0, 0, 0), 2)
    assert list(orphans.find(storage.store())) == []


def test_a_command_that_is_interrupted_after_a_commit_keeps_the_file_of_its_row(
    kim: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.zip").write_bytes(TWO)
    commit, inserted = connection._commit, []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "resumes_resume" '):
            inserted.append(True)
        return execute(sql, params, many, context)

    def interrupted() -> None:
        commit()
        if inserted:
            raise KeyboardInterrupt

    monkeypatch.setattr(connection, "_commit", interrupted)
    with connection.execute_wrapper(note), pytest.raises(CommandError, match="Stopped"):
        call_command("import_records", "resume", str(tmp_path / "x.zip"), "--customer", kim.customer.name)
    monkeypatch.undo()
    call_command("import_records", "resume", str(tmp_path / "x.zip"), "--customer", kim.customer.name)
    assert Resume.objects.count() == 2
    assert list(orphans.find(storage.store())) == []


# Automatic sync


@pytest.fixture
def at_linkedin(kim: Candidate, linkedin: Linkedin) -> Connection:  # noqa: F811
    make_candidate(kim.customer, "C-2", do_not_send=True)
    Customer.objects.filter(pk=kim.customer_id).update(sends_changes=True)
    return make_connection(kim.customer)


def by_page(customer: Customer, content: bytes, folder: Path) -> None:
    loaded(customer, content)


def by_command(customer: Customer, content: bytes, folder: Path) -> None:
    (folder / "x.zip").write_bytes(content)
    call_command("import_records", "resume", str(folder / "x.zip"), "--customer", customer.name)


@pytest.mark.parametrize("load", [by_page, by_command])
def test_automatic_sync_sends_what_is_imported_but_for_who_is_kept_out(
    at_linkedin: Connection,
    kim: Candidate,
    linkedin: Linkedin,  # noqa: F811
    tmp_path: Path,
    load: Callable[..., None],
) -> None:
    rows = ["C-1,a.pdf,R-1", "C-2,a.pdf,R-2"]
    load(kim.customer, a_zip(rows, {"a.pdf": pdf("a")}), tmp_path)
    driving.until_idle()
    states = dict(Resume.objects.values_list("external_id", "sync_state"))
    assert states == {"R-1": "synced", "R-2": "idle"}
    load(kim.customer, a_zip(rows[:1], {"a.pdf": pdf("b")}), tmp_path)
    driving.until_idle()
    assert (len(linkedin.files), linkedin.count("tcrmCandidateResumes")) == (2, 1)
    assert Resume.objects.get(external_id="R-1").sync_state == "synced"


# Forgetting


def test_a_zip_that_waits_goes_with_whom_its_table_names(acme: Customer, kim: Candidate, files: Path) -> None:
    def waiting(*rows: str, **files: bytes) -> Import:
        return upload(acme, a_zip(rows, files))

    named, quoted = waiting("C-1,a.pdf,"), waiting('"C-""1""",a.pdf,')
    by_file, others = waiting("C-2,a.pdf,", **{"C-1.pdf": pdf()}), waiting("C-2,a.pdf,", **{"a.pdf": pdf()})
    visits(others)
    forgetting.forget(acme, "candidate", ["C-1", 'C-"1"'])
    assert list(Import.objects.all()) == [others]
    assert {path.name.partition(".")[0] for path in left(files)} == {Path(others.stored_as).name}
    assert not {named.pk, quoted.pk, by_file.pk} & set(Import.objects.values_list("pk", flat=True))


def test_what_is_packed_names_nobody_by_chance(acme: Customer) -> None:
    """Among a hundred thousand packed bytes stand most texts of two letters."""
    run = upload(acme, a_zip(["C-1,a.pdf,"], {"a.pdf": os.urandom(200_000)}))
    forgetting.forget(acme, "candidate", ["Zq", "qZ"])
    assert Import.objects.filter(pk=run.pk).exists()


def test_after_a_week_zip_and_table_go_but_not_while_they_are_loaded(kim: Candidate, files: Path) -> None:
    waiting, loading = checked(kim.customer, TWO), checked(kim.customer, TWO)
    assert services.confirm(loading, by=None)
    week = timezone.now() - timedelta(days=7, minutes=1)
    Import.objects.update(created_at=week)
    for path in left(files):
        if path.name.startswith(Path(loading.stored_as).name):
            os.utime(path, (week.timestamp(), week.timestamp()))
    assert tasks.prune() == {"imports": 1, "files": 0}
    assert not Import.objects.filter(pk=waiting.pk).exists()
    assert {path.name.partition(".")[0] for path in left(files)} == {Path(loading.stored_as).name}
    visits(loading)
    assert (counts(loading), left(files)) == ((2, 0, 0, 0), [])


CANARY = "wilhelmina"


def test_no_person_of_a_zip_is_anywhere_but_in_the_records(
    kim: Candidate, files: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    members = {f"{CANARY}.pdf": pdf(CANARY), f"{CANARY}.docx": b"PK\3\4" + CANARY.encode()}
    rows = [f"C-1,{CANARY}.pdf,R-1", f"C-1,{CANARY}.docx,R-2", f"{CANARY},{CANARY}.pdf,{CANARY}", f"C-1,/{CANARY},"]
    content = a_zip(rows, members)
    assert counts(loaded(kim.customer, content)) == (1, 0, 0, 3)
    (tmp_path / "x.zip").write_bytes(content)
    said = io.StringIO()
    with pytest.raises(CommandError):
        call_command("import_records", "resume", str(tmp_path / "x.zip"), "--customer", "Acme", stderr=said)
    found = {table for table, content in dump().items() if CANARY in repr(content).lower()}
    assert found == {"resumes_resumefile"}
    messages = [each.getMessage() for each in caplog.records if not each.name.startswith("django.db")]
    assert CANARY not in "\n".join([*messages, said.getvalue()]).lower()
    assert left(files) == []
