"""Resumes in bulk: a table that names candidate and file of each, and the files. One row is looked at at a time.

Every row is written by itself, as by the form, and nobody is asked to send it: automatic sync sees to that where it is
on. Loading again changes nothing: a resume with an ID is changed where its content or its date is another one, one
without is new where its candidate has no resume with that content. A file that we have lost is put back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import IntegrityError, transaction

from talentsync.candidates import services as people
from talentsync.customers.models import Customer
from talentsync.imports.bringing_back import refuse_erased
from talentsync.imports.bundles import Bundle
from talentsync.imports.checking import Checker
from talentsync.imports.columns import SHEETS
from talentsync.imports.filing import TRIES, Beside, always
from talentsync.imports.loader import one_at_a_time
from talentsync.imports.mistakes import Wrong, mistake
from talentsync.imports.models import Kind
from talentsync.imports.readers import RawRow
from talentsync.imports.rows import Row, Verdict, find_parents, refuse_doubles, understood
from talentsync.imports.seen import Seen, digest
from talentsync.resumes import checking, services
from talentsync.resumes.models import Resume, new_id
from talentsync.resumes.refusals import Refused
from talentsync.resumes.services import Choice

DATE, FILE = "ats_created_at", "file"


class Overtaken(Exception):
    """Somebody has just done what this row is about: it is to be looked at again."""


class Elsewhere(Exception):
    """Somebody else has loaded this row."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A row with its record, and its file where both are good."""

    row: Row
    file: BinaryIO | None = None
    sha256: str = ""

    @property
    def is_nameless(self) -> bool:
        return not self.row.values.get("external_id")


