"""Files to a simulated vendor share one line."""

from __future__ import annotations

import io

import pytest

from connectors.base.simulation import HangUp, SimulatedRequest
from connectors.base.simulation.exchange import swallow
from connectors.base.simulation.line import Line
from connectors.linkedin.simulator import Linkedin
from connectors.linkedin.simulator.media import AMBRY_PATH

MEGABYTE = 1_000_000


class Clock:
    """Whoever waits moves it on."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += seconds


def test_two_files_at_once_take_as_long_as_one_after_the_other() -> None:
    clock = Clock()
    line = Line(lambda: MEGABYTE, now=clock.now, wait=clock.wait)
    one, other = line.opened(), line.opened()
    for _ in range(4):
        one(MEGABYTE // 2)
        other(MEGABYTE // 2)
    assert clock.time == pytest.approx(104)


def test_what_waits_for_the_line_waits_for_all_that_came_before() -> None:
    waited: list[float] = []
    line = Line(lambda: MEGABYTE, now=lambda: 100.0, wait=waited.append)
    for carry in (line.opened(), line.opened(), line.opened()):
        carry(MEGABYTE)
    assert waited == pytest.approx([1, 2, 3])


def test_a_line_that_was_idle_has_saved_nothing_up() -> None:
    clock = Clock()
    line = Line(lambda: MEGABYTE, now=clock.now, wait=clock.wait)
    line.opened()(MEGABYTE)
    clock.time += 60
    line.opened()(MEGABYTE)
    assert clock.time == pytest.approx(162)


@pytest.mark.parametrize("rate", [None, 0])
def test_without_a_limit_nobody_waits(rate: float | None) -> None:
    waited: list[float] = []
    Line(lambda: rate, wait=waited.append).opened()(MEGABYTE)
    assert waited == []


def test_a_file_comes_as_fast_as_the_line_brings_it_and_whole() -> None:
    clock = Clock()
    line = Line(lambda: MEGABYTE, now=clock.now, wait=clock.wait)
    swallowed = swallow(io.BytesIO(b"x" * 3 * MEGABYTE), 3 * MEGABYTE, line)
    assert (swallowed.size, clock.time) == (3 * MEGABYTE, pytest.approx(103))
    with pytest.raises(HangUp):
        swallow(io.BytesIO(b"x"), 2, line)


def test_files_for_simulated_linkedin_come_over_a_line_whose_rate_is_a_setting(linkedin: Linkedin) -> None:
    upload = SimulatedRequest(method="POST", path=AMBRY_PATH)
    line = linkedin.line_of(upload, door="www")
    assert line is not None
    assert line.bytes_per_second() is None
    linkedin.configure(upload_bytes_per_second=MEGABYTE)
    assert line.bytes_per_second() == MEGABYTE
    assert linkedin.line_of(upload, door="api") is None
