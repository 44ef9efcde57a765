"""Calls and outcomes since the beginning, added up from the tries that the engine keeps.

They only grow, as Prometheus wants it, also over restarts of any process and when old tries are pruned: each look adds
what came since the last one. The engine itself has nothing to do with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Max, Q, QuerySet, Sum, Value, When
from django.db.models.fields import CharField

from talentsync.monitoring.models import Watch
from talentsync.sync.models import Attempt, AttemptItem

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds; the last one is the wall deadline of a call
SETTLED = timedelta(minutes=1)  # by then a try is committed, or never will be: numbers are given before a commit
AT_MOST = 20_000  # tries in one look
STATUS = Case(
    *(When(status__gte=100 * n, status__lt=100 * (n + 1), then=Value(f"{n}xx")) for n in range(2, 6)),
    default=Value("none"),
    output_field=CharField(),
)


def add(watch: Watch, now: datetime) -> None:
    """Take in what is new. Does nothing when somebody else has done it meanwhile."""
    before = watch.tallied_upto
    if before is None:  # what was tried before anybody counted is not counted
        newest = Attempt.objects.aggregate(newest=Max("pk"))["newest"] or 0
        Watch.objects.filter(pk=watch.pk, tallied_upto=None).update(tallied_upto=newest)
        return
    upto = _last_settled(before, now)
    if upto is None:
        return
    calls, outcomes = watch.tallies.get("calls", {}), watch.tallies.get("outcomes", {})
    for key, numbers in _calls(before, upto).items():
        calls[key] = [old + new for old, new in zip(calls.get(key, [0] * len(numbers)), numbers, strict=True)]
    for key, number in _outcomes(before, upto).items():
        outcomes[key] = outcomes.get(key, 0) + number
    Watch.objects.filter(pk=watch.pk, tallied_upto=before).update(
        tallies={"calls": calls, "outcomes": outcomes}, tallied_upto=upto
    )


def _last_settled(before: int, now: datetime) -> int | None:
    """None when there is nothing new. Nothing younger is passed over: it would never be counted."""
    new = Attempt.objects.filter(pk__gt=before).order_by("pk")
    young = new.filter(at__gt=now - SETTLED).values_list("pk", flat=True).first()
    if young is not None:
        new = new.filter(pk__lt=young)
    numbers = list(new.values_list("pk", flat=True)[:AT_MOST])
    return numbers[-1] if numbers else None


def _calls(before: int, upto: int) -> Mapping[str, list[int]]:
    """Per sort of call: how many took at most each bucket's time, how many there were, and milliseconds together."""
    rows = Attempt.objects.filter(pk__gt=before, pk__lte=upto, n_calls__gt=0)
    within = {
        f"within_{place}": Count("pk", filter=Q(milliseconds__lte=1_000 * limit)) for place, limit in enumerate(BUCKETS)
    }
    grouped = _grouped(rows.annotate(answer=STATUS), "connection__destination", "kind", "step", "answer")
    counted = grouped.annotate(**within, calls=Count("pk"), spent=Sum("milliseconds"))
    return {"|".join(row[:4]): list(row[4:]) for row in counted.values_list(*_ORDER, *within, "calls", "spent")}


_ORDER = ("connection__destination", "kind", "step", "answer")


def _outcomes(before: int, upto: int) -> Mapping[str, int]:
    rows = AttemptItem.objects.filter(attempt__gt=before, attempt__lte=upto)
    of = ("attempt__connection__destination", "attempt__kind", "attempt__step", "news")
    return {"|".join(row[:4]): row[4] for row in _grouped(rows, *of).annotate(n=Count("pk")).values_list(*of, "n")}


def _grouped(rows: QuerySet[Any], *names: str) -> QuerySet[Any, Any]:
    return rows.order_by().values(*names)
