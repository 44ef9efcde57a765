"""Loads a chunk of checked rows: new ones in bulk, of changed ones the fields that changed, and nothing else.

Loading the same rows again changes nothing. Columns of the engine are never written; `changed_at` moves only where
something changed that LinkedIn is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from talentsync.candidates.models import Candidate, CandidateEmail
from talentsync.customers.models import Customer
from talentsync.imports.columns import Sheet
from talentsync.imports.inserting import insert_records, insert_rows
from talentsync.imports.rows import Row, Verdict
from talentsync.sync import automatic, kinds, summary
from talentsync.sync.rows import update_rows

EMAILS = "email_addresses"


def load(rows: Sequence[Row], sheet: Sheet, customer: Customer) -> None:
    """Write the good ones. Runs in the caller's transaction; raises `IntegrityError` where somebody else has just made
    one of the new records.
    """
    new = [row for row in rows if row.verdict is Verdict.NEW]
    changed = [row for row in rows if row.verdict is Verdict.CHANGED]
    one_at_a_time(customer)
    hold_still(sheet, changed)
    now = timezone.now()
    insert_records(sheet.model, [row.record for row in new], now=now)
    change(changed, sheet, now)
    if sheet.model is Candidate:
        keep_emails(customer, new, [row for row in changed if EMAILS in row.changed])
    if customer.sends_changes:
        follow(sheet, customer, new, [row for row in changed if is_told(row, sheet)], now)


def one_at_a_time(customer: Customer) -> None:
    """Imports of one customer wait for each other. Others may still refer to the customer (`no_key`)."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def hold_still(sheet: Sheet, rows: Iterable[Row]) -> None:
    """Only then is it changed: a call that is being prepared has either read what is saved, or is older than it."""
    summary.hold_still(kinds.get(sheet.kind), [row.record.pk for row in rows])


def is_told(row: Row, sheet: Sheet) -> bool:
    """What LinkedIn is told is not what it was before."""
    return row.verdict is Verdict.NEW or (row.verdict is Verdict.CHANGED and bool(set(row.changed) - sheet.unsent))


def follow(sheet: Sheet, customer: Customer, new: Sequence[Row], changed: Sequence[Row], now: datetime) -> None:
    """What LinkedIn would be told anew is sent by itself."""
    kind = kinds.get(sheet.kind)
    made = Q(external_id__in=[row.record.external_id for row in new], customer=customer, changed_at=now)
    for parent in kind.needs.values():
        made &= Q(**{f"{parent}__in": {getattr(row.record, f"{parent}_id") for row in new}})
    rows = kind.model._default_manager.filter(made | Q(pk__in=[row.record.pk for row in changed]))
    automatic.follow(kind, summary.lock(kind, list(rows.values_list("pk", flat=True))), now=now)


def change(rows: Iterable[Row], sheet: Sheet, now: datetime) -> None:
    """Rows in which the same fields changed are written by one statement."""
    alike: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        told = is_told(row, sheet)
        row.record.changed_at = now if told else row.record.changed_at
        alike[(*row.changed, *(["changed_at"] if told else []))].append(row)
    for names, group in alike.items():
        update_rows([row.record for row in group], names)


def keep_emails(customer: Customer, new: Sequence[Row], changed: Sequence[Row]) -> None:
    """One row for each address, in lower case, because candidates are looked for by them."""
    if changed:
        CandidateEmail.objects.filter(candidate__in=[row.record.pk for row in changed]).delete()
    named = {row.record.external_id: row.record.email_addresses for row in (*new, *changed)}
    keys = Candidate.objects.filter(customer=customer, external_id__in=named).values_list("external_id", "pk")
    pairs = [(key, address) for name, key in keys for address in dict.fromkeys(map(str.lower, named[name]))]
    insert_rows(CandidateEmail, ["candidate", "address"], pairs)
