"""A row on its way: read, understood, matched with what is stored, checked. Works on a thousand at a time, so that the
number of queries does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from talentsync.customers.models import Customer
from talentsync.imports.cells import KEEP, Zoneless
from talentsync.imports.columns import Sheet
from talentsync.imports.mistakes import BadFile, Mistake, Wrong, mistake
from talentsync.imports.readers import RawRow
from talentsync.imports.seen import Seen, digest

MAX_ROWS = 1_000
MAX_BYTES = 8_000_000  # of long rows fewer are held in memory at a time


class Verdict(Enum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Row:
    line: int
    values: dict[str, Any] = field(default_factory=dict)  # by field; parents by the name of the relation
    mistakes: list[Mistake] = field(default_factory=list)
    zoneless: int = 0
    record: Any = None
    is_new: bool = False
    changed: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.mistakes:
            return Verdict.REFUSED
        if self.is_new:
            return Verdict.NEW
        return Verdict.CHANGED if self.changed else Verdict.UNCHANGED


def chunks(raw: Iterable[RawRow], at_a_time: int = MAX_ROWS) -> Iterator[list[RawRow]]:
    """What is read, loaded and committed together; where the file breaks off, what stands before comes first."""
    chunk: list[RawRow] = []
    broken = None
    try:
        for row in raw:
            chunk.append(row)
            if len(chunk) == at_a_time or row.end - chunk[0].end > MAX_BYTES:
                yield chunk
                chunk = []
    except BadFile as bad:
        broken = bad
    if chunk:
        yield chunk
    if broken:
        raise broken


def understood(raw: RawRow, sheet: Sheet) -> Row:
    """The cells as values of fields."""
    row = Row(raw.line, mistakes=list(raw.mistakes))
    if row.mistakes:
        return row
    for name, cell in raw.cells.items():
        column = sheet.columns[name]
        try:
            value = column.read(cell)
            if column.required and value in ("", None, KEEP):
                raise Wrong("missing_value")
        except Wrong as wrong:
            row.mistakes.append(wrong.at(raw.line, name))
            continue
        if len(column.fields) > 1:
            row.values.update(zip(column.fields, value, strict=True))
        elif value is not KEEP:
            row.values[column.fields[0]] = value
            row.zoneless += isinstance(value, Zoneless)
    return row


def match(rows: Sequence[Row], sheet: Sheet, customer: Customer, seen: Seen) -> None:
    """Give every row its record: the stored one with the row's values, or a new one."""
    find_parents(rows, sheet, customer)
    refuse_doubles(rows, sheet, seen)
    good = [row for row in rows if not row.mistakes]
    stored = _stored(good, sheet, customer)
    for row in good:
        record = stored.get(_key(row, sheet))
        if record is None:
            row.record, row.is_new = sheet.model(customer=customer, **row.values), True
        else:
            _take_over(row, record, customer)


def find_parents(rows: Sequence[Row], sheet: Sheet, customer: Customer) -> None:
    """Replace the IDs of parents by the parents themselves; one query for each relation."""
    for name, model in sheet.parents.items():
        wanted = {row.values[name] for row in rows if row.values.get(name)}
        found: Any = model._default_manager.filter(customer=customer, external_id__in=wanted) if wanted else ()
        parents: dict[str, Any] = {parent.external_id: parent for parent in found}
        for parent in parents.values():
            parent.customer = customer
        for row in rows:
            if wished := row.values.get(name):
                row.values[name] = parents.get(wished)
                if row.values[name] is None:
                    row.mistakes.append(mistake(row.line, "unknown_parent", column=name))


def refuse_doubles(rows: Sequence[Row], sheet: Sheet, seen: Seen) -> None:
    """The first row of an ID counts, whatever becomes of it."""
    keyed = {row.line: digest(*_key(row, sheet)) for row in rows if _has_key(row, sheet)}
    first = seen.before(keyed)
    for row in rows:
        if row.line in first:
            row.mistakes.append(mistake(row.line, "doubled_id", column="external_id", first=f"{first[row.line]:,}"))


def _has_key(row: Row, sheet: Sheet) -> bool:
    has_parent = sheet.under == "customer" or row.values.get(sheet.under) is not None
    return bool(has_parent and row.values.get("external_id"))


def _key(row: Row, sheet: Sheet) -> tuple[int, str]:
    parent = 0 if sheet.under == "customer" else row.values[sheet.under].pk
    return parent, row.values["external_id"]


def _stored(rows: Sequence[Row], sheet: Sheet, customer: Customer) -> dict[tuple[int, str], Any]:
    """The records that these rows are about, as far as there are any; one query."""
    if not rows:
        return {}
    ids = {row.values["external_id"] for row in rows}
    found: Any = sheet.model._default_manager.filter(customer=customer, external_id__in=ids)
    if sheet.under == "customer":
        return {(0, record.external_id): record for record in found}
    found = found.filter(**{f"{sheet.under}__in": {row.values[sheet.under].pk for row in rows}})
    return {(getattr(record, f"{sheet.under}_id"), record.external_id): record for record in found}


def _take_over(row: Row, record: Any, customer: Customer) -> None:
    """What the file does not name stays as it is stored."""
    record.customer = customer
    for name, value in row.values.items():
        was = getattr(record, f"{name}_id") if hasattr(value, "pk") else getattr(record, name)
        if was != (value.pk if hasattr(value, "pk") else value):
            row.changed.append(name)
        setattr(record, name, value)
    row.record = record
