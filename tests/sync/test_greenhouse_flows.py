"""Closing at Greenhouse through the engine: progress, trouble, and what is never done."""

from __future__ import annotations

import pytest

from connectors.greenhouse.simulator import Greenhouse
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Attempt, Delivery, Hold, Run
from talentsync.sync.states import Failure, RemoteState, State
from tests.customers.making import GREENHOUSE_V1, make_connection
from tests.sync.driving import ask, delivery, fresh, later, make_job, work

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["v3", "v1"])
def at_greenhouse(request: pytest.FixtureRequest, acme: Customer, greenhouse: Greenhouse) -> Connection:
    """Every flow in both versions: the engine cannot tell them apart."""
    if request.param == "v3":
        return make_connection(acme, destination="greenhouse")
    return make_connection(acme, destination="greenhouse", **{**GREENHOUSE_V1, "client_id": "", "client_secret": ""})


def closing(customer: Customer, greenhouse: Greenhouse, *, openings: int = 3, **options: object):
    greenhouse.seed_job("REQ-1", openings=openings)
    job = make_job(customer, requisition_id="REQ-1")
    run = ask("close", [job], at=["greenhouse"], **options)
    return job, run


def test_all_openings_close_and_with_the_last_the_job(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    job, run = closing(acme, greenhouse)
    work()
    row = delivery(job, at_greenhouse)
    assert (row.state, row.remote_state) == (State.SYNCED, RemoteState.CLOSED)
    there = job.greenhouse_jobs.get()
    assert (there.status, there.open_openings, there.total_openings) == ("closed", 0, 3)
    assert fresh(job).greenhouse_status == "closed"
    assert Run.objects.get(pk=run.pk).n_done == 1


def test_forty_five_openings_close_in_three_steps_and_each_is_kept(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    job, _ = closing(acme, greenhouse, openings=45)
    for seconds in (0, 31, 62):  # Greenhouse allows 75 calls in 30 s, v1 50 in 10 s
        with later(seconds=seconds):
            work()
    assert delivery(job, at_greenhouse).state == State.SYNCED
    assert Attempt.objects.filter(step="send", status=200).count() >= 3
    assert [call.status for call in greenhouse.calls_to("openings", method="PATCH")].count(200) == 45


@pytest.mark.parametrize("mood", ["hang_up", "stall"])
@pytest.mark.parametrize("applied", [False, True])
def test_a_lost_answer_halfway_is_carried_on_from_there(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse, mood: str, applied: bool
) -> None:
    job, _ = closing(acme, greenhouse, openings=5)
    greenhouse.next(mood, method="PATCH", applied=applied, times=1)
    work()
    for minutes in (1, 6, 12):
        with later(minutes=minutes):
            work()
    assert delivery(job, at_greenhouse).state == State.SYNCED
    assert job.greenhouse_jobs.get().open_openings == 0


@pytest.mark.parametrize(
    ("seed", "code"),
    [
        ({}, "job_not_found"),
        ({"openings": 0}, "no_openings"),
        ({"openings": 1, "status": "draft"}, "job_is_draft"),
    ],
)
def test_what_cannot_be_closed_says_why(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse, seed: dict[str, object], code: str
) -> None:
    if seed:
        greenhouse.seed_job("REQ-1", **seed)
    job = make_job(acme, requisition_id="REQ-1")
    ask("close", [job], at=["greenhouse"])
    work()
    row = delivery(job, at_greenhouse)
    assert (row.state, row.failure, row.error_code) == (State.FAILED, Failure.REJECTED, code)


def test_several_open_jobs_with_one_requisition_id_stop_and_ask(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    greenhouse.seed_job("REQ-1", openings=1)
    job, _ = closing(acme, greenhouse)
    work()
    assert delivery(job, at_greenhouse).error_code == "several_jobs"
    assert not greenhouse.calls_to("openings", method="PATCH")


def test_a_missing_scope_holds_the_close_and_names_it(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    closing(acme, greenhouse)
    greenhouse.next("missing_scope", method="PATCH")
    work()
    hold = Hold.objects.get()
    assert hold.operation == "close"
    assert "openings" in hold.reason
    assert Delivery.objects.get().attempts == 0


def test_a_throttle_halfway_waits_as_long_as_greenhouse_says(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    job, _ = closing(acme, greenhouse, openings=4)
    greenhouse.next("status", method="PATCH", status=429, retry_after=17)
    work()
    assert delivery(job, at_greenhouse).state == State.PENDING
    with later(seconds=20):
        work()
    assert delivery(job, at_greenhouse).state == State.SYNCED


def test_trouble_at_greenhouse_leaves_linkedin_alone(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin, greenhouse: Greenhouse
) -> None:
    linkedin.seed_posting("TS-1")
    job = make_job(acme, requisition_id="NOBODY")
    run = ask("close", [job])
    work()
    linkedin.finish_tasks()
    with later(minutes=6):
        work()
    assert delivery(job, at_linkedin).state == State.SYNCED
    assert delivery(job, at_greenhouse).state == State.FAILED
    assert fresh(job).sync_state == State.FAILED
    run.refresh_from_db()
    assert (run.n_done, run.n_failed, run.state) == (1, 1, Run.State.DONE)
