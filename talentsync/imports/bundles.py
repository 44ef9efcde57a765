"""Files that a table names: the members of a zip, or what lies in the folder of a CSV. Nothing outside of either.

Members are read one at a time, and never further than a resume may be long: a zip that swells swells to that. Its list
of members is measured before anything is made of it.
"""

from __future__ import annotations

import io
import logging
import os
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast
from unicodedata import normalize

from talentsync.imports.mistakes import BadFile, Wrong, mistake
from talentsync.resumes.checking import LIMIT
from talentsync.resumes.refusals import Refused

MOST_MEMBERS = 50_000  # of a zip: their names are all in memory
LONGEST_LIST = 20_000_000  # bytes; 400 for each member
LONGEST_TABLE = 100_000_000  # bytes
IN_MEMORY = 1_000_000
PIECE = 64 * 1024
ENTRY = b"PK\1\2"  # begins each entry in a zip's list of members
ENCRYPTED, NAMED_IN_UTF8 = 0x1, 0x800
UNPACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Of the other ways Python unpacks as much at a time as there is: a bzip2 of 64 KB becomes more than a gigabyte."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)

log = logging.getLogger(__name__)


class Bundle(Protocol):
    table: Path

    def opened(self, name: str) -> BinaryIO:
        """Raises `Wrong` for what is not in it. Whoever opens it closes it."""
        ...


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Whichever it is. Raises `BadFile` for a zip that cannot be used."""
    if not zipfile.is_zipfile(path):
        yield Folder(path)
        return
    with tempfile.TemporaryDirectory() as folder, zipped(path, table=Path(folder) / "table.csv") as bundle:
        yield bundle


@contextmanager
def zipped(path: Path, *, table: Path) -> Iterator[Zip]:
    """A zip, whose table is unpacked to `table` unless it stands there already. Raises `BadFile` as `opened`."""
    with _Measured(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except (*BROKEN, OSError):
            raise BadFile(mistake(1, "bad_zip")) from None
        with archive:
            bundle = Zip(archive, table)
            if not path.exists():  # forgotten meanwhile, with all that lay beside it then
                table.unlink(missing_ok=True)
                raise FileNotFoundError
            yield bundle


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
        except RuntimeError:  # links that lead to each other
            raise Wrong("file_is_link") from None


class Zip:
    """A zip with one CSV at its top, and the files that this names."""

    def __init__(self, archive: zipfile.ZipFile, table: Path) -> None:
        self._archive, self.table = archive, table
        members = archive.infolist()
        self._members = {_name(each): each for each in members}
        self._times = Counter(map(_name, members))
        if not table.exists():
            try:
                self._unpack_table(members)
            except Wrong as wrong:
                raise BadFile(wrong.at(1, "")) from None

    @property
    def names(self) -> Iterable[str]:
        return self._members

    def opened(self, name: str) -> BinaryIO:
        name = normalize("NFC", "/".join(_parts(name)))
        member = self._members.get(name)
        if member is None or member.is_dir():
            raise Wrong("no_such_file")
        if self._times[name] > 1:
            raise Wrong("file_twice")
        file = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # the caller closes it
        try:
            for piece in self._pieces(member, LIMIT + 1):  # a byte more is enough to see that it is too long
                file.write(piece)
        except OSError as error:
            file.close()
            log.error("A file of a zip could not be unpacked: %s", type(error).__name__)
            raise Refused("not_stored") from None
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _unpack_table(self, members: list[zipfile.ZipInfo]) -> None:
        found = [each for each in members if _is_table(each.filename)]
        if len(found) != 1:
            raise Wrong("zip_one_table")
        if found[0].file_size > LONGEST_TABLE:  # unpacking ends with an error where it has more than it says
            raise Wrong("zip_table_too_long", limit=f"{LONGEST_TABLE:,}")
        number, unfinished = tempfile.mkstemp(prefix=f"{self.table.name}.", dir=self.table.parent)
        try:
            with os.fdopen(number, "wb") as file:
                for piece in self._pieces(found[0], LONGEST_TABLE):
                    file.write(piece)
            os.replace(unfinished, self.table)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)
            raise

    def _pieces(self, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        if member.flag_bits & ENCRYPTED:
            raise Wrong("file_encrypted")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Wrong("file_is_link")
        if member.compress_type not in UNPACKED:
            raise Wrong("file_packing")
        if member.header_offset < 0:
            raise Wrong("file_broken")
        try:
            with self._archive.open(member) as source:
                while most > 0 and (piece := source.read(min(PIECE, most))):
                    most -= len(piece)
                    yield piece
        except BROKEN:
            raise Wrong("file_broken") from None


class _Measured(io.BufferedReader):
    """A zip as it is read. Its list of members is read in one piece, and much more is made of that in memory."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LONGEST_LIST:
            raise BadFile(mistake(1, "zip_too_many", limit=f"{MOST_MEMBERS:,}"))
        piece = super().read(size)
        if piece.count(ENTRY) > MOST_MEMBERS:
            raise BadFile(mistake(1, "zip_too_many", limit=f"{MOST_MEMBERS:,}"))
        return piece


def _is_table(name: str) -> bool:
    """At the top, and none of the hidden files that some programs put beside the others."""
    return name.lower().endswith(".csv") and "/" not in name and not name.startswith(".")


def _name(member: zipfile.ZipInfo) -> str:
    """As a table would write it: composed, and in UTF-8 also where the zip does not say that it is."""
    name = member.filename
    if not member.flag_bits & NAMED_IN_UTF8 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return normalize("NFC", name)


def _parts(name: str) -> tuple[str, ...]:
    """The name in pieces; raises `Wrong` for one that leads elsewhere."""
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or "\0" in name or ":" in name or ".." in path.parts or not path.parts:
        raise Wrong("file_elsewhere")
    return path.parts
