"""The rules of a text, and its beginning as people read it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from talentsync.resumes.refusals import Refused

PIECE = 64 * 1024
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")  # C0 without tab, line feed, vertical tab, form feed, return
CONTROL_ABOVE = re.compile("[\x80-\x84\x86-\x9f]")  # C1 without the line end of mainframes
NOT_LATIN_1 = re.compile(rb"[\x80-\x9f]")


def check(file: BinaryIO, size: int) -> None:
    """Raises `Refused`."""
    encoding_of(file)


def encoding_of(file: BinaryIO) -> str:
    """UTF-8, or Latin-1 if it cannot be that. Raises `Refused` if it is neither, or no text."""
    utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    is_latin_1, is_blank = True, True
    for piece in _pieces(file):
        is_latin_1 = is_latin_1 and not NOT_LATIN_1.search(piece)
        is_blank = is_blank and not piece.strip()
        utf8 = _still(utf8, piece)
    if is_blank:
        raise Refused("empty")
    if _still(utf8, b"", final=True):
        return "utf-8-sig"
    if is_latin_1:
        return "latin-1"
    raise Refused("encoding")


def start_of(file: BinaryIO, limit: int) -> tuple[str, bool]:
    """The first `limit` bytes as text, without half of a character at the end; and whether there is more."""
    encoding = encoding_of(file)
    file.seek(0)
    raw = file.read(limit + 1)
    return codecs.getincrementaldecoder(encoding)().decode(raw[:limit]), len(raw) > limit


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        if file.tell() == len(piece) and piece.startswith(UTF16):
            raise Refused("utf16")
        if b"\0" in piece:
            raise Refused("nul")
        if CONTROL.search(piece):
            raise Refused("unknown")
        yield piece


def _still(
    decoder: codecs.IncrementalDecoder | None, piece: bytes, *, final: bool = False
) -> codecs.IncrementalDecoder | None:
    """The decoder as long as what it has seen is UTF-8, then nothing."""
    try:
        return decoder if decoder and not CONTROL_ABOVE.search(decoder.decode(piece, final)) else None
    except UnicodeDecodeError:
        return None
