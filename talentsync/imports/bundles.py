"""Files that a table names: the members of a zip, or what lies in the folder of a CSV. Nothing outside of either.

Members are read one at a time, and never further than a resume may be long: a zip that swells swells to that.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from talentsync.imports.mistakes import BadFile, Wrong, mistake
from talentsync.resumes.checking import LIMIT

MOST_MEMBERS = 50_000  # of a zip: their names are all in memory
LONGEST_TABLE = 100_000_000  # bytes
IN_MEMORY = 1_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Bundle(Protocol):
    table: Path

    def opened(self, name: str) -> BinaryIO:
        """Raises `Wrong` for what is not in it. Whoever opens it closes it."""
        ...


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Raises `BadFile` for a zip that cannot be used."""
    if not zipfile.is_zipfile(path):
        yield Folder(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN:
        raise BadFile(mistake(1, "bad_zip")) from None
    with archive, tempfile.TemporaryDirectory() as folder:
        yield Zip(archive, Path(folder))


class Folder:
    """A CSV, and the files below the folder that it lies in."""

    def __init__(self, table: Path) -> None:
        self.table, self._root = table, table.resolve().parent

    def opened(self, name: str) -> BinaryIO:
        path = self._root.joinpath(*_parts(name))
        try:
            if path.resolve() != path or not stat.S_ISREG(path.lstat().st_mode):
                raise Wrong("file_is_link")
            return cast(BinaryIO, os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb"))
        except OSError:
            raise Wrong("no_such_file") from None


class Zip:
    """A zip with one CSV at its top, and the files that this names."""

    def __init__(self, archive: zipfile.ZipFile, folder: Path) -> None:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise BadFile(mistake(1, "zip_too_many", limit=f"{MOST_MEMBERS:,}"))
        tables = [each for each in members if each.filename.lower().endswith(".csv") and "/" not in each.filename]
        if len(tables) != 1:
            raise BadFile(mistake(1, "zip_one_table"))
        self._archive = archive
        self._members = {each.filename: each for each in members}
        self._times = Counter(each.filename for each in members)
        self.table = folder / "table.csv"
        if tables[0].file_size > LONGEST_TABLE:
            raise BadFile(mistake(1, "zip_table_too_long", limit=f"{LONGEST_TABLE:,}"))
        with self.table.open("wb") as table:
            try:
                self._copy(
                    tables[0], table, LONGEST_TABLE
                )  # unpacking ends with an error where it has more than it says
            except Wrong as wrong:
                raise BadFile(wrong.at(1, "")) from None

    def opened(self, name: str) -> BinaryIO:
        member = self._members.get("/".join(_parts(name)))
        if member is None or member.is_dir():
            raise Wrong("no_such_file")
        if self._times[member.filename] > 1:
            raise Wrong("file_twice")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Wrong("file_is_link")
        file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # the caller closes it
        try:
            self._copy(member, file, LIMIT + 1)  # a byte more is enough to see that it is too long
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _copy(self, member: zipfile.ZipInfo, into: BinaryIO, most: int) -> None:
        if member.flag_bits & 1:
            raise Wrong("file_encrypted")
        try:
            with self._archive.open(member) as source:
                shutil.copyfileobj(_Bounded(source, most), into)
        except BROKEN:
            raise Wrong("file_broken") from None


class _Bounded:
    """A reader that ends after so many bytes."""

    def __init__(self, source: object, left: int) -> None:
        self._source, self._left = cast(BinaryIO, source), left

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(piece)
        return piece


def _parts(name: str) -> tuple[str, ...]:
    """The name in pieces; raises `Wrong` for one that leads elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or "\0" in name or ":" in name or ".." in path.parts or not path.parts:
        raise Wrong("file_elsewhere")
    return path.parts
