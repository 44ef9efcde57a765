"""A file is settled, a resume is asked for, replaced and erased at the same moment, each with a connection of its own.

As in tests/candidates/test_at_once.py, a wrong order of locks shows as a deadlock on PostgreSQL. SQLite lets one write
at a time: there one comes after the other.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.db import connection as database
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.resumes import expiry, services
from talentsync.resumes.models import FileReference, Resume, ResumeFile
from talentsync.resumes.refusals import Refused
from talentsync.resumes.services import Choice
from talentsync.sync import engine, erasing, kinds, settling, summary, turns
from talentsync.sync.models import Delivery
from talentsync.sync.states import UNFINISHED, State
from tests.candidates import making as people
from tests.candidates.test_at_once import meeting
from tests.candidates.test_races import take
from tests.resumes.sending.making import (
    ask,
    content,
    fresh,
    held,
    leased_file,
    reference,
    replace,
    resume_of,
    stored,
    upload,
)
from tests.sync import driving
from tests.sync.driving import work
from tests.sync.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], object]

FILES, RESUMES, PEOPLE, DELIVERIES = (
    "resumes_resumefile",
    "resumes_resume",
    "candidates_candidate",
    "sync_delivery",
)
BRIEF = Choice(keep_for=2, keep_unit="HOUR", on_expiry="again")


@pytest.fixture
def travelling(candidate: Candidate) -> Resume:
    """Its file was uploaded; the worker has LinkedIn's answer and has not written it down."""
    return resume_of(candidate)


def settles() -> Work:
    """A worker with what LinkedIn has said of a file."""
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    return lambda: settling.settle(batch, report, now=timezone.now())


def attaches() -> Work:
    """A worker with what LinkedIn has said of the resume itself; its file is uploaded."""
    settles()()
    batch, resource = take("resume", Connection.objects.get())
    report = engine.send(batch, resource)
    assert report is not None
    return lambda: settling.settle(batch, report, now=timezone.now())


def erases(record: Any) -> Work:
    run = people.ask("erase", record, at_once=True)
    return lambda: erasing.carry_on(run, until=timezone.now() + timedelta(seconds=5))


def later() -> None:
    """All that waits for a time or a lease comes to its end."""
    for _ in range(4):
        driving.clock.shift(timedelta(minutes=6))
        work()
        services.sweep()


def attached(resume: Resume, linkedin: Linkedin, version: str) -> None:
    """Both sides have this version of the file, and nothing is left of others."""
    assert not Delivery.objects.filter(state__in=UNFINISHED).exists()
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn
    assert fresh(resume).file.sha256 == hashlib.sha256(content(version)).hexdigest()
    assert stored() == [ResumeFile.objects.get().stored_as]


def everything_is_gone(linkedin: Linkedin) -> None:
    rows = (Resume, ResumeFile, FileReference, Delivery)
    assert not any(each.objects.exists() for each in rows)
    assert stored() == []
    assert linkedin.count("tcrmCandidateResumes") == 0


@pytest.mark.parametrize(
    ("action", "at"),
    [("send", FILES), ("send", DELIVERIES), ("start_over", DELIVERIES), ("delete", RESUMES)],
)
def test_a_resume_is_asked_for_while_its_file_is_settled(
    action: str, at: str, travelling: Resume, linkedin: Linkedin
) -> None:
    meeting(settles(), partial(ask, action, travelling), at=at)
    later()
    if action == "delete":
        assert held(linkedin, travelling) is None
    else:
        attached(travelling, linkedin, "Ada")


@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_a_file_is_settled_while_its_resume_is_asked_for(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(ask, "start_over", travelling), settles(), at=at)
    later()
    attached(travelling, linkedin, "Ada")


