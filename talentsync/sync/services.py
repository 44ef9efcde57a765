"""Asking: the writes that make deliveries due. All of them are idempotent, and none of them calls a vendor.

The caller holds a transaction and the records' locks (`summary.lock`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.base.resource import Step
from talentsync.customers.models import Connection
from talentsync.sync import agreements, erasures, kinds, policy, summary, waiting, wishes
from talentsync.sync.kinds import Action, Key, Kind, Route
from talentsync.sync.models import Delivery, Lane, RunItem
from talentsync.sync.rows import update_rows
from talentsync.sync.states import UNFINISHED, Operation, Priority, State, Why


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What became of one record of a request: the delivery and the revision that will settle it, or why it was
    skipped.
    """

    object_id: int
    delivery_id: int | None = None
    revision: int | None = None
    skipped: str = ""
    failed: bool = False  # it makes no sense for what the vendor holds


def ask(
    kind: Kind,
    action: Action,
    records: Sequence[Any],
    connection: Connection,
    *,
    options: Mapping[str, Any],
    now: datetime,
    priority: Priority = Priority.CLICK,
    agreed_at: datetime | None = None,
) -> tuple[list[Asked], Counter[tuple[int, RunItem.State]]]:
    """Ask one connection for `action` on each of these locked records, whatever it is doing for them at the moment.

    What waits already keeps its place if that is better than `priority`. `agreed_at` is when somebody said what
    `options` say, where that is not now.

    The second part says how many items of which runs were overtaken; the caller counts them, with its own and in the
    order of the runs' keys.
    """
    route = kind.route(connection.destination)
    overtaken = _bring_along(kind, action, records, connection, options=options, now=now, priority=priority)
    above = waiting.Above(kind, connection, [record.pk for record in records])  # before what is below is locked
    known = _deliveries(kind, connection, records, snapshots=action.reads_snapshots)
    being_erased = withheld(kind, action, records)
    wanted, asked = [], []
    for record in records:
        code = erasures.BEING_ERASED if record.pk in being_erased else ""
        code = code or action.skip(record, known.get(kind.key_of(record)), connection, options)
        if code:
            asked.append(Asked(object_id=record.pk, skipped=code))
        else:
            wanted.append(record)
    known |= erasures.unmasked(kind, connection, [each for each in wanted if kind.key_of(each) not in known])
    known |= _created(kind, connection, [record for record in wanted if kind.key_of(record) not in known])
    agreed = agreements.reached(kind, connection, wanted, known, options=options, at=agreed_at or now)
    touched: list[Delivery] = []
    superseded: list[tuple[int, int]] = []
    for record in wanted:
        delivery = known[kind.key_of(record)]
        delivery.priority = min(priority, delivery.priority) if delivery.state in UNFINISHED else priority
        params = agreements.bound(action.params(record, connection, options), agreed.get(record.pk))
        asked.append(_apply(action, record, delivery, route, params, now, superseded, above))
        touched.append(delivery)
    held = waiting.held_back(above, touched, now=now)
    for delivery in touched:
        delivery.due_at = held.get(delivery.pk, delivery.due_at)
    update_rows(touched, wishes.WISH_FIELDS)
    if touched:
        _make_lanes(kind, connection)
    return asked, overtaken + overtake(superseded)


def lanes_of(kind: Kind, connection: Connection) -> list[int]:
    """The lanes to nudge when records of a kind are asked for: its own, and those of what they bring along."""
    lanes = Lane.objects.filter(connection=connection, kind__in=[kind.name, *kind.brings])
    return list(lanes.values_list("pk", flat=True))


def _make_lanes(kind: Kind, connection: Connection) -> None:
    for shard in range(kind.shards):
        Lane.objects.get_or_create(connection=connection, kind=kind.name, shard=shard)


