"""What becomes of a resume when LinkedIn removes its file: it is deleted there, or the file is uploaded again before.

Beat asks for it. What was asked for once is not asked for again until the file is uploaded anew. The time of a file
that was replaced here goes on as long as LinkedIn may name it with the resume.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet

from talentsync.core import audit
from talentsync.customers.models import Connection, OnExpiry
from talentsync.resumes import replaced
from talentsync.resumes.models import FileReference, ReplacedFile
from talentsync.resumes.rules import AT_EXPIRY
from talentsync.sync import kinds, nudges, records_of_calls, services, summary
from talentsync.sync.models import RunItem
from talentsync.sync.states import Priority

CHUNK = 100  # resumes in one transaction
Noted = TypeVar("Noted", FileReference, ReplacedFile)
Find = Callable[[datetime], QuerySet[Any]]
ACTIONS = {OnExpiry.DELETE.value: "delete", OnExpiry.AGAIN.value: "start_over"}


def due(now: datetime) -> QuerySet[FileReference]:
    """Files of which something is to be asked for by now, at connections in use. What cannot be uploaded now is due as
    soon as it can be.
    """
    return _due(FileReference.objects.all(), "file__resume", now)


def due_replaced(now: datetime) -> QuerySet[ReplacedFile]:
    """The same of files that were replaced here."""
    return _due(ReplacedFile.objects.all(), "resume", now)


def _due(rows: QuerySet[Noted], resume: str, now: datetime) -> QuerySet[Noted]:
    over = Q(**{f"{resume}__on_expiry": OnExpiry.DELETE}, expires_at__lte=now)
    may_go = Q(**{f"{resume}__candidate__do_not_send": False}) & ~Q(connection__recruiter_contract_urn="")
    nearly = Q(**{f"{resume}__on_expiry": OnExpiry.AGAIN}) & may_go
    ends = rows.filter(over | nearly, renew_at__lte=now, asked_at=None, connection__is_current=True)
    return ends.annotate(of_resume=F(resume), then=F(f"{resume}__on_expiry"))


def carry_on(now: datetime) -> int:
    """Ask for what is due; returns for how many resumes something was asked."""
    return _carry_on(due, now) + _carry_on(due_replaced, now)


def _carry_on(find: Find, now: datetime) -> int:
    asked = 0
    for connection in Connection.objects.filter(pk__in=find(now).order_by().values("connection")).order_by("pk"):
        last = 0
        while found := list(find(now).filter(connection=connection, pk__gt=last).order_by("pk")[:CHUNK]):
            last = found[-1].pk
            with transaction.atomic():
                asked += _ask(connection, find, [each.pk for each in found], now)
    return asked


def _ask(connection: Connection, find: Find, found: Sequence[int], now: datetime) -> int:
    kind = kinds.get("resume")
    due_now = find(now).filter(pk__in=found)
    records = summary.lock(kind, sorted(set(due_now.order_by().values_list("of_resume", flat=True))))
    still = due_now.all()  # now that nobody chooses otherwise
    ends = {row.pk: row.of_resume for row in still}
    concerned, later = _concerned(still, connection)
    counts: Counter[tuple[int, RunItem.State]] = Counter()
    number = 0
    for on_expiry, name in ACTIONS.items():
        mine = [each for each in records if each.on_expiry == on_expiry and each.pk in concerned]
        action, options = kind.action(name), {"by_itself": True, AT_EXPIRY: True}
        asked, overtaken = services.ask(
            kind, action, mine, connection, options=options, now=now, priority=Priority.BACKFILL
        )
        counts.update(overtaken)
        later |= {each.object_id for each in asked if each.skipped == kinds.BEING_SENT}
        if told := sum(1 for each in asked if not each.skipped):
            audit.record(
                None, f"{name.replace('_', ' ')} at expiry", kind=kind.name, customer=connection.customer, count=told
            )
        number += told
    looked_at = [pk for pk, resume in ends.items() if resume not in later]
    still.model._default_manager.filter(pk__in=looked_at).update(asked_at=now)
    records_of_calls.count(counts, now)
    summary.refresh(kind, records)
    nudges.nudge_lanes(services.lanes_of(kind, connection))
    return number


def _concerned(still: QuerySet[Any], connection: Connection) -> tuple[set[int], set[int]]:
    """Resumes of which something is to be asked, and those to be looked at again once it is known which file LinkedIn
    names: a call about them is under way.
    """
    ends = list(still)
    there = replaced.named({row.of_resume for row in ends}, connection.pk)
    concerned = {row.of_resume for row in ends if _matters(row, there[row.of_resume] or frozenset())}
    later = {resume for resume, urns in there.items() if urns is None}
    return concerned - later, later


def _matters(row: Any, urns: frozenset[str]) -> bool:
    """The end of a file that LinkedIn does not name is none of its resume's; one that the resume has here is uploaded
    again all the same where that was chosen, because it may be named yet.
    """
    is_here = isinstance(row, FileReference)
    return row.urn in urns or (is_here and (not urns or row.then != OnExpiry.DELETE))
