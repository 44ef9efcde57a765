"""Who was erased does not come back unnoticed: by a file, by a form."""

from __future__ import annotations

import contextlib
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Customer
from talentsync.imports import forgetting
from talentsync.resumes import services as resumes
from talentsync.resumes.models import Resume
from tests.candidates.making import ask
from tests.customers.making import make_user
from tests.imports import making as sheets
from tests.imports.zips import a_zip, pdf
from tests.people_admin import forms
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(person: dict[str, Any]) -> None:
    """C-1, with everything."""
    ask("erase", person["candidate"])
    work()
    assert not Candidate.objects.exists()


def load(tmp_path: Path, kind: str, rows: list[dict[str, Any]], *options: str) -> str:
    """What the command complains about."""
    path = tmp_path / f"{kind}.csv"
    path.write_bytes(sheets.as_csv(rows))
    return said_of(path, kind, *options)


def said_of(path: Path, kind: str, *options: str) -> str:
    words = StringIO()
    with contextlib.suppress(CommandError):
        call_command("import_records", kind, str(path), "--customer", "Acme", *options, stderr=words, stdout=words)
    return words.getvalue()


def test_a_file_leaves_out_who_was_erased(gone: None, tmp_path: Path) -> None:
    said = load(tmp_path, "candidate", [sheets.candidate(1), sheets.candidate(2)])
    assert "line 2, external_id: It was deleted from LinkedIn and TalentSync on 2 Mar 2026" in said
    assert list(Candidate.objects.values_list("external_id", flat=True)) == ["C-2"]


def test_a_file_brings_back_whom_it_is_told_to(gone: None, tmp_path: Path) -> None:
    assert "erased" not in load(tmp_path, "candidate", [sheets.candidate(1)], "--bring-back-erased")
    assert Candidate.objects.get().external_id == "C-1"
    assert "[erased]" in load(tmp_path, "candidate_note", [sheets.note(1)])
    assert not CandidateNote.objects.exists()


def test_a_zip_leaves_out_an_erased_resume_unless_it_is_told_to_bring_it_back(
    person: dict[str, Any], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    resumes.upload(person["candidate"], BytesIO(pdf("a")), "a.pdf", by=None, external_id="R-1", send=False)
    ask("erase", person["candidate"])
    work()
    load(tmp_path, "candidate", [sheets.candidate(1)], "--bring-back-erased")
    path = tmp_path / "resumes.zip"
    path.write_bytes(a_zip(["C-1,a.pdf,R-1", "C-1,b.pdf,R-2"], {"a.pdf": pdf("a"), "b.pdf": pdf("b")}))
    assert "line 2, external_id: It was deleted from LinkedIn and TalentSync on 2 Mar 2026" in said_of(path, "resume")
    assert list(Resume.objects.values_list("external_id", flat=True)) == ["R-2"]
    assert "[erased]" not in said_of(path, "resume", "--bring-back-erased")
    assert Resume.objects.count() == 2


def test_who_is_here_is_changed_as_ever(gone: None, tmp_path: Path) -> None:
    load(tmp_path, "candidate", [sheets.candidate(1)], "--bring-back-erased")
    load(tmp_path, "candidate", [sheets.candidate(1, first_name="Changed")])
    assert Candidate.objects.get().first_name == "Changed"


def test_a_form_says_so(gone: None, acme: Customer, client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    answer = forms.add(client, Candidate, forms.a_candidate(acme))
    said = [str(each) for each in client.get(answer.url).context["messages"]]
    assert any("with this ID was deleted from LinkedIn and TalentSync on 2 Mar 2026" in each for each in said)
    other = forms.add(client, Candidate, forms.a_candidate(acme, external_id="C-2"))
    assert not any("with this ID" in str(each) for each in client.get(other.url).context["messages"])


@pytest.mark.parametrize(
    "content", [b"x,C-1,y", b"\n" * forgetting.BLOCK + b"C-1", b"x" * (forgetting.BLOCK - 1) + b"C-1"]
)
def test_a_name_is_found_in_a_file_wherever_it_stands(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert forgetting.names_any(path, [b"C-1", b"C-9"])
    assert not forgetting.names_any(path, [b"C-9"])


def test_an_escaped_name_is_found(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text('{"external_id": "Zo\\u00eb"}')
    assert forgetting.names_any(path, ["Zoë".encode()])
    assert not forgetting.names_any(tmp_path / "none", [b"x"])
