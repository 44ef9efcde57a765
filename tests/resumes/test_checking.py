"""What is taken and what is not: a table of files, each rule by name."""

from __future__ import annotations

import hashlib
import io
import re
import tracemalloc
import zipfile

import pytest

from talentsync.resumes import checking, refusals
from talentsync.resumes.checking import DOC, LIMIT, PDF, TXT
from talentsync.resumes.refusals import Refused
from tests.resumes import samples

BOM = b"\xef\xbb\xbf"
FULL = b"%PDF-1.4\n".ljust(LIMIT - 6, b" ") + b"%%EOF\n"

TAKEN = {
    "a PDF": ("cv.pdf", samples.pdf(), PDF),
    "a PDF after a byte order mark and white space": ("cv.pdf", BOM + b" \r\n" + samples.small_pdf(), PDF),
    "a PDF with a comment behind its end": ("cv.pdf", samples.small_pdf() + b"\n" * 500, PDF),
    "a PDF for the web that is as long as it says": ("cv.pdf", samples.small_pdf(front=b"<</Linearized 1/L 99>>"), PDF),
    "a PDF that speaks of encryption": ("cv.pdf", samples.small_pdf(front=b"(I know /Encrypt well)"), PDF),
    "a PDF of 10 MB": ("cv.pdf", FULL, PDF),
    "an ending in capitals": ("CV.PDF", samples.pdf(), PDF),
    "a Word document": ("cv.doc", samples.doc(), DOC),
    "a document of Word 95": ("cv.doc", samples.doc(ident=0xA5DC), DOC),
    "a Word document with a small stream": ("cv.doc", samples.ole({"WordDocument": samples.fib()[:600]}), DOC),
    "a Word document with a theme, which is a zip": (
        "cv.doc",
        samples.ole({"WordDocument": samples.fib(), "1Table": samples.zipped("theme.xml").ljust(4096, b"\0")}),
        DOC,
    ),
    "a Word document with a table inside": (
        "cv.doc",
        samples.ole({"WordDocument": samples.fib()}, inside={"Workbook": b"x" * 4096}),
        DOC,
    ),
    "a Word document without the end of its last sector": ("cv.doc", samples.doc()[:-100], DOC),
    "text in UTF-8": ("cv.txt", samples.TEXT.encode(), TXT),
    "text in UTF-8 with its mark": ("cv.txt", BOM + samples.TEXT.encode(), TXT),
    "text in Latin-1": ("cv.txt", samples.TEXT.encode("latin-1"), TXT),
    "text with a character across two pieces": ("cv.txt", b"x" * (64 * 1024 - 1) + "é".encode(), TXT),
    "text that begins like a picture": ("cv.txt", b"BMW, 1999 to 2004: welder", TXT),
    "text that begins like a program": ("cv.txt", b"MZ is my initials", TXT),
    "text that speaks of HTML": ("cv.txt", b"I write <html> and <script> by hand", TXT),
}


def damaged_doc(at: int, value: bytes) -> bytes:
    whole = samples.doc()
    return whole[:at] + value + whole[at + len(value) :]


def with_a_circle() -> bytes:
    """Sector 3 goes on the list of FATs, and names itself as the next sector of that list."""
    listed = damaged_doc(68, b"\3\0\0\0")
    return listed[:2048] + b"\xff" * 508 + b"\3\0\0\0" + listed[2560:]


