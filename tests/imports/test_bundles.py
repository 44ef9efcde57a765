"""What a zip may try: to fill the memory, to lead elsewhere, to lie about itself. And names as people's programs write
them.
"""

from __future__ import annotations

import io
import random
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unicodedata import normalize

import pytest

from talentsync.environment import PROJECT
from talentsync.imports import bundles
from talentsync.imports.mistakes import BadFile, Wrong
from talentsync.resumes import checking
from talentsync.resumes.refusals import Refused
from tests.imports.zips import a_zip, large_pdf, pdf

ENTRY = b"PK\1\2"  # begins an entry in the list of members; what is where in it: APPNOTE 4.3.12
PACKING, SIZE, EXTERNAL, OFFSET = 10, 24, 38, 42


def written(folder: Path, content: bytes) -> Path:
    path = folder / "resumes.zip"
    path.write_bytes(content)
    return path


def read(path: Path, name: str = "a.pdf") -> bytes:
    with bundles.opened(path) as bundle, bundle.opened(name) as file:
        return file.read()


def table_of(path: Path) -> bytes:
    with bundles.opened(path) as bundle:
        return bundle.table.read_bytes()


def lying(at: int, form: str, value: int) -> bytes:
    """A zip whose list of members says something else of a.pdf."""
    raw = bytearray(a_zip(["C-1,a.pdf,"], {"a.pdf": pdf("x" * 1000)}))
    struct.pack_into(form, raw, raw.rindex(ENTRY) + at, value)
    return bytes(raw)


def rule_of(path: Path, name: str = "a.pdf") -> str:
    with pytest.raises((BadFile, Wrong)) as caught:
        read(path, name)
    return caught.value.args[0]


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_bounds_is_not_unpacked(tmp_path: Path, packed: int) -> None:
    """Of 400 bytes in bzip2 Python makes 700 MB at once."""
    path = written(tmp_path, a_zip(["C-1,a.pdf,"], {"a.pdf": pdf()}, packed=packed))
    assert rule_of(path) == "file_packing"


@pytest.mark.parametrize(
    ("at", "form", "value"),
    [
        (SIZE, "<L", 10),  # there is more than it says
        (SIZE, "<L", 0),
        (OFFSET, "<L", 0),  # it lies where another one does
        (OFFSET, "<L", 2**31),  # beyond the end
        (PACKING, "<H", zipfile.ZIP_STORED),
    ],
)
def test_a_list_of_members_that_lies_is_found_out(tmp_path: Path, at: int, form: str, value: int) -> None:
    assert rule_of(written(tmp_path, lying(at, form, value))) == "file_broken"


def test_a_member_that_lies_farther_than_a_file_can_be_long_is_broken(tmp_path: Path) -> None:
    raw = a_zip([], {"a.pdf": pdf()})
    at = raw.rindex(ENTRY)
    far = struct.pack("<HHQ", 1, 8, 2**64 - 8)
    entry = bytearray(raw[at : raw.rindex(b"PK\5\6")])
    struct.pack_into("<H", entry, 30, len(far))
    struct.pack_into("<L", entry, OFFSET, 0xFFFFFFFF)
    end = bytearray(raw[raw.rindex(b"PK\5\6") :])
    struct.pack_into("<L", end, 12, struct.unpack_from("<L", end, 12)[0] + len(far))
    assert rule_of(written(tmp_path, raw[:at] + bytes(entry) + far + bytes(end))) == "file_broken"


def test_a_list_of_members_is_measured_whatever_its_end_says_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = bytearray(a_zip([], {f"{number}.pdf": b"" for number in range(20)}))
    struct.pack_into("<HH", raw, raw.rindex(b"PK\5\6") + 8, 1, 1)  # "one member"
    path = written(tmp_path, raw)
    assert rule_of(path) == "no_such_file"
    monkeypatch.setattr(bundles, "MOST_MEMBERS", 20)  # and the table
    assert rule_of(path) == "zip_too_many"
    monkeypatch.undo()
    monkeypatch.setattr(bundles, "LONGEST_LIST", 500)
    assert rule_of(path) == "zip_too_many"


def test_whatever_is_broken_is_refused_and_nothing_else_happens(tmp_path: Path) -> None:
    dice = random.Random(4)
    good = a_zip(["C-1,a.pdf,R-1"], {"a.pdf": pdf("x" * 300), "ü.pdf": pdf()})
    refused = 0
    for _ in range(400):
        raw = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        path = written(tmp_path, bytes(raw[: dice.choice([len(raw), dice.randrange(len(raw))])]))
        try:
            read(path)
        except (BadFile, Wrong, Refused):
            refused += 1
    assert refused > 200