@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_a_file_is_replaced_while_it_is_settled(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(settles(), partial(replace, travelling), at=at)
    later()
    attached(travelling, linkedin, "Another")


@pytest.mark.parametrize("at", [RESUMES, DELIVERIES])
def test_a_file_is_settled_while_it_is_replaced(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(replace, travelling), settles(), at=at)
    later()
    attached(travelling, linkedin, "Another")


@pytest.mark.parametrize("first", ["settles", "replaces"])
@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_a_file_is_settled_and_replaced_by_one_that_nobody_sends(
    at: str, first: str, travelling: Resume, linkedin: Linkedin
) -> None:
    """What was asked for goes on with the new file."""
    both = [settles(), partial(replace, travelling, send=False)]
    meeting(*(both if first == "settles" else reversed(both)), at=at)
    later()
    attached(travelling, linkedin, "Another")


@pytest.mark.parametrize("at", [RESUMES, DELIVERIES])
def test_a_resume_is_settled_while_its_file_is_replaced_by_one_that_nobody_sends(
    at: str, travelling: Resume, linkedin: Linkedin
) -> None:
    """It travels with the one from before."""
    meeting(partial(replace, travelling, send=False), attaches(), at=at)
    later()
    attached(travelling, linkedin, "Another")


@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_a_resume_is_settled_while_somebody_starts_over(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(ask, "start_over", travelling), attaches(), at=at)
    later()
    attached(travelling, linkedin, "Ada")


@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_the_same_file_comes_under_its_id_with_another_choice_while_it_is_settled(
    at: str, travelling: Resume, candidate: Candidate, linkedin: Linkedin
) -> None:
    meeting(settles(), partial(upload, candidate, external_id=travelling.external_id, choice=BRIEF), at=at)
    later()
    attached(travelling, linkedin, "Ada")
    assert fresh(travelling).file.keep_for == BRIEF.keep_for


@pytest.mark.parametrize("at", [RESUMES, DELIVERIES])
def test_what_becomes_of_a_file_is_chosen_while_it_is_replaced(
    at: str, travelling: Resume, candidate: Candidate, linkedin: Linkedin
) -> None:
    opened = fresh(travelling)
    opened.on_expiry, opened.ats_created_at = "again", opened.ats_created_at - timedelta(days=1)
    chooses = partial(services.change, opened, fields=["on_expiry", "ats_created_at"], by=None)
    meeting(partial(replace, travelling), chooses, at=at)
    later()
    attached(travelling, linkedin, "Another")
    assert fresh(travelling).on_expiry == "again"


@pytest.mark.parametrize("at", [FILES, DELIVERIES])
def test_a_resume_is_asked_for_while_its_file_is_replaced(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(replace, travelling), partial(ask, "send", travelling), at=at)
    later()
    attached(travelling, linkedin, "Another")


@pytest.mark.parametrize("at", [RESUMES, DELIVERIES])
def test_a_file_is_replaced_while_its_resume_is_asked_for(at: str, travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(ask, "start_over", travelling), partial(replace, travelling), at=at)
    later()
    attached(travelling, linkedin, "Another")


def test_two_people_replace_the_same_file(travelling: Resume, linkedin: Linkedin) -> None:
    meeting(partial(replace, travelling, "One"), partial(replace, travelling, "Two"), at=RESUMES)
    later()
    attached(travelling, linkedin, "Two")


@pytest.mark.parametrize(("whole", "at"), [(True, RESUMES), (True, DELIVERIES), (False, DELIVERIES)])
def test_a_person_is_erased_while_a_file_is_settled(
    at: str, whole: bool, travelling: Resume, linkedin: Linkedin
) -> None:
    worker = settles()
    meeting(worker, erases(travelling.candidate if whole else travelling), at=at)
    later()
    everything_is_gone(linkedin)


@pytest.mark.parametrize(("whole", "at"), [(True, PEOPLE), (True, DELIVERIES), (False, RESUMES)])
def test_a_file_is_settled_while_a_person_is_erased(
    at: str, whole: bool, travelling: Resume, linkedin: Linkedin
) -> None:
    worker = settles()
    meeting(erases(travelling.candidate if whole else travelling), worker, at=at)
    later()
    everything_is_gone(linkedin)


@pytest.mark.parametrize("whole", [True, False])
def test_a_file_is_replaced_while_its_resume_is_erased(whole: bool, candidate: Candidate, linkedin: Linkedin) -> None:
    """Whoever comes too late is told; what came before is erased as well."""
    resume = resume_of(candidate)
    work()
    goes_on = erases(candidate if whole else resume)

    def tries() -> None:
        with pytest.raises(Refused) as refusal:
            services.replace(resume, io.BytesIO(content("Another")), "Another.pdf", by=None)
        assert refusal.value.code == "gone"

    meeting(goes_on, tries, at=RESUMES)
    later()
    everything_is_gone(linkedin)


def test_a_resume_is_uploaded_while_its_candidate_is_erased(candidate: Candidate, linkedin: Linkedin) -> None:
    goes_on = erases(candidate)

    def tries() -> None:
        with pytest.raises(Refused) as refusal:
            upload(candidate)
        assert refusal.value.code == "gone"

    meeting(goes_on, tries, at=PEOPLE)
    later()
    everything_is_gone(linkedin)


def test_a_candidate_is_erased_while_a_resume_is_uploaded(candidate: Candidate, linkedin: Linkedin) -> None:
    goes_on = erases(candidate)
    meeting(partial(upload, candidate), goes_on, at=PEOPLE)
    later()
    everything_is_gone(linkedin)


def test_beat_asks_for_another_upload_while_the_file_is_replaced(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=BRIEF)
    work()
    driving.clock.shift(timedelta(minutes=100))
    meeting(lambda: expiry.carry_on(timezone.now()), partial(replace, resume), at=FILES)
    later()
    attached(resume, linkedin, "Another")


def test_whoever_holds_a_resume_holds_the_file_that_it_names_by_then(candidate: Candidate) -> None:
    """It is replaced after its file was looked up, and before that is locked."""
    if database.vendor == "sqlite":
        return  # it locks no rows, and has nobody wait in the middle of a transaction
    resume = resume_of(candidate)
    replaced: list[Any] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if f'FROM "{RESUMES}"' in sql and not replaced:
            replaced.append(None)
            at_once(partial(replace, resume))
        return found

    with transaction.atomic():
        with database.execute_wrapper(watch):
            (locked,) = summary.lock(kinds.get("resume"), [resume.pk])
        assert locked.file_id != resume.file_id
        with pytest.raises(OperationalError, match="could not obtain lock"):
            at_once(partial(_take, locked.file_id))


def test_a_file_is_leased_and_settled_in_its_turn(candidate: Candidate, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another thread of the worker writes its own down (decision 0037)."""
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60.0)
    resume_of(candidate)
    rows, leased, goes_on = Delivery.objects.filter(kind="resume_file"), Event(), Event()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Stop between lease and settle, outside of any transaction."""
        if not (goes_on.is_set() or leased.is_set() or database.in_atomic_block):
            leased.set()  # the question is not watched
            if not rows.exclude(lease="").exists():
                leased.clear()
            else:
                assert goes_on.wait(60)
        return execute(sql, params, many, context)

    def works() -> None:
        with database.execute_wrapper(watch):
            work()

    worker = Thread(target=partial(at_once, works))
    another = clients.open_client(rows.get().connection).resources["resume_files"]
    with turns.taken(another):
        worker.start()
        sleep(0.3)
        assert not rows.exclude(lease="").exists(), "leased without a turn"
    until(lambda: leased.is_set() and rows.exclude(lease="").exists())
    with turns.taken(another):
        goes_on.set()
        sleep(0.8)
        assert rows.exclude(lease="").exists(), "settled without a turn"
    worker.join(60)
    assert rows.get().state == State.SYNCED


def until(happened: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if happened():
            return
        sleep(0.01)
    raise AssertionError("it did not happen")


def _take(key: int) -> None:
    with transaction.atomic():
        ResumeFile.objects.select_for_update(nowait=True).get(pk=key)
