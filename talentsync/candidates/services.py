"""What people do with candidates here, and with whatever hangs on them, beside asking LinkedIn.

Audit events name a record by our own number: its ID in the ATS may say who it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from talentsync.candidates.models import Candidate, CandidateEmail, PersonRecord
from talentsync.core import audit
from talentsync.sync import automatic, changing, kinds, summary
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Snapshot
from talentsync.sync.querysets import DeliveryQuerySet
from talentsync.sync.states import UNFINISHED, RemoteState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOT_SENT = {"do_not_send"}
"""Fields that LinkedIn is never told: changing them makes nothing outdated."""


def add_candidate(candidate: Candidate, *, by: User | None) -> None:
    with transaction.atomic():
        add_record("candidate", candidate, by=by)
        _keep_emails(candidate)


def change_candidate(candidate: Candidate, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of a candidate whose values are already set; what workers write meanwhile stays."""
    with transaction.atomic():
        change_record("candidate", candidate, fields=fields, by=by)
        if "email_addresses" in fields:
            _keep_emails(candidate)


class Gone(Exception):
    """The record, or what it hangs on, was erased since somebody opened the page about it."""


def add_record(kind: str, record: PersonRecord, *, by: User | None) -> None:
    """Save a new record of any kind. The customer of what hangs on another record is that one's. Raises `Gone`."""
    if record.UNDER:
        record.customer = getattr(record, record.UNDER).customer
    declared = kinds.get(kind)
    with transaction.atomic():
        changing.hold_parents_still(declared, [record])
        _refuse_orphan(declared, record)
        record.save(force_insert=True)
        automatic.follow(declared, summary.lock(declared, [record.pk]), now=timezone.now())
        audit.record(by, "add", kind=kind, label=str(record.pk), customer=record.customer)


def change_record(
    kind: str,
    record: PersonRecord,
    *,
    fields: Collection[str],
    by: User | None,
    untold: Collection[str] = NOT_SENT,
) -> None:
    """Save the named fields of a record of any kind; what workers write meanwhile stays. `untold` are fields that
    LinkedIn is never told. Raises `Gone`.
    """
    if not fields:
        return
    declared, named, told = kinds.get(kind), list(fields), {*fields} - {*untold}
    with transaction.atomic():
        if told:
            changing.hold_parents_still(declared, [record])
        is_let_in = declared.kept_out in fields and not getattr(record, declared.kept_out)
        change = changing.begin(declared, {record.pk: told}, let_in=[record.pk] if is_let_in else [])
        if not declared.model._default_manager.filter(pk=record.pk).exists():
            raise Gone
        if told:
            record.changed_at = timezone.now()
            named.append("changed_at")
        record.save(update_fields=named)
        if "external_id" in told:
            _rename(kind, record)
        change.follow(now=timezone.now())
        audit.record(by, "change", kind=kind, label=str(record.pk), customer=record.customer)


def _refuse_orphan(kind: Kind, record: PersonRecord) -> None:
    """What is above it was locked: if it is still there, it stays."""
    for name, foreign_key in kind.needs.items():
        key = getattr(record, f"{foreign_key}_id")
        if key is not None and not kinds.get(name).model._default_manager.filter(pk=key).exists():
            raise Gone


def known_there(kind: str) -> Exists:
    """For a query of records: whether a vendor knows each, or is about to, by its ID, which can then no longer
    change."""
    return Exists(_known().filter(kind=kind, object_id=OuterRef("pk")))


def is_known_there(kind: str, record: PersonRecord) -> bool:
    """By its ID, or below it: what may go without the record names that ID all the same."""
    if _known().of_records(kind, [record.pk]).exists():
        return True
    alone = ((child, rows) for child, rows in _filed_below(kind, record) if kind in child.may_lack)
    return any(_known().of_records(child.name, rows).exists() for child, rows in alone)


def _known() -> DeliveryQuerySet:
    there = ~Q(remote_state__in=[RemoteState.UNKNOWN, RemoteState.ABSENT])
    perhaps = Q(state__in=UNFINISHED) | Q(unsure_at__isnull=False) | ~Q(settled_operation="")
    unanswered = Q(snapshot__waiting__isnull=False) & ~Q(remote_state=RemoteState.ABSENT)
    return Delivery.objects.filter(there | perhaps | unanswered)


def _rename(kind: str, record: PersonRecord) -> None:
    """Deliveries that nobody has answered yet follow the record's ID, and so do those of what is filed below it. What a
    vendor said of the former ID, or is saying just now, says nothing of this one.
    """
    mine = Delivery.objects.of_records(kind, [record.pk])
    Snapshot.objects.filter(delivery__in=mine).delete()
    mine.update(entity_key=record.external_id, remote_state=RemoteState.UNKNOWN, lease="")
    for child, rows in _filed_below(kind, record):
        Delivery.objects.of_records(child.name, rows).update(batch_key=record.external_id)


def _filed_below(kind: str, record: PersonRecord) -> Iterator[tuple[Kind, QuerySet[Any]]]:
    """The records whose address at LinkedIn begins with this one's ID, by kind."""
    for child in kinds.that_need(kind):
        if child.below == child.needs[kind]:
            yield child, child.model._default_manager.filter(**{child.below: record}).values("pk")


def _keep_emails(candidate: Candidate) -> None:
    """The addresses that searches look at, in lower case and once each."""
    wanted = {address.strip().lower() for address in candidate.email_addresses} - {""}
    candidate.emails.exclude(address__in=wanted).delete()
    known = set(candidate.emails.values_list("address", flat=True))
    CandidateEmail.objects.bulk_create(
        CandidateEmail(candidate=candidate, address=address) for address in sorted(wanted - known)
    )
