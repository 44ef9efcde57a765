"""Resumes in bulk: a zip with its table, or a table in a folder; what leads elsewhere or is no resume is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from talentsync.candidates.models import Candidate
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Customer
from talentsync.imports import bundles
from talentsync.resumes import orphans, storage
from talentsync.resumes.models import Resume, ResumeFile
from tests.candidates.making import make_candidate
from tests.customers.making import make_customer
from tests.resumes.samples import small_pdf
from tests.resumes.sending.making import lose_files

pytestmark = pytest.mark.django_db(transaction=True)

LINK = 0o120777 << 16
BITTEN_BY_BUNDLES = {
    *("bad_zip", "zip_too_many", "zip_table_too_long", "zip_one_table", "no_such_file", "file_elsewhere"),
    *("file_is_link", "file_twice", "file_encrypted", "file_broken", "file_packing", "resume"),
}
"""The rules that are shown to bite here."""


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media/resumes"


@pytest.fixture
def kim(db: None) -> Candidate:
    return make_candidate(make_customer("Acme"))


def pdf(text: str = "one") -> bytes:
    return small_pdf(front=f"%{text}\n".encode())


def zipped(path: Path, *rows: str, head: str = "candidate,file,external_id", **members: Any) -> Path:
    """`members` are names without their dots; a ZipInfo says more."""
    with zipfile.ZipFile(path / "resumes.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", "\n".join([head, *rows]) + "\n")
        for name, content in members.items():
            archive.writestr(name.replace("_pdf", ".pdf"), content)
    return path / "resumes.zip"


def load(path: Path, *options: str) -> tuple[str, str]:
    """What it says, and which rows it complains of."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_records", "resume", str(path), "--customer", "Acme", *options, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error} exit {error.returncode}")
    return out.getvalue().strip(), err.getvalue().strip()


def stored(media: Path) -> int:
    return sum(path.is_file() for path in media.rglob("*")) if media.exists() else 0


def test_a_zip_becomes_resumes_and_nothing_is_sent(kim: Candidate, tmp_path: Path, media: Path) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", "C-1,b.pdf,", a_pdf=pdf("a"), b_pdf=pdf("b"))
    said, complaint = load(path)
    assert said.splitlines() == [
        "2 new, 0 changed, 0 unchanged, 0 refused, of 2 rows.",
        "2 records are new or changed and not yet sent.",
    ]
    assert complaint == ""
    assert {each.file.name for each in Resume.objects.all()} == {"a.pdf", "b.pdf"}
    assert Resume.objects.get(external_id="R-1").sync_state == "idle"
    assert AuditEvent.objects.filter(verb="add", kind="resume").count() == 2
    assert load(path)[0] == "0 new, 0 changed, 2 unchanged, 0 refused, of 2 rows."
    assert stored(media) == 2


def test_another_content_under_the_same_id_replaces_the_file(kim: Candidate, tmp_path: Path, media: Path) -> None:
    load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a")))
    assert load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("b")))[0].startswith("0 new, 1 changed")
    assert Resume.objects.count() == ResumeFile.objects.count() == stored(media) == 1


@pytest.mark.parametrize("row", ["C-1,a.pdf,R-1", "C-1,a.pdf,"])
def test_a_file_that_is_lost_here_is_put_back(kim: Candidate, tmp_path: Path, media: Path, row: str) -> None:
    path = zipped(tmp_path, row, a_pdf=pdf("a"))
    load(path)
    lose_files()
    assert load(path, "--dry-run")[0].startswith("Would load: 0 new, 1 changed, 0 unchanged")
    assert load(path)[0].startswith("0 new, 1 changed, 0 unchanged")
    assert load(path)[0].startswith("0 new, 0 changed, 1 unchanged")
    assert list(orphans.find(storage.store())) == []
    assert (Resume.objects.count(), stored(media)) == (1, 1)


def test_a_lost_file_that_stands_twice_in_a_table_is_put_back_once(kim: Candidate, tmp_path: Path, media: Path) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,", "C-1,a.pdf,", a_pdf=pdf("a"))
    load(path)
    lose_files()
    assert load(path, "--dry-run")[0].startswith("Would load: 0 new, 1 changed, 1 unchanged")
    assert load(path)[0].startswith("0 new, 1 changed, 1 unchanged")
    assert (Resume.objects.count(), stored(media)) == (1, 1)


