"""What is known of records that are to be gone: who was asked for, what the vendor said, and who was erased before.

The removal itself stands in `erasing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Q, QuerySet

from connectors.base.errors import ConnectorError
from connectors.base.resource import Step
from connectors.base.results import News
from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds, policy
from talentsync.sync.calling import WITH_PARENT, Batch, Report
from talentsync.sync.hashes import hashed
from talentsync.sync.kinds import Kept, Key, Kind
from talentsync.sync.models import Delivery, Erasure, Run
from talentsync.sync.rows import update_rows
from talentsync.sync.states import Failure, Operation, State, Why

if TYPE_CHECKING:
    from talentsync.sync.services import Asked

Ended = Sequence[tuple[Delivery, int, bool]]

STILL_THERE = "still_there"  # the vendor has accepted the delete, and shows the record all the same
BEING_ERASED = "being_erased"  # why nothing else is asked for meanwhile
TOLD = ["state", "answer", "with_parent", "accepted_at", "looked_at", "absent_at"]

AWAITED = Q(with_parent=False) & ~Q(state__in=[Erasure.State.ABSENT, Erasure.State.DONE])
"""Rows that keep their record here. What goes with its parent has no answer of its own to wait for."""


def when_erased(customer: Customer, kind: str, keys: Iterable[Key]) -> dict[Key, datetime]:
    """Those of these keys (parent's ID or "", own ID) that were erased here, and when last; one query."""
    by_hash = {hashed(customer.pk, kind, key): key for key in keys}
    found = Erasure.objects.filter(customer=customer, kind=kind, key_hash__in=by_hash, erased_at__isnull=False)
    rows = found.order_by("erased_at").values_list("key_hash", "erased_at")
    return {by_hash[key_hash]: at for key_hash, at in rows if at is not None}


def was_erased(customer: Customer, kind: str, keys: Iterable[Key]) -> set[Key]:
    """Those of these keys that were erased here before; one query."""
    return set(when_erased(customer, kind, keys))


def under_way(kind: Kind, object_ids: Iterable[int]) -> set[int]:
    """Those of these records that somebody has asked to erase: nothing else is sent about them."""
    rows = Erasure.objects.filter(kind=kind.name, object_id__in=set(object_ids), erased_at__isnull=True)
    return set(rows.values_list("object_id", flat=True))


def note(
    run: Run, kind: Kind, connection: Connection, records: Sequence[Any], asked: Iterable[Asked], now: datetime
) -> None:
    """Write down which of these records were asked for; in the transaction that asks."""
    by_pk = {record.pk: record for record in records}
    roots = _roots(kind, run.kind, by_pk)
    wait = timedelta(0) if run.options.get("at_once") else timedelta(days=settings.ERASURE_LOCAL_AFTER_DAYS)
    rows = [
        Erasure(
            customer_id=connection.customer_id,
            connection=connection,
            run=run,
            kind=kind.name,
            key_hash=hashed(connection.customer_id, kind.name, kind.key_of(by_pk[each.object_id])),
            object_id=each.object_id,
            root_id=roots[each.object_id],
            delivery_id=each.delivery_id,
            revision=each.revision or 0,
            asked_at=now,
            local_at=now + wait,
        )
        for each in asked
        if not each.skipped and each.object_id in roots
    ]
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)


def note_unasked(run: Run, kind: Kind, records: Sequence[Any], now: datetime) -> None:
    """Write down which of these records no vendor is asked about: no connection is in use, and through none that was we
    may have sent them. They may go here at once.
    """
    by_pk = {record.pk: record for record in records}
    noted = set(run.erasures.filter(kind=kind.name, object_id__in=by_pk).values_list("object_id", flat=True))
    Erasure.objects.bulk_create(
        Erasure(
            customer_id=by_pk[pk].customer_id,
            run=run,
            kind=kind.name,
            key_hash=hashed(by_pk[pk].customer_id, kind.name, kind.key_of(by_pk[pk])),
            object_id=pk,
            root_id=root,
            revision=0,
            state=Erasure.State.ABSENT,
            asked_at=now,
            local_at=now,
        )
        for pk, root in _roots(kind, run.kind, set(by_pk) - noted).items()
    )


