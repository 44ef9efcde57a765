"""How much of a vendor's quota may be used now: pure calculations. No database, no clock in here.

A day belongs to everybody up to a share: what a backfill leaves is kept for people's clicks, and what those leave for
closes and deletes. A minute belongs to whoever comes first, up to what the vendor takes in any 60 s; what nobody waits
for is spread evenly over it (GCRA), so that a click finds room within seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil

from connectors.base.quota import Quota
from talentsync.sync.states import Operation, Priority


class Share(StrEnum):
    """Who asks, as far as it decides how much of a day they may use."""

    BACKFILL = "backfill"  # large requests and regular looks: nobody sits and waits
    CLICK = "click"
    REMOVAL = "removal"  # closes and deletes


PERCENT: Mapping[Share, int] = {Share.BACKFILL: 80, Share.CLICK: 90, Share.REMOVAL: 100}  # DESIGN 4
REMOVING = (Operation.CLOSE, Operation.DELETE)

BARS = 2  # in a second: how finely the last minute is remembered, and by how much each of its records counts too long
WINDOW = timedelta(seconds=60)
SPREAD = timedelta(seconds=5)  # how far a backfill may run ahead of its pace, so that a late look loses nothing

Bar = tuple[int, int]  # the half second since 1970, and the records that were taken in it


@dataclass(frozen=True, kw_only=True)
class Use:
    """What has been used of a quota: today in UTC, and in the last minute."""

    day: date | None = None
    calls: int = 0
    records: int = 0
    bars: tuple[Bar, ...] = ()
    paced_until: datetime | None = None  # when an even pace would have come to what was taken so far


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many records may travel now in one call; where none may, when to look again."""

    records: int
    again_at: datetime | None = None
    is_spent: bool = False  # the day's share, and not only the minute


def share_of(priority: int, operation: str) -> Share:
    if priority == Priority.ROUTINE:
        return Share.BACKFILL
    if operation in REMOVING:
        return Share.REMOVAL
    return Share.BACKFILL if priority == Priority.BACKFILL else Share.CLICK


def less(quota: Quota, *, headroom: int) -> Quota:
    """The quota that we keep to: `headroom` percent stay unused, for calls that others make with this credential."""

    def kept(limit: int | None) -> int | None:
        return None if limit is None else limit * (100 - headroom) // 100

    return Quota(
        calls_per_day=kept(quota.calls_per_day),
        records_per_day=kept(quota.records_per_day),
        records_per_minute=kept(quota.records_per_minute),
    )