@pytest.mark.parametrize("lost", ["R-1", "R-2"])
def test_of_two_resumes_with_one_content_the_one_that_lost_its_file_gets_it_back(
    lost: str, kim: Candidate, tmp_path: Path, media: Path
) -> None:
    """By a row that names neither."""
    load(zipped(tmp_path, "C-1,a.pdf,R-1", "C-1,b.pdf,R-2", a_pdf=pdf("a"), b_pdf=pdf("a")))
    storage.forget(Resume.objects.get(external_id=lost).file.stored_as)
    path = zipped(tmp_path, "C-1,a.pdf,", a_pdf=pdf("a"))
    assert load(path, "--dry-run")[0].startswith("Would load: 0 new, 1 changed, 0 unchanged")
    assert load(path)[0].startswith("0 new, 1 changed, 0 unchanged")
    assert load(path)[0].startswith("0 new, 0 changed, 1 unchanged")
    assert list(orphans.find(storage.store())) == []
    assert (Resume.objects.count(), stored(media)) == (2, 2)


def test_a_storage_that_does_not_say_what_it_has_is_told_and_is_no_traceback(
    kim: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a"))
    load(path)

    def silent(store: Any, name: str) -> bool:
        raise OSError("The file store could not be used.")

    monkeypatch.setattr(storage.LocalStorage, "exists", silent)
    said, complaint = load(path)
    assert said.startswith("0 new, 0 changed, 0 unchanged, 1 refused")
    assert "could not be stored" in complaint


def test_a_dry_run_writes_nothing(kim: Candidate, tmp_path: Path, media: Path) -> None:
    said, complaint = load(zipped(tmp_path, "C-1,a.pdf,R-1", "C-1,b.pdf,", a_pdf=pdf(), b_pdf=b"\0"), "--dry-run")
    assert said.startswith("Would load: 1 new, 0 changed, 0 unchanged, 1 refused")
    assert "line 3, file: " in complaint
    assert (Resume.objects.count(), stored(media)) == (0, 0)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("/etc/passwd", "file_elsewhere"),
        ("../a.pdf", "file_elsewhere"),
        ("x/../../a.pdf", "file_elsewhere"),
        ("..\\a.pdf", "file_elsewhere"),
        ("C:a.pdf", "file_elsewhere"),
        ("other.pdf", "no_such_file"),
        ("link.pdf", "file_is_link"),
        ("twice.pdf", "file_twice"),
        ("bomb.pdf", "resume"),
        ("a.txt", "no_such_file"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_leads_elsewhere_or_swells_is_refused_with_its_line(
    kim: Candidate, tmp_path: Path, media: Path, name: str, rule: str
) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", f"C-1,{name},R-2", a_pdf=pdf())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = LINK
        archive.writestr(link, "/etc/passwd")
        archive.writestr("twice.pdf", pdf())
        archive.writestr("twice.pdf", pdf())
        archive.writestr("bomb.pdf", b"%PDF-1.4\n" + bytes(40_000_000))
    said, complaint = load(path)
    assert said.startswith("1 new, 0 changed, 0 unchanged, 1 refused")
    assert complaint.startswith("line 3, file: ")
    assert f"[{rule}]" in complaint
    assert complaint.endswith("exit 1")
    assert stored(media) == 1


def test_a_bomb_is_never_unpacked_beyond_a_resumes_length(tmp_path: Path) -> None:
    path = zipped(tmp_path, "C-1,bomb.pdf,R-1", bomb_pdf=bytes(40_000_000))
    with bundles.opened(path) as bundle, bundle.opened("bomb.pdf") as file:
        assert len(file.read()) == bundles.LIMIT + 1


def test_doubled_ids_and_unknown_candidates_are_refused(kim: Candidate, tmp_path: Path) -> None:
    _, complaint = load(zipped(tmp_path, "C-1,a.pdf,R-1", "C-1,a.pdf,R-1", "C-9,a.pdf,R-2", a_pdf=pdf()))
    assert "line 3, external_id" in complaint
    assert "line 4, candidate" in complaint


def test_a_file_that_cannot_be_unpacked_is_refused_and_the_others_come(kim: Candidate, tmp_path: Path) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", "C-1,b.pdf,R-2", a_pdf=pdf("a"), b_pdf=pdf("b"))
    raw = path.read_bytes()
    at = raw.index(b"a.pdf") + len("a.pdf")
    path.write_bytes(raw[:at] + b"\xff" * 20 + raw[at + 20 :])
    said, complaint = load(path)
    assert said.startswith("1 new, 0 changed, 0 unchanged, 1 refused")
    assert "[file_broken]" in complaint


def test_a_password_is_refused(kim: Candidate, tmp_path: Path) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf())
    raw = bytearray(path.read_bytes())
    entry = raw.rindex(b"PK\1\2")
    raw[entry + 8] |= 1
    path.write_bytes(raw)
    assert "[file_encrypted]" in load(path)[1]


@pytest.mark.parametrize(
    ("name", "most", "rule"), [("MOST_MEMBERS", 1, "too_many"), ("LONGEST_TABLE", 9, "table_too_long")]
)
def test_a_zip_beyond_measure_is_refused(
    kim: Candidate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int, rule: str
) -> None:
    monkeypatch.setattr(bundles, name, most)
    assert f"[zip_{rule}]" in load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf()))[1]


