"""Is this file a resume that LinkedIn takes? Judged by what is in it; its name must agree, and what a browser said of
its type does not count. Read in pieces: a file of any size costs the same memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from talentsync.resumes import foreign, names, pdf, text, word
from talentsync.resumes.refusals import Refused

MEGABYTE = 1024 * 1024
LIMIT = 10 * MEGABYTE
HEAD = 4096  # enough for every signature, and for the names at the front of an office file
PIECE = 64 * 1024
PDF, DOC, TXT = "application/pdf", "application/msword", "text/plain"  # LinkedIn's words


@dataclass(frozen=True, kw_only=True)
class Checked:
    mime: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Type:
    ending: str
    called: str
    check: Callable[[BinaryIO, int], object]  # raises Refused


TYPES: Mapping[str, Type] = {
    PDF: Type(ending=".pdf", called="PDF", check=pdf.check),
    DOC: Type(ending=".doc", called="Word (DOC)", check=word.check),
    TXT: Type(ending=".txt", called="text (TXT)", check=text.check),
}


def check(file: BinaryIO, name: str) -> Checked:
    """What the file is. Raises `Refused`. `file` is read from its start, whatever was read of it before."""
    size, sha256 = _measure(file)
    file.seek(0)
    mime = _recognise(file.read(HEAD))
    TYPES[mime].check(file, size)
    if names.ending(name) != TYPES[mime].ending:
        raise Refused("extension", type=TYPES[mime].called, ending=TYPES[mime].ending)
    file.seek(0)
    return Checked(mime=mime, size=size, sha256=sha256)


def _measure(file: BinaryIO) -> tuple[int, str]:
    """Counted, not believed; one byte beyond the limit ends it."""
    file.seek(0)
    size, digest = 0, hashlib.sha256()
    while piece := file.read(PIECE):
        size += len(piece)
        if size > LIMIT:
            raise Refused("too_large", limit=LIMIT // MEGABYTE)
        digest.update(piece)
    if not size:
        raise Refused("empty")
    return size, digest.hexdigest()


def _recognise(head: bytes) -> str:
    if code := foreign.code_of(head):
        raise Refused("two_types" if pdf.is_pdf(head) else code)
    if pdf.is_pdf(head):
        return PDF
    if pdf.MARK in head[: pdf.READERS_LOOK]:
        raise Refused("two_types")
    return DOC if word.is_ole(head) else TXT
