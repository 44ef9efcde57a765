"""Names of files: what people are shown, and what goes into headers and addresses."""

from __future__ import annotations

import unicodedata
from email.message import EmailMessage
from urllib.parse import parse_qs, quote

import pytest
from django.utils.http import content_disposition_header
from hypothesis import example, given
from hypothesis import strategies as st

from talentsync.resumes import names


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("cv.pdf", "cv.pdf"),
        ("Lebenslauf für Müller & Söhne.pdf", "Lebenslauf für Müller & Söhne.pdf"),
        ("O'Brien.pdf", "O'Brien.pdf"),  # a name of people, not of a string
        ("Ma\u0301rquez.pdf", "Márquez.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        ("رزومه\u200cها.pdf", "رزومه\u200cها.pdf"),  # Persian is not written without this mark
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\rosa\\cv.pdf", "cv.pdf"),
        ("/", "resume"),
        ("", "resume"),
        ("..", "resume"),
        (".pdf", "resume.pdf"),
        ("...cv.pdf", "cv.pdf"),
        ("cv.pdf. . ", "cv.pdf"),
        ('my "cv".pdf', "my cv.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("c\0v.pdf", "cv.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("\ufeffcv\u200b.pdf", "cv.pdf"),
        ("cv\U000e0041.pdf", "cv.pdf"),
        ("half \ud83d.pdf", "half .pdf"),
        ("two   blanks\u3000.pdf", "two blanks .pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("com¹.txt", "_com¹.txt"),
        ("Console.pdf", "Console.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("x" * 255, "x" * 255),
        ("." + "x" * 300, "resume." + "x" * 248),
    ],
)
def test_a_name_is_shown_as(raw, shown):
    assert names.clean(raw) == shown


@pytest.mark.parametrize(
    ("name", "ending"),
    [("cv.PDF", ".pdf"), ("cv.tar.gz", ".gz"), ("cv", ""), ("cv.", ""), (".pdf", ".pdf"), ("cv.pdf/x.doc", ".doc")],
)
def test_the_ending_of_a_name(name, ending):
    assert names.ending(name) == ending


anything = given(st.text(st.characters(exclude_categories=()), max_size=600))


@anything
@example("e\u202e\u0301")
@example("CON" + "." * 300)
def test_a_clean_name_is_harmless_and_stays_as_it_is(raw):
    name = names.clean(raw)
    assert 0 < len(name) <= names.AT_MOST
    assert names.clean(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert not names.FORBIDDEN.search(name)
    assert not set(name) & set("/\\\r\n\t")
    assert name.strip(" .") == name


@anything
def test_a_clean_name_survives_the_header_of_a_download(raw):
    name = names.clean(raw)
    header = content_disposition_header(as_attachment=True, filename=name)
    assert header.isascii()
    assert "\n" not in header
    message = EmailMessage()
    message["Content-Disposition"] = header
    assert message["Content-Disposition"].content_disposition == "attachment"
    if "filename*" in header:
        assert header == f"attachment; filename*=utf-8''{quote(name)}"
    else:
        assert header == f'attachment; filename="{name}"'


@anything
def test_a_clean_name_survives_the_address_of_an_upload(raw):
    name = names.clean(raw)
    assert parse_qs(f"x-ambry-filename={quote(name, safe='')}", strict_parsing=True) == {"x-ambry-filename": [name]}
