"""An import from upload to report. Each visit reads some chunks; whoever visits next goes on after the last one that
was committed, so that a killed worker costs nothing, and two workers at one import load nothing twice.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Customer
from talentsync.imports import bundles, files, nudges
from talentsync.imports.columns import SHEETS, Sheet
from talentsync.imports.filing import Filing
from talentsync.imports.mistakes import BadFile, Mistake, mistake
from talentsync.imports.models import WORKING, Import, RowError, State
from talentsync.imports.readers import RawRow, open_file
from talentsync.imports.resumes import ResumeFiling
from talentsync.imports.rows import Row, chunks
from talentsync.imports.seen import Seen
from talentsync.imports.tally import Tally, counted

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KEPT_ERRORS = 10_000  # more are counted and not kept: nobody mends them one by one
KEPT_FOR = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(seconds=30)  # a visit takes five, and commits more often than that

# of the database, of what was seen, or of the disk: full today, perhaps not tomorrow
UNANSWERED = (OperationalError, InterfaceError, sqlite3.OperationalError, OSError)

LOADED_NOTHING = (State.CHECKING, State.CHECKED, State.FAILED)

log = logging.getLogger(__name__)


def upload(uploaded: File, *, kind: str, customer: Customer, by: User | None, brings_back: bool = False) -> Import:
    """Keep the file; it is still to be checked."""
    size, name = uploaded.size or 0, files.keep(uploaded)
    return Import.objects.create(
        customer=customer, kind=kind, by=by, stored_as=name, size=size, brings_back=brings_back
    )


def confirm(run: Import, *, by: User | None) -> bool:
    """Load what was checked. False where that has been asked before, or there is nothing to load."""
    now = timezone.now()
    fresh = {**asdict(Tally()), "position": 0, "line": 0, "state": State.LOADING, "touched_at": now}
    with transaction.atomic():
        if not Import.objects.filter(pk=run.pk, state=State.CHECKED).update(**fresh):
            return False
        run.errors.all().delete()
        audit.record(by, "import", kind=run.kind, label=f"import {run.pk}", customer=run.customer, count=run.n_good)
    return True


def visit(import_id: int, *, until: datetime) -> bool:
    """Carry on for a moment; a worker does the rest. If this ends on the way, a sweep takes it up."""
    over = carry_on(import_id, until=until)
    if not over:
        nudges.nudge(import_id)
    return over


def discard(run: Import) -> bool:
    """Forget an import that has loaded nothing. Whoever confirms it at the same moment comes first, or too late."""
    with transaction.atomic():
        mine = Import.objects.select_for_update().filter(pk=run.pk, state__in=LOADED_NOTHING)
        if not (found := mine.first()):
            return False
        found.delete()
    files.forget(found.stored_as)
    return True


def carry_on(import_id: int, *, until: datetime) -> bool:
    """Check or load some more; whether nothing is left to do now. What goes wrong inside of us ends the import with a
    sentence: an exception's own words may hold what stood in a cell, and are written nowhere.
    """
    run = Import.objects.select_related("customer").filter(pk=import_id, state__in=WORKING).first()
    if run is None or run.kind not in SHEETS:
        return True
    try:
        return _visit(run, SHEETS[run.kind], until)
    except BadFile as bad:
        _give_up(run, bad.mistakes)
    except FileNotFoundError:
        _give_up(run, [mistake(run.line, "file_gone")])
    except UNANSWERED:
        log.warning("import %s: database or disk did not answer; a sweep comes back to it", run.pk)
    except Exception as error:
        log.error("import %s: %s after line %s", run.pk, type(error).__name__, run.line)
        _give_up(run, [mistake(run.line, "internal")])
    return True


def _visit(run: Import, sheet: Sheet, until: datetime) -> bool:
    with _opened(run, sheet) as (table, filing):
        _measure(run, table)
        rows = open_file(table, sheet).rows(position=run.position, line=run.line)
        for raw in chunks(rows, filing.at_a_time):
            if not _step(run, filing, raw):
                return True
            if timezone.now() >= until:
                return False
    _finish(run)
    return True


@contextmanager
def _opened(run: Import, sheet: Sheet) -> Iterator[tuple[Path, Filing | ResumeFiling]]:
    """Its table, and what files the rows of that. Raises `BadFile` for a zip that cannot be used."""
    path = files.path_of(run.stored_as)
    path.stat()  # where it is gone, nothing is put beside it
    with Seen(files.seen_path(run.stored_as)) as seen:
        if not sheet.in_zip:
            yield path, Filing(sheet, run.customer, seen, now=run.created_at, brings_back=run.brings_back)
            return
        with bundles.zipped(path, table=files.table_path(run.stored_as)) as bundle:
            filing = ResumeFiling(bundle, run.customer, seen, now=run.created_at, brings_back=run.brings_back)
            yield bundle.table, filing


def _measure(run: Import, table: Path) -> None:
    """How far it is, is said in bytes of the table."""
    size = table.stat().st_size
    if run.size != size:
        Import.objects.filter(pk=run.pk).update(size=size)
        run.size = size


def _step(run: Import, filing: Filing | ResumeFiling, raw: Sequence[RawRow]) -> bool:
    """One chunk; False where somebody else has done it."""
    moved: dict[str, Any] = {}

    def beside(rows: Sequence[Row]) -> bool:
        moved.update(_moved(run, raw[-1], counted(rows, filing.sheet)))
        return _advance(run, moved, [each for row in rows for each in row.mistakes])

    if run.state == State.LOADING:
        is_done = filing.load(raw, beside=beside) is not None
    else:
        rows = filing.prepare(raw)
        with transaction.atomic():
            is_done = beside(rows)
    if is_done:  # and committed: what is rolled back is tried again from where it was
        for name, value in moved.items():
            setattr(run, name, value)
    return is_done


def _moved(run: Import, last: RawRow, tally: Tally) -> dict[str, Any]:
    sums = {name: getattr(run, name) + number for name, number in asdict(tally).items()}
    return {**sums, "position": last.end, "line": last.next_line, "touched_at": timezone.now()}


def _advance(run: Import, moved: dict[str, Any], mistakes: Sequence[Mistake]) -> bool:
    """Move on if we are where we think we are."""
    mine = Import.objects.filter(pk=run.pk, state=run.state, position=run.position)
    if not mine.update(**moved):
        return False
    _write_down(run, mistakes)
    return True


def _write_down(run: Import, mistakes: Sequence[Mistake]) -> None:
    room = max(0, KEPT_ERRORS - run.n_errors)
    RowError.objects.bulk_create(
        RowError(run=run, line=each.line, column=each.column, rule=each.rule, sentence=each.sentence[:500])
        for each in mistakes[:room]
    )


def _finish(run: Import) -> None:
    ends = State.DONE if run.state == State.LOADING else State.CHECKED
    gone = run.stored_as if ends == State.DONE else ""
    _end(run, ends, gone)


def _give_up(run: Import, mistakes: Sequence[Mistake]) -> None:
    with transaction.atomic():
        _write_down(run, mistakes)
        Import.objects.filter(pk=run.pk).update(n_errors=run.n_errors + len(mistakes))
        _end(run, State.FAILED, run.stored_as)


def _end(run: Import, ends: State, gone: str) -> None:
    """The file goes as soon as nobody needs it any more: it is full of persons."""
    kept = "" if gone else run.stored_as
    position = run.size if ends != State.FAILED else run.position
    with transaction.atomic():
        mine = Import.objects.filter(pk=run.pk, state=run.state)
        if mine.update(state=ends, stored_as=kept, position=position, touched_at=timezone.now()):
            transaction.on_commit(lambda: files.forget(gone), robust=True)
    log.info("import %s of %s: %s, %s rows", run.pk, run.kind, ends.value, run.n_rows)


def first_rows(run: Import, number: int) -> list[RawRow]:
    """The first rows as they stand in the file; none where it cannot be read."""
    sheet = SHEETS[run.kind]
    table = files.table_path(run.stored_as) if sheet.in_zip else files.path_of(run.stored_as)
    try:
        return list(islice(open_file(table, sheet).rows(), number))
    except (BadFile, OSError):
        return []


def sweep(now: datetime) -> dict[str, int]:
    """Take up imports whose worker or message is gone."""
    forgotten = Import.objects.filter(state__in=WORKING, touched_at__lt=now - FORGOTTEN_AFTER)
    keys = list(forgotten.values_list("pk", flat=True))
    for key in keys:
        nudges.nudge(key)
    return {"imports": len(keys)}


def prune(now: datetime) -> dict[str, int]:
    """Forget files and reports after a week, and files that nobody knows. What somebody has confirmed is loaded first,
    however long that takes.
    """
    old = now - KEPT_FOR
    known = Import.objects.filter(created_at__lt=old).exclude(state=State.LOADING)
    with transaction.atomic():
        names = dict(known.select_for_update().values_list("pk", "stored_as"))
        known.filter(pk__in=names).delete()
    for name in names.values():
        files.forget(name)
    loading = Import.objects.filter(state=State.LOADING).values_list("stored_as", flat=True)
    gone = list(files.older_than(old, but=list(loading)))
    for path in gone:
        path.unlink(missing_ok=True)
    return {"imports": len(names), "files": len(gone)}
