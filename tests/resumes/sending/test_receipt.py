"""What the receipt of an erasure says of files, which no call deletes: when LinkedIn removes each, or that it stays."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection
from talentsync.resumes import replaced
from talentsync.resumes.models import FileReference
from talentsync.resumes.services import Choice
from talentsync.sync.admin import receipts
from talentsync.sync.models import Erasure, Run
from tests.candidates import making as people
from tests.customers.making import LINKEDIN, make_connection
from tests.resumes.sending.making import SEVENTY_TWO_HOURS, how, replace, resume_of
from tests.sync import driving
from tests.sync.driving import pass_by, work
from tests.sync_admin.clicking import page

pytestmark = pytest.mark.django_db


def erased(record: Any) -> Run:
    run = people.ask("erase", record)
    work()
    pass_by(minutes=1)
    assert not type(record)._default_manager.filter(pk=record.pk).exists()
    return run


def written(client: Client, run: Run) -> str:
    """The words of the PDF."""
    file = client.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk]))
    pages = pypdfium2.PdfDocument(file.content)
    return re.sub(r"\s+", " ", " ".join(each.get_textpage().get_text_bounded() for each in pages))


def test_each_file_says_until_when_linkedin_keeps_it(
    candidate: Candidate, linkedin: Linkedin, admin_client: Client
) -> None:
    resume_of(candidate, "kept")
    resume_of(candidate, "ending", choice=SEVENTY_TWO_HOURS)
    work()
    ends = FileReference.objects.get(expires_at__isnull=False).expires_at
    run = erased(candidate)
    assert not FileReference.objects.exists()
    at = receipts.moment(ends)
    for told in (page(admin_client, "sync_run_erasure", run.pk), written(admin_client, run)):
        assert told.count("Not asked: no call deletes it") == 2
        assert f"Removed there by itself at {at}" in told
        assert "Stays there" in told
    shown = page(admin_client, "sync_run_erasure", run.pk)
    assert "Removed there later" in shown
    driving.clock.shift(timedelta(hours=73))
    assert "Removed there later" not in page(admin_client, "sync_run_erasure", run.pk)


def test_a_file_that_was_replaced_here_says_until_when_linkedin_keeps_it(
    candidate: Candidate, linkedin: Linkedin, admin_client: Client
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    ends = FileReference.objects.get().expires_at
    replace(resume, send=False)
    run = erased(candidate)
    for told in (page(admin_client, "sync_run_erasure", run.pk), written(admin_client, run)):
        assert told.count("Not asked: no call deletes it") == 1
        assert f"Removed there by itself at {receipts.moment(ends)}" in told
    assert "All 2 records are removed here and from LinkedIn." in page(admin_client, "sync_run_erasure", run.pk)
    assert not Erasure.objects.filter(erased_at=None).exists()


def test_a_file_that_was_replaced_here_and_is_kept_for_ever_is_said_to_stay(
    candidate: Candidate, linkedin: Linkedin, admin_client: Client
) -> None:
    resume = resume_of(candidate)
    work()
    replace(resume, send=False)
    run = erased(candidate)
    for told in (page(admin_client, "sync_run_erasure", run.pk), written(admin_client, run)):
        assert told.count("Not asked: no call deletes it") == 1
        assert "Stays there" in told


@pytest.mark.parametrize("change", ["replace", "start over"])
def test_every_file_that_a_resume_ever_had_at_linkedin_has_a_line_until_linkedin_removes_it(
    change: str, candidate: Candidate, linkedin: Linkedin
) -> None:
    """Though a newer one was attached in its place."""
    resumes = [resume_of(candidate, choice=SEVENTY_TWO_HOURS), resume_of(candidate, "other")]
    work()
    for resume in resumes:
        if change == "replace":
            replace(resume, f"Another than {resume.pk}", choice=Choice())
        else:
            people.ask("start_over", resume)
    work()
    assert len(linkedin.files) == 4
    driving.clock.shift(timedelta(hours=71))
    replaced.forget(timezone.now())
    run = erased(resumes[0])
    assert Erasure.objects.filter(run=run, kind="resume_file").count() == 2
    driving.clock.shift(timedelta(days=4000))
    replaced.forget(timezone.now())
    run = erased(resumes[1])
    assert list(Erasure.objects.filter(run=run, kind="resume_file").values_list("absent_at", flat=True)) == [None] * 2


def test_a_replaced_file_that_linkedin_has_removed_has_no_line(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=Choice())
    work()
    driving.clock.shift(timedelta(hours=73))
    replaced.forget(timezone.now())
    erased(candidate)
    assert Erasure.objects.get(kind="resume_file").absent_at is None


@pytest.mark.parametrize("whole", [True, False])
def test_a_replaced_file_and_the_one_in_its_place_are_two_lines(
    whole: bool, candidate: Candidate, linkedin: Linkedin
) -> None:
    """The newer one was uploaded, and LinkedIn refuses to attach it."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    other = resume_of(candidate, "other", choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=Choice())
    replace(other, "yet another", send=False)
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    work()
    assert how(resume) == ["done", "done", "done", "failed"]
    run = erased(candidate if whole else resume)
    rows = Erasure.objects.filter(run=run, kind="resume_file")
    assert {row.root_id for row in rows} == {candidate.pk if whole else resume.pk}
    until = [row.absent_at is not None for row in rows]
    assert sorted(until) == ([False, True, True] if whole else [False, True])
    assert len({row.key_hash for row in rows}) == len(rows)


def test_a_receipt_counts_what_was_asked_for(candidate: Candidate, linkedin: Linkedin, admin_client: Client) -> None:
    resume_of(candidate)
    work()
    told = page(admin_client, "sync_run_erasure", erased(candidate).pk)
    assert "All 2 records are removed here and from LinkedIn." in told  # the candidate and the resume
    assert Erasure.objects.count() == 3


def test_a_file_that_linkedin_never_had_has_no_line(candidate: Candidate, linkedin: Linkedin) -> None:
    resume_of(candidate, send=False)
    erased(candidate)
    assert not Erasure.objects.filter(kind="resume_file").exists()


def test_a_file_is_told_for_each_connection_that_it_went_through(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    Connection.objects.update(is_current=False)
    other = {"client_id": "another", "organization_urn": "urn:li:organization:7"}
    linkedin.seed_application(
        client_id="another",
        client_secret=LINKEDIN["client_secret"],
        organizations=[other["organization_urn"]],
        contracts=[LINKEDIN["recruiter_contract_urn"]],
    )
    make_connection(candidate.customer, **other)
    people.ask("send", resume)
    work()
    erased(candidate)
    rows = Erasure.objects.filter(kind="resume_file")
    assert rows.values("connection").distinct().count() == rows.count() == 2


def test_one_resume_is_erased_with_the_line_of_its_file(candidate: Candidate, linkedin: Linkedin) -> None:
    gone = resume_of(candidate, "one", choice=SEVENTY_TWO_HOURS)
    resume_of(candidate, "two")
    work()
    run = erased(gone)
    (row,) = Erasure.objects.filter(kind="resume_file")
    assert (row.run, row.root_id, row.state) == (run, gone.pk, Erasure.State.DONE)
    assert row.absent_at is not None
    assert row.absent_at > timezone.now() >= (row.erased_at or timezone.now()) > row.asked_at
    assert set(row.key_hash) <= set("0123456789abcdef")