def test_a_zip_in_a_zip_is_no_resume(tmp_path: Path) -> None:
    path = written(tmp_path, a_zip(["C-1,a.pdf,"], {"a.pdf": a_zip([], {})}))
    with bundles.opened(path) as bundle, bundle.opened("a.pdf") as file, pytest.raises(Refused) as caught:
        checking.check(file, "a.pdf")
    assert caught.value.code == "archive"


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    good = large_pdf(checking.LIMIT)
    path = written(tmp_path, a_zip([], {"a.pdf": good, "b.pdf": good.replace(b"%x", b"%xx", 1)}))
    with bundles.opened(path) as bundle:
        with bundle.opened("a.pdf") as file:
            assert checking.check(file, "a.pdf").size == checking.LIMIT
        with bundle.opened("b.pdf") as file, pytest.raises(Refused) as caught:
            checking.check(file, "b.pdf")
    assert caught.value.code == "too_large"


# Names


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_names_are_found_however_their_signs_are_put_together(tmp_path: Path, form: str, asked: str) -> None:
    """macOS takes them apart, tables do not."""
    path = written(tmp_path, a_zip([], {normalize(form, "Müller.pdf"): pdf()}))
    assert read(path, normalize(asked, "Müller.pdf")) == pdf()


def test_names_in_utf8_are_found_where_the_zip_does_not_say_so(tmp_path: Path) -> None:
    raw = bytearray(a_zip([], {"Müller.pdf": pdf()}))
    for mark, at in ((b"PK\3\4", 6), (ENTRY, 8)):
        struct.pack_into("<H", raw, raw.rindex(mark) + at, 0)
    path = written(tmp_path, raw)
    assert zipfile.ZipFile(path).namelist()[1] != "Müller.pdf"
    assert read(path, "Müller.pdf") == pdf()


def test_two_members_whose_names_are_the_same_to_people_are_not_told_apart(tmp_path: Path) -> None:
    path = written(tmp_path, a_zip([], {normalize(form, "Müller.pdf"): pdf(form) for form in ("NFC", "NFD")}))
    assert rule_of(path, "Müller.pdf") == "file_twice"


def test_what_macos_puts_beside_the_table_is_no_second_one(tmp_path: Path) -> None:
    path = written(tmp_path, a_zip([], {"__MACOSX/._table.csv": b"x", "._table.csv": b"x", "more/other.csv": b"x"}))
    assert table_of(path).startswith(b"candidate,file")


def test_a_folder_that_was_packed_says_what_to_do(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("folder/table.csv", "candidate,file\n")
    with pytest.raises(BadFile) as caught:
        table_of(written(tmp_path, raw.getvalue()))
    assert "Pack the files themselves, not their folder." in caught.value.mistakes[0].sentence


def test_a_table_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    raw = bytearray(a_zip([], {}))
    struct.pack_into("<L", raw, raw.rindex(ENTRY) + EXTERNAL, 0o120777 << 16)
    assert rule_of(written(tmp_path, raw)) == "file_is_link"


# The table


def test_a_table_is_unpacked_once_for_us_alone(tmp_path: Path) -> None:
    path, table = written(tmp_path, a_zip(["C-1,a.pdf,"], {})), tmp_path / "beside"
    looks = []
    for _ in range(2):
        with bundles.zipped(path, table=table) as bundle:
            assert bundle.table.read_text().endswith("C-1,a.pdf,\n")
            looks.append(table.stat())
    assert looks[0].st_mtime_ns == looks[1].st_mtime_ns
    assert looks[0].st_mode & 0o077 == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["beside", "resumes.zip"]


def test_a_broken_table_leaves_nothing(tmp_path: Path) -> None:
    raw = bytearray(a_zip(["C-1,a.pdf,"] * 50, {}))
    raw[60:70] = bytes(10)
    path = written(tmp_path, raw)
    with pytest.raises(BadFile), bundles.zipped(path, table=tmp_path / "beside"):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["resumes.zip"]


# A full disk


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file of this process becomes longer than this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_where_the_disk_is_full_the_zip_is_not_to_blame(tmp_path: Path) -> None:
    path = written(tmp_path, a_zip(["C-1,a.pdf,"] * 500, {"a.pdf": large_pdf(bundles.IN_MEMORY * 2)}))
    with pytest.raises(OSError, match="File too large"), full_disk(1_000), bundles.zipped(path, table=tmp_path / "t"):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["resumes.zip"]
    with bundles.zipped(path, table=tmp_path / "t") as bundle, full_disk(1_000), pytest.raises(Refused) as caught:
        bundle.opened("a.pdf")
    assert caught.value.code == "not_stored"


# Memory

MEASURE = """
import resource, sys
from pathlib import Path
from talentsync.imports import bundles
from talentsync.resumes import checking

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def look(name):
    with bundle.opened(name) as file:
        checking.check(file, name)

with bundles.opened(Path(sys.argv[1])) as bundle:
    first, *others = [name for name in bundle.names if name.endswith(".pdf")]
    look(first)
    before = peak()
    for name in others:
        look(name)
    print(peak() - before)
"""


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    """Six of ten megabytes and three hundred small ones, after the first of them."""
    large = {f"{number}.pdf": large_pdf(checking.LIMIT) for number in range(6)}
    small = {f"small-{number}.pdf": pdf() for number in range(300)}
    path = written(tmp_path, a_zip([], large | small))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 8 * 1024, "kilobytes"
