"""A step has one time limit for all its calls, told by a clock that moves with every call."""

from __future__ import annotations

import pytest

from connectors.base.errors import Unanswered
from connectors.base.results import News
from connectors.greenhouse.client import STEP_DEADLINE_SECONDS
from tests.connectors.greenhouse.practice import Practice, practice_of

LEASE_SECONDS = 120  # the engine's (DESIGN 6); the slowest token fetch still has to fit behind the last call
SLOWEST_CALL_SECONDS = 30


class Clock:
    """Moves on by what a call is said to take."""

    def __init__(self, *, seconds_per_call: float) -> None:
        self.now, self._seconds = 0.0, seconds_per_call

    def __call__(self) -> float:
        return self.now

    def pass_by(self) -> None:
        self.now += self._seconds


def slow(api: str, *, seconds_per_call: float) -> tuple[Practice, Clock]:
    clock = Clock(seconds_per_call=seconds_per_call)
    practice = practice_of(api, clock=clock)
    practice.line.every(clock.pass_by)
    return practice, clock


@pytest.mark.parametrize("api", ["v3", "v1"])
def test_a_slow_step_stops_early_and_says_how_far_it_came(api: str) -> None:
    practice, clock = slow(api, seconds_per_call=5)
    practice.greenhouse.seed_job("R-1", openings=20)
    outcome = practice.send()
    assert outcome.news is News.PROGRESS
    assert 0 < len(outcome.facts["opening_ids_closed_now"]) < 20
    assert outcome.facts["open_openings"] == 20 - len(outcome.facts["opening_ids_closed_now"])
    assert clock.now <= STEP_DEADLINE_SECONDS


@pytest.mark.parametrize("api", ["v3", "v1"])
def test_slow_steps_reach_the_end_all_the_same(api: str) -> None:
    practice, _ = slow(api, seconds_per_call=5)
    job_id = practice.greenhouse.seed_job("R-1", openings=20)
    for _ in range(4):
        last = practice.send()
    assert last.news is News.ACCEPTED
    assert practice.greenhouse.open_openings(job_id) == []
    assert len(practice.patches()) == 20


def test_when_no_time_is_left_for_looking_again_the_work_done_is_progress() -> None:
    practice, clock = slow("v3", seconds_per_call=0)
    practice.greenhouse.seed_job("R-1", openings=2)
    practice.line.then("PATCH", lambda: setattr(clock, "now", STEP_DEADLINE_SECONDS))
    outcome = practice.send()
    assert (outcome.news, outcome.facts["open_openings"]) == (News.PROGRESS, 1)
    assert len(practice.patches()) == 1


def test_reading_that_eats_up_the_time_closes_nothing() -> None:
    practice, _ = slow("v3", seconds_per_call=25)
    practice.greenhouse.seed_job("R-1", openings=2)
    with pytest.raises(Unanswered):
        practice.send()
    assert practice.patches() == []


def test_no_write_starts_when_looking_again_would_not_fit() -> None:
    practice, clock = slow("v3", seconds_per_call=0)
    practice.greenhouse.seed_job("R-1", openings=2)
    practice.line.then("GET /v3/openings", lambda: setattr(clock, "now", STEP_DEADLINE_SECONDS * 0.75))
    with pytest.raises(Unanswered, match="too slowly"):
        practice.send()
    assert practice.patches() == []


def test_nothing_is_sent_after_the_time_is_up() -> None:
    practice, _ = slow("v3", seconds_per_call=STEP_DEADLINE_SECONDS + 1)
    practice.greenhouse.seed_job("R-1", openings=2)
    with pytest.raises(Unanswered):
        practice.send()
    assert [call.endpoint for call in practice.greenhouse.calls] == ["token"]


def test_a_check_that_runs_out_of_time_answers_for_those_it_reached() -> None:
    practice, _ = slow("v3", seconds_per_call=10)
    for n in range(10):
        practice.greenhouse.seed_job(f"R-{n}", openings=1)
    answer = practice.check(**{f"J{n}": {"requisition_id": f"R-{n}"} for n in range(10)})
    assert 0 < len(answer.outcomes) < 10
    assert {outcome.news for outcome in answer.outcomes.values()} == {News.LIVE}


def test_the_step_ends_before_the_lease() -> None:
    assert STEP_DEADLINE_SECONDS + SLOWEST_CALL_SECONDS < LEASE_SECONDS
