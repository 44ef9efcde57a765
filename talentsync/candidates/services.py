"""What people do with candidates here, and with whatever hangs on them, beside asking LinkedIn.

Audit events name a record by our own number: its ID in the ATS may say who it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from talentsync.candidates.models import Candidate, CandidateEmail, PersonRecord
from talentsync.core import audit
from talentsync.sync import automatic, kinds, summary
from talentsync.sync.models import Delivery
from talentsync.sync.querysets import DeliveryQuerySet
from talentsync.sync.states import UNFINISHED, RemoteState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOT_SENT = {"do_not_send"}
"""Fields that LinkedIn is never told: changing them makes nothing outdated."""

TAKEN_OVER = {"first_name": "first_name", "last_name": "last_name", "email_addresses": "candidate_email"}
"""What an application takes from its candidate where its own field is empty."""


def add_candidate(candidate: Candidate, *, by: User | None) -> None:
    with transaction.atomic():
        add_record("candidate", candidate, by=by)
        _keep_emails(candidate)


def change_candidate(candidate: Candidate, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of a candidate whose values are already set; what workers write meanwhile stays."""
    with transaction.atomic():
        summary.hold_still(kinds.get("candidate"), [candidate.pk])
        if TAKEN_OVER.keys() & set(fields):  # all records before any delivery: the order that everyone keeps
            summary.hold_still(kinds.get("application"), list(candidate.applications.values_list("pk", flat=True)))
        change_record("candidate", candidate, fields=fields, by=by)
        if "email_addresses" in fields:
            _keep_emails(candidate)
        _tell_applications(candidate, fields)


def add_record(kind: str, record: PersonRecord, *, by: User | None) -> None:
    """Save a new record of any kind. The customer of what hangs on another record is that one's."""
    if record.UNDER:
        record.customer = getattr(record, record.UNDER).customer
    with transaction.atomic():
        record.save(force_insert=True)
        _follow(kind, [record.pk])
        audit.record(by, "add", kind=kind, label=str(record.pk), customer=record.customer)


def change_record(kind: str, record: PersonRecord, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of a record of any kind; what workers write meanwhile stays."""
    if not fields:
        return
    named = list(fields)
    with transaction.atomic():
        if set(named) - NOT_SENT:
            # Only then: a call that is being prepared has either read what is saved here, or is older than it.
            summary.hold_still(kinds.get(kind), [record.pk])
            record.changed_at = timezone.now()
            named.append("changed_at")
        record.save(update_fields=named)
        if "external_id" in named:
            _rename(kind, record)
        if "changed_at" in named:
            _follow(kind, [record.pk])
        audit.record(by, "change", kind=kind, label=str(record.pk), customer=record.customer)


def known_there(kind: str) -> Exists:
    """For a query of records: whether a vendor knows each, or is about to, by its ID, which can then no longer
    change."""
    return Exists(_known().filter(kind=kind, object_id=OuterRef("pk")))


def is_known_there(kind: str, record: PersonRecord) -> bool:
    return _known().of_records(kind, [record.pk]).exists()


def _known() -> DeliveryQuerySet:
    there = ~Q(remote_state__in=[RemoteState.UNKNOWN, RemoteState.ABSENT])
    perhaps = Q(state__in=UNFINISHED) | Q(unsure_at__isnull=False) | ~Q(settled_operation="")
    return Delivery.objects.filter(there | perhaps)


def _follow(kind: str, keys: Sequence[int]) -> None:
    """Ask for what was saved, where the customer wants that; of the rows as they stand, with what workers wrote."""
    declared = kinds.get(kind)
    automatic.follow(declared, summary.lock(declared, keys), now=timezone.now())


def _rename(kind: str, record: PersonRecord) -> None:
    """Deliveries that nobody has answered yet follow the record's ID, and so do those of what is filed below it."""
    Delivery.objects.of_records(kind, [record.pk]).update(entity_key=record.external_id)
    for child in kinds.that_need(kind):
        if child.below == child.needs[kind]:
            rows = child.model._default_manager.filter(**{child.below: record}).values("pk")
            Delivery.objects.of_records(child.name, rows).update(batch_key=record.external_id)


def _keep_emails(candidate: Candidate) -> None:
    """The addresses that searches look at, in lower case and once each."""
    wanted = {address.strip().lower() for address in candidate.email_addresses} - {""}
    candidate.emails.exclude(address__in=wanted).delete()
    known = set(candidate.emails.values_list("address", flat=True))
    CandidateEmail.objects.bulk_create(
        CandidateEmail(candidate=candidate, address=address) for address in sorted(wanted - known)
    )


def _tell_applications(candidate: Candidate, fields: Collection[str]) -> None:
    """An application that takes something over from the candidate changes with it."""
    empty = Q(pk__in=[])
    for name in TAKEN_OVER.keys() & set(fields):
        empty |= Q(**{TAKEN_OVER[name]: ""})
    touched = candidate.applications.filter(empty)
    keys = list(touched.values_list("pk", flat=True))
    if keys:
        kind = kinds.get("application")
        summary.hold_still(kind, keys)
        kind.model._default_manager.filter(pk__in=keys).update(changed_at=timezone.now())
        _follow("application", keys)