def midnight_after(now: datetime) -> datetime:
    """When the vendor's next day begins."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), tzinfo=UTC)


def room(use: Use, quota: Quota, *, share: Share, wanted: int, now: datetime) -> Room:
    """How many of the wanted records one call may carry."""
    calls, records = left_today(use, quota, share=share, now=now)
    if calls == 0 or records == 0:
        return Room(records=0, again_at=midnight_after(now), is_spent=True)
    if records is not None:
        wanted = min(wanted, records)
    limit = quota.records_per_minute
    return Room(records=wanted) if limit is None else _room_this_minute(use, limit, share, wanted, now)


def left_today(use: Use, quota: Quota, *, share: Share, now: datetime) -> tuple[int | None, int | None]:
    """Calls and records that the share still has today; None is not limited."""
    today = on(use, now)
    return _left(quota.calls_per_day, share, today.calls), _left(quota.records_per_day, share, today.records)


def _left(limit: int | None, share: Share, used: int) -> int | None:
    return None if limit is None else max(0, limit * PERCENT[share] // 100 - used)


def _room_this_minute(use: Use, limit: int, share: Share, wanted: int, now: datetime) -> Room:
    """Crumbs are not worth a call: it waits for a hundredth of the minute, a backfill for half of what it may run
    ahead, which is as long as a click behind it waits.
    """
    free = limit - sum(number for bar, number in use.bars if _ends_counting(bar) > now)
    moments = [_free_at(use, limit, min(wanted, max(1, limit // 100)), now)]
    if share == Share.BACKFILL:
        worth = min(wanted, max(1, _ahead(limit) // 2))
        moments.append(_paced_at(use, limit, worth, now))
        free = min(free, max(worth, _ahead_of_pace(use, limit, now)))
    again_at = max(moments)
    return Room(records=0, again_at=again_at) if again_at > now else Room(records=min(wanted, free))


def _ahead(limit: int) -> int:
    """Records that an even pace would take in SPREAD."""
    return max(1, int(limit * (SPREAD / WINDOW)))


def _spacing(limit: int) -> timedelta:
    return WINDOW / max(1, limit)


def _free_at(use: Use, limit: int, worth: int, now: datetime) -> datetime:
    """When so many records of the last minute count no longer that `worth` more fit."""
    counting = sorted((bar, number) for bar, number in use.bars if _ends_counting(bar) > now)
    excess = sum(number for _, number in counting) + worth - limit
    moment = now
    for bar, number in counting:
        if excess <= 0:
            break
        excess, moment = excess - number, _ends_counting(bar)
    return moment if excess <= 0 else now + WINDOW  # more than the vendor ever takes: a limit of nothing


def _ends_counting(bar: int) -> datetime:
    return datetime.fromtimestamp((bar + 1) / BARS, tz=UTC) + WINDOW


def _paced_at(use: Use, limit: int, worth: int, now: datetime) -> datetime:
    behind = max(use.paced_until or now, now)
    return behind + worth * _spacing(limit) - max(SPREAD, _spacing(limit))


def _ahead_of_pace(use: Use, limit: int, now: datetime) -> int:
    return int((now + SPREAD - max(use.paced_until or now, now)) / _spacing(limit))


def on(use: Use, now: datetime) -> Use:
    """The same, with the day's counters begun anew where the vendor's day is over.

    A machine whose clock is a little late does not bring yesterday back.
    """
    today = now.astimezone(UTC).date()
    if use.day in (today, today + timedelta(days=1)):
        return use
    return replace(use, day=today, calls=0, records=0)


def spend(use: Use, quota: Quota, *, records: int, now: datetime) -> Use:
    """One call with so many records was taken."""
    today = on(use, now)
    spent = replace(today, calls=today.calls + 1, records=today.records + records)
    limit = quota.records_per_minute
    if limit is None:
        return spent
    bars = Counter({bar: number for bar, number in use.bars if _ends_counting(bar) > now})
    bars[_bar(now)] += records
    paced_until = max(use.paced_until or now, now) + records * _spacing(limit)
    return replace(spent, bars=tuple(sorted(bars.items())), paced_until=paced_until)


def is_same_bar(one: datetime, other: datetime) -> bool:
    return _bar(one) == _bar(other)


def _bar(moment: datetime) -> int:
    return int(moment.timestamp() * BARS)


def give_back(use: Use, quota: Quota, *, calls: int, records: int, at: datetime, now: datetime) -> Use:
    """What was taken `at` and not used is there again; `calls` is negative where a step made more than one."""
    given = use
    if use.day == at.astimezone(UTC).date():
        given = replace(use, calls=max(0, use.calls - calls), records=max(0, use.records - records))
    limit = quota.records_per_minute
    if limit is None or not records:
        return given
    bars = {bar: number - (records if bar == _bar(at) else 0) for bar, number in use.bars}
    paced_until = use.paced_until and max(now, use.paced_until - records * _spacing(limit))
    kept = tuple((bar, number) for bar, number in bars.items() if number > 0)
    return replace(given, bars=kept, paced_until=paced_until)


def arrived(use: Use, quota: Quota, *, calls: int, records: int, at: datetime, now: datetime) -> Use:
    """What was taken `at` has been answered by now. The vendor counts a call when it arrives, which may be seconds
    after its records were taken: they count for a minute from the answer on, and over midnight on both days.
    """
    if at.astimezone(UTC).date() < now.astimezone(UTC).date():
        today = on(use, now)
        use = replace(today, calls=today.calls + calls, records=today.records + records) if calls else use
    before, after = _bar(at), _bar(now)
    if quota.records_per_minute is None or not records or after <= before:
        return use
    bars = Counter(dict(use.bars))
    moved = min(records, bars[before])
    bars[before] -= moved
    bars[after] += moved
    return replace(use, bars=tuple(sorted((bar, number) for bar, number in bars.items() if number > 0)))


def finish(use: Use, quota: Quota, *, share: Share, calls: int, records: int, now: datetime) -> datetime | None:
    """When so many calls with so many records are done, if nothing but the quota holds them up; None is never."""
    a_day = _part_of(Use(), quota, share, calls, records, midnight_after(now))
    moment, left = now, 1.0 if records else 0.0
    while left > (today := _part_of(on(use, moment), quota, share, calls, records, moment)):
        if a_day <= 0:
            return None
        moment, left = midnight_after(moment), left - today
    return moment + left * _at_full_pace(quota, records)


def _part_of(use: Use, quota: Quota, share: Share, calls: int, records: int, moment: datetime) -> float:
    """Which part of the whole work fits into what is left of the day."""
    calls_left, records_left = left_today(use, quota, share=share, now=moment)
    asked = ((calls_left, calls), (records_left, records))
    parts = [left / number for left, number in asked if left is not None and number]
    pace = _at_full_pace(quota, records)
    parts.append((midnight_after(moment) - moment) / pace if pace else 1.0)
    return min([1.0, *parts])


def _at_full_pace(quota: Quota, records: int) -> timedelta:
    return timedelta(0) if quota.records_per_minute is None else records * _spacing(quota.records_per_minute)


def calls_for(records: int, *, per_call: int, parents: int | None) -> int:
    """Calls that so many records need; what hangs on a parent goes one parent a call."""
    return max(parents or 0, ceil(records / per_call))
