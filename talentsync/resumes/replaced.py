"""What LinkedIn still has of a resume beside its file: files that were replaced here, or uploaded once more.

Their end matters as long as LinkedIn may name them with the resume, and the receipt of an erasure tells of them until
LinkedIn removes them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from talentsync.resumes.models import FileReference, ReplacedFile
from talentsync.resumes.records import perhaps_attached
from talentsync.sync import kinds, summary
from talentsync.sync.models import Delivery

CHUNK = 100  # rows in one transaction


def keep(references: QuerySet[FileReference]) -> None:
    """Note what these are about to tell no more, while their files still have their resumes."""
    told = references.exclude(file__resume=None).order_by("pk")
    found = told.values("connection_id", "urn", "expires_at", "renew_at", "asked_at", resume_id=F("file__resume"))
    ReplacedFile.objects.bulk_create([ReplacedFile(**each) for each in found], ignore_conflicts=True)


def named(resumes: Collection[int], connection_id: int) -> Mapping[int, frozenset[str] | None]:
    """By resume: the files that LinkedIn may name with it, None while a call about it is under way. The resumes are
    locked, so that no answer comes in between. Of one that LinkedIn has deleted nothing is named.
    """
    found: dict[int, frozenset[str] | None] = dict.fromkeys(resumes, frozenset())
    rows = list(Delivery.objects.filter(connection=connection_id).of_records("resume", list(resumes)))
    urns = perhaps_attached(rows)
    for row in rows:
        found[row.object_id] = None if row.lease else urns.get(row.pk, frozenset())
    return found


def forget(now: datetime) -> int:
    """Those that LinkedIn has removed and names no longer: nothing is left of them. Returns how many they were."""
    over = ReplacedFile.objects.filter(expires_at__lte=now)
    forgotten = 0
    for connection in list(over.order_by("connection").values_list("connection", flat=True).distinct()):
        last = 0
        while found := list(over.filter(connection=connection, pk__gt=last).order_by("pk")[:CHUNK]):
            last = found[-1].pk
            with transaction.atomic():
                forgotten += _forget(found, connection)
    return forgotten


def _forget(found: Collection[ReplacedFile], connection_id: int) -> int:
    resumes = sorted({each.resume_id for each in found})
    summary.hold_still(kinds.get("resume"), resumes)
    there = named(resumes, connection_id)
    gone = [each.pk for each in found if _is_over(each.urn, there[each.resume_id])]
    return ReplacedFile.objects.filter(pk__in=gone).delete()[0]


def _is_over(urn: str, there: frozenset[str] | None) -> bool:
    return there is not None and urn not in there
