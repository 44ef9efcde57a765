"""People, imports and workers at the same person's records at the same moment, each with a connection of their own.

On PostgreSQL this is where a wrong order of locks shows as a deadlock. `meeting` makes two of them meet: the one stands
still at its first locks until the other is done, or waits for them. SQLite locks no rows and lets one write at a time:
there one comes after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from connectors.base.errors import Unauthorized
from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application
from talentsync.candidates import services
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers import clients
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import services as jobs
from talentsync.jobs.models import Job
from talentsync.sync import engine, erasing, kinds, removals, settling, waiting
from talentsync.sync.hashes import hashed
from talentsync.sync.models import Delivery, Hold, Lane
from talentsync.sync.states import UNFINISHED, RemoteState, State
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
)
from tests.candidates.test_races import sent, take
from tests.customers.making import make_connection
from tests.imports import making
from tests.imports.making import as_csv, filed
from tests.sync import driving
from tests.sync.driving import work
from tests.sync.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], object]
WAITS_FOR_US = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


def meeting(first: Work, other: Work, *, at: str, about: str = "", written: bool = False) -> None:
    """`first` stands still after it has locked rows of the table `at` (of the kind `about`), or `written` some, until
    `other` is done or waits for a lock.
    """
    stands = Event()

    def is_it(sql: str, params: Any) -> bool:
        if database.vendor != "postgresql":
            return False
        if written:
            return sql.startswith((f'UPDATE "{at}"', f'INSERT INTO "{at}"'))
        return f'FROM "{at}"' in sql and "UPDATE OF" in sql and (not about or about in params)

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if is_it(sql, params) and not stands.is_set():
            stands.set()
            _until(done)
        return found

    def watched() -> None:
        with database.execute_wrapper(watch):
            first()
        stands.set()

    def meets() -> None:
        assert stands.wait(20)
        try:
            other()
        finally:
            done.set()

    done = Event()
    at_once(watched, meets)


def _until(done: Event) -> None:
    """Until the other one is done or waits for us: then whoever goes on finds out whether both can."""
    with database.cursor() as cursor:
        for _ in range(2_000):
            cursor.execute(WAITS_FOR_US)
            if cursor.fetchone()[0] or done.wait(0.005):
                return
    raise AssertionError("the other one neither ends nor waits")


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    """Sent; and whatever is saved is sent by itself."""
    made = make_everything(acme, linkedin)
    ask("send_all", made["candidate"])
    work()
    Customer.objects.update(sends_changes=True)
    return made


def changed(record: Any, **columns: Any) -> Any:
    found = fresh(record)
    for name, value in columns.items():
        setattr(found, name, value)
    return found


def saves(kind: str, record: Any, **columns: Any) -> Work:
    return lambda: services.change_record(kind, changed(record, **columns), fields=columns, by=None)


def renames(job: Job, title: str) -> Work:
    return lambda: jobs.change_job(changed(job, title=title), fields=["title"], by=None)


def imports(folder: Path, kind: str, customer: Customer, *rows: dict[str, Any]) -> Work:
    path = folder / kind
    path.write_bytes(as_csv(rows))
    return partial(filed, path, kind, customer)


def both_ended() -> None:
    for _ in range(4):
        work()
        driving.clock.shift(timedelta(minutes=10))
    assert not Delivery.objects.filter(state__in=UNFINISHED).exists()


@pytest.mark.parametrize(
    ("kind", "at"), [("candidate_note", "candidates_candidate"), ("application", "applications_application")]
)
def test_a_child_is_saved_while_its_person_is_sent_with_everything(
    kind: str, at: str, everything: dict[str, Any], linkedin: Linkedin
) -> None:
    column = {"candidate_note": "note", "application": "source"}[kind]
    Candidate.objects.update(prefix="Dr.", changed_at=timezone.now())
    send = partial(ask, "send_all", everything["candidate"])
    meeting(send, saves(kind, everything[kind], **{column: "Saved meanwhile"}), at=at)
    both_ended()
    assert held(linkedin, kind, everything[kind])[column] == "Saved meanwhile"
    assert held(linkedin, "candidate", everything["candidate"])["prefix"] == "Dr."


@pytest.mark.parametrize("at", ["applications_application", "sync_delivery"])
def test_a_person_is_sent_with_everything_while_a_child_is_saved(
    at: str, everything: dict[str, Any], linkedin: Linkedin
) -> None:
    Candidate.objects.update(prefix="Dr.", changed_at=timezone.now())
    kind = "application" if at == "applications_application" else "candidate_note"
    column = {"candidate_note": "note", "application": "source"}[kind]
    send = partial(ask, "send_all", everything["candidate"])
    meeting(saves(kind, everything[kind], **{column: "Saved meanwhile"}), send, at=at)
    both_ended()
    assert held(linkedin, kind, everything[kind])[column] == "Saved meanwhile"


@pytest.mark.parametrize("first", ["import", "erasure"])
def test_a_person_is_deleted_while_an_import_touches_the_children(
    first: str, everything: dict[str, Any], acme: Customer, linkedin: Linkedin, tmp_path: Path
) -> None:
    """A changed note and a new one: the database looks at the person when the import commits."""
    run = ask("erase", everything["candidate"], at_once=True)
    goes_on = partial(erasing.carry_on, run, until=timezone.now() + timedelta(seconds=5))
    rows = [making.note(1, note="New words"), making.note(2)]
    loads = imports(tmp_path, "candidate_note", acme, *rows)
    if first == "import":
        meeting(loads, goes_on, at="candidates_candidatenote")
    else:
        meeting(goes_on, loads, at="candidates_candidate")
    for _ in range(4):
        driving.clock.shift(timedelta(minutes=6))
        work()
    assert not CandidateNote.objects.exists()
    assert not Delivery.objects.exists()  # also of what came late nothing is left
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_a_latecomer_is_asked_for_while_the_job_that_it_waits_for_is_settled(
    everything: dict[str, Any], acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """It was added below a person after somebody asked to erase them, and goes with them; whoever settles the job wakes
    it.
    """
    run = ask("erase", everything["candidate"], at_once=True)
    goes_on = partial(erasing.carry_on, run, until=timezone.now() + timedelta(seconds=5))
    job = driving.make_job(acme, "J-9")
    driving.ask("post", [job])
    ask("send", make_application(everything["candidate"], job, "A-9"))
    assert Delivery.objects.get(entity_key="A-9").due_at is None
    batch, resource = take("job", at_linkedin)
    settles = partial(settling.settle, batch, sent(batch, resource), now=timezone.now())
    meeting(goes_on, settles, at="sync_delivery", about="application")
    for _ in range(4):
        driving.clock.shift(timedelta(minutes=6))
        work()
    assert not Application.objects.exists()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_deletes_that_are_owed_are_locked_in_the_order_that_everyone_keeps(
    acme: Customer, at_linkedin: Connection
) -> None:
    """Two who were erased come back: their deletes go on as theirs, and others lock these, too."""
    if database.vendor == "sqlite":
        return  # it locks no rows
    first, other = sorted(["C-1", "C-2"], key=lambda key: hashed(acme.pk, "candidate", ("", key)), reverse=True)
    erased = [make_candidate(acme, first), make_candidate(acme, other)]
    ask("send", erased)
    work()
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    ask("erase", erased, at_once=True)
    work()
    low, high = Delivery.objects.order_by("pk").values_list("pk", flat=True)
    assert not Candidate.objects.exists()
    Delivery.objects.filter(pk=low).update(remote_state=RemoteState.UNKNOWN)  # in tables and indexes it comes last now
    back = [make_candidate(acme, first), make_candidate(acme, other)]
    stands, done = Event(), Event()

    def holds_the_first() -> None:
        with transaction.atomic():
            Delivery.objects.select_for_update().get(pk=low)
            stands.set()
            _until(done)
            assert not done.is_set()
            Delivery.objects.select_for_update(nowait=True).get(pk=high)

    def comes_back() -> None:
        assert stands.wait(20)
        ask("send", back)
        done.set()

    at_once(holds_the_first, comes_back)


@pytest.mark.parametrize("who", ["a click", "a worker"])
def test_a_persons_delete_begins_to_wait_while_what_it_waits_for_is_settled(
    who: str, everything: dict[str, Any], at_linkedin: Connection
) -> None:
    """Neither sees what the other is about to write: only the person's own record keeps the two apart."""
    ask("delete", everything["application"])
    if who == "a worker":
        ask("delete", everything["candidate"])
        Delivery.objects.filter(kind="candidate").update(due_at=timezone.now())
    batch, resource = take("application", at_linkedin)
    settles = partial(settling.settle, batch, sent(batch, resource), now=timezone.now())
    if who == "a worker":
        meeting(lambda: looks("candidate", at_linkedin), settles, at="sync_delivery", written=True)
    else:
        meeting(partial(ask, "delete", everything["candidate"]), settles, at="candidates_candidate", written=True)
    both_ended()


