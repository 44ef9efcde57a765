"""What a record that waits for another one says of it, and that nobody is left waiting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Connection, Customer
from talentsync.sync import engine, housekeeping, kinds, waiting, why
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import State
from tests.candidates.making import ask, delivery, held, make_candidate, make_candidates, make_everything, make_note
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(acme: Customer, at_linkedin: Connection) -> Candidate:
    return make_candidate(acme)


@pytest.fixture
def note(candidate: Candidate) -> CandidateNote:
    return make_note(candidate)


def reason(kind: str, record: Any) -> str:
    row = Delivery.objects.select_related("connection__customer").get(kind=kind, object_id=record.pk)
    return str(why.gather([row], now=timezone.now()).of(row))


def test_a_parent_that_nobody_asked_for(note: CandidateNote) -> None:
    ask("send", note)
    said = "It waits for the candidate Ada Sample C-1. Nobody has asked to send that one yet."
    assert reason("candidate_note", note) == said


def test_a_parent_on_its_way(candidate: Candidate, note: CandidateNote) -> None:
    ask("send_all", candidate)
    said = "It waits until LinkedIn knows the candidate Ada Sample C-1. That one is on its way."
    assert reason("candidate_note", note) == said


def test_a_parent_in_trouble(candidate: Candidate, note: CandidateNote, linkedin: Linkedin) -> None:
    linkedin.always("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    ask("send_all", candidate)
    work()
    assert (
        reason("candidate_note", note) == "It waits for the candidate Ada Sample C-1. That one needs attention first."
    )


def test_what_can_go_is_found_behind_many_that_wait(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """As after a request whose notes were asked for beside their candidates, and so a moment too early."""
    early = [make_note(each) for each in make_candidates(acme, 60)]
    ask("send", early)
    Delivery.objects.update(due_at=timezone.now())
    known = make_candidate(acme, "K-1")
    ask("send", known)
    work_on("candidate", at_linkedin)
    Delivery.objects.filter(kind="candidate_note").update(due_at=timezone.now())
    late = make_note(known)
    ask("send", late)
    work_on("candidate_note", at_linkedin)
    assert held(linkedin, "candidate_note", late)
    assert Delivery.objects.filter(kind="candidate_note", state=State.PENDING, due_at=None).count() == len(early)


def work_on(kind: str, connection: Connection) -> None:
    """One visit to a lane."""
    lane = Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)
    engine.run(lane, until=timezone.now() + timedelta(minutes=5))


def test_a_parent_that_was_removed(candidate: Candidate, linkedin: Linkedin) -> None:
    ask("delete", candidate)
    work()
    late = make_note(candidate, "N-2")
    ask("send", late)
    work()
    said = "It waits for the candidate Ada Sample C-1. That one was removed from LinkedIn: use Send again there."
    assert reason("candidate_note", late) == said


def test_a_parent_that_waits_for_its_children_and_a_child_that_goes_along(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    work()
    ask("delete", everything["candidate"])
    assert reason("candidate", everything["candidate"]) == "It is deleted once what hangs on it is gone."
    along = "It goes together with what it hangs on, which is being deleted."
    assert reason("candidate_note", everything["candidate_note"]) == along


def test_a_wake_that_was_missed_is_made_up_for(candidate: Candidate, note: CandidateNote, linkedin: Linkedin) -> None:
    ask("send_all", candidate)
    work()
    Delivery.objects.filter(pk=delivery("candidate_note", note).pk).update(state="pending", due_at=None, step="send")
    assert housekeeping.wake_missed(timezone.now()) == {"woken": 1}
    assert work() == 1
    assert held(linkedin, "candidate_note", note)


def test_what_still_waits_is_left_waiting(note: CandidateNote) -> None:
    ask("send", note)
    assert waiting.repair(kinds.get("candidate_note"), now=timezone.now()) == 0


def test_reasons_cost_the_same_for_one_and_for_many(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (2, 20):
        notes = [make_note(make_candidate(acme, f"{number}-{index}")) for index in range(number)]
        ask("send", notes)
        keys = [note.pk for note in notes]
        rows = Delivery.objects.select_related("connection__customer").filter(kind="candidate_note", object_id__in=keys)
        with django_assert_max_num_queries(50) as captured:
            why.gather(rows, now=timezone.now())
        counts.append(len(captured))
    assert counts[0] == counts[1]
