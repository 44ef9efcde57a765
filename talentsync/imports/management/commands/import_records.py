"""`import_records`: load a file of records from a shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Customer
from talentsync.imports import bundles
from talentsync.imports.columns import SHEETS, Sheet
from talentsync.imports.filing import Filing
from talentsync.imports.mistakes import BadFile, Mistake
from talentsync.imports.models import Kind
from talentsync.imports.readers import RawRow, open_file
from talentsync.imports.resumes import ResumeFiling
from talentsync.imports.rows import chunks
from talentsync.imports.seen import Seen
from talentsync.imports.tally import Tally, counted

SOME_FAILED, USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "Loads records of one customer from a file: CSV (UTF-8, separated by comma, semicolon or tab) or JSON Lines. "
        "New IDs make new records, known ones are changed; running it again changes nothing. A row that breaks a rule "
        "is listed and left out. Resumes: a zip with one CSV at its top (candidate, file, and if known external_id, "
        "ats_created_at) and the files that it names, or such a CSV with the files below its folder. Nothing is sent "
        "to a vendor, but by automatic sync where that is on. Columns are described, and sample files offered, in the "
        "admin under Imports. "
        "Exit codes: 0 done, 1 some rows were refused, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=Kind.values, metavar="KIND", help=", ".join(Kind.values))
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--customer", required=True, metavar="NAME")
        parser.add_argument(
            "--bring-back-erased", action="store_true", help="also load records that were erased here before"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, list all errors, load nothing")

    def handle(self, *, kind: str, file: str, customer: str, dry_run: bool, **options: Any) -> None:
        path = Path(file)
        if not path.is_file():
            raise CommandError(f"There is no file {file}.", returncode=USAGE)
        owner = Customer.objects.filter(name=customer).first()
        if owner is None:
            raise CommandError(f"There is no customer called {customer!r}.", returncode=USAGE)
        tally = self._read(path, SHEETS[kind], owner, dry_run, brings_back=options["bring_back_erased"])
        self._tell(tally, owner, dry_run)

    def _read(self, path: Path, sheet: Sheet, owner: Customer, dry_run: bool, *, brings_back: bool) -> Tally:
        tally = Tally()
        try:
            with opened(path, sheet, owner, brings_back=brings_back) as (table, filing):
                for raw in chunks(open_file(table, sheet).rows(), filing.at_a_time):
                    tally += self._chunk(raw, filing, dry_run)
        except BadFile as bad:
            self._list(bad.mistakes)
            tally += Tally(n_errors=len(bad.mistakes))
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.", returncode=USAGE) from None
        except DatabaseError as error:
            raise CommandError(f"{_so_far(tally)} Then the database failed ({type(error).__name__}).") from None
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {_so_far(tally)}") from None
        finally:
            self._note(sheet, owner, tally, dry_run)
        return tally

    def _chunk(self, raw: Sequence[RawRow], filing: Filing | ResumeFiling, dry_run: bool) -> Tally:
        rows = filing.prepare(raw) if dry_run else filing.load(raw) or []
        self._list([each for row in rows for each in row.mistakes])
        return counted(rows, filing.sheet)

    def _list(self, mistakes: Sequence[Mistake]) -> None:
        for each in mistakes:
            where = f"line {each.line}" + (f", {each.column}" if each.column else "")
            self.stderr.write(f"{where}: {each.sentence} [{each.rule}]")

    def _note(self, sheet: Sheet, owner: Customer, tally: Tally, dry_run: bool) -> None:
        if not dry_run and (number := tally.n_new + tally.n_changed):
            with transaction.atomic():
                audit.record(None, "import", kind=sheet.kind, customer=owner, count=number)

    def _tell(self, tally: Tally, owner: Customer, dry_run: bool) -> None:
        would = "Would load: " if dry_run else ""
        self.stdout.write(
            f"{would}{tally.n_new:,} new, {tally.n_changed:,} changed, {tally.n_unchanged:,} unchanged, "
            f"{tally.n_refused:,} refused, of {tally.n_rows:,} rows."
        )
        if tally.n_zoneless:
            self.stdout.write(f"Moments without a zone, taken as UTC: {tally.n_zoneless:,}.")
        if tally.n_unsent and not dry_run and owner.sends_changes:
            self.stdout.write(
                "Automatic sync is on: people, applications and live jobs are brought up to date by themselves."
            )
        elif tally.n_unsent and not dry_run:
            self.stdout.write(f"{tally.n_unsent:,} records are new or changed and not yet sent.")
        if tally.n_errors:
            raise CommandError(f"{tally.n_errors:,} errors, listed above.", returncode=SOME_FAILED)


@contextmanager
def opened(
    path: Path, sheet: Sheet, customer: Customer, *, brings_back: bool
) -> Iterator[tuple[Path, Filing | ResumeFiling]]:
    """The table, and what files its rows."""
    now = timezone.now()
    with Seen() as seen:
        if not sheet.in_zip:
            yield path, Filing(sheet, customer, seen, now=now, brings_back=brings_back)
            return
        with bundles.opened(path) as bundle:
            yield bundle.table, ResumeFiling(bundle, customer, seen, now=now, brings_back=brings_back)


def _so_far(tally: Tally) -> str:
    return (
        f"{tally.n_rows:,} rows were read; what was good of them is loaded. Run it again: that changes nothing twice."
    )