def note_kept(
    run: Run, part: Kind, records: Sequence[Any], roots: Mapping[int, tuple[int, datetime]], now: datetime
) -> None:
    """Write down of records that go with others what a vendor keeps of them, and until when. `roots` are the records
    that they go with, each with the time when that was asked for. Nothing is asked of the vendor.
    """
    if part.kept is None:
        return
    by_pk = {record.pk: record for record in records}
    Erasure.objects.bulk_create(
        (
            Erasure(
                customer_id=by_pk[kept.object_id].customer_id,
                connection_id=kept.connection_id,
                run=run,
                kind=part.name,
                key_hash=hashed(by_pk[kept.object_id].customer_id, part.name, _key(part, by_pk[kept.object_id], kept)),
                object_id=kept.object_id if kept.earlier is None else -kept.earlier,  # no record has such a number
                root_id=roots[kept.object_id][0],
                revision=0,
                state=Erasure.State.DONE,
                asked_at=roots[kept.object_id][1],
                absent_at=kept.until,
                local_at=now,
                erased_at=now,
            )
            for kept in part.kept(records)
        ),
        ignore_conflicts=True,
    )


def _key(part: Kind, record: Any, kept: Kept) -> Key:
    parent, own = part.key_of(record)
    return (parent, own) if kept.earlier is None else (own, str(kept.earlier))


def unasked() -> list[str]:
    """The kinds whose lines say until when the vendor keeps a record, because no call deletes it."""
    return [kind.name for kind in kinds.all_kinds() if kind.kept is not None]


def _roots(kind: Kind, above: str, object_ids: Iterable[int]) -> dict[int, int]:
    if kind.name == above:
        return {pk: pk for pk in object_ids}
    rows = kind.model._default_manager.filter(pk__in=list(object_ids))
    return dict(rows.values_list("pk", kinds.path_to(kind, above)))


def heard(batch: Batch, report: Report, rows: Sequence[Delivery], ended: Ended, now: datetime) -> set[int]:
    """Write down what an answer about deletes says, and let the vendor be asked again what is there; returns the
    requests of which a record may now be removed here. Changes the rows, which the caller stores.
    """
    if batch.operation != Operation.DELETE:
        return set()
    by_pk = {row.pk: row for row in rows}
    found = list(Erasure.objects.filter(delivery__in=by_pk).exclude(state=Erasure.State.DONE))
    went = _went(ended)
    for erasure in found:
        row = by_pk[erasure.delivery_id or 0]
        _hear(erasure, row, batch, report, went.get(row.pk, ()), now)
        _look_again(erasure, row, batch.step, now)
    update_rows(found, TOLD)
    _note_taken_along(batch, [each.object_id for each in found if each.state == Erasure.State.ABSENT])
    return {erasure.run_id for erasure in found if erasure.state == Erasure.State.ABSENT or erasure.with_parent}


def _note_taken_along(batch: Batch, object_ids: Sequence[int]) -> None:
    """A refusal counts no longer once the record has gone with what it hung on."""
    above = kinds.get(batch.lane.kind)
    for below in map(kinds.get, above.takes_along if object_ids else ()):
        hanging = below.model._default_manager.filter(**{f"{below.needs[above.name]}__in": object_ids})
        refused = Erasure.objects.filter(kind=below.name, connection=batch.lane.connection, state=Erasure.State.REFUSED)
        refused.filter(object_id__in=hanging.values("pk")).update(with_parent=True)


def _went(ended: Ended) -> Mapping[int, Sequence[tuple[int, bool]]]:
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for row, revision, good in ended:
        found[row.pk].append((revision, good))
    return found


