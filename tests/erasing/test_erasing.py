"""Records that are deleted at LinkedIn and here: never here before they are gone there, unless somebody chose that."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files import File
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core.models import AuditEvent
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.imports import services as imports
from talentsync.imports.models import Import
from talentsync.jobs.models import Job
from talentsync.sync import automatic, engine, erasing, erasures, kinds, runs, settling, stopping
from talentsync.sync.calling import Batch, Report
from talentsync.sync.hashes import hashed
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Erasure, Hold, Lane, Run, RunItem, Snapshot
from tests.candidates.making import (
    ENDPOINTS,
    ask,
    change,
    delivery,
    fresh,
    held,
    make_application,
    make_candidate,
    make_everything,
    make_note,
)
from tests.customers.making import make_connection, make_user
from tests.imports.zips import a_zip, pdf
from tests.sync.driving import make_job, pass_by, work

pytestmark = pytest.mark.django_db

KINDS = tuple(ENDPOINTS)
BELOW = {"candidate": KINDS, "application": KINDS[2:]}


def left_here() -> dict[str, int]:
    """How many records of each kind there are, of those kinds that have any."""
    counts = {kind: kinds.get(kind).model._default_manager.count() for kind in KINDS}
    return {kind: number for kind, number in counts.items() if number}


def at_linkedins(linkedin: Linkedin) -> dict[str, int]:
    counts = {kind: linkedin.count(endpoint) for kind, endpoint in ENDPOINTS.items()}
    return {kind: number for kind, number in counts.items() if number}


def taken(kind: str, connection: Connection) -> tuple[Batch, Report]:
    """A worker that has leased and sent what is due of a kind, and has not settled it yet."""
    lane = Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)
    resource = clients.open_client(connection).resources[lane.route.resource]
    batch = engine.lease(lane, resource, now=timezone.now())
    assert batch is not None
    report = engine.send(batch, resource)
    assert report is not None
    return batch, report


def lines(run: Run) -> dict[str, Erasure]:
    return {row.kind: row for row in run.erasures.all()}


def everyone(names: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(names, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_and_what_hangs_on_it_goes_here_and_there(
    kind: str, person: dict[str, Any], linkedin: Linkedin
) -> None:
    run = ask("erase", person[kind])
    work()
    gone = BELOW.get(kind, (kind,))
    stays = everyone(name for name in KINDS if name not in gone)
    assert (left_here(), at_linkedins(linkedin)) == (stays, stays)
    assert {row.kind for row in Delivery.objects.all()} == set(stays)
    assert Snapshot.objects.count() == len(stays)
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, len(gone))
    for name, row in lines(run).items():
        assert row.state == Erasure.State.DONE, name
        assert row.asked_at <= row.accepted_at <= row.absent_at <= row.erased_at, name
    assert Job.objects.count() == 1


def test_the_receipt_tells_what_linkedin_answered(person: dict[str, Any]) -> None:
    run = ask("erase", person["candidate"])
    work()
    said = {name: (row.answer, row.with_parent) for name, row in lines(run).items()}
    assert said["candidate"] == said["application"] == (204, False)
    assert said["candidate_note"] == said["application_stage"] == (None, True)


def test_nobody_else_is_touched(acme: Customer, person: dict[str, Any], linkedin: Linkedin) -> None:
    other = make_everything(acme, linkedin, "2")
    ask("send_all", other["candidate"])
    work()
    ask("erase", person["candidate"])
    work()
    assert left_here() == at_linkedins(linkedin) == everyone(KINDS)
    assert all(held(linkedin, kind, record) for kind, record in other.items())
    assert AttemptItem.objects.filter(delivery__object_id=other["candidate"].pk).exists()


def test_what_linkedin_never_had_goes_too(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = make_everything(acme, linkedin)
    run = ask("erase", everything["candidate"])
    work()
    assert left_here() == {}
    assert lines(run)["candidate"].answer == 404


def test_what_was_deleted_at_linkedin_before_goes_too(person: dict[str, Any]) -> None:
    ask("delete", person["candidate"])
    work()
    assert left_here() == everyone(KINDS)
    ask("erase", person["candidate"])
    work()
    assert left_here() == {}
    assert not Delivery.objects.exists()


def test_a_part_whose_parent_was_deleted_before_goes_without_a_call(person: dict[str, Any]) -> None:
    ask("delete", person["candidate"])
    work()
    calls = Attempt.objects.filter(n_calls__gt=0).count()
    run = ask("erase", person["candidate_note"])
    work()
    assert "candidate_note" not in left_here()
    assert lines(run)["candidate_note"].with_parent
    assert Attempt.objects.filter(n_calls__gt=0).count() == calls


def test_nothing_goes_here_while_linkedin_cannot_be_reached(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsApplications", status=503)
    ask("erase", person["candidate"])
    pass_by(hours=3)
    assert left_here() == everyone(KINDS)
    assert at_linkedins(linkedin) == everyone(KINDS)
    linkedin.calm()
    for _ in range(4):
        pass_by(hours=1)
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})


def test_one_refused_application_keeps_everything_of_that_person(
    acme: Customer, person: dict[str, Any], linkedin: Linkedin
) -> None:
    other = make_candidate(acme, "C-2")
    linkedin.always("reject", match="A-1", status=422, message="It is frozen.")
    run = ask("erase", [person["candidate"], other])
    work()
    run.refresh_from_db()
    assert left_here() == everyone(KINDS)  # the other one is gone
    assert lines(run)["application"].state == Erasure.State.REFUSED
    assert lines(run)["application"].answer == 422
    assert run.items.get(kind="application").state == RunItem.State.FAILED
    linkedin.calm()
    ask("try_again", person["application"])
    work()
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    assert {row.state for row in run.erasures.all()} == {Erasure.State.DONE}


def test_what_linkedin_still_shows_stays_here(
    person: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Asked again, LinkedIn has the last word: here nothing goes before it says that nothing is there."""
    note = person["candidate_note"]
    run = ask("erase", note)
    kept = held(linkedin, "candidate_note", note)
    batch, report = taken("candidate_note", at_linkedin)
    settling.settle(batch, report, now=timezone.now())
    assert lines(run)["candidate_note"].state == Erasure.State.ACCEPTED
    linkedin.seed_record(ENDPOINTS["candidate_note"], "N-1", parent="C-1", fields=kept)
    work()
    assert lines(run)["candidate_note"].looked_at
    assert left_here() == everyone(KINDS)
    ask("delete", note)  # whoever has put it there
    pass_by(minutes=6)
    assert "candidate_note" not in left_here()


