"""Where uploaded files lie: below MEDIA_ROOT, where no address leads, under random names."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

FOLDER = "imports"
SEEN = ".seen"  # beside a file: which IDs it has named so far


def keep(uploaded: File) -> str:
    """Store a file; returns the name it lies under."""
    return default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", uploaded)


def path_of(name: str) -> Path:
    return Path(default_storage.path(name or f"{FOLDER}/gone"))


def seen_path(name: str) -> Path:
    return Path(f"{path_of(name)}{SEEN}")


def forget_seen(name: str) -> None:
    for path in (seen_path(name), Path(f"{seen_path(name)}-journal")):
        path.unlink(missing_ok=True)


def forget(name: str) -> None:
    if name:
        forget_seen(name)
        path_of(name).unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[Path]:
    """Files that nobody has written to since: also those that a crash has left behind."""
    folder = Path(default_storage.path(FOLDER))
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < moment.timestamp():
                yield path
