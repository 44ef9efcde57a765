"""`find_orphaned_files`: files of resumes without a record, and records without their file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from talentsync.resumes import orphans, storage
from talentsync.resumes.orphans import Missing, Orphan

USAGE = 2


class Command(BaseCommand):
    help = (
        "Lists stored files of resumes that belong to no record, and records whose file is gone. With --remove the "
        "former are deleted if they are old enough; younger ones may be uploads under way. Exit codes: 0 done, "
        "1 records without their file, or the files could not be reached, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="delete files without a record")
        parser.add_argument("--days", type=int, default=1, metavar="N", help="only those older than N days, at least 1")

    def handle(self, *, remove: bool, days: int, **options: Any) -> None:
        age = timedelta(days=days)
        if age < orphans.AGE:
            raise CommandError("--days must be at least 1: younger files may be uploads under way.", returncode=USAGE)
        try:
            found = list(orphans.find(storage.store()))  # to the end, before anything is removed: see `in_order`
            gone = sum(self._tell(orphan, age, remove) for orphan in found)
        except orphans.NoOwners:
            raise CommandError("No records of this installation have files, so nothing can be compared.") from None
        except OSError as error:
            raise CommandError(f"The files could not be reached: {type(error).__name__}.") from None
        if gone:
            remedy = "restore MEDIA_ROOT or the bucket from a backup, or bring the same files in again"
            raise CommandError(f"{gone} records have lost their file: {remedy}.")

    def _tell(self, orphan: Orphan, age: timedelta, remove: bool) -> bool:
        """Says what it is, and removes it if told so; returns whether it is a record without its file."""
        if orphan.missing is Missing.FILE:
            self.stdout.write(f"record without its file: {orphan.name}")
            return True
        is_old = orphan.is_older_than(age)
        if remove and is_old:
            storage.forget(orphan.name)
        said = "removed" if remove and is_old else "file without a record" if is_old else "young file without a record"
        self.stdout.write(f"{said}: {orphan.name} ({orphan.since:%Y-%m-%d %H:%M} UTC)")
        return False
