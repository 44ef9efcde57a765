"""Records that were erased here before come back only where somebody has asked for that."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import formats, timezone

from talentsync.customers.models import Customer
from talentsync.imports.columns import Sheet
from talentsync.imports.mistakes import mistake
from talentsync.imports.rows import Row
from talentsync.sync import erasures, kinds


def refuse_erased(rows: Sequence[Row], sheet: Sheet, customer: Customer) -> None:
    """New rows whose ID was erased are left out and say when; one query."""
    kind = kinds.get(sheet.kind)
    keys = {row.line: kind.key_of(row.record) for row in rows if row.is_new and not row.mistakes}
    when = erasures.when_erased(customer, sheet.kind, keys.values()) if keys else {}
    for row in rows:
        if at := when.get(keys.get(row.line, ("", ""))):
            day = formats.date_format(timezone.localtime(at), "j M Y")
            row.mistakes.append(mistake(row.line, "erased", column="external_id", day=day))
