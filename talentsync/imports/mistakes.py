"""Every rule that a file or a row of it can break, by name, with its sentence. No sentence holds a value of the file:
values are personal data, and sentences are stored and shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, str | Promise] = {
    # the whole file
    "empty_file": _("The file is empty."),
    "not_utf8": _("This line is not UTF-8. Save the file as CSV UTF-8, or as JSON Lines in UTF-8."),
    "json_array": _("This is one JSON list. Write JSON Lines: one object on each line, without brackets around all."),
    "line_too_long": _("This line is longer than %(limit)s bytes, which no record needs."),
    "unclosed_quote": _("A quotation mark is opened here and never closed."),
    "file_gone": _("The file is no longer there. Upload it again."),
    "internal": _("TalentSync made a mistake here, and loaded nothing from this line on. Tell whoever looks after it."),
    # the names of the columns
    "no_column_name": _("Column %(number)s has no name. The first line names the columns."),
    "unknown_column": _("Column %(number)s is not known. Its name may be wrong, or it does not belong here."),
    "misspelled_column": _("Column %(number)s is not known. Did you mean %(nearest)s?"),
    "missing_column": _("This column is missing."),
    "doubled_column": _("This column is there twice, or two columns say the same."),
    # a row
    "too_many_cells": _("The row has %(found)s cells, more than the %(wanted)s columns."),
    "too_few_cells": _("The row has %(found)s cells, fewer than the %(wanted)s columns."),
    "broken_quotes": _("Quotation marks stand where none belong. Inside of a quoted cell, write each one twice."),
    "not_an_object": _('This line is no JSON object, such as {"external_id": "1"}.'),
    "doubled_id": _("The same ID stands already on line %(first)s."),
    "erased": _(
        "It was deleted from LinkedIn and TalentSync on %(day)s, and is left out unless the import is told to bring "
        "such records back."
    ),
    "unknown_parent": _("There is no such record at this customer. Import what this one belongs to first."),
    # a cell
    "nul": _("There is a NUL character in it, which no text needs."),
    "broken_text": _("There is half of a character in it (a lone surrogate)."),
    "missing_value": _("A value is needed."),
    "bad_json": _('This is no JSON. Write lists and objects as JSON, for example ["one", "two"].'),
    "bad_list": _('Write a JSON list of texts, for example ["one", "two"].'),
    "bad_objects": _("Write a JSON list of objects with texts, named %(names)s."),
    "bad_person": _("Write a JSON object with firstName and lastName."),
    "bad_pay": _("Write pay as LinkedIn does: compensations with type, period and value."),
    "bad_budget": _("Write a budget as LinkedIn does: payForPerformanceTotalBudget with amount and currencyCode."),
    "bad_onsite_apply": _("Write a JSON object with jobApplicationWebhookUrl and questions, itself an object."),
    "bad_text": _("This should be a text."),
    "bad_date": _("This is no date. Write it as 2026-11-28T09:30:00+01:00 (ISO 8601)."),
    "bad_boolean": _("Write true or false."),
    "bad_number": _("Write a whole number."),
    "too_long": _("This is longer than %(limit)s characters."),
    "unknown_choice": _("This is none of the values known here: %(known)s."),
    "bad_url": _("This is no web address. Write the whole of it, beginning with https://."),
    "bad_email": _("This is no e-mail address like name@example.com."),
    # a bundle of resumes, and the files that its table names
    "bad_zip": _("This is no zip that can be read. Pack it anew."),
    "zip_too_many": _("There are more than %(limit)s files in the zip. Split it."),
    "zip_table_too_long": _("The CSV in the zip is longer than %(limit)s bytes. Split it."),
    "zip_one_table": _(
        "At the top of the zip there must be one CSV, and only one. Pack the files themselves, not their folder."
    ),
    "no_such_file": _("There is no such file. Write its name as it is in the zip, or below the folder of the table."),
    "file_elsewhere": _("The name leads elsewhere. Name files in the zip, or below the folder of the table, only."),
    "file_is_link": _("This is a link or no file. Put the file itself there."),
    "file_twice": _("There are two files of this name in the zip."),
    "file_encrypted": _("The file is encrypted. Pack the zip without a password."),
    "file_packing": _("The file is packed in a rare way. Pack the zip anew, as Windows or macOS do by themselves."),
    "file_broken": _("The file cannot be unpacked. Pack the zip anew."),
    "resume": "%(rule)s",  # the sentence is that of the upload form
    # what LinkedIn would not accept; the sentence is that of its own rules
    "linkedin": "%(rule)s",
}


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A rule that is broken, and where. `column` is the name of a column we know, never a text of the file."""

    line: int
    column: str = ""
    rule: str
    sentence: str


def mistake(line: int, rule: str, /, *, column: str = "", **params: Any) -> Mistake:
    return Mistake(line=line, column=column, rule=rule, sentence=str(SENTENCES[rule]) % params)


class Wrong(Exception):
    """A cell breaks a rule. Raised by what reads cells, which knows neither line nor column."""

    def __init__(self, rule: str, **params: Any) -> None:
        super().__init__(rule)
        self.rule, self.params = rule, params

    def at(self, line: int, column: str) -> Mistake:
        return mistake(line, self.rule, column=column, **self.params)


class BadFile(Exception):
    """The file as a whole cannot be read any further."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(*(each.rule for each in mistakes))
        self.mistakes = mistakes
