"""Removing here what is gone at the vendors: the records, what was told about them, and what people did with them.

Works a few records at a time, each with all that hangs on it in one transaction, and can be repeated at any point: what
is to be done is read from the rows of `Erasure` every time. Other apps that keep something about a record say so in
`erased`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from talentsync.core import audit
from talentsync.customers.models import Customer
from talentsync.sync import erasure_requests, erasures, kinds, nudges, records_of_calls, services, summary, wishes
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Erasure, Lane, RemoteTask, Run, RunItem, Snapshot
from talentsync.sync.rows import update_rows
from talentsync.sync.states import Operation

CHUNK = 20  # persons in one transaction, with everything that hangs on them

erased: list[Callable[[Customer, str, Sequence[str]], None]] = []
"""Told which records are removed: customer, kind, their IDs in the ATS. Called in the transaction that removes them, so
perhaps once more later: what it removes may be gone already.
"""


def due(now: datetime) -> QuerySet[Erasure]:
    """The rows of those records that may be removed here: all has been accepted and looked at, or waited long enough.

    A record counts once it is asked for itself: whatever hangs on it is asked for before or with it.
    """
    awaited = Erasure.objects.filter(erasures.AWAITED, run=OuterRef("run"), root_id=OuterRef("root_id"))
    roots = Erasure.objects.filter(kind=F("run__kind"), object_id=F("root_id")).exclude(state=Erasure.State.DONE)
    return roots.filter(~Exists(awaited) | Q(erased_at__isnull=True, local_at__lte=now))


def due_runs(now: datetime) -> list[int]:
    """Requests with such records; one query."""
    return list(due(now).order_by("run").values_list("run", flat=True).distinct())


def carry_on(run: Run, *, until: datetime) -> bool:
    """Remove what may be removed of a request, chunk by chunk. True when nothing is left to do now."""
    if run.items.filter(state=RunItem.State.DRAFTED).exists():
        return True  # not all of it is asked for yet; whoever asks comes back to this
    last = 0
    while root_ids := _roots(run, last):
        last = root_ids[-1]
        with transaction.atomic():
            _Removal(run, root_ids, timezone.now()).carry_out()
        if timezone.now() >= until:
            return not _roots(run, last)
    return True


def _roots(run: Run, after: int) -> list[int]:
    rows = due(timezone.now()).filter(run=run, root_id__gt=after)
    return list(rows.order_by("root_id").values_list("root_id", flat=True).distinct()[:CHUNK])


def try_again(now: datetime) -> int:
    """Ask once more for the refused deletes of records that are no longer here: nobody can do that by hand."""
    tried = 0
    lanes: set[int] = set()
    for pk in list(erasures.owing_and_failed().values_list("pk", flat=True)):
        with transaction.atomic():
            row = erasures.owing_and_failed().select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None:
                wishes.retry(row, kinds.get(row.kind).route(row.connection.destination), now)
                update_rows([row], wishes.WISH_FIELDS)
                lanes.update(_lanes(row))
                tried += 1
    nudges.nudge_lanes(lanes)
    return tried


class _Removal:
    """Some records of a request, with all that hangs on them, while they are removed."""

    def __init__(self, run: Run, root_ids: Sequence[int], now: datetime) -> None:
        self.run, self.now = run, now
        self.taking_part = _parents_first(run)
        self.parts = kinds.parts_of(kind.name for kind in self.taking_part)  # go with them, unasked
        self.roots = set(root_ids)
        self.records: dict[str, dict[int, int]] = {}  # kind → primary key → the record that it hangs on
        self.deliveries: list[Delivery] = []

    def carry_out(self) -> None:
        self._lock()
        self._leave(self._latecomers())
        self._leave(self._travelling())
        if not self.roots:
            return
        self._tell_others()
        self._forget_what_people_did()
        self._forget_what_was_told()
        self._remove()
        self._write_down()

    # who takes part

    def _lock(self) -> None:
        """Records first, parents before children, then deliveries: the order that everyone keeps."""
        for kind in self.taking_part:
            found = self._below(kind)
            summary.hold_still(kind, list(found))
            self.records[kind.name] = found | self._noted(kind)
        for part in self.parts:
            self.records[part.name] = self._parts(part)
            summary.hold_still(part, list(self.records[part.name]))
        self._hold_others_above_still()
        for kind in [*self.parts, *self.taking_part]:
            rows = Delivery.objects.of_records(kind.name, list(self.records[kind.name])).select_related("connection")
            self.deliveries += rows.select_for_update(of=("self",)).order_by("pk")

    def _hold_others_above_still(self) -> None:
        """Deliveries of what these records need beside each other, as jobs: whoever asks for a latecomer reads them."""
        taking_part = {kind.name for kind in self.taking_part}
        for kind in self.taking_part:
            for name in kinds.in_order(kind.needs.keys() - taking_part):
                records = kind.model._default_manager.filter(pk__in=list(self.records[kind.name]))
                above = records.values_list(f"{kind.needs[name]}_id", flat=True)
                rows = Delivery.objects.of_records(name, list(above)).select_for_update(of=("self",)).order_by("pk")
                list(rows.values_list("pk"))

    def _below(self, kind: Kind) -> dict[int, int]:
        rows = kind.model._default_manager.all()
        if kind.name == self.run.kind:
            return {pk: pk for pk in rows.filter(pk__in=self.roots).values_list("pk", flat=True)}
        path = kinds.path_to(kind, self.run.kind)
        return dict(rows.filter(**{f"{path}__in": self.roots}).values_list("pk", path))

    def _parts(self, part: Kind) -> dict[int, int]:
        found: dict[int, int] = {}
        for above, path in part.part_of.items():
            roots = self.records.get(above, {})
            rows = part.model._default_manager.filter(**{f"{path}__in": list(roots)}).values_list("pk", path)
            found |= {pk: roots[key] for pk, key in rows}
        return found

    def _noted(self, kind: Kind) -> dict[int, int]:
        return dict(self._rows().filter(kind=kind.name).values_list("object_id", "root_id"))

    def _latecomers(self) -> set[int]:
        """What was added after the click is asked for as well, before anything is removed."""
        late: set[int] = set()
        for kind in self.taking_part:
            noted = self._noted(kind)
            missing = {pk: root for pk, root in self.records[kind.name].items() if pk not in noted}
            if missing:
                asked = erasure_requests.ask_late(self.run, kind, list(missing), self.now)
                late |= {missing[pk] for pk in asked}
        return late

    def _travelling(self) -> set[int]:
        """A call about them is under way: whoever settles it must find what was sent."""
        return {self.records[row.kind][row.object_id] for row in self.deliveries if row.lease}

    def _leave(self, roots: set[int]) -> None:
        """Not these: the next visit looks at them again."""
        self.roots -= roots
        self.records = {
            name: {pk: root for pk, root in found.items() if root in self.roots} for name, found in self.records.items()
        }
        self.deliveries = [row for row in self.deliveries if row.object_id in self.records[row.kind]]

    # removing

    def _tell_others(self) -> None:
        for kind in self.taking_part:
            for customer, external_ids in self._named(kind).items():
                for tell in erased:
                    tell(customer, kind.name, external_ids)

    def _named(self, kind: Kind) -> dict[Customer, list[str]]:
        found: dict[Customer, list[str]] = defaultdict(list)
        rows: QuerySet[Any] = kind.model._default_manager.filter(pk__in=list(self.records[kind.name]))
        for record in rows.select_related("customer"):
            found[record.customer].append(kind.key_of(record)[1])
        return found

    def _forget_what_people_did(self) -> None:
        """The admin's own list of changes names records, and what was changed below them."""
        for kind in [*self.taking_part, *self.parts]:
            keys = [str(pk) for pk in self.records[kind.name]]
            _log_of(kind).filter(object_id__in=keys).delete()
        root = kinds.get(self.run.kind)
        for name, foreign_key in root.needs.items():
            above = root.model._default_manager.filter(pk__in=self.roots).values_list(foreign_key, flat=True)
            log = _log_of(kinds.get(name)).filter(object_id__in=[str(pk) for pk in above])
            log.filter(change_message__contains='"object"').update(change_message="")

    def _forget_what_was_told(self) -> None:
        """Tries and their words; the statuses go, but for those that a vendor is still to be told about."""
        keys = [row.pk for row in self.deliveries]
        items = AttemptItem.objects.filter(delivery__in=keys)
        Attempt.objects.filter(pk__in=items.values("attempt")).update(words="")
        items.delete()
        RemoteTask.objects.filter(delivery__in=keys).delete()
        Snapshot.objects.filter(delivery__in=keys).delete()
        owed = self._owed()
        kept = [row for row in self.deliveries if row.pk in owed]
        for row in kept:
            if not row.true_key:
                erasures.mask(row, self.now)
        update_rows(kept, erasures.MASKED)
        gone = [row for row in self.deliveries if row.pk not in owed]
        self._end_wishes(gone)
        Delivery.objects.filter(pk__in=[row.pk for row in gone]).delete()
        nudges.nudge_lanes(set(chain.from_iterable(map(_lanes, kept))))

    def _end_wishes(self, gone: Sequence[Delivery]) -> None:
        """Whoever asked for a delete has what they wanted. What was asked for before it, and is under way or waits,
        nobody will hear of any more.
        """
        asked = [(row.pk, *wish) for row in gone for wish in wishes.unsettled(row)]
        overtaken = services.overtake([(pk, number) for pk, name, number in asked if name != Operation.DELETE])
        last = {pk: number for pk, _, number in asked}
        ended = [(row, last.get(row.pk, row.revision), True) for row in gone]
        records_of_calls.tell_runs(ended, self.now, beside=overtaken)

    def _owed(self) -> set[int]:
        """Deliveries whose delete nobody has accepted. What its parent takes along needs none."""
        goes_along = {name for kind in self.taking_part for name in kind.takes_along}
        along = self._rows().filter(kind__in=goes_along - {self.run.kind})
        along.exclude(state__in=[Erasure.State.ABSENT, Erasure.State.DONE]).update(with_parent=True)
        keys = [row.pk for row in self.deliveries]
        owed = Erasure.objects.filter(erasures.AWAITED, delivery__in=keys)  # also those of other requests
        return set(owed.values_list("delivery_id", flat=True))

    def _remove(self) -> None:
        """Children first: what points to a record must be gone before it."""
        for part in self.parts:
            records = list(part.model._default_manager.filter(pk__in=list(self.records[part.name])))
            self._note_kept(part, records)
            part.forget(records)
        for kind in [*reversed(self.taking_part), *self.parts]:
            kind.model._default_manager.filter(pk__in=list(self.records[kind.name])).delete()

    def _note_kept(self, part: Kind, records: Sequence[Any]) -> None:
        """A line of the receipt for each of which no call deletes anything."""
        asked = dict(self._rows().values_list("root_id", "asked_at"))
        mine = self.records[part.name]
        roots = {pk: (root, asked[root]) for pk, root in mine.items() if root in asked}
        erasures.note_kept(self.run, part, [each for each in records if each.pk in roots], roots, self.now)

    def _write_down(self) -> None:
        awaited = Erasure.objects.filter(erasures.AWAITED, run=OuterRef("run"), root_id=OuterRef("root_id"))
        mine = self._rows().filter(kind__in=[kind.name for kind in self.taking_part])
        for customer_id in (
            mine.filter(erased_at=None).order_by("customer").values_list("customer", flat=True).distinct()
        ):
            self._audit(Customer.objects.get(pk=customer_id))
        self._everywhere().filter(erased_at=None).update(erased_at=self.now)
        done = list(mine.filter(~Exists(awaited)).exclude(state=Erasure.State.DONE))
        whole = _last_words(mine.filter(with_parent=False))
        for row in done:
            if row.with_parent:
                said = (row.accepted_at, row.absent_at)
                row.accepted_at, row.absent_at = whole.get((row.root_id, row.connection_id), said)
            row.state = Erasure.State.DONE
        update_rows(done, ["state", "accepted_at", "absent_at"])

    def _audit(self, customer: Customer) -> None:
        counted = self._rows().filter(customer=customer, kind=self.run.kind, erased_at=None)
        number = counted.values("object_id").distinct().count()
        if number:
            audit.record(None, "erase here", kind=self.run.kind, customer=customer, count=number, run_id=self.run.pk)

    def _rows(self) -> QuerySet[Erasure]:
        return Erasure.objects.filter(run=self.run, root_id__in=self.roots)

    def _everywhere(self) -> QuerySet[Erasure]:
        """Also those of other requests: the record is gone for all of them."""
        same = Q(pk__in=[])
        for name, found in self.records.items():
            same |= Q(kind=name, object_id__in=list(found))
        return Erasure.objects.filter(same)


def _parents_first(run: Run) -> list[Kind]:
    """Of the kinds that a request reaches each after those that it hangs on."""
    reached = [run.kind, *kinds.get(run.kind).action(run.action).reaches]
    return sorted(map(kinds.get, reached), key=lambda kind: _depth(kind, run.kind))


def _depth(kind: Kind, above: str) -> int:
    return 0 if kind.name == above else 1 + kinds.path_to(kind, above).count("__")


def _lanes(row: Delivery) -> QuerySet[Lane, int]:
    return Lane.objects.filter(connection=row.connection_id, kind=row.kind).values_list("pk", flat=True)


def _log_of(kind: Kind) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind.model))


def _last_words(rows: QuerySet[Erasure]) -> dict[tuple[int, int | None], tuple[datetime | None, datetime | None]]:
    """When the last of a record and what hangs on it was accepted, and seen to be gone, at each connection."""
    found: dict[tuple[int, int | None], tuple[datetime | None, datetime | None]] = {}
    for row in rows.exclude(absent_at=None).order_by("absent_at"):
        found[row.root_id, row.connection_id] = row.accepted_at, row.absent_at
    return found
