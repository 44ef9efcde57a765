"""How far a history is, kind by kind, and why a vendor has fewer records than we have. Reads only, in a number of
queries that does not grow with the history.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q

from talentsync.sync import budgets, history, kinds
from talentsync.sync.budgets import Estimate
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Run, RunItem, RunPart
from talentsync.sync.states import Priority, RemoteState

LARGE = 20_000  # records; counting more is worth remembering for a moment
KEPT_SECONDS = 5
AT_THE_VENDOR = (RemoteState.LIVE, RemoteState.CLOSED)
STATE = RunItem.State


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One kind: records here, what became of those that were asked for, and how many the vendor is known to have."""

    part: RunPart
    here: int
    there: int
    by_state: Counter[str]
    skipped: Counter[str]
    kept_here: Counter[str] = field(default_factory=Counter)  # of the skipped what is here still, by reason
    lost: Counter[str] = field(default_factory=Counter)  # by state: what is settled or waits, and is here but not there

    @property
    def kind(self) -> Kind:
        return kinds.get(self.part.kind)

    @property
    def not_asked(self) -> int:
        return max(0, self.part.total - self.by_state.total())

    @property
    def left(self) -> int:
        """What is still to be settled."""
        return self.not_asked + self.by_state[STATE.ASKED]

    @property
    def settled(self) -> int:
        return self.by_state.total() - self.by_state[STATE.ASKED]

    @property
    def not_there(self) -> dict[str, int]:
        """Why records passed over are not at the vendor, by reason."""
        known = self.kind.known_by | {kinds.BEING_SENT}
        return {code: number for code, number in self.kept_here.most_common() if code not in known}

    @property
    def unexplained(self) -> int:
        """Missing there for no reason that this history knows; below nothing where more is there than it knows of."""
        return self.here - self.there - sum(self.not_there.values()) - self.lost.total() - self.not_asked


def of(run: Run) -> list[Standing]:
    """In the order in which they are asked for; a few seconds old at most where there are many."""
    parts = list(run.parts.select_related("connection__customer"))
    if run.total < LARGE:
        numbers = _counted(run, parts)
    else:  # numbers alone: a part leads to credentials, which no cache may hold
        name = f"standing:{run.pk}:{run.state}"
        numbers = cast("_Numbers", cache.get_or_set(name, lambda: _counted(run, parts), KEPT_SECONDS))
    return [Standing(part=part, **numbers[part.kind]) for part in parts]


_Numbers = dict[str, dict[str, Any]]


def _counted(run: Run, parts: Sequence[RunPart]) -> _Numbers:
    """By kind, what a `Standing` is made of."""
    by_state: dict[str, Counter[str]] = defaultdict(Counter)
    skipped: dict[str, Counter[str]] = defaultdict(Counter)
    rows = run.items.order_by().values_list("kind", "state", "reason").annotate(number=Count("pk"))
    for kind, state, reason, number in rows:
        by_state[kind][state] += number
        if state == STATE.SKIPPED:
            skipped[kind][reason] += number
    return {
        part.kind: {
            "here": history.records_of(part).count(),
            "there": _there(part),
            "by_state": by_state[part.kind],
            "skipped": skipped[part.kind],
            **_only_here(run, part),
        }
        for part in parts
    }


def _only_here(run: Run, part: RunPart) -> dict[str, Counter[str]]:
    """Records that are here: those passed over, by reason; those that wait, need attention or were overtaken and are
    not at the vendor in any form, by state. What is gone here since explains no difference.
    """
    passed_over = Q(state=STATE.SKIPPED)
    lost = Q(state__in=[STATE.ASKED, STATE.FAILED, STATE.SUPERSEDED]) & ~Q(delivery__remote_state__in=AT_THE_VENDOR)
    here = Exists(history.records_of(part).filter(pk=OuterRef("object_id")))
    items = run.items.filter(passed_over | lost, here, kind=part.kind)
    found: dict[str, Counter[str]] = {"kept_here": Counter(), "lost": Counter()}
    for state, reason, number in items.order_by().values_list("state", "reason").annotate(number=Count("pk")):
        if state == STATE.SKIPPED:
            found["kept_here"][reason] += number
        else:
            found["lost"][state] += number
    return found


def _there(part: RunPart) -> int:
    rows = Delivery.objects.filter(connection=part.connection_id, kind=part.kind)
    return rows.filter(remote_state__in=AT_THE_VENDOR).count()


# --- before it starts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """One kind before anybody has confirmed: how many there are, are kept out, and are there already."""

    part: RunPart
    kept_out: int
    there: int
    estimate: Estimate

    @property
    def kind(self) -> Kind:
        return kinds.get(self.part.kind)

    @property
    def at_most(self) -> int:
        return self.part.total - self.kept_out


def outlook(run: Run, now: datetime) -> list[Outlook]:
    """What a draft would cost, one kind after the other."""
    found, starts_at = [], now
    for part in run.parts.select_related("connection__customer"):
        kept_out = _kept_out(part)
        estimate = forecast(part, part.total - kept_out, starts_at)
        starts_at = estimate.finishes_at or starts_at
        found.append(Outlook(part=part, kept_out=kept_out, there=_there(part), estimate=estimate))
    return found


def _kept_out(part: RunPart) -> int:
    lookup = kinds.get(part.kind).kept_out
    return history.records_of(part).filter(**{lookup: True}).count() if lookup else 0


def left_of(standings: Sequence[Standing], now: datetime) -> Estimate:
    """What is left of it costs, one kind after the other."""
    calls, moment = 0, now
    for each in standings:
        estimate = forecast(each.part, each.left, moment)
        calls += estimate.calls
        if estimate.finishes_at is None:
            return Estimate(calls=calls, finishes_at=None)
        moment = estimate.finishes_at
    return Estimate(calls=calls, finishes_at=moment)


def forecast(part: RunPart, number: int, now: datetime) -> Estimate:
    """At most so many calls, and when the limits allow the last: each record may have to be asked about first."""
    if not number:
        return Estimate(calls=0, finishes_at=now)
    kind = kinds.get(part.kind)
    return budgets.forecast(
        part.connection,
        kind.route(part.connection.destination),
        records=number,
        parents=_parents(part, kind, number) if kind.parent_of_call else None,
        asked_first=number,
        priority=Priority.BACKFILL,
        now=now,
    )


def _parents(part: RunPart, kind: Kind, number: int) -> int:
    """What hangs on one parent goes in a call of its own; of a part of the records, so many of their parents."""
    name = f"parents:{part.pk}"
    found: int | None = cache.get(name)
    if found is None:
        found = int(history.records_of(part).aggregate(n=Count(kind.below, distinct=True))["n"])
        cache.set(name, found, 60 if part.total >= LARGE else 1)
    return ceil(found * number / max(1, part.total))


def reasons(each: Standing) -> Iterator[tuple[int, str]]:
    """Number and code of what was passed over and is not there."""
    yield from ((number, code) for code, number in each.not_there.items())
