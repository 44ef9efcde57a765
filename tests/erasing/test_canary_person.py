"""A person who cannot be mistaken goes through every door, is erased, and is found nowhere any more (DESIGN 8)."""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateEmail, CandidateNote, Match
from talentsync.customers.models import Connection, Customer
from talentsync.imports import services as imports
from talentsync.imports.models import Import
from talentsync.resumes import services as resumes
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Erasure, Run, Snapshot
from tests.canary import searching
from tests.core.rows import dump
from tests.customers.making import make_user
from tests.imports import making as sheets
from tests.imports import zips
from tests.people_admin import forms
from tests.resumes.samples import small_pdf
from tests.sync.driving import make_job, pass_by, work

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "zephyrinequill"  # stands in every value about the person, also in the IDs
WHO = {CANARY}
SIGNED = "x-li-ambry-ep"  # stands in every signed address
URN = f"urn:li:person:{CANARY}"


@pytest.fixture
def web(client: Client, acme: Customer) -> Client:
    client.force_login(make_user("root", is_superuser=True))
    return client


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def test_nothing_of_an_erased_person_is_left(
    acme: Customer,
    at_linkedin: Connection,
    linkedin: Linkedin,
    web: Client,
    media: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    candidate = come_in(acme, linkedin, web)
    row = sheets.candidate(7, last_name=CANARY, external_id=f"C-{CANARY}")
    upload(acme, web, "candidate", sheets.as_csv([row]))
    upload(acme, web, "resume", zips.a_zip([f"C-{CANARY},{CANARY}.pdf,"], {f"{CANARY}.pdf": zips.pdf(CANARY)}))
    go_out(candidate, linkedin, web)
    assert_that_it_flew(media)
    assert SIGNED not in repr([list(every(model).values()) for model in (Attempt, AttemptItem, Delivery)])

    run = erase(candidate, web)
    pages = read_the_receipt(run, web)

    for model in (Candidate, CandidateEmail, CandidateNote, Match, Application, ApplicationNote, ApplicationStage):
        assert not model._default_manager.exists(), model
    for model in (InterviewFeedback, Delivery, Snapshot, AttemptItem, Import):
        assert not model._default_manager.exists(), model
    assert Attempt.objects.exists()
    assert not Resume.objects.exists()
    assert not ResumeFile.objects.exists()
    assert found_in_rows() == {}
    assert SIGNED not in "\n".join([*map(repr, dump().items()), *logs(caplog), *pages])
    assert searching.in_files(media, WHO) == {}
    assert found_in_the_database_file() == []
    assert searching.found("\n".join(logs(caplog)), WHO) == []
    assert searching.found("\n".join(pages), WHO) == []


def come_in(acme: Customer, linkedin: Linkedin, web: Client) -> Candidate:
    """By the forms, refused and saved, and by files."""
    given = forms.a_candidate(
        acme,
        external_id=f"C-{CANARY}",
        first_name=CANARY,
        last_name=CANARY,
        email_addresses=f"{CANARY}@example.com\nsecond.{CANARY}@example.com",
        current_company_name=f"{CANARY} works",
        external_profile_url=f"https://ats.example.com/{CANARY}",
    )
    assert forms.add(web, Candidate, {**given, "email_addresses": f"{CANARY} at home"}).status_code == 200
    assert forms.errors(forms.add(web, Candidate, given)) == {}
    candidate = Candidate.objects.get()
    note = forms.a_note(candidate, external_id=f"N-{CANARY}", note=f"{CANARY} speaks softly.")
    changed = {**given, "current_job_title": f"Head of {CANARY}", **forms.inline("notes", note)}
    assert forms.errors(forms.change(web, candidate, changed)) == {}
    linkedin.seed_posting("J-1")
    job = make_job(acme, "J-1")
    row = {"external_id": f"A-{CANARY}", "candidate": candidate.external_id, "job": job.external_id, "source": CANARY}
    dates = {"ats_created_at": sheets.CREATED, "ats_last_modified_at": sheets.MODIFIED}
    load(upload(acme, web, "application", sheets.as_csv([{**row, **dates}])))
    application = Application.objects.get()
    for data, model in (
        (forms.a_note(application, external_id=CANARY, note=CANARY), ApplicationNote),
        (forms.a_stage(application, external_id=CANARY, stage=CANARY), ApplicationStage),
        (forms.some_feedback(application, external_id=CANARY, feedback=CANARY), InterviewFeedback),
    ):
        assert forms.errors(forms.add(web, model, data)) == {}
    file, name = io.BytesIO(small_pdf(front=f"%{CANARY}\n".encode())), f"{CANARY}.pdf"
    resumes.upload(candidate, file, name, by=None, external_id=f"R-{CANARY}")
    return candidate


def upload(acme: Customer, web: Client, kind: str, content: bytes) -> Import:
    form = {"kind": kind, "customer": acme.pk, "file": SimpleUploadedFile("people", content)}
    assert web.post(reverse("admin:imports_import_add"), form).status_code == 302
    return Import.objects.latest("pk")


def load(run: Import) -> None:
    assert imports.confirm(run, by=None)
    assert imports.carry_on(run.pk, until=timezone.now() + timedelta(minutes=1))
    Import.objects.filter(pk=run.pk).delete()  # its report is no part of this


def go_out(candidate: Candidate, linkedin: Linkedin, web: Client) -> None:
    """Looked at before, refused with its own words, sent, matched, linked, looked at afterwards."""
    words = f"ERROR :: /firstName :: {CANARY} is not acceptable"
    linkedin.next("stock_validator", match=CANARY, message=words)
    linkedin.next("reject", match=CANARY, status=422, message=words)
    request(web, candidate, "send_all", look=True)
    look_around(web)
    request(web, candidate, "try_again")
    linkedin.match(candidate.external_id, members=[URN])
    request(web, candidate, "fetch")
    request(web, candidate, "link", person=URN)
    look_around(web)


def request(web: Client, candidate: Candidate, name: str, *, look: bool = False, **answers: str) -> Run:
    asked = web.post(reverse("admin:candidates_candidate_ask", args=[candidate.pk, name]))
    run = Run.objects.latest("pk")
    assert asked.url == reverse("admin:sync_run_confirm", args=[run.pk]), name
    assert web.get(asked.url).status_code == 200
    if look:
        assert web.get(reverse("admin:sync_run_preview", args=[run.pk])).status_code == 200
    assert web.post(asked.url, {"answered": "1", **answers}).status_code == 302, name
    work()
    return run


def look_around(web: Client) -> None:
    """Every status, try and request."""
    for page, model in (("delivery", Delivery), ("attempt", Attempt), ("run", Run)):
        for pk in model._default_manager.values_list("pk", flat=True):
            assert web.get(reverse(f"admin:sync_{page}_change", args=[pk])).status_code in (200, 302)


def assert_that_it_flew(media: Path) -> None:
    """Otherwise it would be no wonder that nobody finds it."""
    places = set(found_in_rows())
    assert {"candidates_candidate", "candidates_candidateemail", "candidates_match", "sync_delivery"} <= places
    assert {"resumes_resume", "resumes_resumefile"} <= places
    assert {"sync_snapshot", "sync_attemptitem", "sync_attempt", "django_admin_log"} <= places
    assert searching.in_files(media / "media", WHO)
    if database.vendor == "sqlite":
        assert found_in_the_database_file()
    assert LogEntry.objects.filter(change_message__contains=CANARY).exists()


def erase(candidate: Candidate, web: Client) -> Run:
    run = request(web, candidate, "erase")
    assert Candidate.objects.exists(), "there is time for Undo"
    pass_by(seconds=61)
    assert web.get(reverse("admin:sync_run_change", args=[run.pk])).status_code == 200
    look_around(web)
    return run


def read_the_receipt(run: Run, web: Client) -> Iterator[str]:
    page = web.get(reverse("admin:sync_run_erasure", args=[run.pk])).content.decode()
    assert "removed here and from LinkedIn" in page
    file = web.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk])).content
    yield from (page, *texts(file))