def _bring_along(
    kind: Kind,
    action: Action,
    records: Sequence[Any],
    connection: Connection,
    *,
    options: Mapping[str, Any],
    now: datetime,
    priority: Priority,
) -> Counter[tuple[int, RunItem.State]]:
    """Ask first for what belongs to these records and is not there, or not any more; of what is to be removed, it stays
    here. Its deliveries are locked before those of the records, whose own change nothing meanwhile: the records are
    locked.
    """
    overtaken: Counter[tuple[int, RunItem.State]] = Counter()
    is_sent = action.operation == Operation.UPSERT or action.task == "retry"
    if not kind.brings or not (is_sent or action.operation == Operation.DELETE):
        return overtaken
    known = Delivery.objects.filter(connection=connection).by_record(kind.name, [record.pk for record in records])
    being_erased = withheld(kind, action, records)
    wanted = [
        record
        for record in records
        if record.pk not in being_erased
        and not _removes(action, known.get(record.pk))
        and not action.skip(record, known.get(record.pk), connection, options)
    ]
    for name, foreign_key in kind.brings.items():
        other = kinds.get(name)
        keys = {getattr(record, f"{foreign_key}_id") for record in wanted}
        brought = list(other.rows().filter(pk__in=keys).order_by("pk"))
        if action.operation == Operation.DELETE:
            overtaken.update(_leave_here(other, connection, [each.pk for each in brought]))
            summary.refresh(other, brought)
            continue
        told = {kinds.ANEW: True} if action.anew else {}
        _, counts = ask(other, other.action("send"), brought, connection, options=told, now=now, priority=priority)
        overtaken.update(counts)
        summary.refresh(other, brought)
    return overtaken


def _leave_here(kind: Kind, connection: Connection, keys: Sequence[int]) -> Counter[tuple[int, RunItem.State]]:
    """Nobody needs these there any more: what waits or failed is given up; what travels arrives, or is given up by
    whoever finds that it did not (`give_up_unneeded`).
    """
    unsent = Delivery.objects.filter(connection=connection, state__in=[*UNFINISHED, State.FAILED], lease="")
    rows = list(unsent.of_records(kind.name, keys).select_for_update(of=("self",)).order_by("pk"))
    given_up = [(row.pk, revision) for row in rows for revision in wishes.withdraw(row)]
    update_rows(rows, wishes.WISH_FIELDS)
    return overtake(given_up)


def give_up_unneeded(kind: Kind, connection: Connection, rows: Sequence[Delivery]) -> list[Delivery]:
    """Give up those of these rows that still wait or failed, and whose record nothing that brings it along needs there
    any more: all of that is to be removed, or was. Changes the rows, which the caller stores, and returns them. No
    request waits for them: whoever asks for a record asks for what it brings along, unnamed.

    The caller holds the locks of the records and of the rows. What brings them along is then asked for either before
    this, or after it and gives them up itself.
    """
    unsent = [row for row in rows if row.state in {State.PENDING, State.FAILED}]
    above = kinds.that_bring(kind.name)
    if not unsent or not above:
        return []
    needed = set().union(*(_needed(each, each.brings[kind.name], connection, unsent) for each in above))
    given_up = [row for row in unsent if row.object_id not in needed]
    for row in given_up:
        wishes.withdraw(row)
    return given_up


def _needed(above: Kind, foreign_key: str, connection: Connection, rows: Sequence[Delivery]) -> set[int]:
    """Those of these rows' records, by primary key, that a record above them brings along and is not to lose."""
    owners = above.model._default_manager.filter(**{f"{foreign_key}__in": [row.object_id for row in rows]})
    brought = dict(owners.values_list("pk", f"{foreign_key}_id"))
    theirs = Delivery.objects.filter(connection=connection).by_record(above.name, brought)
    return {key for pk, key in brought.items() if pk not in theirs or not _ends_removed(theirs[pk])}


def _ends_removed(delivery: Delivery) -> bool:
    """Whether the last that was asked for is a removal; of what was given up, whether the last that was done is one,
    here or at a connection that was in use before.
    """
    if delivery.state == State.IDLE:
        return delivery.settled_operation in policy.REMOVING
    then: list[str] = [wished[0] for wished in delivery.then_operations]
    return [delivery.operation, *then][-1] in policy.REMOVING


def _removes(action: Action, delivery: Delivery | None) -> bool:
    """What is tried again is a removal: that takes nothing along."""
    return action.task == "retry" and delivery is not None and delivery.operation in policy.REMOVING