@pytest.mark.parametrize("who", ["a click", "a worker"])
def test_a_note_begins_to_wait_while_its_person_is_asked_for_and_sent(
    who: str, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """At LinkedIn nothing is known of the person yet: there is no row above the note that could be locked."""
    made = make_everything(acme, linkedin)

    def sends_the_person() -> None:
        ask("send", made["candidate"])
        lane = Lane.objects.select_related("connection__customer").get(connection=at_linkedin, kind="candidate")
        engine.run(lane, until=timezone.now() + timedelta(seconds=30))

    if who == "a worker":
        ask("send", made["candidate_note"])
        Delivery.objects.update(due_at=timezone.now())
        meeting(lambda: looks("candidate_note", at_linkedin), sends_the_person, at="sync_delivery", written=True)
    else:
        waits = partial(ask, "send", made["candidate_note"])
        meeting(waits, sends_the_person, at="candidates_candidatenote", written=True)
    both_ended()
    assert held(linkedin, "candidate_note", made["candidate_note"])


def test_an_application_begins_to_wait_for_the_sake_of_its_job_while_its_person_is_asked_for_and_sent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """A job gets another name, and its applications are sent by themselves; of the person nothing is known yet."""
    Customer.objects.update(sends_changes=True)
    made = make_everything(acme, linkedin)

    def sends_the_person() -> None:
        ask("send", made["candidate"])
        lane = Lane.objects.select_related("connection__customer").get(connection=at_linkedin, kind="candidate")
        engine.run(lane, until=timezone.now() + timedelta(seconds=30))

    renaming = renames(made["application"].job, "Head gardener")
    meeting(renaming, sends_the_person, at="core_auditevent", written=True)
    both_ended()


@pytest.mark.parametrize(("removed", "at"), [("candidate", "candidates_candidate"), ("application", "sync_delivery")])
def test_another_connection_is_taken_into_use_while_the_job_of_somebody_removed_is_renamed(
    removed: str, at: str, everything: dict[str, Any], acme: Customer
) -> None:
    """Both come to lists of people and of jobs: the one to show another connection, the other to mark applications."""
    ask("delete", everything[removed])
    both_ended()
    other = make_connection(acme, is_current=False)
    takes = partial(customers.use_connection, other, by=None)
    meeting(takes, renames(everything["application"].job, "Head gardener"), at=at)
    other.refresh_from_db()
    assert other.is_current
    assert removals.is_removed(delivery(removed, everything[removed], other))


@pytest.mark.parametrize("what", ["a save", "a new title", "a click"])
def test_another_connection_is_taken_into_use_while_somebody_works(
    what: str, everything: dict[str, Any], acme: Customer
) -> None:
    """They hold their records, and refer to the customer at last: it says who did what."""
    other = make_connection(acme, is_current=False)
    works, at = {
        "a save": (saves("candidate", everything["candidate"], first_name="Zoe"), "candidates_candidate"),
        "a new title": (renames(everything["application"].job, "Head gardener"), "jobs_job"),
        "a click": (partial(ask, "send", everything["candidate"]), "candidates_candidate"),
    }[what]
    meeting(works, partial(customers.use_connection, other, by=None), at=at)
    other.refresh_from_db()
    assert other.is_current


def test_another_connection_is_taken_into_use_while_a_worker_finds_that_the_first_is_refused(
    everything: dict[str, Any], acme: Customer, at_linkedin: Connection
) -> None:
    """It holds the records that were in the call, and stops the connection."""
    saves("candidate", everything["candidate"], last_name="Vorbild")()
    batch, resource = take("candidate", at_linkedin)
    refused = replace(sent(batch, resource), error=Unauthorized("The credential is refused."), outcomes={})
    other = make_connection(acme, is_current=False)
    settles = partial(settling.settle, batch, refused, now=timezone.now())
    meeting(settles, partial(customers.use_connection, other, by=None), at="candidates_candidate")
    other.refresh_from_db()
    assert other.is_current
    assert Hold.objects.filter(connection=at_linkedin).exists()


def looks(kind: str, connection: Connection) -> None:
    """A worker looks at what is due, and finds that it waits."""
    lane = Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)
    resource = clients.open_client(connection).resources[lane.route.resource]
    assert engine.lease(lane, resource, now=timezone.now()) is None


