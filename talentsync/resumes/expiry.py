"""What becomes of a resume when LinkedIn removes its file: it is deleted there, or the file is uploaded again before.

Beat asks for it. What was asked for once is not asked for again until the file is uploaded anew. The time of a file
that was replaced here goes on until a newer one is attached.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from talentsync.core import audit
from talentsync.customers.models import Connection, OnExpiry
from talentsync.resumes.models import FileReference, ReplacedFile, Resume
from talentsync.resumes.records import attached
from talentsync.resumes.rules import AT_EXPIRY
from talentsync.sync import kinds, nudges, records_of_calls, services, summary
from talentsync.sync.models import Delivery, RunItem
from talentsync.sync.states import Priority, RemoteState

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
    """The same of files that were replaced here. Those in whose place a newer one was attached must be forgotten by
    then (`_forget_replaced`).
    """
    return _due(ReplacedFile.objects.filter(Exists(_of_its_resume())), "resume", now)


def _due(rows: QuerySet[Noted], resume: str, now: datetime) -> QuerySet[Noted]:
    over = Q(**{f"{resume}__on_expiry": OnExpiry.DELETE}, expires_at__lte=now)
    may_go = Q(**{f"{resume}__candidate__do_not_send": False}) & ~Q(connection__recruiter_contract_urn="")
    nearly = Q(**{f"{resume}__on_expiry": OnExpiry.AGAIN}) & may_go
    return rows.filter(over | nearly, renew_at__lte=now, asked_at=None, connection__is_current=True)


def _of_its_resume() -> QuerySet[Delivery]:
    """That LinkedIn has the resume, of a replaced file."""
    same = Delivery.objects.filter(kind="resume", object_id=OuterRef("resume"), connection=OuterRef("connection"))
    return same.filter(remote_state=RemoteState.LIVE)


def _perhaps_attached() -> QuerySet[FileReference]:
    """The file that the resume has here, where LinkedIn answered about the resume after its upload began."""
    same = FileReference.objects.filter(file__resume=OuterRef("object_id"), connection=OuterRef("connection"))
    return same.filter(uploaded_at__lte=OuterRef("settled_at"))


def carry_on(now: datetime) -> int:
    """Ask for what is due; returns for how many resumes something was asked."""
    _forget_attached()
    return _carry_on(due, "file__references", now) + _carry_on(due_replaced, "replaced_files", now)


def _forget_attached() -> None:
    rows = ReplacedFile.objects.filter(Exists(_of_its_resume().filter(Exists(_perhaps_attached()))))
    last = 0
    while found := list(rows.filter(resume__gt=last).order_by("resume").values_list("resume", flat=True)[:CHUNK]):
        last = found[-1]
        with transaction.atomic():
            _forget_replaced(summary.lock(kinds.get("resume"), found))


def _forget_replaced(resumes: Sequence[Resume]) -> None:
    """Where LinkedIn names the file that a resume has here, the time of the one before no longer matters. The resumes
    are locked.
    """
    replaced = list(ReplacedFile.objects.filter(resume__in=resumes))
    if not replaced:
        return
    rows = list(Delivery.objects.of_records("resume", [each.resume_id for each in replaced]))
    urns = attached(rows)
    named = {(row.object_id, row.connection_id, urns.get(row.pk)) for row in rows}
    here = FileReference.objects.filter(file__resume__in=resumes)
    newer = {key[:2] for key in named.intersection(here.values_list("file__resume", "connection", "urn"))}
    over = [each.pk for each in replaced if (each.resume_id, each.connection_id) in newer]
    ReplacedFile.objects.filter(pk__in=over).delete()


def _carry_on(find: Find, path: str, now: datetime) -> int:
    """`path` leads from resumes to what is found."""
    asked = 0
    for connection in Connection.objects.filter(pk__in=find(now).order_by().values("connection")).order_by("pk"):
        last = 0
        while found := list(find(now).filter(connection=connection, pk__gt=last).order_by("pk")[:CHUNK]):
            last = found[-1].pk
            with transaction.atomic():
                asked += _ask(connection, find, path, [each.pk for each in found], now)
    return asked


def _ask(connection: Connection, find: Find, path: str, found: Sequence[int], now: datetime) -> int:
    kind = kinds.get("resume")
    named = Resume.objects.filter(**{f"{path}__in": found}).order_by("pk")
    records = summary.lock(kind, list(named.values_list("pk", flat=True)))
    _forget_replaced(records)
    still = find(now).filter(pk__in=found)  # now that nobody chooses otherwise
    concerned = dict(Resume.objects.filter(**{f"{path}__in": still}).values_list("pk", path))
    counts: Counter[tuple[int, RunItem.State]] = Counter()
    number, later = 0, set[int]()  # what somebody has asked for comes first: then it is looked at again
    for on_expiry, name in ACTIONS.items():
        mine = [each for each in records if each.on_expiry == on_expiry and each.pk in concerned]
        action, options = kind.action(name), {"by_itself": True, AT_EXPIRY: True}
        asked, overtaken = services.ask(
            kind, action, mine, connection, options=options, now=now, priority=Priority.BACKFILL
        )
        counts.update(overtaken)
        later |= {concerned[each.object_id] for each in asked if each.skipped == kinds.BEING_SENT}
        if told := sum(1 for each in asked if not each.skipped):
            audit.record(
                None, f"{name.replace('_', ' ')} at expiry", kind=kind.name, customer=connection.customer, count=told
            )
        number += told
    still.model._default_manager.filter(pk__in=set(concerned.values()) - later).update(asked_at=now)
    records_of_calls.count(counts, now)
    summary.refresh(kind, records)
    nudges.nudge_lanes(services.lanes_of(kind, connection))
    return number
