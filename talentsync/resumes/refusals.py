"""Why a file is not taken, by code, each with a sentence that says what to do. No sentence holds a word of the file or
of its name: these are personal data, and sentences are stored and shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, str | Promise] = {
    # whatever it is
    "empty": _("The file is empty. Choose the resume itself."),
    "too_large": _("The file is larger than %(limit)s MB, which LinkedIn does not take. Save a smaller one as PDF."),
    "unknown": _("This is no PDF, no Word document (DOC) and no text. Save it as PDF and upload that."),
    "two_types": _("This file is of two types at once, as harmful files are. Save it as PDF anew and upload that."),
    "extension": _("What is in the file is %(type)s, but its name does not say so. Let the name end in %(ending)s."),
    # of a type that is not taken
    "docx": _("This is a Word document of the newer type (DOCX), which LinkedIn does not take. Save it as PDF."),
    "odt": _("This is an OpenDocument file, which LinkedIn does not take. Save it as PDF and upload that."),
    "rtf": _("This is an RTF file, whatever its name says, which LinkedIn does not take. Save it as PDF."),
    "html": _("This is a web page. Print it into a PDF and upload that."),
    "image": _("This is a picture. Save it as PDF and upload that."),
    "archive": _("This is an archive (such as ZIP). Take the resume out of it and upload that."),
    "program": _("This is a program, whatever its name says. Do not open it; ask its sender for the resume."),
    "other_office": _("This is an Office file, but no Word document. Save it as PDF and upload that."),
    # a PDF
    "pdf_encrypted": _("The PDF is encrypted. Save it without password and restrictions, and upload that."),
    "pdf_truncated": _("The PDF is not complete: its end is missing. Fetch it again, or save it as PDF anew."),
    # a Word document
    "doc_encrypted": _("The document is protected by a password. Save it as PDF without one and upload that."),
    "doc_truncated": _("The document is not complete: its end is missing. Fetch it again, or save it as PDF."),
    "doc_damaged": _("The document is damaged. Open it in Word, save it as PDF and upload that."),
    # a text
    "nul": _("There are NUL characters in the text, which no text needs. Save it as text in UTF-8, or as PDF."),
    "utf16": _("The text is in UTF-16. Save it as text in UTF-8, or as PDF."),
    "encoding": _("The text is neither in UTF-8 nor in Latin-1. Save it as text in UTF-8, or as PDF."),
    # the file is good, and its resume is another one
    "id_taken": _("The candidate has a resume with this ID already. Open that one and use Replace file."),
    # what a scanner says of it
    "infected": _("The scanner found %(found)s in this file. Do not open it; ask its sender for a clean one."),
    "not_scanned": _(
        "The file could not be scanned, and was not taken. Upload it again in a few minutes; if that does not help, "
        "tell whoever looks after TalentSync."
    ),
    # the file is good, and nobody needs it any more
    "gone": _(
        "The person or the resume was deleted meanwhile, and the file was not taken. Upload it where it is still "
        "needed."
    ),
    # the file is good, and the fault is ours
    "not_stored": _(
        "The file could not be stored. Upload it again in a few minutes; if that does not help, tell whoever looks "
        "after TalentSync."
    ),
}


class Refused(Exception):
    """A file is not taken. `code` is for programs, `sentence` for people."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.code]) % self.params