def test_a_person_is_saved_while_a_dead_workers_lane_is_taken_over(
    everything: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """What the dead one left is looked through first, and only then what is due."""
    saves("candidate", everything["candidate"], last_name="Vorbild")()
    take("candidate", at_linkedin)
    driving.clock.shift(timedelta(seconds=130))
    saving = saves("candidate", everything["candidate"], last_name="Nachbild")
    meeting(partial(take, "candidate", at_linkedin), saving, at="sync_delivery")
    driving.clock.shift(timedelta(seconds=130))
    both_ended()
    assert held(linkedin, "candidate", everything["candidate"])["lastName"] == "Nachbild"


def test_a_job_gets_its_new_title_while_its_applications_are_imported(
    everything: dict[str, Any], acme: Customer, linkedin: Linkedin, tmp_path: Path
) -> None:
    """A changed application and a new one: the database looks at the job when the import commits."""
    rows = [making.application(1, source="Imported"), making.application(3)]
    loads = imports(tmp_path, "application", acme, *rows)
    meeting(loads, renames(everything["application"].job, "Head gardener"), at="applications_application")
    both_ended()
    for application in Application.objects.all():
        assert held(linkedin, "application", application)["atsJobPostingName"] == "Head gardener"


def test_a_person_is_renamed_while_somebody_looks_after_what_waits(
    everything: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Nobody holds the application's record then: only the deliveries above it keep the two apart."""
    application = everything["application"]
    job = {"connection": at_linkedin, "kind": "job", "object_id": application.job_id, "entity_key": "J-1"}
    Delivery.objects.create(**job, state=State.SYNCED, remote_state=RemoteState.LIVE, settled_operation="upsert")
    change(application, source="Waits")
    waits = Delivery.objects.filter(kind="application")
    waits.update(state=State.PENDING, operation="upsert", revision=2, step="send", due_at=None)

    def look() -> None:
        waiting.repair(kinds.get("application"), now=timezone.now())

    def rename() -> None:
        person = changed(application.candidate, first_name="Grace")
        services.change_candidate(person, fields=["first_name"], by=None)

    meeting(look, rename, at="sync_delivery", about="job")
    both_ended()
    assert held(linkedin, "application", application)["firstName"] == "Grace"


def test_a_job_and_a_candidate_change_from_both_ends(
    everything: dict[str, Any], acme: Customer, linkedin: Linkedin, tmp_path: Path
) -> None:
    """Whoever changes a person, and whoever changes a job, both mark the application between them."""
    application = everything["application"]
    renaming = renames(application.job, "Head gardener")
    person = saves("candidate", application.candidate, first_name="Grace")
    meeting(renaming, person, at="jobs_job")
    meeting(person, renaming, at="candidates_candidate")
    both_ended()
    said = held(linkedin, "application", application)
    assert (said["firstName"], said["atsJobPostingName"]) == ("Grace", "Head gardener")
