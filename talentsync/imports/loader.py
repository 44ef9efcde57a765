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
from talentsync.sync import changing, kinds
from talentsync.sync.kinds import Kind
from talentsync.sync.rows import update_rows

EMAILS = "email_addresses"


def load(rows: Sequence[Row], sheet: Sheet, customer: Customer) -> None:
    """Write the good ones. Runs in the caller's transaction; raises `IntegrityError` where somebody else has just made
    one of the new records.
    """
    new = [row for row in rows if row.verdict is Verdict.NEW]
    changed = [row for row in rows if row.verdict is Verdict.CHANGED]
    one_at_a_time(customer)
    kind = kinds.get(sheet.kind)
    changing.hold_parents_still(kind, [row.record for row in (*new, *changed)])
    let_in = [
        row.record.pk for row in changed if kind.kept_out in row.changed and not getattr(row.record, kind.kept_out)
    ]
    change = changing.begin(kind, {row.record.pk: set(row.changed) - sheet.unsent for row in changed}, let_in=let_in)
    now = timezone.now()
    insert_records(sheet.model, [row.record for row in new], now=now)
    write(changed, sheet, now)
    if sheet.model is Candidate:
        keep_emails(customer, new, [row for row in changed if EMAILS in row.changed])
    change.follow(now=now, also=made(kind, customer, new, now) if customer.sends_changes else [])


def one_at_a_time(customer: Customer) -> None:
    """Imports of one customer wait for each other. Others may still refer to the customer (`no_key`)."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)


def is_told(row: Row, sheet: Sheet) -> bool:
    """What LinkedIn is told is not what it was before."""
    return row.verdict is Verdict.NEW or (row.verdict is Verdict.CHANGED and bool(set(row.changed) - sheet.unsent))


def made(kind: Kind, customer: Customer, new: Sequence[Row], now: datetime) -> list[int]:
    """The keys of what was inserted, which the statement does not give back."""
    rows = Q(external_id__in=[row.record.external_id for row in new], customer=customer, changed_at=now)
    for parent in kind.needs.values():
        rows &= Q(**{f"{parent}__in": {getattr(row.record, f"{parent}_id") for row in new}})
    return list(kind.model._default_manager.filter(rows).values_list("pk", flat=True))


def write(rows: Iterable[Row], sheet: Sheet, now: datetime) -> None:
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
