"""The rules of a Word document (DOC): an OLE2 file whose root holds a Word document, whole, without a password."""

from __future__ import annotations

import struct
from typing import BinaryIO

from talentsync.resumes import foreign, ole, pdf
from talentsync.resumes.refusals import Refused

STREAM = "WordDocument"
OTHERS = {"Workbook", "Book", "PowerPoint Document", "__properties_version1.0", "VisioDocument"}
PASSWORD = "EncryptedPackage"  # the whole of a newer document, in an OLE2 envelope
WORD_97, WORD_6 = 0xA5EC, 0xA5DC
IS_ENCRYPTED = 0x0100
FIB = struct.Struct("<H8xH")  # the first word says who wrote it; the flags stand at 10


def is_ole(head: bytes) -> bool:
    return head.startswith(ole.MAGIC)


def check(file: BinaryIO, size: int) -> None:
    """Raises `Refused`."""
    try:
        _check(ole.Compound(file, size))
    except ole.Truncated:
        raise Refused("doc_truncated") from None
    except ole.Damaged:
        raise Refused("doc_damaged") from None


def _check(compound: ole.Compound) -> None:
    entries = compound.in_root()
    if PASSWORD in entries:
        raise Refused("doc_encrypted")
    if STREAM not in entries or OTHERS & entries.keys():
        raise Refused("other_office")
    compound.check_whole()
    wrote, flags = FIB.unpack(compound.first_bytes(entries[STREAM], FIB.size))
    if wrote not in (WORD_97, WORD_6):
        raise Refused("doc_damaged")
    if flags & IS_ENCRYPTED:
        raise Refused("doc_encrypted")
    # Word itself keeps small archives inside of a document (its theme); behind its last sector nothing of Word is left.
    if any(sign in compound.behind() for sign in (foreign.ZIP_END, foreign.RAR, foreign.SEVEN_ZIP, pdf.MARK)):
        raise Refused("two_types")
