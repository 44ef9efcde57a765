"""The plan of a chaos run is drawn before it begins: a seed says all of it."""

from __future__ import annotations

from tests.chaos import plan
from tests.chaos.plan import CUSTOMERS, DEEDS, MISHAPS

MOODS = {"lose_answers", "delay_answers", "garble_answers", "refuse"}
NAMED = {"deadly_worker": "kill_worker", "cut_broker": "cut", "cut_database": "cut"} | dict.fromkeys(MOODS, "mood")


def test_a_seed_replays_its_events() -> None:
    assert plan.drawn(7, 3) == plan.drawn(7, 3)
    assert plan.drawn(7, 3) != plan.drawn(8, 3)


def test_three_minutes_meet_everything_that_can_be_done_and_can_go_wrong() -> None:
    for seed in range(20):
        happens = {event.what for event in plan.drawn(seed, 3)}
        assert happens >= {*DEEDS, *(NAMED.get(what, what) for what in MISHAPS)}, seed


def test_what_is_broken_is_mended_within_the_plan() -> None:
    mends = {"kill_beat": "start_beat", "kill_worker": "start_worker", "cut": "mend", "hold": "release"}
    mends |= {"storm": "calm", "outage": "calm"}
    for seed in range(20):
        left: set[tuple[str, str]] = set()
        for event in plan.drawn(seed, 3):
            about = str([event.told.get(name) for name in ("worker", "server", "vendor", "customer")])
            left -= {(what, about) for what, by in mends.items() if by == event.what}
            left |= {(event.what, about)} if event.what in mends else set()
        assert not left, seed


def test_events_are_in_order_and_end_in_time() -> None:
    offsets = [event.at for event in plan.drawn(3, 0.5)]
    assert offsets == sorted(offsets)
    assert offsets[0] > 0
    assert offsets[-1] <= 30
    assert {event.told.get("customer", 0) for event in plan.drawn(3, 3)} == set(range(CUSTOMERS))
