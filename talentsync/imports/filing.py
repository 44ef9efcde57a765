"""One file on its way into one customer's records: a chunk is prepared, and then counted alone or loaded as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from talentsync.customers.models import Customer
from talentsync.imports import statistics
from talentsync.imports.bringing_back import refuse_erased
from talentsync.imports.checking import Checker
from talentsync.imports.columns import Sheet
from talentsync.imports.loader import load
from talentsync.imports.readers import RawRow
from talentsync.imports.rows import MAX_ROWS, Row, match, understood
from talentsync.imports.seen import Seen

TRIES = 3  # somebody may make the very record that a chunk brings, between our look and our load

Beside = Callable[[Sequence[Row]], bool]


def always(rows: Sequence[Row]) -> bool:
    return True


class Filing:
    """`brings_back` lets records in that were erased here before."""

    at_a_time = MAX_ROWS

    def __init__(
        self, sheet: Sheet, customer: Customer, seen: Seen, *, now: datetime, brings_back: bool = False
    ) -> None:
        self.sheet, self.customer, self._seen, self._brings_back = sheet, customer, seen, brings_back
        self._checker = Checker(sheet, customer, now=now)

    def prepare(self, raw: Sequence[RawRow]) -> list[Row]:
        """Rows that have their record, what changes in it, and every rule that they break."""
        statistics.keep_up(self.sheet.model)
        rows = [understood(each, self.sheet) for each in raw]
        match(rows, self.sheet, self.customer, self._seen)
        if not self._brings_back:
            refuse_erased(rows, self.sheet, self.customer)
        self._checker.check(rows)
        return rows

    def load(self, raw: Sequence[RawRow], *, beside: Beside = always) -> list[Row] | None:
        """Load a chunk in one transaction, in which `beside` comes first: None where it says that somebody else has
        loaded this already.
        """
        for left in reversed(range(TRIES)):
            rows = self.prepare(raw)
            try:
                return rows if self._commit(rows, beside) else None
            except IntegrityError:
                if not left:
                    raise
        return None

    def _commit(self, rows: Sequence[Row], beside: Beside) -> bool:
        with transaction.atomic():
            if not beside(rows):
                return False
            load(rows, self.sheet, self.customer)
            return True
