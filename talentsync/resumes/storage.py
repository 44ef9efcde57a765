"""Where files of resumes lie: in private storage, under random names. No address leads there.

On a disk: below MEDIA_ROOT/resumes, folders 0700 and files 0600. `keep` returns when the file would survive a power
cut; only then may a row name it. A row goes first, and its file after commit: a crash in between leaves a file without
a row (see `orphans`), never a row without its file. What fails is an OSError, whatever the storage is.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "resumes"
FOLDER = "resumes"
UNFINISHED = "new"  # the folder of files that are still being written
NAME = re.compile(rf"(?:{UNFINISHED}|[0-9a-f]{{2}})/[0-9a-f]{{32}}")


class PrivateStorage(Storage):
    """What all places of resumes share."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """A random one: what was asked for is ignored, because people's names stand in names of files."""
        token = secrets.token_hex(16)
        return f"{token[:2]}/{token}"

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("Files of resumes have no address.")

    def names(self) -> Iterator[str]:
        """The names of all files, in order."""
        raise NotImplementedError


class LocalStorage(PrivateStorage, FileSystemStorage):
    @cached_property
    def base_location(self) -> str:
        return os.path.join(settings.MEDIA_ROOT, FOLDER)

    def path(self, name: str) -> str:
        return super().path(only_ours(name))

    def delete(self, name: str) -> None:
        path = Path(self.path(name))
        with suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def names(self) -> Iterator[str]:
        for folder in _sorted(self.base_location):
            yield from filter(NAME.fullmatch, (f"{folder}/{file}" for file in _sorted(self.base_location, folder)))

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        return File(open(self.path(name), only_reading(mode)))

    def _save(self, name: str, content: File[Any]) -> str:
        target, unfinished = Path(self.path(name)), Path(self.path(f"{UNFINISHED}/{name.split('/')[1]}"))
        for path in (unfinished, target):
            _make_folder(path.parent)
        try:
            with open(unfinished, "xb", opener=_for_us_alone) as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync(target.parent)
        return name


def store() -> PrivateStorage:
    return cast(PrivateStorage, storages[ALIAS])


def keep(file: BinaryIO) -> str:
    """Store all of `file`; returns the name it lies under, for a row to hold."""
    file.seek(0)
    return store().save(FOLDER, File(file, FOLDER))


def opened(name: str) -> File[Any]:
    """For reading, in pieces. Use it in a `with`."""
    return store().open(name)


def forget(name: str) -> None:
    """Delete the file, if it is there. Call it after the commit that took the name out of its row."""
    if name:
        store().delete(name)


def only_ours(name: str) -> str:
    if not NAME.fullmatch(name):
        raise SuspiciousFileOperation("This is not the name of a stored resume.")
    return name


def only_reading(mode: str) -> str:
    if mode != "rb":
        raise ValueError("A stored resume is never written to.")
    return mode


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Without this, a power cut may take a new name, or bring an old one back."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _sorted(*parts: str) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return sorted(os.listdir(os.path.join(*parts)))
    return []
