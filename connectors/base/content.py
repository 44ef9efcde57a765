"""A file on its way to a vendor: never whole in memory, and never longer or shorter than was said."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

CHUNK_BYTES = 64 * 1024


class Readable(Protocol):
    """A file opened for reading bytes."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, repr=False)
class Content:
    """A file of a known size. `open` gives it from its first byte, each time anew; whoever opens it closes it."""

    size: int
    open: Callable[[], Readable]

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise ValueError("an empty file is not sent")


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long a send of so many bytes may take, from its first call to its last answer."""

    base_seconds: float
    bytes_per_second: int  # the slowest line that is waited for

    def seconds(self, size: int) -> float:
        return self.base_seconds + size / self.bytes_per_second


class FileTrouble(Exception):
    """The file failed us, not the vendor; the cause says how. No whole file has left."""


class FileChanged(Exception):
    """The file is not as long as was said."""


class Streamed:
    """A content as a request's body: its length, and its bytes by and by.

    Whether the file ends where it should is known before its last bytes leave, so that a vendor never has a whole call
    with a file that is not the one that was meant.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._pieces: Generator[bytes, None, None] | None = None

    def __len__(self) -> int:
        return self._content.size

    def __iter__(self) -> Iterator[bytes]:
        self._pieces = self._read_through()
        return self._pieces

    def close(self) -> None:
        """Close the file, however far it was read."""
        if self._pieces is not None:
            self._pieces.close()

    def _read_through(self) -> Generator[bytes, None, None]:
        with closing(self._opened()) as file:
            left = self._content.size
            while left:
                chunk = self._read(file, min(CHUNK_BYTES, left))
                left -= len(chunk)
                if not chunk or (not left and self._read(file, 1)):
                    raise FileTrouble from FileChanged()
                yield chunk

    def _opened(self) -> Readable:
        try:
            return self._content.open()
        except Exception as error:  # a storage may raise anything, also what a broken connection looks like
            raise FileTrouble from error

    def _read(self, file: Readable, size: int) -> bytes:
        try:
            return file.read(size)
        except Exception as error:
            raise FileTrouble from error