def noted(item: RunItem, asked: Asked, action: Action) -> RunItem.State:
    """Put what became of a record into its item of the request, in memory."""
    item.delivery_id, item.revision, item.reason = asked.delivery_id, asked.revision, asked.skipped
    if asked.skipped:
        item.state = RunItem.State.SKIPPED
    elif asked.failed:
        item.state = RunItem.State.FAILED
    else:
        item.state = RunItem.State.DONE if action.task == "check" else RunItem.State.ASKED
    return RunItem.State(item.state)


def _apply(
    action: Action,
    record: Any,
    delivery: Delivery,
    route: Route,
    params: dict[str, Any],
    now: datetime,
    superseded: list[tuple[int, int]],
    above: waiting.Above,
) -> Asked:
    operation = action.instead(record) or action.operation
    if operation is None:
        revision = _look(delivery, now) if action.task == "check" else wishes.retry(delivery, route, now)
    else:
        joined = wishes.join(
            delivery,
            route,
            operation,
            params,
            changed_since_sent=delivery.sent_at is None
            or record.changed_at > delivery.sent_at
            or above.is_brought_anew(record.pk),
            now=now,
        )
        if joined.revision is None:
            return Asked(object_id=record.pk, delivery_id=delivery.pk, skipped=_on_its_way_out(delivery))
        superseded.extend((delivery.pk, dropped) for dropped in joined.superseded)
        revision = joined.revision
    failed = delivery.state == State.FAILED and action.task != "check"
    return Asked(object_id=record.pk, delivery_id=delivery.pk, revision=revision, failed=failed)


def withheld(kind: Kind, action: Action, records: Sequence[Any]) -> set[int]:
    """Those of these records that are being erased, for an action that tells a vendor anything else about them."""
    if action.operation in {None, Operation.DELETE}:
        return set()
    return erasures.under_way(kind, [record.pk for record in records])


def _on_its_way_out(delivery: Delivery) -> str:
    """Why a wish makes no sense any more."""
    wished = [delivery.operation, *(each[0] for each in delivery.then_operations)]
    return "being_deleted" if Operation.DELETE in wished else "being_closed"


def _look(delivery: Delivery, now: datetime) -> int:
    """Make the next question to the vendor due now; what waits to be sent is neither held up by it nor sent by it."""
    if delivery.state in {State.IDLE, State.SYNCED, State.FAILED}:
        delivery.step, delivery.why = Step.CHECK, Why.ASKED
    if delivery.step != Step.SEND:
        delivery.due_at = now
    return delivery.revision


def _deliveries(kind: Kind, connection: Connection, records: Sequence[Any], *, snapshots: bool) -> dict[Key, Delivery]:
    keys = {kind.key_of(record) for record in records}
    rows = Delivery.objects.select_for_update(of=("self",)).filter(
        connection=connection,
        kind=kind.name,
        batch_key__in={batch for batch, _ in keys},
        entity_key__in={entity for _, entity in keys},
    )
    rows = rows.select_related("snapshot") if snapshots else rows
    return {key: row for row in rows.order_by("pk") if (key := (row.batch_key, row.entity_key)) in keys}


def _created(kind: Kind, connection: Connection, records: Sequence[Any]) -> dict[Key, Delivery]:
    rows = []
    for record in records:
        batch_key, entity_key = kind.key_of(record)
        rows.append(
            Delivery(
                connection=connection,
                kind=kind.name,
                object_id=record.pk,
                batch_key=batch_key,
                entity_key=entity_key,
            )
        )
    return {(row.batch_key, row.entity_key): row for row in Delivery.objects.bulk_create(rows)}


def overtake(superseded: Sequence[tuple[int, int]]) -> Counter[tuple[int, RunItem.State]]:
    """Items that waited for a wish (delivery and revision) that is no longer wanted were overtaken; how many, by run
    and state.
    """
    if not superseded:
        return Counter()
    unwanted = set(superseded)
    waiting = RunItem.objects.filter(delivery__in={pk for pk, _ in superseded}, state=RunItem.State.ASKED)
    items = [item for item in waiting if (item.delivery_id, item.revision) in unwanted]
    for item in items:
        item.state = RunItem.State.SUPERSEDED
    update_rows(items, ["state"])
    return Counter((item.run_id, RunItem.State.SUPERSEDED) for item in items)
