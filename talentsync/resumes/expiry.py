"""What becomes of a resume when LinkedIn removes its file: it is deleted there, or the file is uploaded again before.

Beat asks for it. What was asked for once is not asked for again until the file is uploaded anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from talentsync.core import audit
from talentsync.customers.models import Connection, OnExpiry
from talentsync.resumes.models import FileReference, Resume
from talentsync.resumes.rules import BY_ITSELF
from talentsync.sync import kinds, nudges, records_of_calls, services, summary
from talentsync.sync.models import RunItem
from talentsync.sync.states import Priority

CHUNK = 100  # resumes in one transaction
ACTIONS = {OnExpiry.DELETE.value: "delete", OnExpiry.AGAIN.value: "start_over"}


def due(now: datetime) -> QuerySet[FileReference]:
    """Files of which something is to be asked for by now, at connections in use. What cannot be uploaded now is due as
    soon as it can be.
    """
    over = Q(file__resume__on_expiry=OnExpiry.DELETE, expires_at__lte=now)
    may_go = Q(file__candidate__do_not_send=False) & ~Q(connection__recruiter_contract_urn="")
    nearly = Q(file__resume__on_expiry=OnExpiry.AGAIN) & may_go
    found = FileReference.objects.filter(over | nearly, renew_at__lte=now, asked_at=None)
    return found.filter(connection__is_current=True)


def carry_on(now: datetime) -> int:
    """Ask for what is due; returns for how many resumes something was asked."""
    asked = 0
    for connection in Connection.objects.filter(pk__in=due(now).order_by().values("connection")).order_by("pk"):
        while found := list(due(now).filter(connection=connection).order_by("renew_at", "pk")[:CHUNK]):
            with transaction.atomic():
                asked += _ask(connection, [each.pk for each in found], now)
    return asked


def _ask(connection: Connection, found: Sequence[int], now: datetime) -> int:
    kind = kinds.get("resume")
    named = Resume.objects.filter(file__references__in=found).order_by("pk")
    records = summary.lock(kind, list(named.values_list("pk", flat=True)))
    references = list(due(now).filter(pk__in=found))  # now that nobody chooses otherwise
    files = [each.file_id for each in references]
    counts: Counter[tuple[int, RunItem.State]] = Counter()
    number = 0
    for on_expiry, name in ACTIONS.items():
        mine = [each for each in records if each.on_expiry == on_expiry and each.file_id in files]
        action, options = kind.action(name), {BY_ITSELF: True}
        asked, overtaken = services.ask(
            kind, action, mine, connection, options=options, now=now, priority=Priority.BACKFILL
        )
        counts.update(overtaken)
        if told := sum(1 for each in asked if not each.skipped):
            audit.record(
                None, f"{name.replace('_', ' ')} at expiry", kind=kind.name, customer=connection.customer, count=told
            )
        number += told
    FileReference.objects.filter(pk__in=[each.pk for each in references]).update(asked_at=now)
    records_of_calls.count(counts, now)
    summary.refresh(kind, records)
    nudges.nudge_lanes(services.lanes_of(kind, connection))
    return number