REFUSED = {
    # of any type
    "empty": ("cv.pdf", b"", "empty"),
    "10 MB and 1 byte": ("cv.pdf", FULL + b"\n", "too_large"),
    "random bytes": ("cv.pdf", bytes(range(1, 256)) * 8, "unknown"),
    "DOCX": ("cv.docx", samples.docx(), "docx"),
    "DOCX named .doc": ("cv.doc", samples.docx(), "docx"),
    "ODT": ("cv.odt", samples.odt(), "odt"),
    "RTF": ("cv.rtf", b"{\\rtf1\\ansi Rosa}", "rtf"),
    "RTF named .doc": ("cv.doc", b"{\\rtf1\\ansi Rosa}", "rtf"),
    "RTF named .txt": ("cv.txt", b"\n{\\rtf1\\ansi Rosa}", "rtf"),
    "HTML named .pdf": ("cv.pdf", b"<!DOCTYPE html><p>Rosa", "html"),
    "HTML that holds a PDF's mark": ("cv.pdf", b"<html>%PDF-1.4\n%%EOF</html>", "html"),
    "a script named .txt": ("cv.txt", BOM + b"\n<SCRIPT>alert(1)</SCRIPT>", "html"),
    "SVG": ("cv.txt", b"<svg onload='alert(1)'/>", "html"),
    "PNG": ("cv.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image"),
    "JPEG named .pdf": ("cv.pdf", b"\xff\xd8\xff\xe0\0\x10JFIF", "image"),
    "GIF": ("cv.gif", b"GIF89a" + b"\0" * 50, "image"),
    "TIFF": ("cv.tif", b"II*\0" + b"\0" * 50, "image"),
    "BMP": ("cv.bmp", b"BM\x36\0\0\0\0\0\0\0\x36", "image"),
    "WebP": ("cv.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image"),
    "HEIC": ("cv.heic", b"\0\0\0\x18ftypheic", "image"),
    "EXE named .pdf": ("cv.pdf", samples.exe(), "program"),
    "ELF named .txt": ("cv.txt", b"\x7fELF\2\1\1" + b"\0" * 50, "program"),
    "ZIP": ("cv.zip", samples.zipped("cv.pdf"), "archive"),
    "ZIP named .pdf": ("cv.pdf", samples.zipped("cv.pdf"), "archive"),
    "a zip bomb": ("cv.pdf", samples.bomb(), "archive"),
    "an empty zip": ("cv.doc", samples.zipped(), "archive"),
    "gzip": ("cv.txt", b"\x1f\x8b\x08\0", "archive"),
    "RAR": ("cv.pdf", b"Rar!\x1a\x07\x01\0", "archive"),
    "7z": ("cv.pdf", b"7z\xbc\xaf\x27\x1c", "archive"),
    # PDF
    "a PDF with a zip behind it": ("cv.pdf", samples.pdf() + samples.zipped("a"), "two_types"),
    "a zip behind a PDF, and an end behind the zip": (
        "cv.pdf",
        samples.pdf() + samples.zipped("a", comment=b"x" * 60_000 + b"\n%%EOF\n"),
        "two_types",
    ),
    "a PDF with a RAR behind it": ("cv.pdf", samples.pdf() + b"Rar!\x1a\x07\x01\0\n%%EOF", "two_types"),
    "a PDF with a RAR across two pieces": (
        "cv.pdf",
        b"%PDF-1.4\n".ljust(64 * 1024 - 3, b" ") + b"Rar!\x1a\x07\x01\0%%EOF",
        "two_types",
    ),
    "a TAR that begins as a PDF": ("cv.pdf", samples.tar_that_begins_as_pdf(), "two_types"),
    "a text in front of a PDF": ("cv.txt", b"Rosa\n" + samples.small_pdf(), "two_types"),
    "an encrypted PDF": ("cv.pdf", samples.pdf(encrypt="secret"), "pdf_encrypted"),
    "encryption written in the trailer": ("cv.pdf", samples.small_pdf(b"/Encrypt<</V 4>>"), "pdf_encrypted"),
    "half of a PDF": ("cv.pdf", samples.pdf(pages=20)[:-2000], "pdf_truncated"),
    "%PDF-1.4 and no more": ("cv.pdf", b"%PDF-1.4", "pdf_truncated"),
    "a PDF's end far from its end": ("cv.pdf", samples.small_pdf() + b"\n" * 2000, "pdf_truncated"),
    "a PDF for the web that was cut off": (
        "cv.pdf",
        samples.small_pdf(front=b"5 0 obj<</Linearized 1/L 80000/O 7>>"),
        "pdf_truncated",
    ),
    # Word and other OLE2 files
    "XLS": ("cv.xls", samples.ole({"Workbook": b"x" * 4096}), "other_office"),
    "XLS named .doc": ("cv.doc", samples.ole({"Workbook": b"x" * 4096}), "other_office"),
    "XLS with a Word document inside": (
        "cv.doc",
        samples.ole({"Workbook": b"x" * 4096}, inside={"WordDocument": samples.fib()}),
        "other_office",
    ),
    "XLS and Word in one root": (
        "cv.doc",
        samples.ole({"WordDocument": samples.fib(), "Workbook": b"x" * 4096}),
        "other_office",
    ),
    "PPT": ("cv.doc", samples.ole({"PowerPoint Document": b"x" * 4096}), "other_office"),
    "MSI": ("cv.doc", samples.ole({"\u4840\u3f3f\u4577": b"x" * 4096}), "other_office"),
    "an e-mail (MSG)": ("cv.doc", samples.ole({"__properties_version1.0": b"x" * 64}), "other_office"),
    "a DOCX with a password": ("cv.doc", samples.ole({"EncryptedPackage": b"x" * 4096}), "doc_encrypted"),
    "a DOC with a password": ("cv.doc", samples.doc(flags=0x0100), "doc_encrypted"),
    "a DOC that says it is another's": ("cv.doc", samples.doc(ident=0x1234), "doc_damaged"),
    "a DOC with a tiny document": ("cv.doc", samples.ole({"WordDocument": b"\xec\xa5"}), "doc_damaged"),
    "half of a DOC": ("cv.doc", samples.doc()[:6000], "doc_truncated"),
    "a DOC's header and no more": ("cv.doc", samples.doc()[:100], "doc_truncated"),
    "a DOC whose directory runs in a circle": ("cv.doc", damaged_doc(512 + 8, b"\1\0\0\0"), "doc_damaged"),
    "a DOC whose directory leaves the file": ("cv.doc", damaged_doc(512 + 8, b"\0\xff\0\0"), "doc_damaged"),
    "a DOC whose FAT lies outside": ("cv.doc", damaged_doc(76, b"\0\xff\0\0"), "doc_truncated"),
    "a DOC whose FAT repeats itself": ("cv.doc", damaged_doc(76, b"\0\0\0\0" * 109), "doc_damaged"),
    "a DOC whose list of FATs runs in a circle": ("cv.doc", with_a_circle(), "doc_damaged"),
    "a DOC with sectors of odd size": ("cv.doc", damaged_doc(30, b"\x1f\0"), "doc_damaged"),
    "a DOC with a zip behind it": ("cv.doc", samples.doc() + samples.zipped("a"), "two_types"),
    "a DOC that is a PDF, too": ("cv.doc", damaged_doc(8, b"%PDF-1.4\n"), "two_types"),
    # text
    "NUL bytes": ("cv.txt", b"Rosa\0Gardener", "nul"),
    "UTF-16": ("cv.txt", samples.TEXT.encode("utf-16"), "utf16"),
    "UTF-16 without its mark": ("cv.txt", "Rosa".encode("utf-16-le"), "nul"),
    "white space alone": ("cv.txt", b" \r\n\t\n", "empty"),
    "a terminal's control characters": ("cv.txt", b"Rosa \x1b[31mGardener", "unknown"),
    "C1 controls": ("cv.txt", "Rosa\x9b31m".encode(), "encoding"),
    "quotes of Windows, in no encoding that LinkedIn would guess": ("cv.txt", b"the \x93best\x94 roses", "encoding"),
    "half of a character, and nothing Latin-1 has": ("cv.txt", "é \x80".encode() + b"\xc3", "encoding"),
    # names
    "a PDF named .doc": ("cv.doc", samples.pdf(), "extension"),
    "a DOC named .pdf": ("cv.pdf", samples.doc(), "extension"),
    "a text named .pdf": ("cv.pdf", samples.TEXT.encode(), "extension"),
    "no ending": ("cv", samples.pdf(), "extension"),
    "an ending behind a mark that turns the writing": ("cv.\u202epdf.exe", samples.pdf(), "extension"),
    "two endings": ("cv.pdf.exe", samples.pdf(), "extension"),
}


