"""What is added below a person while they are being deleted goes with them: it must not seem to be there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application
from talentsync.candidates import services
from talentsync.candidates.models import Candidate, CandidateNote, LinkedInStatus
from talentsync.customers.models import Connection, Customer
from talentsync.sync import engine, kinds, runs
from talentsync.sync.models import Lane, Run
from tests.candidates.making import ENDPOINTS, ask, fresh, make_application, make_candidate, make_everything, make_note
from tests.sync import driving
from tests.sync.driving import make_job, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    made = make_everything(acme, linkedin)
    Customer.objects.update(sends_changes=True)
    for kind in ("candidate", "application"):
        record = fresh(made[kind])
        record.save()
    drafted(made, "send_all", at_once=True)
    work()
    return made


def drafted(made: dict[str, Any], action: str, *, at_once: bool = False) -> Run:
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action(action), Candidate.objects.all(), by=None, now=timezone.now())
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), at_once=at_once)
    run.refresh_from_db()
    return run


def added(candidate: Candidate) -> CandidateNote:
    """As a form does it; the customer wants it to be sent."""
    note = CandidateNote(candidate=candidate, external_id="N-9", note="Late.", customer=candidate.customer)
    services.add_record("candidate_note", note, by=None)
    return note


def test_in_the_time_for_undo(everything: dict[str, Any], linkedin: Linkedin) -> None:
    run = drafted(everything, "delete")
    assert run.state == Run.State.WAITING
    note = added(everything["candidate"])
    work()
    assert linkedin.record(ENDPOINTS["candidate_note"], "N-9", parent="C-1")
    driving.clock.shift(timedelta(seconds=61))
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6
    assert fresh(note).linkedin_status == LinkedInStatus.REMOVED
    run.refresh_from_db()
    assert (run.total, run.n_done, run.state) == (7, 7, Run.State.DONE)


def test_while_the_request_starts(
    everything: dict[str, Any], linkedin: Linkedin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notes have been asked for, the next chunk is about to be, and the worker has used up its time."""
    monkeypatch.setattr(runs, "CHUNK", 1)
    run = drafted(everything, "delete")
    driving.clock.shift(timedelta(seconds=61))
    runs.carry_on(run, until=timezone.now())
    job = make_job(everything["candidate"].customer, "J-9")
    linkedin.seed_posting("J-9")
    application = make_application(everything["candidate"], job, "A-9")
    note = make_note(everything["candidate"], "N-9")
    work()
    assert fresh(note).linkedin_status == fresh(application).linkedin_status == LinkedInStatus.REMOVED
    run.refresh_from_db()
    assert (run.total, run.n_settled, run.state) == (8, 8, Run.State.DONE)
    assert Application.objects.count() == 2


def test_a_worker_that_dies_after_the_last_chunk_leaves_nothing_unasked(
    everything: dict[str, Any], linkedin: Linkedin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application is added and sent while the request starts, and all that was asked for is settled meanwhile."""
    monkeypatch.setattr(runs, "CHUNK", 1)
    run = drafted(everything, "delete")
    driving.clock.shift(timedelta(seconds=61))
    job = make_job(everything["candidate"].customer, "J-9")
    linkedin.seed_posting("J-9")

    def dies() -> None:
        if not Application.objects.filter(external_id="A-9").exists():
            ask("send", make_application(everything["candidate"], job, "A-9"))
            work_lanes()
            assert linkedin.record(ENDPOINTS["application"], "A-9")
        late = Application.objects.filter(external_id="A-9").values("pk")
        if not run.items.filter(state="drafted").exclude(kind="application", object_id__in=late).exists():
            raise SystemExit

    with pytest.raises(SystemExit):
        runs.carry_on(run, until=Meanwhile(dies))  # type: ignore[arg-type]
    work()

    run.refresh_from_db()
    assert (run.total, run.n_settled, run.state) == (7, 7, Run.State.DONE)
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def work_lanes() -> None:
    """What is due is sent; no request is carried on."""
    for lane in Lane.objects.select_related("connection__customer").order_by("pk"):
        engine.run(lane, until=timezone.now() + timedelta(seconds=5))


class Meanwhile:
    """A worker's last moment, before which something happens each time it is looked at."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self.happens = happens

    def __le__(self, now: datetime) -> bool:
        self.happens()
        return False


def test_after_all_else_was_settled_the_request_goes_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Whoever starts it finds the note only when another worker has settled all that was asked for."""
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    run = runs.draft(
        kinds.get("candidate"),
        kinds.get("candidate").action("delete"),
        Candidate.objects.all(),
        by=None,
        now=timezone.now(),
    )
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), at_once=True, start=False)

    def settled() -> None:
        if not CandidateNote.objects.exists():
            lane = Lane.objects.select_related("connection__customer").get(kind="candidate")
            engine.run(lane, until=timezone.now() + timedelta(seconds=5))
            make_note(candidate)

    runs.carry_on(run, until=Meanwhile(settled))  # type: ignore[arg-type]
    run.refresh_from_db()
    assert (run.total, run.n_settled, run.state) == (2, 1, Run.State.RUNNING)
    work()
    run.refresh_from_db()
    assert (run.total, run.n_settled, run.state) == (2, 2, Run.State.DONE)
