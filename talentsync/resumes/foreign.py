"""Types that are not taken, by how their files begin."""

from __future__ import annotations

IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS")
PROGRAMS = (b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
PROGRAMS_WITH_PAGES = b"MZ"  # two letters that a text may begin with; a program has NUL bytes soon after
RAR, SEVEN_ZIP = b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c"
ARCHIVES = (RAR, SEVEN_ZIP, b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"MSCF", b"PK\7\x08")
ZIP, ZIP_END = b"PK\3\4", b"PK\5\6"
ZIP_END_REACH = 22 + 0xFFFF  # the end record and the longest comment behind it
TAR, TAR_AT = b"ustar", 257
PAGES = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<!--")
BLANK = b"\xef\xbb\xbf \t\r\n\f\0"  # what readers of PDF and HTML skip before they look


def code_of(head: bytes) -> str:
    """The code of the refusal, or nothing if the file begins like none of these."""
    if head.startswith((ZIP, ZIP_END)):
        return _code_of_zip(head)
    if head.startswith(ARCHIVES) or head[TAR_AT:].startswith(TAR):
        return "archive"
    if head.startswith(IMAGES) or _is_bmp(head) or _is_riff_or_heif(head):
        return "image"
    if head.startswith(PROGRAMS) or (head.startswith(PROGRAMS_WITH_PAGES) and b"\0" in head[:64]):
        return "program"
    return _code_of_text(head.lstrip(BLANK).lower())


def _code_of_zip(head: bytes) -> str:
    """Never unpacked: names stand uncompressed at the front."""
    if b"application/vnd.oasis.opendocument" in head:
        return "odt"
    if b"[Content_Types].xml" in head or b"word/" in head or b"_rels/.rels" in head:
        return "docx"
    return "archive"


def _code_of_text(start: bytes) -> str:
    if start.startswith(b"{\\rtf"):
        return "rtf"
    return "html" if start.startswith(PAGES) else ""


def _is_bmp(head: bytes) -> bool:
    return head.startswith(b"BM") and head[6:10] == b"\0\0\0\0"  # a text may begin with these two letters


def _is_riff_or_heif(head: bytes) -> bool:
    return (head.startswith(b"RIFF") and head[8:12] == b"WEBP") or head[4:12] in (b"ftypheic", b"ftypavif", b"ftypmif1")
