"""Resumes in bulk: a table that names candidate and file of each, and the files. One file is looked at at a time.

Every row is written by itself, as by the form, and nothing is sent. Running it again changes nothing: a resume with an
ID is changed where the content is another; one without is new where its candidate has no resume with that content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from django.utils import formats, timezone

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.imports import cells
from talentsync.imports.bundles import Bundle
from talentsync.imports.columns import CREATED, Column, Sheet, of_field, parent_column
from talentsync.imports.mistakes import Mistake, Wrong, mistake
from talentsync.imports.readers import RawRow, open_file
from talentsync.imports.rows import Row, chunks, find_parents, refuse_doubles, understood
from talentsync.imports.seen import Seen
from talentsync.imports.tally import Tally
from talentsync.resumes import checking, services
from talentsync.resumes.checking import Checked
from talentsync.resumes.models import Resume
from talentsync.resumes.refusals import Refused
from talentsync.sync import erasures

KIND = "resume"
COLUMNS = (
    parent_column("candidate", Candidate, "C-1"),
    Column(name="file", fields=("file",), read=cells.text(limit=1_000), example="kim-example.pdf", required=True),
    of_field(Resume, "external_id", "R-1"),
    of_field(Resume, "ats_created_at", CREATED),
)
SHEET = Sheet(
    kind=KIND,
    model=Resume,
    columns={column.name: column for column in COLUMNS},
    under="candidate",
    parents={"candidate": Candidate},
)


class Loading:
    """One bundle on its way into one customer's resumes. `dry_run` checks everything and writes nothing."""

    def __init__(self, bundle: Bundle, customer: Customer, seen: Seen, *, dry_run: bool, brings_back: bool) -> None:
        self._bundle, self._customer, self._seen = bundle, customer, seen
        self._dry_run, self._brings_back = dry_run, brings_back

    def run(self) -> Iterator[tuple[Tally, Sequence[Mistake]]]:
        """Row by row, what became of it. Raises `BadFile` where the table cannot be read any further."""
        for raw in chunks(open_file(self._bundle.table, SHEET).rows()):
            yield from self._chunk(raw)

    def _chunk(self, raw: Sequence[RawRow]) -> Iterator[tuple[Tally, Sequence[Mistake]]]:
        rows = [understood(each, SHEET) for each in raw]
        find_parents(rows, SHEET, self._customer)
        refuse_doubles(rows, SHEET, self._seen)
        for row in rows:
            became = "refused" if row.mistakes else self._row(row)
            zoneless = row.zoneless if became != "refused" else 0
            yield Tally(n_errors=len(row.mistakes), n_zoneless=zoneless, **{f"n_{became}": 1}), row.mistakes

    def _row(self, row: Row) -> str:
        """Writes it; the name of what it was: new, changed, unchanged or refused."""
        values = row.values
        resume = self._stored(values)
        try:
            if resume is None:
                self._refuse_erased(values)
            with self._bundle.opened(values["file"]) as file:
                return self._filed(values, resume, file)
        except Wrong as wrong:
            column = "external_id" if wrong.rule == "erased" else "file"
            row.mistakes.append(wrong.at(row.line, column))
        except Refused as refused:
            row.mistakes.append(mistake(row.line, "resume", column="file", rule=refused.sentence))
        return "refused"

    def _filed(self, values: dict[str, Any], resume: Resume | None, file: BinaryIO) -> str:
        candidate, name = values["candidate"], values["file"]
        checked = checking.check(file, name)
        if self._is_there(candidate, resume, checked, named=bool(values.get("external_id"))):
            return "unchanged"
        if not self._dry_run and resume is not None:
            services.replace(resume, file, name, by=None, send=False)
        elif not self._dry_run:
            more = {column: values[column] for column in ("external_id", "ats_created_at") if values.get(column)}
            services.upload(candidate, file, name, by=None, send=False, **more)
        return "new" if resume is None else "changed"

    def _is_there(self, candidate: Candidate, resume: Resume | None, checked: Checked, *, named: bool) -> bool:
        if resume is not None:
            return resume.file.sha256 == checked.sha256
        return not named and bool(services.same_content(candidate, checked.sha256))

    def _stored(self, values: dict[str, Any]) -> Resume | None:
        if not values.get("external_id"):
            return None
        known = Resume.objects.filter(candidate=values["candidate"], external_id=values["external_id"])
        return known.select_related("file", "candidate").first()

    def _refuse_erased(self, values: dict[str, Any]) -> None:
        if self._brings_back or not values.get("external_id"):
            return
        key = (values["candidate"].external_id, values["external_id"])
        if at := erasures.when_erased(self._customer, KIND, [key]).get(key):
            raise Wrong("erased", day=formats.date_format(timezone.localtime(at), "j M Y"))
