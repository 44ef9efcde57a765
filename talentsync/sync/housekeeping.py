"""What beat asks for: find what is due and forgotten, test connections, let go of what is old."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from talentsync.customers import services as customers
from talentsync.customers.models import Connection
from talentsync.sync import erasing, holds, kinds, nudges, runs, waiting
from talentsync.sync.models import Delivery, Hold, Lane, Run
from talentsync.sync.rows import count_for_planner

DRAFTS_KEPT_FOR = timedelta(days=1)


def sweep(now: datetime) -> dict[str, int]:
    """Nudge every lane that owes something, every run whose time has come, and every one of which something is to be
    removed here. Costs three queries, whatever waits.
    """
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    free = Q(lease_name="") | Q(lease_ends_at__lt=now)
    firsts = Delivery.objects.due(now).first_times()
    owes = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in firsts))
    lanes = list(Lane.objects.alias(**firsts).filter(owes, ready, free).values_list("pk", flat=True))
    waiting = list(runs.waiting_to_start(now).values_list("pk", flat=True))
    nudges.nudge_lanes(lanes)
    for run_id in waiting:
        nudges.nudge_run(run_id)
    to_erase = erasing.due_runs(now)
    for run_id in to_erase:
        nudges.nudge_erasure(run_id)
    return {"lanes": len(lanes), "runs": len(waiting), "erasures": len(to_erase)}


def come_back(lane: Lane, now: datetime) -> None:
    """A lane that can go on sooner than the next sweep is visited again at that moment."""
    lane.refresh_from_db(fields=["not_before"])
    parts = Delivery.objects.of_lane(lane).filter(due_at__isnull=False).by_priority()
    firsts = [part.order_by("due_at").values_list("due_at", flat=True).first() for part in parts]
    first = min((moment for moment in firsts if moment is not None), default=None)
    if first is None:
        return
    wait = (max(first, lane.not_before or first) - now).total_seconds()
    if 0 < wait < settings.SWEEP_SECONDS:
        nudges.nudge_lanes([lane.pk], in_seconds=wait)


def test_connections(*, until: datetime) -> dict[str, int]:
    """Test every connection in use (Greenhouse's close reasons come with it)."""
    return _test(Connection.objects.filter(is_current=True), until)


def go_on(connection: Connection) -> None:
    """A connection that works, whoever tested it, goes on by itself if it had stopped by itself."""
    if holds.release_probed(connection):
        nudges.nudge_lanes(connection.lanes.values_list("pk", flat=True))


def probe_held(*, until: datetime) -> dict[str, int]:
    """Test the connections that stopped by themselves; those that work again go on."""
    return _test(Connection.objects.filter(pk__in=Hold.objects.filter(probed=True).values("connection")), until)


def _test(connections: QuerySet[Connection], until: datetime) -> dict[str, int]:
    """Those first that were tested longest ago, and one at least. A vendor that says nothing costs half a minute for
    each: what there is no time for is left to the next visit, which must not begin beside this one.
    """
    works = fails = 0
    for connection in connections.order_by(F("last_tested_at").asc(nulls_first=True), "pk"):
        if customers.test_connection(connection, by=None).works:
            works += 1
        else:
            fails += 1
        if timezone.now() >= until:
            break
    return {"works": works, "fails": fails}


def prune(now: datetime) -> dict[str, int]:
    """Let go of drafts that nobody confirmed; ask again for deletes of what is no longer here; count for the planner
    what there is now. What is merely old goes by `pruning`.
    """
    with transaction.atomic():  # locked, so that none is confirmed between being found and being deleted
        stale = Run.objects.filter(state=Run.State.DRAFT, created_at__lt=now - DRAFTS_KEPT_FOR)
        found = list(stale.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        drafts, _ = Run.objects.filter(pk__in=found).delete()
    count_for_planner()
    return {"drafts": drafts, "asked_again": erasing.try_again(now)}


def wake_missed(now: datetime) -> dict[str, int]:
    """Make due what waits for nothing any more and was not woken. It looks at everything that waits."""
    return {"woken": sum(waiting.repair(kind, now=now) for kind in kinds.all_kinds() if not kind.stands_alone)}