def _hear(
    erasure: Erasure,
    row: Delivery,
    batch: Batch,
    report: Report,
    went: Sequence[tuple[int, bool]],
    now: datetime,
) -> None:
    outcome = report.outcomes.get(row.pk)
    error = report.error if isinstance(report.error, ConnectorError) else None
    accepted = next((good for revision, good in went if erasure.revision <= revision), None)
    if accepted is not None:
        erasure.answer = outcome.status if outcome else error.status if error else None
        erasure.with_parent = outcome is not None and outcome.code == WITH_PARENT
        erasure.state = Erasure.State.ACCEPTED if accepted else Erasure.State.REFUSED
        erasure.accepted_at, erasure.looked_at = now if accepted else None, None
    if batch.step == Step.CHECK and outcome is not None and erasure.state == Erasure.State.ACCEPTED:
        if outcome.news == News.GONE:
            erasure.state, erasure.absent_at = Erasure.State.ABSENT, now
        elif outcome.news == News.LIVE:
            _still_there(erasure, row, now)
    if accepted and row.state != State.SYNCED and erasure.erased_at:  # somebody has brought the record back meanwhile
        erasure.state = Erasure.State.DONE


def _still_there(erasure: Erasure, row: Delivery, now: datetime) -> None:
    """Perhaps not carried out yet; after some days a person must look."""
    erasure.looked_at = now
    if row.state == State.SYNCED and erasure.accepted_at and now - erasure.accepted_at >= policy.SHOWN_TOO_LONG:
        erasure.state = Erasure.State.REFUSED
        row.state, row.failure, row.error_code, row.due_at = State.FAILED, Failure.REJECTED, STILL_THERE, None


def _look_again(erasure: Erasure, row: Delivery, step: Step, now: datetime) -> None:
    """What the vendor has accepted it is asked about, at once and then rarer, until it says that nothing is there."""
    if erasure.state != Erasure.State.ACCEPTED or erasure.with_parent or row.state != State.SYNCED or row.due_at:
        return
    row.step, row.why = Step.CHECK, Why.ROUTINE
    waited = now - (erasure.accepted_at or now)
    row.due_at = now + max(policy.LOOK_AGAIN, waited) if step == Step.CHECK else now


# --- deletes that are still owed when nothing is left here ------------------------------------------------------------


def mask(row: Delivery, now: datetime) -> None:
    """Leave of a delivery what its delete needs: hashes in clear, the key itself encrypted. The caller stores it."""
    customer_id = row.connection.customer_id
    row.true_key = list(row.names)
    parent, own = row.names
    row.entity_key = hashed(customer_id, row.kind, (parent, own))
    row.batch_key = hashed(customer_id, f"above {row.kind}", ("", parent)) if parent else ""
    row.params, row.words, row.error_field = {}, "", ""
    if row.state == State.PENDING and row.due_at is None:  # whoever would have woken it can no longer find it
        row.due_at = now


MASKED = ["true_key", "entity_key", "batch_key", "params", "words", "error_field", "due_at"]


def unmasked(kind: Kind, connection: Connection, records: Sequence[Any]) -> dict[Key, Delivery]:
    """Deliveries that still owe the delete of an erased record whose ID has come back: they go on as this record's, so
    that the delete comes before whatever is asked now.
    """
    by_hash = {hashed(connection.customer_id, kind.name, kind.key_of(record)): record for record in records}
    if not by_hash:
        return {}
    owing = _owing().filter(connection=connection, entity_key__in=by_hash)
    rows = list(owing.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        record = by_hash[row.entity_key]
        row.object_id, row.true_key = record.pk, None
        row.batch_key, row.entity_key = kind.key_of(record)
    update_rows(rows, ["object_id", "true_key", "batch_key", "entity_key"])
    return {(row.batch_key, row.entity_key): row for row in rows}


def _owing() -> QuerySet[Delivery]:
    return Delivery.objects.filter(true_key__isnull=False)


def owing_and_failed() -> QuerySet[Delivery]:
    """Deletes of erased records that a vendor refused: nobody can click on them any more."""
    return _owing().filter(state=State.FAILED)
