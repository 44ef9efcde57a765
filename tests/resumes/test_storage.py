"""Private storage on a disk: random names, nobody else's to read, whole or not there."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import Client

from talentsync.resumes import storage
from talentsync.resumes.storage import NAME


def kept(content: bytes = b"Rosa") -> str:
    return storage.keep(io.BytesIO(content))


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_is_read_back_in_pieces():
    name = kept(b"x" * 200_000)
    with storage.opened(name) as file:
        assert file.read(5) == b"xxxxx"
        assert sum(len(piece) for piece in file.chunks(64 * 1024)) == 200_000


def test_a_file_is_kept_from_its_start_wherever_it_was_read_to():
    file = io.BytesIO(b"Rosa")
    file.seek(2)
    with storage.opened(storage.keep(file)) as stored:
        assert stored.read() == b"Rosa"


@pytest.mark.parametrize("name", ["Rosa Marquez.pdf", "../../Rosa.pdf", "Rosa"])
def test_no_name_of_a_person_becomes_a_path(name, files):
    stored = storage.store().save(name.split("/")[-1], ContentFile(b"x"))
    assert NAME.fullmatch(stored)
    assert [path.relative_to(files).as_posix() for path in everything(files)] == [stored]


def test_an_upload_that_django_keeps_in_a_file_of_its_own_is_copied(files):
    with TemporaryUploadedFile("Rosa.pdf", "application/pdf", 4, None) as upload:
        upload.write(b"Rosa")
        upload.flush()
        name = storage.keep(upload)
    assert (files / name).read_bytes() == b"Rosa"
    assert storage.keep(SimpleUploadedFile("Rosa.pdf", b"Rosa")) != name


def test_folders_and_files_are_for_us_alone(files):
    before = os.umask(0)
    try:
        path = files / kept()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = [path.parent, files / "new", files, files.parent]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_no_address_leads_to_a_file(files):
    name = kept()
    with pytest.raises(ValueError, match="no address"):
        storage.store().url(name)
    for address in (f"/media/resumes/{name}", f"/media/{name}", f"/static/{name}", f"/resumes/{name}"):
        assert Client().get(address).status_code == 404


def test_file_and_folders_reach_the_disk_before_the_name_is_given_out(monkeypatch, files):
    """In this order: the content, then its name. A power cut at any moment leaves a whole file or none."""
    seen: list[tuple[str, str]] = []
    sync, rename = os.fsync, os.rename

    def synced(number: int) -> None:
        seen.append(("sync", Path(os.readlink(f"/proc/self/fd/{number}")).relative_to(files.parent.parent).as_posix()))
        sync(number)

    def renamed(old: Path, new: Path) -> None:
        seen.append(("rename", new.relative_to(files.parent.parent).as_posix()))
        rename(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "rename", renamed)
    name = kept()
    folder, token = name.split("/")
    assert seen[-3:] == [
        ("sync", f"media/resumes/new/{token}"),
        ("rename", f"media/resumes/{name}"),
        ("sync", f"media/resumes/{folder}"),
    ]
    made = {("sync", "."), ("sync", "media"), ("sync", "media/resumes")}
    assert set(seen[:-3]) == made


class Failing(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError("no space left")


def test_what_could_not_be_written_leaves_nothing(files):
    with pytest.raises(OSError, match="no space"):
        storage.store().save("x", Failing(b""))
    assert everything(files) == []


def test_a_file_is_deleted_once_and_again(files):
    name = kept()
    storage.forget(name)
    storage.forget(name)
    storage.forget("")
    assert everything(files) == []
    with pytest.raises(FileNotFoundError):
        storage.opened(name)


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/passwd",
        "ab/../../secret",
        "ab",
        "",
        "ab/" + "g" * 32,
        "ab/" + "0" * 32 + "\n",
        "AB/" + "0" * 32,
    ],
)
def test_only_names_of_ours_are_looked_at(name):
    for ask in (storage.opened, storage.store().exists, storage.store().size, storage.store().delete):
        with pytest.raises(SuspiciousFileOperation):
            ask(name)


def test_a_stored_file_is_never_written_to():
    name = kept()
    with pytest.raises(ValueError, match="never written"):
        storage.store().open(name, "wb")


def test_names_are_listed_in_order_and_strangers_left_out(files):
    assert list(storage.store().names()) == []
    made = sorted(kept() for _ in range(20))
    (files / "README").write_text("x")
    (files / "ab").mkdir(exist_ok=True)
    (files / "ab/notes.txt").write_text("x")
    (files / "new" / ("0" * 32)).write_text("left by a crash")
    assert list(storage.store().names()) == [*made, "new/" + "0" * 32]