@pytest.mark.parametrize(("name", "content", "mime"), TAKEN.values(), ids=TAKEN)
def test_a_resume_is_taken(name, content, mime):
    found = checking.check(io.BytesIO(content), name)
    assert found == checking.Checked(mime=mime, size=len(content), sha256=hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(("name", "content", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_resume_is_refused(name, content, code):
    with pytest.raises(Refused) as caught:
        checking.check(io.BytesIO(content), name.replace("cv", "canary"))
    assert caught.value.code == code
    assert "%" not in caught.value.sentence
    assert "canary" not in caught.value.sentence + str(caught.value)


def test_every_code_of_the_check_has_a_file_that_meets_it():
    assert {code for _, _, code in REFUSED.values()} == refusals.SENTENCES.keys() - {
        "infected",
        "not_scanned",
        "gone",
        "not_stored",
        "id_taken",
    }


@pytest.mark.parametrize("code", refusals.SENTENCES)
def test_every_sentence_says_what_to_do(code):
    assert re.search(r"\b(save|choose|take|print|let|ask|fetch|upload|use)\b", str(refusals.SENTENCES[code]).lower())


def test_the_zip_samples_are_zips():
    """Else the refusals above would prove nothing."""
    for label in ("a PDF with a zip behind it", "a zip behind a PDF, and an end behind the zip"):
        assert zipfile.is_zipfile(io.BytesIO(REFUSED[label][1]))


def test_the_file_is_read_from_its_start_and_left_there():
    file = io.BytesIO(samples.pdf())
    file.seek(100)
    checking.check(file, "cv.pdf")
    assert file.tell() == 0


@pytest.mark.parametrize("content", [FULL, b"Rosa, gardener. " * (LIMIT // 16)], ids=["PDF", "text"])
def test_a_large_file_takes_little_memory(content, tmp_path):
    path = tmp_path / "large"
    path.write_bytes(content)
    name = "cv.pdf" if content is FULL else "cv.txt"
    with path.open("rb") as file:
        tracemalloc.start()
        checking.check(file, name)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 1024 * 1024


class Endless(io.RawIOBase):
    """Says that it is small, and never ends."""

    size = 1
    given = 0

    def read(self, count: int = -1) -> bytes:
        self.given += count
        return b"x" * count

    def seek(self, *_: int) -> int:
        return 0


def test_a_file_that_does_not_end_is_left_at_the_limit():
    file = Endless()
    with pytest.raises(Refused, match="too_large"):
        checking.check(file, "cv.txt")
    assert file.given <= LIMIT + checking.PIECE