class ResumeFiling:
    """A bundle on its way into one customer's resumes, by the doors of `Filing`.

    A file is stored before its row is written, outside of the transaction: a process that is killed in between leaves
    a file that nobody names, and never a second resume.
    """

    at_a_time = 1

    def __init__(
        self, bundle: Bundle, customer: Customer, seen: Seen, *, now: datetime, brings_back: bool = False
    ) -> None:
        self.sheet, self.customer = SHEETS[Kind.RESUME], customer
        self._bundle, self._seen, self._brings_back = bundle, seen, brings_back
        self._checker = Checker(self.sheet, customer, now=now)

    def prepare(self, raw: Sequence[RawRow]) -> list[Row]:
        """What would become of these rows, if all that stand before them are loaded."""
        rows = []
        for each in raw:
            with self._looked_at(each) as look:
                self._compare_with_earlier(look)
                rows.append(look.row)
        return rows

    def load(self, raw: Sequence[RawRow], *, beside: Beside = always) -> list[Row] | None:
        """Load one row, in a transaction in which `beside` comes first: None where it says that somebody else has
        loaded this already.
        """
        (only,) = raw
        for left in reversed(range(TRIES)):
            try:
                with self._looked_at(only) as look:
                    return [look.row] if self._loaded(look, beside) else None
            except (IntegrityError, Overtaken, services.Unsound):
                if not left:
                    raise
        return None

    # looking

    @contextmanager
    def _looked_at(self, raw: RawRow) -> Iterator[Look]:
        row = understood(raw, self.sheet)
        find_parents([row], self.sheet, self.customer)
        refuse_doubles([row], self.sheet, self._seen)
        if not row.mistakes:
            self._match(row)
            if not self._brings_back and row.values.get("external_id"):
                refuse_erased([row], self.sheet, self.customer)
            self._checker.check([row])
        with ExitStack() as stack:
            yield self._opened(row, stack) or Look(row=row)

    def _match(self, row: Row) -> None:
        """The record of a row: the stored one with what is changed in it, or a new one."""
        given = {name: row.values[name] for name in ("candidate", "external_id", DATE) if row.values.get(name)}
        stored = None
        if named := given.get("external_id"):
            known = Resume.objects.filter(candidate=given["candidate"], external_id=named)
            stored = known.select_related("file", "candidate", "customer").first()
        if stored is None:
            row.record, row.is_new = Resume(customer=self.customer, **{"external_id": new_id(), **given}), True
            return
        row.record, date = stored, given.get(DATE, stored.ats_created_at)
        if stored.ats_created_at != date:
            stored.ats_created_at = date
            row.changed.append(DATE)

    def _opened(self, row: Row, stack: ExitStack) -> Look | None:
        """With its file, which the stack closes; None where one of them is refused."""
        if row.mistakes:
            return None
        try:
            file = stack.enter_context(self._bundle.opened(row.values[FILE]))
            checked = checking.check(file, row.values[FILE])
        except Wrong as wrong:
            row.mistakes.append(wrong.at(row.line, FILE))
            return None
        except Refused as refused:
            refuse(row, refused)
            return None
        look = Look(row=row, file=file, sha256=checked.sha256)
        try:
            self._compare(look)
        except Refused as refused:
            refuse(row, refused)
            return None
        choice = (
            Choice.of(self.customer) if row.is_new else Choice.of_resume(row.record) if FILE in row.changed else None
        )
        if choice is not None and (problem := choice.problem):  # stored before it was refused
            row.mistakes.append(mistake(row.line, "resume", column=FILE, rule=problem))
            return None
        return look

    def _compare(self, look: Look) -> None:
        """With what is stored: a file that we have lost is put back by the same one."""
        row = look.row
        if row.is_new and (there := self._same(look)):
            row.is_new = False
            if lost := next((each for each in there if services.is_lost(each.file)), None):
                row.record = lost
                row.changed.append(FILE)
        elif not row.is_new and (row.record.file.sha256 != look.sha256 or services.is_lost(row.record.file)):
            row.changed.append(FILE)

    def _same(self, look: Look) -> list[Resume]:
        """For a row without an ID: the candidate's resumes with its content."""
        return services.same_content(look.row.values["candidate"], look.sha256) if look.is_nameless else []

    def _compare_with_earlier(self, look: Look) -> None:
        """When it is loaded, what an earlier row brings is there."""
        if look.file is not None:
            key = digest(look.row.values["candidate"].pk, f"\0{look.sha256}")  # no ID has a NUL in it
            if self._seen.before({look.row.line: key}) and look.is_nameless:
                look.row.is_new, look.row.changed = False, []

    # loading

    def _loaded(self, look: Look, beside: Beside) -> bool:
        """Whether nobody else has loaded it."""
        try:
            self._write(look, beside)
        except Elsewhere:
            return False
        except Refused as refused:  # by the scanner, or by a full disk: nothing is written yet
            refuse(look.row, refused)
            with transaction.atomic():
                return beside([look.row])
        return True

    def _write(self, look: Look, beside: Beside) -> None:
        row, record = look.row, look.row.record

        def first() -> None:
            if not beside([row]):
                raise Elsewhere
            if row.verdict in (Verdict.NEW, Verdict.CHANGED):
                one_at_a_time(self.customer)
                self._look_again(look)
                if DATE in row.changed:
                    people.change_record("resume", record, fields=[DATE], by=None)

        if look.file is not None and row.is_new:
            done = services.upload(
                row.values["candidate"],
                look.file,
                row.values[FILE],
                by=None,
                external_id=record.external_id,
                ats_created_at=row.values.get(DATE) or None,  # the record's own is made up where the row has none
                send=False,
                beside=first,
            )
        elif look.file is not None and FILE in row.changed:
            done = services.replace(record, look.file, row.values[FILE], by=None, send=False, beside=first)
        else:
            with transaction.atomic():
                first()
            return
        if done.was_there:
            raise Overtaken

    def _look_again(self, look: Look) -> None:
        """Imports of one customer wait for each other here: what another one has just written can be seen."""
        record = look.row.record
        known = Resume.objects.filter(candidate=record.candidate_id, external_id=record.external_id)
        is_other = known.values_list("pk", flat=True).first() != record.pk
        if is_other or (look.row.is_new and self._same(look)):
            raise Overtaken


def refuse(row: Row, refused: Refused) -> None:
    row.mistakes.append(mistake(row.line, "resume", column=FILE, rule=refused.sentence))