def test_a_zip_whose_list_of_files_is_broken_is_refused(kim: Candidate, tmp_path: Path) -> None:
    path = zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf())
    path.write_bytes(path.read_bytes().replace(b"PK\1\2", b"PK\0\0"))
    assert "[bad_zip]" in load(path)[1]


@pytest.mark.parametrize("tables", [0, 2])
def test_a_zip_has_one_table(kim: Candidate, tmp_path: Path, tables: int) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.pdf", pdf())
        for number in range(tables):
            archive.writestr(f"{number}.csv", "candidate,file\n")
    assert "[zip_one_table]" in load(tmp_path / "x.zip")[1]


def test_files_lie_below_the_folder_of_the_table(kim: Candidate, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "more").mkdir(parents=True)
    (folder / "more/a.pdf").write_bytes(pdf("a"))
    (tmp_path / "secret.pdf").write_bytes(pdf("b"))
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (folder / "out").symlink_to(tmp_path)
    (folder / "round.pdf").symlink_to(folder / "round.pdf")
    names = ("more/a.pdf", "../secret.pdf", "link.pdf", "out/secret.pdf", "more", "round.pdf")
    table = "\n".join(["candidate,file,external_id", *(f"C-1,{name},R-{at}" for at, name in enumerate(names))])
    (folder / "table.csv").write_text(table)
    said, complaint = load(folder / "table.csv")
    assert said.startswith("1 new, 0 changed, 0 unchanged, 5 refused")
    rules = [line.rpartition("[")[2].rstrip("]") for line in complaint.splitlines() if line.startswith("line")]
    assert rules == ["file_elsewhere", "file_is_link", "file_is_link", "file_is_link", "file_is_link"]


def test_candidates_of_others_are_unknown(kim: Candidate, tmp_path: Path) -> None:
    Customer.objects.filter(name="Acme").update(name="Other")
    make_customer("Acme")
    assert "line 2, candidate" in load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf()))[1]


def test_a_default_that_cannot_be_chosen_is_told_and_is_no_traceback(kim: Candidate, tmp_path: Path) -> None:
    """One that was stored before it was refused."""
    Customer.objects.update(resumes_kept_for=30, resumes_kept_unit="MINUTE", resumes_on_expiry="again")
    _, complaint = load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a")))
    assert "kept for an hour at least" in complaint


def test_another_file_for_a_resume_whose_choice_cannot_be_is_told_and_is_no_traceback(
    kim: Candidate, tmp_path: Path, media: Path
) -> None:
    """It was stored before it was refused; only its date may still be changed."""
    load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("a")))
    ResumeFile.objects.update(keep_for=30, keep_unit="MINUTE")
    Resume.objects.update(on_expiry="again")
    before = Resume.objects.get().file_id
    said, complaint = load(zipped(tmp_path, "C-1,a.pdf,R-1", a_pdf=pdf("b")))
    assert said.startswith("0 new, 0 changed, 0 unchanged, 1 refused")
    assert "line 2, file" in complaint
    assert "kept for an hour at least" in complaint
    assert (Resume.objects.get().file_id, stored(media)) == (before, 1)
    head, row = "candidate,file,external_id,ats_created_at", "C-1,a.pdf,R-1,2026-01-07T09:30:00Z"
    assert load(zipped(tmp_path, row, head=head, a_pdf=pdf("a")))[0].startswith("0 new, 1 changed")
