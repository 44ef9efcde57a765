"""Records of a request that wait for what they bring along, which failed: nothing happens by itself. Reads only."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from talentsync.sync import kinds
from talentsync.sync.models import Delivery, RunItem
from talentsync.sync.states import Operation


def among(items: QuerySet[RunItem]) -> QuerySet[RunItem]:
    waits_in_vain = Q(pk__in=[])
    for kind in kinds.all_kinds():
        for name, path in kind.brings.items():
            failed = Delivery.objects.failed().filter(
                kind=name, object_id=OuterRef(f"{path}_id"), connection=OuterRef(OuterRef("connection"))
            )
            owners = kind.model._default_manager.filter(Exists(failed), pk=OuterRef("object_id"))
            waits_in_vain |= Q(Exists(owners), kind=kind.name)
    deletes = Q(
        delivery__operation=Operation.DELETE, delivery__revision=F("revision")
    )  # whatever was asked for behind them
    return items.filter(waits_in_vain, ~deletes, state=RunItem.State.ASKED)