def texts(file: bytes) -> list[str]:
    """What is drawn on each page of a PDF, and the file itself."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", file, re.DOTALL)
    return [file.decode("latin-1"), *(unpacked(each).decode("latin-1") for each in streams)]


def unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
    except (ValueError, zlib.error):
        return stream


def found_in_rows() -> dict[str, list[str]]:
    """By table: as it is stored, and as it is read by whoever has the keys."""
    stored = {table: "\n".join(map(repr, rows)) for table, rows in dump().items()}
    for model in apps.get_models():
        if model is not Session:
            read = (repr([getattr(row, field.attname) for field in model._meta.fields]) for row in every(model))
            stored[model._meta.db_table] = "\n".join([stored.get(model._meta.db_table, ""), *read])
    hits = {table: searching.found(text, WHO) for table, text in stored.items()}
    return {table: around for table, around in hits.items() if around}


def every(model: Any) -> Any:
    return model._base_manager.all()


def found_in_the_database_file() -> list[str]:
    """SQLite overwrites what is deleted; the log of what is not yet in the file is emptied first."""
    if database.vendor != "sqlite":
        return []
    with database.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    name = Path(str(database.settings_dict["NAME"]))
    files = [path for path in name.parent.glob(f"{name.name}*") if path.is_file()]
    assert files
    return [around for path in files for around in searching.found(path.read_bytes().decode("latin-1"), WHO)]


def logs(caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    """All of it, but for the statements that Django's own debugging prints."""
    yield from (each.getMessage() for each in caplog.records if not each.name.startswith("django.db"))
    for path in Path(django_settings.VAR_DIR).rglob("*.log"):
        yield path.read_text(errors="replace")


def test_a_receipt_names_every_record_by_its_sort(acme: Customer, web: Client, person: dict[str, Any]) -> None:
    run = request(web, person["candidate"], "erase")
    pass_by(seconds=61)
    drawn = "\n".join(texts(web.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk])).content))
    for words in ("Candidate note", "Interview feedback", "Acme", "204"):
        assert words in drawn
    for reference in Erasure.objects.values_list("key_hash", flat=True):
        assert reference[:16] in drawn
