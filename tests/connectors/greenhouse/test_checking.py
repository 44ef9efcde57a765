"""Asking what Greenhouse holds: live, gone, and which kind of gone."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.errors import Unanswered
from connectors.base.resource import Entry
from connectors.base.results import News
from tests.connectors.greenhouse.practice import Practice, practice_of


def by_requisition(requisition_id: str) -> dict[str, Any]:
    return {"requisition_id": requisition_id, "greenhouse_job_id": None, "close_reason_id": None}


@pytest.mark.parametrize("status", ["open", "draft"])
def test_an_open_job_and_a_draft_are_live(practice: Practice, status: str) -> None:
    job_id = practice.greenhouse.seed_job("R-1", openings=2, closed_openings=1, name="Baker", status=status)
    outcome = practice.check(J=by_requisition("R-1")).outcomes["J"]
    assert outcome.news is News.LIVE
    assert outcome.facts == {
        "found": True,
        "job_id": job_id,
        "name": "Baker",
        "status": status,
        "open_openings": 2,
        "total_openings": 3,
        "closed_at": None,
        "opening_ids_closed_now": [],
    }


def test_a_closed_job_is_gone_and_was_found(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1", openings=0, closed_openings=2, status="closed")
    outcome = practice.check(J=by_requisition("R-1")).outcomes["J"]
    assert outcome.news is News.GONE
    assert (outcome.facts["found"], outcome.facts["status"], outcome.facts["total_openings"]) == (True, "closed", 2)


@pytest.mark.parametrize("wanted", [by_requisition("R-9"), {"greenhouse_job_id": 999999}])
def test_a_job_that_is_not_there_is_gone_and_was_not_found(practice: Practice, wanted: dict[str, Any]) -> None:
    outcome = practice.check(J=wanted).outcomes["J"]
    assert (outcome.news, outcome.code, outcome.facts) == (News.GONE, "job_not_found", {"found": False})


def test_several_open_jobs_are_live_and_named(practice: Practice) -> None:
    ids = {practice.greenhouse.seed_job("R-1") for _ in range(2)}
    outcome = practice.check(J=by_requisition("R-1")).outcomes["J"]
    assert (outcome.news, outcome.code, set(outcome.facts["job_ids"])) == (News.LIVE, "several_jobs", ids)


def test_a_job_without_any_reference_cannot_be_asked_about(practice: Practice) -> None:
    outcome = practice.check(J=by_requisition("")).outcomes["J"]
    assert (outcome.news, outcome.code) == (News.REJECTED, "no_reference")
    assert practice.greenhouse.calls == []


def test_each_key_gets_its_own_answer(practice: Practice) -> None:
    """Keys reach us as the application's ids; the vendor's order is another (id descending)."""
    numbers = {f"J{n}": practice.greenhouse.seed_job(f"R-{n}", openings=n) for n in range(1, 6)}
    wanted = {key: {"greenhouse_job_id": number} for key, number in numbers.items() if key != "J3"}
    answer = practice.check(**wanted, J3=by_requisition("R-3"))
    assert {key: each.facts["job_id"] for key, each in answer.outcomes.items()} == numbers
    assert {key: each.facts["open_openings"] for key, each in answer.outcomes.items()} == {
        f"J{n}": n for n in range(1, 6)
    }


def test_two_keys_may_name_one_job(practice: Practice) -> None:
    number = practice.greenhouse.seed_job("R-1")
    answer = practice.check(A={"greenhouse_job_id": number}, B=by_requisition("R-1"))
    assert {outcome.facts["job_id"] for outcome in answer.outcomes.values()} == {number}


def test_fifty_known_jobs_are_asked_about_in_two_calls() -> None:
    practice = practice_of("v3")
    numbers = [practice.greenhouse.seed_job(f"R-{n}", openings=11) for n in range(50)]
    answer = practice.check(**{f"J{number}": {"greenhouse_job_id": number} for number in numbers})
    assert {outcome.facts["open_openings"] for outcome in answer.outcomes.values()} == {11}
    jobs, openings = practice.greenhouse.calls_to("jobs"), practice.greenhouse.calls_to("openings")
    assert len(jobs) == 1
    assert len(openings) == 2  # 550 openings are two pages


def test_twenty_jobs_fit_into_one_window_of_v1() -> None:
    practice = practice_of("v1")
    for n in range(20):
        practice.greenhouse.seed_job(f"R-{n}", openings=1)
    answer = practice.check(**{f"J{n}": by_requisition(f"R-{n}") for n in range(20)})
    assert len(answer.outcomes) == 20


def test_a_check_writes_nothing(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    practice.check(J=by_requisition("R-1"))
    assert {call.method for call in practice.greenhouse.calls if call.endpoint != "token"} == {"GET"}


def test_one_unreadable_list_is_no_word_about_any_job(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    practice.greenhouse.next("empty", endpoint="jobs")
    with pytest.raises(Unanswered):
        practice.check(J=by_requisition("R-1"))


def test_polling_is_asking_about_the_job(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    answer = practice.client.resources["jobs"].poll([Entry(key="J", payload=by_requisition("R-1"))])
    assert answer.outcomes["J"].news is News.LIVE
