"""The rules of a PDF: it begins and ends as one, is whole, not encrypted, and nothing else at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from talentsync.resumes import foreign
from talentsync.resumes.refusals import Refused

MARK = b"%PDF-"
READERS_LOOK = 1024  # how far into a file readers search for the mark, and from its end for the end
END = b"%%EOF"
PIECE = 64 * 1024
OVERLAP = 256  # what is searched for may lie across two pieces
ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R\b|<<)")  # of the trailer, which is never compressed
LINEARIZED = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s+(\d+)|/L\s+(\d+)[^>]{0,200}?/Linearized\b")
ARCHIVE = re.compile(re.escape(foreign.RAR) + b"|" + re.escape(foreign.SEVEN_ZIP))


def is_pdf(head: bytes) -> bool:
    return head.lstrip(foreign.BLANK).startswith(MARK)


def check(file: BinaryIO, size: int) -> None:
    """Raises `Refused`."""
    file.seek(0)
    _check_length(file.read(READERS_LOOK), size)
    file.seek(max(0, size - foreign.ZIP_END_REACH))
    tail = file.read()
    if foreign.ZIP_END in tail:
        raise Refused("two_types")
    if END not in tail[-READERS_LOOK:]:
        raise Refused("pdf_truncated")
    for window in _windows(file):
        if ENCRYPTED.search(window):
            raise Refused("pdf_encrypted")
        if ARCHIVE.search(window):
            raise Refused("two_types")


def _check_length(head: bytes, size: int) -> None:
    """A PDF made for the web says at its front how long it is, and has an end record there, too."""
    if (found := LINEARIZED.search(head)) and int(found[1] or found[2]) > size:
        raise Refused("pdf_truncated")


def _windows(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    kept = b""
    while piece := file.read(PIECE):
        yield kept + piece
        kept = piece[-OVERLAP:]
