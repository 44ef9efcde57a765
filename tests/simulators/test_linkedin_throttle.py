"""Quotas of simulated LinkedIn (linkedin.md 8.3)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import LinkedinCaller, job


@pytest.fixture(autouse=True)
def _morning(linkedin: Linkedin) -> None:
    """Away from midnight and at the start of a minute, standing still."""
    linkedin.clock.freeze()
    now = datetime.fromtimestamp(linkedin.clock.now(), tz=UTC)
    linkedin.advance(86_400 - (now.timestamp() % 86_400) + 6 * 3600)


def test_records_per_minute(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.log_in()
    linkedin.configure(records_per_minute={"simpleJobPostings": 3})
    assert caller.send(job("A"), job("B")).status == 200
    answer = caller.send(job("C"), job("D"))
    assert (answer.status, answer.json()["serviceErrorCode"]) == (429, 101)
    assert answer.header("retry-after") == ""
    assert linkedin.tasks_of("C") == []
    linkedin.advance(60)
    assert caller.send(job("C"), job("D")).status == 200


def test_calls_per_day_end_at_midnight_utc(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(calls_per_day={"jobPostingStatus": 2})
    caller.log_in()
    answers = [caller.get("/v2/jobPostingStatus?ids=A").status for _ in range(3)]
    assert answers == [200, 200, 429]
    linkedin.advance(18 * 3600 - 1)
    caller.log_in()
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 429
    linkedin.advance(1)
    assert caller.get("/v2/jobPostingStatus?ids=A").status == 200


def test_records_per_day(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(records_per_day={"simpleJobPostings": 2})
    caller.log_in()
    caller.send(job("A"), job("B"))
    linkedin.advance(600)
    answer = caller.send(job("C"))
    assert "APPLICATION DAY limit" in answer.json()["message"]


def test_quotas_are_per_application(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(calls_per_day={"jobPostingStatus": 1})
    caller.log_in()
    caller.get("/v2/jobPostingStatus?ids=A")
    linkedin.seed_application(client_id="other")
    other = LinkedinCaller(linkedin)
    other.token = other.ask_token(client_id="other").json()["access_token"]
    assert other.get("/v2/jobPostingStatus?ids=A").status == 200
