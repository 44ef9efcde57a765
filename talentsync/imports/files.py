"""Where uploaded files lie: below MEDIA_ROOT, where no address leads, under random names."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

FOLDER = "imports"
SEEN = ".seen"  # beside a file: which IDs it has named so far
TABLE = ".table"  # beside a zip: the table in it


def keep(uploaded: File) -> str:
    """Store a file; returns the name it lies under."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", uploaded)


def path_of(name: str) -> Path:
    return Path(default_storage.path(name or f"{FOLDER}/gone"))


def seen_path(name: str) -> Path:
    return Path(f"{path_of(name)}{SEEN}")


def table_path(name: str) -> Path:
    return Path(f"{path_of(name)}{TABLE}")


def forget(name: str) -> None:
    """The file first: whoever has just put something beside it looks whether it is still there."""
    if name:
        path = path_of(name)
        path.unlink(missing_ok=True)
        for beside in path.parent.glob(f"{path.name}.*"):
            beside.unlink(missing_ok=True)


def older_than(moment: datetime, *, but: Collection[str]) -> Iterator[Path]:
    """Files that nobody has written to since, also those that a crash has left behind; `but` names files that stay,
    with what lies beside them.
    """
    kept = {path_of(name).name for name in but}
    folder = Path(default_storage.path(FOLDER))
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.name.partition(".")[0] not in kept and path.stat().st_mtime < moment.timestamp():
                yield path
