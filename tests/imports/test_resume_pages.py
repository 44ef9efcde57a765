"""Resumes by zip, as a recruiter meets them on the pages of imports, and as others do not."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.imports import admin, tasks
from talentsync.imports.forms import A_ZIP, NO_ZIP
from talentsync.imports.models import Import, State
from talentsync.resumes import scanning
from talentsync.resumes.models import Resume
from tests.candidates.making import make_candidate
from tests.customers.making import make_user
from tests.imports.making import as_csv, candidate
from tests.imports.test_admin import ADD, MAY, page, words
from tests.imports.zips import a_zip, pdf

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = reverse("admin:imports_import_sample", args=["resume", "zip"])
MAY_RESUMES = ("resumes.view_resume", "resumes.add_resume", "resumes.change_resume")
CSV = b"candidate,file\nC-1,a.pdf\n"


@pytest.fixture
def kim(acme: Customer) -> Candidate:
    return make_candidate(acme)


@pytest.fixture
def rosa(client: Client, kim: Candidate) -> User:
    user = make_user("rosa", of=(kim.customer,), may=(*MAY, *MAY_RESUMES))
    client.force_login(user)
    return user


def post(client: Client, customer: Customer, content: bytes, *, kind: str = "resume", name: str = "resumes.zip"):
    return client.post(
        ADD, {"kind": kind, "customer": customer.pk, "file": SimpleUploadedFile(name, content)}, follow=True
    )


def test_the_sample_is_taken_from_upload_to_report(client: Client, rosa: User, kim: Candidate, files: Path):
    answer = client.get(SAMPLE)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/zip", "nosniff")
    assert 'filename="resume.zip"' in answer["Content-Disposition"]
    seen = words(post(client, kim.customer, answer.content))
    run = Import.objects.get()
    for text in (
        "Checked. Nothing is loaded until you confirm it.",
        "Load 1 record",
        "kim-example.txt",
        "Line 2",
        "R-1",
    ):
        assert text in seen
    assert not Resume.objects.exists()
    seen = words(client.post(page(run, "confirm"), follow=True))
    assert "Loaded. Nothing was sent to a vendor." in seen
    assert "1 record is new or changed and not yet sent." in seen
    resume = Resume.objects.get()
    assert (resume.external_id, str(resume), resume.file.content_type) == ("R-1", "kim-example.txt", "text/plain")
    assert list((files / "media/imports").iterdir()) == []


def test_refused_files_are_listed_and_can_be_downloaded(client: Client, rosa: User, kim: Candidate):
    members = {"a.pdf": pdf(), "b.docx": a_zip([], {}), "c.pdf": b"\x89PNG\r\n\x1a\n"}
    rows = ["C-1,a.pdf,", "C-1,b.docx,", "C-1,c.pdf,", "C-2,a.pdf,"]
    seen = words(post(client, kim.customer, a_zip(rows, members)))
    assert "Load 1, leave out 3 with errors" in seen
    assert "This is a picture. Save it as PDF and upload that." in seen
    run = Import.objects.get()
    client.post(page(run, "confirm"))
    answer = client.get(page(run, "errors"))
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert [(line, column) for line, column, rule, sentence in lines[1:]] == [
        ("3", "file"),
        ("4", "file"),
        ("5", "candidate"),
    ]
    assert all(sentence.endswith(".") for line, column, rule, sentence in lines[1:])


def test_a_large_zip_is_done_by_a_worker_row_by_row(
    client: Client, rosa: User, kim: Candidate, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(admin, "AT_ONCE", timedelta(0))
    monkeypatch.setattr(tasks, "VISIT", timedelta(0))
    members = {f"{number}.pdf": pdf(str(number)) for number in range(4)}
    seen = post(client, kim.customer, a_zip([f"C-1,{name}," for name in members], members)).content.decode()
    run = Import.objects.get()
    assert "The file is being checked. Nothing is loaded yet." in seen
    assert 'aria-valuenow="0"' not in seen, "the first row is checked"
    while not tasks.carry_on(run.pk)["over"]:
        pass
    client.post(page(run, "confirm"))
    assert Resume.objects.count() == 1
    seen = client.get(page(run)).content.decode()
    assert "The records are being loaded." in seen
    assert 'hx-trigger="every 2s"' in seen
    while not tasks.carry_on(run.pk)["over"]:
        pass
    assert "Loaded." in words(client.get(page(run)))
    assert Resume.objects.count() == 4


@pytest.mark.parametrize(
    ("content", "name"), [(CSV, "resumes.csv"), (CSV, "resumes.zip"), (b"", "resumes.zip"), (pdf(), "a.pdf")]
)
def test_what_is_no_zip_is_told_to_be_packed(
    client: Client, rosa: User, kim: Candidate, files: Path, content: bytes, name: str
):
    seen = words(post(client, kim.customer, content, name=name))
    assert (str(NO_ZIP) if content else "The submitted file is empty.") in seen
    assert not Import.objects.exists()
    assert not (files / "media").exists()


def test_a_zip_of_anything_else_is_told_to_be_unpacked(client: Client, rosa: User, kim: Candidate):
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("people.csv", as_csv([candidate(1)]))
        packed = file.getvalue()
    assert str(A_ZIP) in words(post(client, kim.customer, packed, kind="candidate"))
    assert not Import.objects.exists()


def test_a_zip_with_two_tables_says_what_to_do(client: Client, rosa: User, kim: Candidate):
    seen = words(post(client, kim.customer, a_zip([], {"other.csv": CSV})))
    assert "The file could not be read. Nothing was loaded." in seen
    assert "At the top of the zip there must be one CSV, and only one." in seen
    assert Import.objects.get().state == State.FAILED


def test_two_tabs_confirm_once(client: Client, rosa: User, kim: Candidate):
    post(client, kim.customer, a_zip(["C-1,a.pdf,"], {"a.pdf": pdf()}))
    run = Import.objects.get()
    assert [client.post(page(run, "confirm")).status_code for _ in range(2)] == [302, 302]
    assert "Too late" in client.post(page(run, "discard"), follow=True).content.decode()
    assert Resume.objects.count() == 1


def test_the_upload_page_says_how_to_pack(client: Client, rosa: User):
    seen = words(client.get(ADD))
    assert "Sample file for Resumes: ZIP" in seen
    assert "A zip holds one CSV at its top" in seen
    assert "File, by its name in the zip" in seen
    assert "Of resumes: a zip with one CSV at its top" in seen
    assert str(scanning.NOT_SCANNED) in seen


# Who may what


@pytest.mark.parametrize("missing", ["resumes.add_resume", "resumes.change_resume"])
def test_who_may_not_make_and_change_resumes_meets_no_zip(client: Client, kim: Candidate, missing: str):
    may = tuple(right for right in (*MAY, *MAY_RESUMES) if right != missing)
    client.force_login(make_user("carl", of=(kim.customer,), may=may))
    seen = words(client.get(ADD))
    assert "Resumes" not in seen
    assert "Of resumes" not in seen
    assert str(scanning.NOT_SCANNED) not in seen
    assert client.get(SAMPLE).status_code == 404
    assert "Select a valid choice" in words(post(client, kim.customer, a_zip([], {})))
    assert not Import.objects.exists()


def test_who_may_not_see_resumes_sees_no_zip_of_them(client: Client, rosa: User, kim: Candidate):
    post(client, kim.customer, a_zip(["C-1,a.pdf,"], {"a.pdf": pdf()}))
    run = Import.objects.get()
    client.force_login(make_user("carl", of=(kim.customer,), may=MAY))
    assert client.get(page(run)).status_code in (302, 404)
    assert [client.post(page(run, name)).status_code for name in ("confirm", "discard")] == [404, 404]
    assert client.get(page(run, "errors")).status_code == 404
