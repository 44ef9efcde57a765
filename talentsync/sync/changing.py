"""Records that are changed here, and those of other kinds whose payload takes something over from them
(`Kind.takes_over`): these have changed with them, whichever door the change comes through.

    with transaction.atomic():
        change = changing.begin(kind, {record.pk: fields})    locks all records
        …                                                     write the records
        change.follow(now=now)                                marks, and asks where the customer wants that

Everybody locks in one order, or two of them wait for each other for ever: all records before any delivery; records and
deliveries of a kind before those of the kinds that are declared after it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from talentsync.customers.models import Customer
from talentsync.sync import automatic, kinds, summary, waiting
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery


@dataclass(frozen=True, kw_only=True)
class Change:
    """Locked records that are about to be written; `fields` names what changes in each, by primary key."""

    kind: Kind
    fields: Mapping[int, Collection[str]]
    taking: Mapping[str, Sequence[int]] = field(default_factory=dict)  # kind → records that may take something over
    let_in: Mapping[str, Sequence[int]] = field(default_factory=dict)  # kind → records that were kept out before

    def follow(self, *, now: datetime, also: Sequence[int] = ()) -> None:
        """Mark what takes over what was changed, and ask for all of it where the customer has that switched on; `also`
        names records that are new.
        """
        mine = [*(pk for pk, names in self.fields.items() if names), *also]
        changed = {self.kind.name: mine}
        changed |= {name: self._mark(kinds.get(name), keys, now) for name, keys in self.taking.items()}
        for name, keys in self.let_in.items():
            changed[name] = list({*changed.get(name, ()), *keys})
        if not _is_wanted(self.kind, changed[self.kind.name]):
            return
        if len(changed) > 1:
            _hold_deliveries_still(changed)
        for name in kinds.in_order(changed):
            automatic.follow(kinds.get(name), summary.lock(kinds.get(name), changed[name]), now=now)

    def _mark(self, child: Kind, keys: Sequence[int], now: datetime) -> list[int]:
        rows = child.model._default_manager.filter(self._takes_over(child), pk__in=keys)
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        child.model._default_manager.filter(pk__in=found).update(changed_at=now)
        return found

    def _takes_over(self, child: Kind) -> Q:
        """What stands in its own field hides the parent's."""
        found = Q(pk__in=[])
        for theirs, own in child.takes_over[self.kind.name].items():
            changed = [pk for pk, names in self.fields.items() if theirs in names]
            if changed:
                above = Q(**{f"{child.needs[self.kind.name]}__in": changed})
                found |= above & Q(**{own: ""}) if own else above
        return found


def begin(kind: Kind, fields: Mapping[int, Collection[str]], *, let_in: Collection[int] = ()) -> Change:
    """Lock the records, then all that could take something over from them: a call that is being prepared has either
    read what is saved now, or is older than it. `let_in` are those of them that are kept out no more (`Kind.kept_out`):
    where the customer wants that, they and all that hangs on them is asked for.
    """
    summary.hold_still(kind, list(fields))
    taking = {child.name: _below(child, kind, fields) for child in kinds.that_need(kind.name)}
    taking = {name: keys for name, keys in taking.items() if keys}
    free = _hanging(kind, let_in) if let_in and _is_wanted(kind, list(let_in)) else {}
    for name in kinds.in_order({*taking, *free} - {kind.name}):
        keys = list({*taking.get(name, ()), *free.get(name, ())})
        waiting.hold_above_still(kinds.get(name), keys)
        summary.hold_still(kinds.get(name), keys)
    return Change(kind=kind, fields=fields, taking=taking, let_in=free)


def hold_parents_still(kind: Kind, records: Iterable[Any]) -> None:
    """Before records are written that hang on others: whatever becomes of those meanwhile either sees what is written,
    or is seen by it.
    """
    above = list(records)
    for name in kinds.in_order(kind.needs):
        keys = {getattr(record, f"{kind.needs[name]}_id") for record in above}
        summary.hold_still(kinds.get(name), list(keys - {None}))


def _below(child: Kind, kind: Kind, fields: Mapping[int, Collection[str]]) -> list[int]:
    taken = child.takes_over.get(kind.name, {}).keys()
    changed = [pk for pk, names in fields.items() if taken & set(names)]
    rows: QuerySet[Any] = child.model._default_manager.filter(**{f"{child.needs[kind.name]}__in": changed})
    return list(rows.order_by("pk").values_list("pk", flat=True)) if changed else []


def _hanging(kind: Kind, keys: Collection[int]) -> dict[str, list[int]]:
    """These records and what hangs on them, directly or through others."""
    found = {kind.name: list(keys)}
    for below in kinds.all_kinds():
        if path := kinds.path_to(below, kind.name):
            rows = below.model._default_manager.filter(**{f"{path}__in": list(keys)}).order_by("pk")
            found[below.name] = list(rows.values_list("pk", flat=True))
    return {name: mine for name, mine in found.items() if mine}


def _is_wanted(kind: Kind, keys: Sequence[int]) -> bool:
    customers = kind.model._default_manager.filter(pk__in=keys).order_by().values("customer")
    return Customer.objects.filter(pk__in=customers, sends_changes=True).exists()


def _hold_deliveries_still(changed: Mapping[str, Sequence[int]]) -> None:
    """Those of the records and of whatever their kinds need: asking for a child looks at its parents, too."""
    wanted = {name: set(keys) for name, keys in changed.items()}
    for kind, keys in [(kinds.get(name), keys) for name, keys in changed.items()]:
        for above, foreign_key in kind.needs.items():
            parents = kind.model._default_manager.filter(pk__in=keys).values_list(f"{foreign_key}_id", flat=True)
            wanted.setdefault(above, set()).update(parents)
    for name in kinds.in_order(wanted):
        rows = Delivery.objects.of_records(name, wanted[name]).select_for_update(of=("self",))
        list(rows.order_by("pk").values_list("pk", flat=True))
