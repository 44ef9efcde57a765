"""The page on which files come in: several at once, refused one by one, and never twice."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer, TimeUnit
from talentsync.resumes import checking
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.resumes.refusals import Refused
from talentsync.resumes.services import Choice
from tests.candidates.making import make_candidate
from tests.customers.making import make_customer, make_user
from tests.imports import meddling
from tests.resumes.pages.posting import ADD, BY_SCRIPT, a_file, replace, text, upload
from tests.resumes.sending.making import (
    SEVENTY_TWO_HOURS,
    ask,
    content,
    fresh,
    held,
    how,
    lose_files,
    reference,
    resume_of,
    stored,
)
from tests.resumes.test_checking import REFUSED
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


def test_files_go_to_linkedin_by_themselves(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    answer = upload(client, candidate, a_file(), a_file("Bea.pdf", content("Bea")))
    resumes = list(Resume.objects.order_by("pk"))
    keys = ",".join(str(each.pk) for each in resumes)
    assert answer.url == f"{reverse(ADD)}?candidate={candidate.pk}&uploaded={keys}"
    work()
    assert [how(each)[-1] for each in resumes] == ["done", "done"]
    assert all(held(linkedin, each) for each in resumes)
    page = text(client.get(answer.url))
    assert page.count("Attached to the candidate") == 2
    assert "Ada.pdf" in page
    assert "Bea.pdf" in page


def test_a_bad_file_stops_no_other(client: Client, rosa: User, candidate: Candidate) -> None:
    page = text(upload(client, candidate, a_file("cv.docx", b"PK\3\4[Content_Types].xml word/"), a_file()))
    assert "Not taken" in page
    assert "Checked" in page
    assert [each.file.name for each in Resume.objects.all()] == ["Ada.pdf"]


@pytest.mark.parametrize("door", ["script", "form", "replace"])
def test_each_refused_file_is_told_what_to_do(door: str, client: Client, rosa: User, candidate: Candidate) -> None:
    there = resume_of(candidate)
    doors = {
        "script": lambda file: upload(client, candidate, file, headers=BY_SCRIPT),
        "form": lambda file: upload(client, candidate, file),
        "replace": lambda file: replace(client, there, file),
    }
    for label, (name, body, _code) in REFUSED.items():
        with pytest.raises(Refused) as refused:
            checking.check(io.BytesIO(body), name)
        answer = doors[door](a_file(name, body))
        assert answer.status_code == 200, label
        assert f">{escape(refused.value.sentence)}</" in text(answer), label
    assert (Resume.objects.get().file_id, stored()) == (there.file_id, [there.file.stored_as])


def test_a_form_that_comes_twice_makes_one_resume(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    token = uuid4()
    for _ in range(2):
        answer = upload(client, candidate, a_file(), token=token)
    assert "Nothing was done twice." in text(answer)
    work()
    assert (Resume.objects.count(), len(linkedin.files)) == (1, 1)


def test_the_same_content_once_more_is_said(client: Client, rosa: User, candidate: Candidate) -> None:
    resume_of(candidate)
    answer = upload(client, candidate, a_file("again.pdf"))
    assert "The candidate has this content already, as Ada.pdf." in text(answer)
    assert Resume.objects.count() == 2


def test_by_script_a_file_gets_a_line_of_its_own(client: Client, rosa: User, candidate: Candidate) -> None:
    answer = upload(client, candidate, a_file("<b>.pdf"), headers=BY_SCRIPT)
    assert answer.status_code == 200
    resume = Resume.objects.get()
    assert f'data-resume="{resume.pk}"' in text(answer)
    assert f'hx-get="{reverse("admin:resumes_resume_steps", args=[resume.pk])}"' in text(answer)
    assert "<b>.pdf" not in text(answer)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"candidate": ""}, "This field is required."),
        ({"keep": "remove", "keep_for": ""}, "Enter after how long LinkedIn removes the file."),
        ({"keep": "remove", "keep_for": "0"}, "greater than or equal to 1"),
        ({"keep": "remove", "keep_for": "many"}, "Enter a whole number."),
        ({"keep": "remove", "keep_for": "30", "keep_unit": "MINUTE", "on_expiry": "again"}, "for an hour at least"),
        ({"keep": "remove", "keep_for": "9" * 30, "keep_unit": "YEAR"}, "less than or equal to"),
        ({"keep": "never"}, "is not one of the available choices"),
        ({"ats_created_at": "yesterday"}, "Enter a valid date/time."),
        ({"external_id": "x" * 201}, "at most 200 characters"),
        ({"token": "none"}, "Enter a valid UUID."),
    ],
)
def test_what_is_wrong_with_the_answers_is_said_and_nothing_is_taken(
    answers: dict[str, Any], words: str, client: Client, rosa: User, candidate: Candidate
) -> None:
    assert words in text(upload(client, candidate, a_file(), **answers))
    assert words in text(upload(client, candidate, a_file(), headers=BY_SCRIPT, **answers))
    assert (Resume.objects.count(), stored()) == (0, [])


def test_without_a_file_the_page_asks_for_one(client: Client, rosa: User, candidate: Candidate) -> None:
    assert "Choose a file." in text(upload(client, candidate))


def test_several_files_cannot_share_an_id(client: Client, rosa: User, candidate: Candidate) -> None:
    files = a_file(), a_file("Bea.pdf", content("Bea"))
    assert "Several files cannot share one ID." in text(upload(client, candidate, *files, external_id="R-1"))


def test_the_id_of_the_ats_is_kept(client: Client, rosa: User, candidate: Candidate) -> None:
    upload(client, candidate, a_file(), external_id="R-1", ats_created_at="2026-01-07T09:30")
    resume = Resume.objects.get()
    assert (resume.external_id, resume.ats_created_at.isoformat()) == ("R-1", "2026-01-07T09:30:00+00:00")
    answer = upload(client, candidate, a_file("Bea.pdf", content("Bea")), external_id="R-1")
    assert "Open that one and use Replace file." in text(answer)


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"keep": "usual"}, (30, "DAY", "again")),
        ({"keep": "always"}, (None, "", "delete")),
        ({"keep": "remove", "keep_for": "72", "keep_unit": "HOUR", "on_expiry": "delete"}, (72, "HOUR", "delete")),
        ({"keep": "remove", "keep_for": "2", "keep_unit": "WEEK", "on_expiry": "again"}, (2, "WEEK", "again")),
    ],
)
def test_how_long_linkedin_keeps_it_is_as_chosen(
    answers: dict[str, Any], kept: tuple[Any, ...], client: Client, rosa: User, candidate: Candidate, acme: Customer
) -> None:
    acme.resumes_kept_for, acme.resumes_kept_unit, acme.resumes_on_expiry = 30, "DAY", "again"
    acme.save()
    upload(client, candidate, a_file(), **answers)
    resume = Resume.objects.get()
    assert (resume.file.keep_for, resume.file.keep_unit, resume.on_expiry) == kept


KEPT = {
    TimeUnit.MILLISECOND: (10_800_000, timedelta(hours=3)),
    TimeUnit.SECOND: (10_800, timedelta(hours=3)),
    TimeUnit.MINUTE: (180, timedelta(hours=3)),
    TimeUnit.HOUR: (3, timedelta(hours=3)),
    TimeUnit.DAY: (3, timedelta(days=3)),
    TimeUnit.WEEK: (3, timedelta(weeks=3)),
    TimeUnit.MONTH: (3, timedelta(days=3 * 28)),  # as short as months can be
    TimeUnit.YEAR: (3, timedelta(days=3 * 365)),
}


@pytest.mark.parametrize("unit", TimeUnit)
def test_every_unit_comes_to_linkedin_as_it_was_chosen(
    unit: TimeUnit, client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    number, at_least = KEPT[unit]
    chosen = {"keep": "remove", "keep_for": number, "keep_unit": unit.value, "on_expiry": "delete"}
    answer = upload(client, candidate, a_file(), **chosen)
    assert f"{number:,} {unit.label} after its upload" in text(client.get(answer.url))
    work()
    (call,) = linkedin.calls_to("hireMediaUrl")
    assert call.sent["blobTtl"] == {"duration": number, "unit": unit.value}
    kept = reference(Resume.objects.get())
    assert kept.expires_at == kept.uploaded_at + at_least
    assert "LinkedIn removes the file on" in text(client.get(answer.url))


def test_the_page_says_what_was_chosen_for_the_customer(
    client: Client, rosa: User, candidate: Candidate, acme: Customer
) -> None:
    acme.resumes_kept_for, acme.resumes_kept_unit = 72, "HOUR"
    acme.save()
    page = text(client.get(reverse(ADD), {"candidate": candidate.pk}))
    assert "removed after 72 hours. The resume is deleted from LinkedIn." in page
    assert "Files are not scanned for viruses here." in page


def test_where_a_scanner_looks_the_page_says_so(client: Client, rosa: User, settings: Any) -> None:
    settings.RESUME_SCANNER = "tests.resumes.test_scanning.nothing_found"
    assert "Files are scanned for viruses before they are taken." in text(client.get(reverse(ADD)))


def test_without_a_connection_the_file_is_kept_and_that_is_said(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection
) -> None:
    at_linkedin.delete()
    assert "Not sent: the customer is not connected to LinkedIn yet." in text(upload(client, candidate, a_file()))
    assert Resume.objects.count() == 1


def test_who_may_not_send_uploads_without_sending(
    client: Client, acme: Customer, candidate: Candidate, linkedin: Linkedin
) -> None:
    clerk = make_user("clerk", of=(acme,))
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["add_resume", "view_resume", "view_candidate"]))
    client.force_login(clerk)
    assert "Not sent: you may not send to LinkedIn." in text(upload(client, candidate, a_file()))
    work()
    assert (Resume.objects.count(), linkedin.files) == (1, [])


def test_a_file_cannot_be_given_to_another_customers_candidate(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    theirs = make_candidate(make_customer("Theirs"), "C-9")
    answer = upload(client, theirs, a_file())
    assert "Select a valid choice." in text(answer)
    assert Resume.objects.count() == 0
    assert theirs.external_id not in text(client.get(reverse(ADD), {"candidate": theirs.pk}))


def test_another_customers_resumes_are_not_shown(client: Client, rosa: User, candidate: Candidate) -> None:
    theirs = resume_of(make_candidate(make_customer("Theirs"), "C-9"), name="Secret.pdf")
    page = text(client.get(reverse(ADD), {"uploaded": f"{theirs.pk},nonsense,-1,{10**30}"}))
    assert "Secret.pdf" not in page


# another file instead


def test_another_file_takes_its_place(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin, django_capture_on_commit_callbacks: Any
) -> None:
    resume = resume_of(candidate)
    work()
    before = held(linkedin, resume)
    with django_capture_on_commit_callbacks(execute=True):  # a file goes after its row
        answer = replace(client, resume, a_file("Better.pdf", content("Better")))
    assert answer.url == reverse("admin:resumes_resume_change", args=[resume.pk])
    work()
    assert held(linkedin, resume) != before
    assert (fresh(resume).file.name, ResumeFile.objects.count(), len(stored())) == ("Better.pdf", 1, 1)


def test_a_refused_replacement_changes_nothing(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    assert "The file is empty." in text(replace(client, resume, a_file("empty.pdf", b"")))
    assert fresh(resume).file_id == resume.file_id


def test_replacing_by_the_same_file_says_so(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    answer = replace(client, resume, a_file())
    assert "Nothing was done twice." in text(client.get(answer.url))


def test_a_time_that_linkedin_refuses_is_chosen_anew_with_the_same_file(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    refusal = "ERROR :: /blobTtl/duration :: 72 is out of range"
    linkedin.next("status", endpoint="hireMediaUrl", status=422, message=refusal)
    upload(client, candidate, a_file(), keep="remove", keep_for="72", keep_unit="HOUR")
    resume = Resume.objects.get()
    work()
    page = text(client.get(reverse("admin:resumes_resume_change", args=[resume.pk])))
    assert "Use Replace file with the same file, and choose another time there, or to keep it." in page
    replace(client, resume, a_file(), keep="always")
    work()
    assert (how(resume), linkedin.calls_to("hireMediaUrl")[-1].sent.get("blobTtl")) == (["done"] * 4, None)


def test_what_was_chosen_while_the_file_was_scanned_stays(
    client: Client, rosa: User, candidate: Candidate, settings: Any
) -> None:
    settings.RESUME_SCANNER = "tests.imports.meddling.scan"
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    meddling.once.append(lambda: Resume.objects.update(on_expiry="again"))
    replace(client, resume, a_file("Better.pdf", content("Better")))
    assert (fresh(resume).file.name, fresh(resume).on_expiry) == ("Better.pdf", "again")


def test_a_choice_that_cannot_be_by_the_time_the_file_is_scanned_is_told(
    client: Client, rosa: User, candidate: Candidate, settings: Any
) -> None:
    settings.RESUME_SCANNER = "tests.imports.meddling.scan"
    resume = resume_of(candidate, choice=Choice(keep_for=1, keep_unit="MINUTE"))
    meddling.once.append(lambda: Resume.objects.update(on_expiry="again"))
    answer = replace(client, resume, a_file("Better.pdf", content("Better")))
    assert "must be kept for an hour at least" in text(answer)
    assert len(stored()) == 1


def test_a_file_that_was_lost_here_is_put_back_and_not_said_to_be_there(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    resume = resume_of(candidate)
    lose_files()
    said = text(client.get(replace(client, resume, a_file()).url))
    assert "The file is replaced." in said
    assert "Nothing was done twice." not in said
    assert stored() == [fresh(resume).file.stored_as]


@pytest.mark.parametrize("door", ["upload", "replace"])
def test_the_same_file_is_sent_by_whoever_may_send_and_the_page_says_so(
    door: str, client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, external_id="R-1", send=False)
    if door == "upload":
        said = text(upload(client, candidate, a_file(), external_id="R-1"))
    else:
        said = text(client.get(replace(client, resume, a_file()).url))
    assert "This very file is here already. It is sent now." in said
    work()
    assert (how(resume)[-1], Resume.objects.count(), len(linkedin.files)) == ("done", 1, 1)


def test_the_same_file_that_stays_out_is_said_to(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    ask("delete", resume)
    work()
    said = text(client.get(replace(client, resume, a_file()).url))
    assert "This very file is here already. Not sent: It was removed from LinkedIn" in said


def test_the_same_file_under_its_id_takes_another_choice(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    for answers in ({"keep": "always"}, {"keep": "remove", "keep_for": "72", "keep_unit": "HOUR"}):
        answer = upload(client, candidate, a_file(), external_id="R-1", **answers)
        assert answer.status_code == 302
        work()
    resume = Resume.objects.get()
    assert (resume.file.keep_for, how(resume)) == (72, ["done"] * 4)


# what is kept here and does not go


@pytest.mark.parametrize("by_script", [True, False])
def test_whoever_is_kept_out_is_not_sent_and_the_page_says_so(
    by_script: bool, client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    Candidate.objects.update(do_not_send=True)
    answer = upload(client, candidate, a_file(), headers=BY_SCRIPT if by_script else None)
    assert "Not sent: The candidate is marked to be kept out of LinkedIn." in text(answer)
    work()
    assert (Resume.objects.count(), linkedin.files) == (1, [])


def test_without_a_contract_the_file_is_kept_and_that_is_said(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection
) -> None:
    Connection.objects.update(recruiter_contract_urn="")
    answer = upload(client, candidate, a_file())
    assert "Not sent: The connection to LinkedIn has no Recruiter contract." in text(answer)
    assert "Nobody has asked" not in text(answer)


@pytest.mark.parametrize("key", ["9" * 5000, "9" * 30, "²", "1\0", "-1", "nobody"])
def test_a_candidate_that_nobody_can_be_is_no_traceback(
    key: str, client: Client, rosa: User, candidate: Candidate
) -> None:
    assert client.get(reverse(ADD), {"candidate": key}).status_code == 200
    answer = client.post(reverse(ADD), {"candidate": key, "keep": "usual", "token": uuid4(), "file": a_file()})
    assert "Select a valid choice." in text(answer)
    assert (Resume.objects.count(), stored()) == (0, [])


def test_a_customers_choice_that_cannot_be_is_told_and_not_a_traceback(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    Customer.objects.update(resumes_kept_for=30, resumes_kept_unit="MINUTE", resumes_on_expiry="again")
    assert text(upload(client, candidate, a_file())).count("must be kept for an hour at least") == 1
    assert (Resume.objects.count(), stored()) == (0, [])


def test_a_choice_of_the_file_before_that_cannot_be_is_told_and_not_a_traceback(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    """It was stored before it was refused."""
    resume = resume_of(candidate)
    ResumeFile.objects.update(keep_for=1, keep_unit="MINUTE")
    Resume.objects.update(on_expiry="again")
    answer = replace(client, resume, a_file("Better.pdf", content("Better")))
    assert text(answer).count("must be kept for an hour at least") == 1
    assert (fresh(resume).file_id, len(stored())) == (resume.file_id, 1)


def test_another_file_for_what_was_removed_is_kept_here_and_that_is_said(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    ask("delete", resume)
    work()
    answer = replace(client, resume, a_file("Better.pdf", content("Better")))
    said = text(client.get(answer.url))
    assert "Not sent: It was removed from LinkedIn and stays out until somebody uses Send again." in said
    work()
    assert (held(linkedin, resume), len(linkedin.files)) == (None, 1)
