"""How much of a quota may be used, as tables: the day's shares, the minute, what is given back, when it is finished."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base.quota import Quota
from talentsync.sync import limits
from talentsync.sync.limits import Room, Share, Use
from talentsync.sync.states import Operation, Priority

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)
DAY = NOW.date()
A_DAY = Quota(calls_per_day=1_000, records_per_day=5_000)
A_MINUTE = Quota(records_per_minute=1_800)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


# who may use how much

SHARES = {
    ("upsert", Priority.CLICK): Share.CLICK,
    ("renew", Priority.CLICK): Share.CLICK,
    ("link", Priority.CLICK): Share.CLICK,
    ("", Priority.CLICK): Share.CLICK,
    ("close", Priority.CLICK): Share.REMOVAL,
    ("delete", Priority.CLICK): Share.REMOVAL,
    ("upsert", Priority.BACKFILL): Share.BACKFILL,
    ("delete", Priority.BACKFILL): Share.REMOVAL,
    ("close", Priority.BACKFILL): Share.REMOVAL,
    ("upsert", Priority.ROUTINE): Share.BACKFILL,
    ("close", Priority.ROUTINE): Share.BACKFILL,  # a look at what was closed once removes nothing
}


@pytest.mark.parametrize("asked", SHARES, ids=str)
def test_who_asks_decides_over_the_share(asked: tuple[str, int]) -> None:
    operation, priority = asked
    assert limits.share_of(priority, operation) == SHARES[asked]


def test_headroom_is_left_of_everything_that_is_limited() -> None:
    whole = Quota(calls_per_day=100_000, records_per_minute=2_000)
    assert limits.less(whole, headroom=10) == Quota(calls_per_day=90_000, records_per_minute=1_800)
    assert limits.less(whole, headroom=0) == whole


# the day

LEFT = {
    "nothing_used": (Use(), Share.BACKFILL, 100),
    "a_backfill_below_its_share": (Use(day=DAY, calls=799), Share.BACKFILL, 100),
    "a_backfill_at_its_share": (Use(day=DAY, calls=800), Share.BACKFILL, 0),
    "a_click_after_the_backfill": (Use(day=DAY, calls=800), Share.CLICK, 100),
    "a_click_at_its_share": (Use(day=DAY, calls=900), Share.CLICK, 0),
    "a_delete_after_the_clicks": (Use(day=DAY, calls=900), Share.REMOVAL, 100),
    "a_delete_at_the_end": (Use(day=DAY, calls=1_000), Share.REMOVAL, 0),
    "more_used_than_there_is": (Use(day=DAY, calls=1_200, records=9_000), Share.REMOVAL, 0),
    "records_run_out_first": (Use(day=DAY, calls=5, records=4_000), Share.BACKFILL, 0),
    "a_batch_is_made_smaller": (Use(day=DAY, calls=5, records=4_470), Share.CLICK, 30),
    "yesterday_does_not_count": (Use(day=DAY - timedelta(days=1), calls=1_000, records=5_000), Share.BACKFILL, 100),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_left_of_a_day(case: str) -> None:
    use, share, records = LEFT[case]
    room = limits.room(use, A_DAY, share=share, wanted=100, now=NOW)
    assert room == Room(records=records, again_at=None if records else MIDNIGHT, is_spent=not records)


def test_the_day_ends_at_midnight_utc_wherever_we_are() -> None:
    use = Use(day=DAY, calls=1_000)
    last = MIDNIGHT - timedelta(microseconds=1)
    assert limits.room(use, A_DAY, share=Share.CLICK, wanted=1, now=last).is_spent
    assert limits.room(use, A_DAY, share=Share.CLICK, wanted=1, now=MIDNIGHT).records == 1
    assert limits.spend(use, A_DAY, records=7, now=MIDNIGHT) == Use(day=MIDNIGHT.date(), calls=1, records=7)


def test_a_late_clock_does_not_bring_yesterday_back() -> None:
    use = limits.spend(Use(day=DAY, calls=1_000), A_DAY, records=1, now=MIDNIGHT)
    assert limits.spend(use, A_DAY, records=1, now=MIDNIGHT - seconds(1)) == Use(
        day=MIDNIGHT.date(), calls=2, records=2
    )
    assert limits.on(Use(day=DAY + timedelta(days=400), calls=1_000), NOW) == Use(day=DAY)  # a clock that was wrong


def test_what_has_no_limit_always_has_room() -> None:
    use = Use(day=DAY, calls=10**9, records=10**9)
    assert limits.room(use, Quota(), share=Share.BACKFILL, wanted=100, now=NOW) == Room(records=100)


# the minute


def taken(records: int, *, ago: float) -> Use:
    return limits.spend(Use(), A_MINUTE, records=records, now=NOW - seconds(ago))


ROOM = {
    "at_rest": (Use(), Share.CLICK, 100, 100, None),
    "a_click_may_take_a_whole_minute": (Use(), Share.CLICK, 5_000, 1_800, None),
    "a_backfill_runs_ahead_by_five_seconds": (Use(), Share.BACKFILL, 5_000, 150, None),
    "a_backfill_that_has_run_ahead": (taken(150, ago=0), Share.BACKFILL, 100, 0, 75 / 30),
    "a_click_passes_it": (taken(150, ago=0), Share.CLICK, 100, 100, None),
    "its_pace_has_caught_up": (taken(150, ago=5), Share.BACKFILL, 100, 100, None),
    "a_full_minute": (taken(1_800, ago=20), Share.CLICK, 1, 0, 40.5),
    "a_full_minute_for_a_delete": (taken(1_800, ago=20), Share.REMOVAL, 1, 0, 40.5),
    "what_fits_travels": (taken(1_780, ago=20), Share.CLICK, 20, 20, None),
    "a_part_of_it_travels": (taken(1_780, ago=20), Share.CLICK, 100, 20, None),
    "crumbs_wait": (taken(1_790, ago=20), Share.CLICK, 100, 0, 40.5),
    "a_minute_later": (taken(1_800, ago=60.5), Share.CLICK, 100, 100, None),
}


@pytest.mark.parametrize("case", ROOM)
def test_the_room_in_a_minute(case: str) -> None:
    use, share, wanted, records, wait = ROOM[case]
    room = limits.room(use, A_MINUTE, share=share, wanted=wanted, now=NOW)
    assert room.records == records
    assert not room.is_spent
    found = room.again_at and (room.again_at - NOW).total_seconds()
    assert found == (None if wait is None else pytest.approx(wait, abs=0.01))


def drive(
    quota: Quota, minutes: int, *, share: Share, wanted: int, late: float, seed: int = 1
) -> list[tuple[float, int]]:
    """Take whatever may be taken, looking again each time up to `late` seconds after the moment that was named."""
    dice, use, now, sent = random.Random(seed), Use(), NOW, []
    while now < NOW + timedelta(minutes=minutes):
        room = limits.room(use, quota, share=share, wanted=wanted, now=now)
        if room.records:
            use = limits.spend(use, quota, records=room.records, now=now)
            sent.append(((now - NOW).total_seconds(), room.records))
            now += seconds(dice.uniform(0, 0.05))
        else:
            assert room.again_at is not None
            assert room.again_at > now
            now = room.again_at + seconds(dice.uniform(0, late))
    return sent


def most_in_a_minute(sent: list[tuple[float, int]]) -> int:
    """The fullest 60 seconds: one of them begins with a batch."""
    return max(sum(number for at, number in sent if start <= at < start + 60) for start, _ in sent)


@pytest.mark.parametrize("limit", [7, 54, 1_800, 9_000])
@pytest.mark.parametrize("share", Share)
def test_no_minute_holds_more_than_the_limit_and_none_of_it_is_wasted(limit: int, share: Share) -> None:
    sent = drive(Quota(records_per_minute=limit), 10, share=share, wanted=100, late=0.3)
    assert most_in_a_minute(sent) <= limit
    assert sum(number for _, number in sent) >= 0.98 * limit * 10


@pytest.mark.parametrize("seed", range(5))
def test_a_click_finds_room_within_seconds_of_a_backfill(seed: int) -> None:
    """Whatever moment of the tenth minute it comes at."""
    use, now, waits = Use(), NOW, []
    moment = NOW + timedelta(minutes=9) + seconds(random.Random(seed).uniform(0, 60))
    while now < moment:
        room = limits.room(use, A_MINUTE, share=Share.BACKFILL, wanted=100, now=now)
        use = limits.spend(use, A_MINUTE, records=room.records, now=now) if room.records else use
        now = room.again_at or now
    room = limits.room(use, A_MINUTE, share=Share.CLICK, wanted=1, now=moment)
    waits.append((room.again_at - moment).total_seconds() if room.again_at else 0)
    assert max(waits) <= limits.SPREAD.total_seconds()


# what was not used

BACK = {
    "records_and_the_call": (Use(day=DAY, calls=3, records=250), 1, 100, Use(day=DAY, calls=2, records=150)),
    "records_alone": (Use(day=DAY, calls=3, records=250), 0, 40, Use(day=DAY, calls=3, records=210)),
    "one_call_more_than_was_taken": (Use(day=DAY, calls=3, records=9), -1, 0, Use(day=DAY, calls=4, records=9)),
    "never_below_nothing": (Use(day=DAY, calls=0, records=1), 1, 100, Use(day=DAY)),
    "another_day": (
        Use(day=DAY + timedelta(days=1), calls=3, records=9),
        1,
        9,
        Use(day=DAY + timedelta(days=1), calls=3, records=9),
    ),
}


@pytest.mark.parametrize("case", BACK)
def test_what_was_not_used_is_there_again(case: str) -> None:
    use, calls, records, left = BACK[case]
    assert limits.give_back(use, A_DAY, calls=calls, records=records, at=NOW, now=NOW) == left


def test_the_minute_is_given_back_too() -> None:
    full = limits.spend(taken(1_000, ago=5), A_MINUTE, records=800, now=NOW)
    some = limits.give_back(full, A_MINUTE, calls=0, records=300, at=NOW, now=NOW)
    assert limits.room(full, A_MINUTE, share=Share.CLICK, wanted=300, now=NOW).records == 0
    assert limits.room(some, A_MINUTE, share=Share.CLICK, wanted=300, now=NOW).records == 300
    none = limits.give_back(taken(1_000, ago=0), A_MINUTE, calls=1, records=1_000, at=NOW, now=NOW)
    assert limits.room(none, A_MINUTE, share=Share.BACKFILL, wanted=150, now=NOW).records == 150


# when it is finished

FINISH = {
    "nothing_to_do": (Use(), Quota(calls_per_day=10), 0, 0, NOW),
    "no_limit": (Use(), Quota(), 1_000, 100_000, NOW),
    "by_the_minute": (Use(), A_MINUTE, 180, 18_000, NOW + timedelta(minutes=10)),
    "within_today": (Use(), Quota(calls_per_day=1_000), 800, 80_000, NOW),
    "one_call_too_many_for_today": (Use(), Quota(calls_per_day=1_000), 801, 801, MIDNIGHT),
    "today_is_used_up": (Use(day=DAY, calls=1_000), Quota(calls_per_day=1_000), 800, 800, MIDNIGHT),
    "three_days": (Use(day=DAY, calls=400), Quota(calls_per_day=1_000), 2_000, 2_000, MIDNIGHT + timedelta(days=1)),
    "a_day_of_records": (Use(), Quota(records_per_day=1_000), 17, 1_601, MIDNIGHT + timedelta(days=1)),
    "never": (Use(), Quota(calls_per_day=0), 1, 1, None),
}


@pytest.mark.parametrize("case", FINISH)
def test_when_a_backfill_is_finished(case: str) -> None:
    use, quota, calls, records, moment = FINISH[case]
    found = limits.finish(use, quota, share=Share.BACKFILL, calls=calls, records=records, now=NOW)
    assert found == moment or (found and moment and abs(found - moment) < seconds(1))


def test_the_minutes_of_the_last_day_are_counted() -> None:
    """80 calls today with 40 records each, and the other 20 tomorrow at full pace."""
    quota = Quota(calls_per_day=100, records_per_minute=400)
    found = limits.finish(Use(), quota, share=Share.BACKFILL, calls=100, records=4_000, now=NOW)
    assert found == MIDNIGHT + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("records", "parents", "calls"), [(0, None, 0), (1, None, 1), (250, None, 3), (250, 200, 200), (950, 2, 10)]
)
def test_one_parent_goes_in_a_call(records: int, parents: int | None, calls: int) -> None:
    assert limits.calls_for(records, per_call=100, parents=parents) == calls


def test_every_operation_has_a_share() -> None:
    assert {limits.share_of(Priority.CLICK, operation) for operation in Operation} == {Share.CLICK, Share.REMOVAL}


def test_a_slow_call_counts_from_its_answer_on() -> None:
    """Taken at noon, arrived within ten seconds: a minute after noon the vendor still counts it."""
    use = limits.spend(Use(), A_MINUTE, records=1_800, now=NOW)
    answered = NOW + timedelta(seconds=10)
    use = limits.arrived(use, A_MINUTE, calls=1, records=1_800, at=NOW, now=answered)
    early = limits.room(use, A_MINUTE, share=Share.CLICK, wanted=1, now=NOW + timedelta(seconds=62))
    late = limits.room(use, A_MINUTE, share=Share.CLICK, wanted=1, now=answered + timedelta(seconds=61))
    assert (early.records, late.records) == (0, 1)


def test_a_call_over_midnight_counts_on_both_days() -> None:
    """The vendor counts it when it arrives, and nobody knows on which side of midnight that was."""
    before, after = MIDNIGHT - seconds(1), MIDNIGHT + seconds(1)
    use = limits.spend(Use(day=DAY, calls=4, records=70), A_DAY, records=30, now=before)
    assert limits.arrived(use, A_DAY, calls=1, records=30, at=before, now=after) == Use(
        day=MIDNIGHT.date(), calls=1, records=30
    )
    others = limits.spend(use, A_DAY, records=5, now=MIDNIGHT)
    assert limits.arrived(others, A_DAY, calls=1, records=30, at=before, now=after).records == 35
    assert limits.arrived(use, A_DAY, calls=0, records=0, at=before, now=after) == use
