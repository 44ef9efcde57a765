"""As much of OLE2 (MS-CFB) as it takes to know what lies in the root of a file. Every number in it may be a lie: chains
that leave the file or run in circles are `Damaged`.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = struct.Struct("<8s16x2x2x2sH2x6x4x4xI4xII4xII109I")
ENTRY = struct.Struct("<64sHBx3I16x4x16xIQ")
ENTRIES_AT_MOST = 8192
LAST_SECTOR = 0xFFFFFFFA  # greater numbers are signs: end of chain, free, and so on
END_OF_CHAIN, FREE = 0xFFFFFFFE, 0xFFFFFFFF
STREAM, ROOT = 2, 5
SMALL_SECTOR = 64


class Damaged(Exception):
    """Not an OLE2 file as the rules want it."""


class Truncated(Damaged):
    """It is shorter than it says."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    name: str
    type: int
    left: int
    right: int
    child: int
    start: int
    size: int


class Compound:
    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size = file, size
        header = HEADER.unpack(self._read(0, HEADER.size))
        _, order, shift, self._first_directory, self._small_below, _, self._first_difat, _ = header[:8]
        if order != b"\xfe\xff" or shift not in (9, 12):
            raise Damaged
        self._sector: int = 1 << shift
        self._in_header = header[8:]

    def in_root(self) -> dict[str, Entry]:
        """What lies directly in the root, by name: a document inside of a table is not there."""
        found: dict[str, Entry] = {}
        waiting, seen = [self._entries[0].child], set()
        while waiting:
            number = waiting.pop()
            if number >= len(self._entries) or number in seen:
                continue
            seen.add(number)
            entry = self._entries[number]
            found[entry.name] = entry
            waiting += [entry.left, entry.right]
        return found

    def check_whole(self) -> None:
        if self._size <= self._end - self._sector:  # the last sector itself may be cut short
            raise Truncated

    def first_bytes(self, entry: Entry, count: int) -> bytes:
        if entry.type != STREAM or entry.size < count:
            raise Damaged
        if entry.size >= self._small_below:
            return self._read(self._at(entry.start), count)
        within, offset = divmod(entry.start * SMALL_SECTOR, self._sector)
        small = list(self._chain(self._entries[0].start))
        if within >= len(small):
            raise Damaged
        return self._read(self._at(small[within]) + offset, count)

    def behind(self) -> bytes:
        """What follows the last sector in use. Bounded, like the file."""
        self._file.seek(self._end)
        return self._file.read()

    @property
    def _end(self) -> int:
        """Where the last sector in use ends."""
        used = (number for number in range(len(self._fat) - 1, -1, -1) if self._fat[number] != FREE)
        return self._at(next(used, 0)) + self._sector

    @cached_property
    def _fat(self) -> array[int]:
        """Which sector follows which."""
        fat = array("I")
        for sector in self._fat_sectors():
            if len(fat) > self._size // self._sector + self._sector:
                raise Damaged  # it speaks of more sectors than the file could hold
            fat.frombytes(self._read(self._at(sector), self._sector))
        return fat

    def _fat_sectors(self) -> Iterator[int]:
        yield from (sector for sector in self._in_header if sector < LAST_SECTOR)
        sector, seen = self._first_difat, set()
        while sector < LAST_SECTOR:
            if sector in seen:
                raise Damaged
            seen.add(sector)
            numbers = struct.unpack(f"<{self._sector // 4}I", self._read(self._at(sector), self._sector))
            yield from (number for number in numbers[:-1] if number < LAST_SECTOR)
            sector = numbers[-1]

    @cached_property
    def _entries(self) -> list[Entry]:
        entries: list[Entry] = []
        for sector in self._chain(self._first_directory):
            entries += map(_entry, ENTRY.iter_unpack(self._read(self._at(sector), self._sector)))
            if len(entries) > ENTRIES_AT_MOST:
                raise Damaged
        if not entries or entries[0].type != ROOT:
            raise Damaged
        return entries

    def _chain(self, sector: int) -> Iterator[int]:
        left = len(self._fat)
        while sector != END_OF_CHAIN:
            if sector >= len(self._fat) or not left:
                raise Damaged
            yield sector
            sector, left = self._fat[sector], left - 1

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._sector

    def _read(self, start: int, count: int) -> bytes:
        self._file.seek(start)
        read = self._file.read(count)
        if len(read) < count:
            raise Truncated
        return read


def _entry(fields: tuple[bytes, int, int, int, int, int, int, int]) -> Entry:
    raw, length, kind, left, right, child, start, size = fields
    name = raw[: max(0, min(length, len(raw)) - 2)].decode("utf-16-le", errors="replace")
    # Version 3 leaves the upper half of the size to chance.
    return Entry(name=name, type=kind, left=left, right=right, child=child, start=start, size=size & 0xFFFFFFFF)