def test_nothing_else_is_sent_about_whom_is_being_erased(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsApplications", status=503)
    ask("erase", person["candidate"])
    work()
    kind = kinds.get("candidate_note")
    drafted = runs.draft(kind, kind.action("send_again"), CandidateNote.objects.all(), by=None, now=timezone.now())
    assert runs.survey(drafted)["linkedin"].skipped == {"being_erased": 1}
    run = ask("send_again", person["candidate_note"])
    assert run.items.get().reason == "being_erased"
    assert run.n_skipped == 1


def test_what_is_added_after_the_click_goes_with_the_rest(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsCandidates", status=503)
    run = ask("erase", person["candidate"])
    work()
    late = make_application(person["candidate"], make_job(person["candidate"].customer, "J-9"), "A-9")
    make_note(person["candidate"], "N-9")
    linkedin.calm()
    for _ in range(4):
        pass_by(hours=1)
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    assert run.erasures.filter(kind="application", object_id=late.pk).get().answer == 404
    assert run.erasures.count() == 8


def test_what_waits_for_linkedin_goes_here_at_last(
    person: dict[str, Any], linkedin: Linkedin, at_linkedin: Connection, settings: Any
) -> None:
    """A connection that stays stopped does not block local erasure for ever (DESIGN 8)."""
    stop = Hold.objects.create(connection=at_linkedin, reason="Nobody pays.")
    run = ask("erase", person["candidate"])
    pass_by(days=29)
    assert left_here() == everyone(KINDS)
    pass_by(days=2)
    assert left_here() == {}
    assert at_linkedins(linkedin) == everyone(KINDS)
    assert {row.kind for row in Delivery.objects.all()} == {"candidate", "application"}
    assert not Delivery.objects.filter(true_key__isnull=True).exists()
    stop.delete()
    for _ in range(4):
        pass_by(minutes=6)
    assert at_linkedins(linkedin) == {}
    assert not Delivery.objects.exists()
    for row in run.erasures.all():
        assert row.state == Erasure.State.DONE
        assert row.erased_at < row.accepted_at <= row.absent_at


def test_who_does_not_want_to_wait_need_not(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsCandidates", status=503)
    ask("erase", person["candidate"], at_once=True)
    work()
    assert left_here() == {}
    owed = Delivery.objects.get(kind="candidate")
    assert owed.names == ("", "C-1")
    assert "C-1" not in f"{owed.entity_key} {owed.batch_key} {owed.params}"
    assert not any(each.accepted or each.waiting or each.held for each in Snapshot.objects.all())
    linkedin.calm()
    for _ in range(6):
        pass_by(hours=1)
    assert at_linkedins(linkedin) == {}
    assert not Delivery.objects.exists()


def test_a_note_below_its_parent_is_deleted_by_its_key_when_it_is_gone_here(
    person: dict[str, Any], linkedin: Linkedin
) -> None:
    linkedin.always("status", endpoint="atsCandidates/notes", status=503)
    ask("erase", person["candidate_note"], at_once=True)
    work()
    owed = Delivery.objects.get(kind="candidate_note")
    assert owed.names == ("C-1", "N-1")
    assert "C-1" not in owed.batch_key
    linkedin.calm()
    for _ in range(4):
        pass_by(hours=1)
    assert "candidate_note" not in at_linkedins(linkedin)
    assert not Delivery.objects.filter(kind="candidate_note").exists()


def test_what_linkedin_refuses_of_whom_is_gone_here_is_asked_again_each_day(
    person: dict[str, Any], linkedin: Linkedin
) -> None:
    linkedin.always("reject", match="A-1", status=422, message="It is frozen.")
    run = ask("erase", person["candidate"], at_once=True)
    work()
    assert lines(run)["application"].state == Erasure.State.REFUSED
    assert at_linkedins(linkedin)["candidate"] == 1  # its application comes first
    linkedin.calm()
    assert erasing.try_again(timezone.now()) == 1
    for _ in range(3):
        pass_by(minutes=6)
    assert at_linkedins(linkedin) == {}


def test_an_id_that_comes_back_is_deleted_before_it_is_sent(
    acme: Customer, person: dict[str, Any], linkedin: Linkedin
) -> None:
    linkedin.always("status", endpoint="atsCandidates", status=503)
    run = ask("erase", person["candidate"], at_once=True)
    work()
    back = make_candidate(acme, "C-1", first_name="Another")
    ask("send", back)
    linkedin.calm()
    for _ in range(6):
        pass_by(hours=1)
    assert held(linkedin, "candidate", back)["firstName"] == "Another"
    assert delivery("candidate", back).true_key is None
    assert lines(run)["candidate"].accepted_at


def test_an_erased_id_is_recognised_among_others_by_one_query(
    acme: Customer, person: dict[str, Any], django_assert_num_queries: Any
) -> None:
    ask("erase", person["candidate"])
    work()
    with django_assert_num_queries(1):
        assert erasures.was_erased(acme, "candidate", [("", "C-1"), ("", "C-2")]) == {("", "C-1")}
    assert erasures.was_erased(acme, "candidate_note", [("C-1", "N-1"), ("C-2", "N-1")]) == {("C-1", "N-1")}


def test_the_same_id_of_another_customer_is_another_one(acme: Customer) -> None:
    assert hashed(acme.pk, "candidate", ("", "C-1")) != hashed(acme.pk + 1, "candidate", ("", "C-1"))
    assert hashed(acme.pk, "candidate_note", ("C", "1N")) != hashed(acme.pk, "candidate_note", ("C1", "N"))


def test_files_that_wait_and_name_whoever_is_erased_go_too(acme: Customer, person: dict[str, Any]) -> None:
    """Imports ask to be told of each record, by kind and ID: of the person, and of all that hangs on it."""
    waiting = {
        name: imports.upload(
            File(io.BytesIO(f"external_id\n{name}\n".encode()), name="x"), kind=kind, customer=acme, by=None
        )
        for kind, name in (
            *((kind, record.external_id) for kind, record in person.items()),
            ("candidate", "somebody-else"),
        )
    }
    for name in ("C-1", "C-2"):
        content = io.BytesIO(a_zip([f"{name},a.pdf,"], {"a.pdf": pdf()}))
        waiting[f"zip of {name}"] = imports.upload(File(content, name="x"), kind="resume", customer=acme, by=None)
    ask("erase", person["candidate"])
    work()
    left = {name for name, each in waiting.items() if Import.objects.exclude(stored_as="").filter(pk=each.pk).exists()}
    assert left == {"somebody-else", "zip of C-2"}


def test_a_connection_that_is_no_longer_in_use_is_told_as_well(
    acme: Customer, person: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    Connection.objects.filter(pk=at_linkedin.pk).update(is_current=False)
    linkedin.seed_application(client_id="new", client_secret="new", organizations=["urn:li:organization:78"])
    make_connection(acme, client_id="new", client_secret="new", organization_urn="urn:li:organization:78")
    run = ask("erase", person["candidate"])
    work()
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    assert run.erasures.filter(kind="candidate").count() == 2


def test_two_requests_for_the_same_record_both_end(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsApplications", status=503)
    first, second = ask("erase", person["application"]), ask("erase", person["candidate"])
    work()
    linkedin.calm()
    for _ in range(4):
        pass_by(hours=1)
    assert left_here() == {}
    for run in (first, second):
        run.refresh_from_db()
        assert run.state == Run.State.DONE
        assert {row.state for row in run.erasures.all()} == {Erasure.State.DONE}


def test_what_was_on_its_way_when_it_was_erased_is_told_as_it_went(
    acme: Customer, at_linkedin: Connection, person: dict[str, Any], linkedin: Linkedin
) -> None:
    """A note is sent and nobody answers; then everything goes here first, as somebody wished."""
    note = person["candidate_note"]
    change(note, note="Sings.")
    sent = ask("send", note)
    linkedin.next("hang_up", endpoint="atsCandidates/notes")
    batch, report = taken("candidate_note", at_linkedin)
    hold = stopping.stop(connection=at_linkedin, reason="We look into it.", by=make_user("rosa"))
    erase = ask("erase", person["candidate"], at_once=True)
    settling.settle(batch, report, now=timezone.now())
    pass_by(minutes=10)
    assert not Candidate.objects.exists()
    stopping.release(hold, by=make_user("sam"))
    for _ in range(4):
        pass_by(hours=12)
    assert Run.objects.get(pk=erase.pk).state == Run.State.DONE
    assert [item.state for item in sent.items.all()] == [RunItem.State.SUPERSEDED], "LinkedIn has not confirmed it"
    assert Run.objects.get(pk=sent.pk).state == Run.State.DONE


def test_automatic_sync_does_not_bring_back_what_goes(person: dict[str, Any], linkedin: Linkedin) -> None:
    candidate = person["candidate"]
    type(candidate.customer).objects.filter(pk=candidate.customer_id).update(sends_changes=True)
    linkedin.always("status", endpoint="atsApplications", status=503)
    ask("erase", candidate)
    work()
    Candidate.objects.filter(pk=candidate.pk).update(first_name="New", changed_at=timezone.now())
    assert automatic.follow(kinds.get("candidate"), [fresh(candidate)], now=timezone.now()) == 0


def test_who_did_it_is_written_down_without_names(person: dict[str, Any]) -> None:
    run = ask("erase", person["candidate"])
    work()
    told = [(row.verb, row.kind, row.count, row.label) for row in AuditEvent.objects.filter(run_id=run.pk)]
    assert ("erase", "candidate", 1, "") in told
    assert ("erase here", "candidate", 1, "") in told


def test_many_people_go_chunk_by_chunk(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    people = [make_candidate(acme, f"C-{number}") for number in range(2 * erasing.CHUNK + 1)]
    for each in people:
        make_note(each)
    ask("erase", people)
    work()
    assert left_here() == {}


def test_a_visit_that_has_no_time_left_says_that_there_is_more(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    people = [make_candidate(acme, f"C-{number}") for number in range(erasing.CHUNK + 1)]
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    run = ask("erase", people, at_once=True)
    assert not erasing.carry_on(run, until=timezone.now())
    assert Candidate.objects.count() == 1
    assert erasing.carry_on(run, until=timezone.now() + timedelta(seconds=5))
    assert not Candidate.objects.exists()
    assert CandidateNote.objects.count() == Application.objects.count() == 0
