"""A person who is erased leaves no file behind: neither bytes, nor rows, nor what was told of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection
from talentsync.resumes.models import FileReference, Resume, ResumeFile
from talentsync.sync.models import AttemptItem, Delivery, Erasure, Lane, Run, Snapshot
from talentsync.sync.states import RemoteState, State
from tests.candidates import making as people
from tests.candidates.making import make_candidate
from tests.resumes.sending.making import ENDPOINT, fresh, held, resume_of, stored
from tests.sync.driving import pass_by, work

pytestmark = pytest.mark.django_db(transaction=True)


def nothing_is_left() -> bool:
    rows = (ResumeFile, Resume, FileReference, Delivery, Snapshot, AttemptItem)
    return not any(each.objects.exists() for each in rows) and stored() == []


def erased(*records: Any, **options: Any) -> Run:
    run = people.ask("erase", list(records), **options)
    work()
    pass_by(minutes=1)
    return run


def test_a_candidate_goes_with_resumes_and_files(candidate: Candidate, linkedin: Linkedin) -> None:
    people.ask("send", candidate)
    resume_of(candidate)
    work()
    erased(candidate)
    assert not Candidate.objects.exists()
    assert nothing_is_left()
    assert linkedin.count(ENDPOINT) == linkedin.count("atsCandidates") == 0
    kinds = {"candidate", "resume", "resume_file"}
    assert set(Erasure.objects.values_list("kind", "state")) == {(kind, "done") for kind in kinds}


def test_whoever_is_erased_before_the_upload_leaves_no_file_at_linkedin(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume_of(candidate)
    erased(candidate)
    assert linkedin.files == []
    assert nothing_is_left()


def test_resumes_are_deleted_before_their_candidate(candidate: Candidate, linkedin: Linkedin) -> None:
    people.ask("send", candidate)
    resume = resume_of(candidate)
    work()
    linkedin.next("status", endpoint=ENDPOINT, status=503, method="DELETE")
    people.ask("delete", candidate)
    work()
    assert linkedin.count("atsCandidates") == 1
    pass_by(minutes=1)
    assert linkedin.count("atsCandidates") == linkedin.count(ENDPOINT) == 0
    assert held(linkedin, resume) is None
    assert len(stored()) == 1


def test_a_refused_delete_is_tried_again_without_sending_the_file(candidate: Candidate, linkedin: Linkedin) -> None:
    people.ask("send", candidate)
    resume = resume_of(candidate)
    work()
    linkedin.always("reject", match=resume.external_id, status=422, message="It is frozen.")
    people.ask("delete", resume)
    work()
    linkedin.calm()
    Connection.objects.update(is_current=False)
    Delivery.objects.filter(kind="resume_file").update(remote_state=RemoteState.ABSENT, state=State.IDLE)
    people.ask("try_again", resume)
    work()
    assert held(linkedin, resume) is None
    assert Delivery.objects.get(kind="resume_file").state == State.IDLE


def test_one_resume_is_erased_and_the_others_stay(candidate: Candidate, linkedin: Linkedin) -> None:
    gone, kept = resume_of(candidate, "one"), resume_of(candidate, "two")
    work()
    erased(gone)
    assert list(Resume.objects.all()) == [kept]
    assert list(ResumeFile.objects.all()) == [fresh(kept).file]
    assert stored() == [kept.file.stored_as]
    assert held(linkedin, kept)


def test_a_person_whose_file_is_just_travelling_is_waited_for(candidate: Candidate) -> None:
    resume_of(candidate)
    Delivery.objects.filter(kind="resume_file").update(lease="somebody")
    ends = timezone.now() + timedelta(minutes=4)
    Lane.objects.filter(kind="resume_file").update(lease_name="somebody", lease_ends_at=ends)
    erased(candidate, at_once=True)
    assert Candidate.objects.exists()
    assert len(stored()) == 1
    pass_by(minutes=5)
    pass_by(minutes=5)
    assert not Candidate.objects.exists()
    assert not ResumeFile.objects.exists()
    assert stored() == []


def test_others_keep_their_files(candidate: Candidate) -> None:
    other = make_candidate(candidate.customer, "C-2")
    resume_of(candidate)
    kept = resume_of(other)
    work()
    erased(candidate)
    assert stored() == [kept.file.stored_as]
    assert Delivery.objects.filter(kind="resume_file").count() == 1
