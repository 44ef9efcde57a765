"""The list of resumes, a resume's page, and what a candidate's page says of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.resumes.admin.forms import ResumeForm
from talentsync.resumes.models import FileReference, Resume
from talentsync.resumes.services import Choice
from talentsync.sync import kinds, runs
from talentsync.sync.models import Hold, Run
from tests.candidates.making import make_candidate
from tests.customers.making import make_customer
from tests.resumes.pages.posting import text
from tests.resumes.sending.making import SEVENTY_TWO_HOURS, after, ask, fresh, held, how, replace, resume_of
from tests.sync import driving
from tests.sync.driving import pass_by, work

pytestmark = pytest.mark.django_db

LIST = "admin:resumes_resume_changelist"


def page_of(client: Client, resume: Resume) -> str:
    return text(client.get(reverse("admin:resumes_resume_change", args=[resume.pk])))


def asked(client: Client, resume: Resume, name: str) -> Run:
    """What a button drafts, confirmed on the page that asks."""
    answer = client.post(reverse("admin:resumes_resume_ask", args=[resume.pk, name]))
    assert client.get(answer.url).status_code == 200
    client.post(answer.url, {"destinations": "linkedin"})
    return Run.objects.order_by("-pk")[0]


# the list


def test_the_list_says_when_linkedin_removes_a_file(client: Client, rosa: User, candidate: Candidate) -> None:
    resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    page = text(client.get(reverse(LIST)))
    assert "Ada.pdf" in page
    assert f"{timezone.now() + timedelta(hours=72):%Y}" in re.findall(r"field-removed_there[^<]*>([^<]*)<", page)[0]


def test_the_empty_list_says_what_to_do(client: Client, rosa: User) -> None:
    page = text(client.get(reverse(LIST)))
    assert "No resumes yet" in page
    assert reverse("admin:resumes_resume_add") in page


def test_a_resume_is_found_by_its_candidate(client: Client, rosa: User, candidate: Candidate) -> None:
    resume_of(candidate)
    assert "Ada.pdf" in text(client.get(reverse(LIST), {"q": candidate.last_name[:3]}))
    assert "Ada.pdf" not in text(client.get(reverse(LIST), {"q": "Nobody"}))


def test_the_list_asks_a_constant_number_of_queries(
    client: Client, rosa: User, acme: Customer, candidate: Candidate, django_assert_max_num_queries: Any
) -> None:
    resume_of(candidate)
    with django_assert_max_num_queries(100) as first:
        client.get(reverse(LIST))
    for number in range(2, 8):
        resume_of(make_candidate(acme, f"C-{number}"), choice=SEVENTY_TWO_HOURS)
    with django_assert_max_num_queries(len(first)):
        client.get(reverse(LIST))


# a resume's page


def test_the_page_tells_the_steps_and_when_the_file_goes(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    page = page_of(client, resume)
    assert "LinkedIn removes the file 72 hours after its upload. Then: The resume is deleted from LinkedIn." in page
    assert 'hx-trigger="every 5s"' in page
    work()
    page = page_of(client, resume)
    assert re.search(r"LinkedIn removes the file on \d+ \w+ \d{4}, \d\d:\d\d\. Then:", page)
    assert 'hx-trigger="every 5s"' not in page


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"seconds": 5}, r"for \d+ seconds"),
        ({"minutes": 5}, r"for 5 minutes"),
        ({"hours": 2, "minutes": 5}, r"for 2 hours, 5 minutes"),
        ({"days": 3}, r"for 3 days"),
    ],
)
def test_the_page_says_for_how_long_a_step_has_waited(
    span: dict[str, int], words: str, client: Client, rosa: User, candidate: Candidate
) -> None:
    resume = resume_of(candidate)
    driving.clock.shift(timedelta(**span))
    waiting = rf"Uploaded to LinkedIn</span> <span[^>]*>Waiting</span> <span[^>]*>{words}</span>"
    for address in ("change", "steps"):
        page = text(client.get(reverse(f"admin:resumes_resume_{address}", args=[resume.pk])))
        assert re.search(waiting, page)
        assert len(re.findall(rf">{words}<", page)) == 1  # the steps after it have not begun
    work()
    assert not re.search(r">for \d+", page_of(client, resume))


def test_what_is_kept_says_that_no_call_deletes_it(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    assert "Once it is there, LinkedIn keeps the file: it offers no call that deletes one." in page_of(client, resume)
    work()
    page = page_of(client, resume)
    assert "LinkedIn keeps the file: it offers no call that deletes one." in page
    assert "Once it is there" not in page


def test_try_again_goes_on_from_the_step_that_failed(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate)
    work()
    assert how(resume)[1] == "failed"
    page = page_of(client, resume)
    assert "Needs attention" in page
    assert "Try again…" in page
    asked(client, resume, "try_again")
    work()
    assert how(resume) == ["done"] * 4


def test_start_over_uploads_once_more(client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    before = held(linkedin, resume)
    asked(client, resume, "start_over")
    work()
    assert len(linkedin.files) == 2
    assert held(linkedin, resume) != before


def test_deleting_from_linkedin_keeps_the_file_here(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    asked(client, resume, "delete")
    pass_by(minutes=2)
    work()
    assert held(linkedin, resume) is None
    assert "Removed from LinkedIn. The file stays here." in page_of(client, resume)


def test_what_nobody_sent_says_so(client: Client, rosa: User, candidate: Candidate) -> None:
    assert "Nobody has asked to send it yet." in page_of(client, resume_of(candidate, send=False))


def test_without_a_contract_the_page_says_what_is_missing(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection
) -> None:
    Connection.objects.update(recruiter_contract_urn="")
    resume = resume_of(candidate, send=False)
    assert "has no Recruiter contract. Ask an administrator to enter it." in page_of(client, resume)


def test_a_file_that_failed_for_want_of_a_contract_is_nothing_that_a_recruiter_can_put_right(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection
) -> None:
    resume = resume_of(candidate)
    Connection.objects.update(recruiter_contract_urn="")
    work()
    page = page_of(client, resume)
    assert "An administrator can put it right, at the connection." in page
    assert "You can put it right." not in page


def test_the_same_content_at_the_same_candidate_is_pointed_at(client: Client, rosa: User, candidate: Candidate) -> None:
    first, second = resume_of(candidate, name="First.pdf"), resume_of(candidate, name="Second.pdf")
    assert "The candidate has the same content once more:" in page_of(client, first)
    assert reverse("admin:resumes_resume_change", args=[second.pk]) in page_of(client, first)


def test_what_happens_at_expiry_can_be_changed_and_linkedin_is_not_told(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS, ats_created_at=datetime(2026, 1, 6, tzinfo=UTC))
    work()
    changed_at = fresh(resume).changed_at
    moment = {"ats_created_at_0": "2026-01-07", "ats_created_at_1": "09:00:00"}
    kept = {"ats_created_at_0": "2026-01-06", "ats_created_at_1": "00:00:00"}
    address = reverse("admin:resumes_resume_change", args=[resume.pk])
    client.post(address, {"on_expiry": "again", "external_id": resume.external_id, **kept})
    assert (fresh(resume).on_expiry, fresh(resume).changed_at) == ("again", changed_at)
    client.post(address, {"on_expiry": "again", "external_id": resume.external_id, **moment})
    assert fresh(resume).changed_at > changed_at


def test_a_file_that_is_kept_shortly_cannot_be_uploaded_again_and_again(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    resume = resume_of(candidate, choice=type(SEVENTY_TWO_HOURS)(keep_for=1, keep_unit="MINUTE"))
    address = reverse("admin:resumes_resume_change", args=[resume.pk])
    moment = {"ats_created_at_0": "2026-01-07", "ats_created_at_1": "09:00:00"}
    answer = client.post(address, {"on_expiry": "again", "external_id": resume.external_id, **moment})
    assert "must be kept for an hour at least" in text(answer)


def test_what_cannot_be_of_a_file_that_came_meanwhile_is_told_and_not_saved(
    client: Client, rosa: User, candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    clean = ResumeForm.clean

    def meanwhile(form: ResumeForm) -> dict[str, Any]:
        cleaned = clean(form)
        replace(resume, choice=Choice(keep_for=1, keep_unit="MINUTE"))
        return cleaned

    monkeypatch.setattr(ResumeForm, "clean", meanwhile)
    address = reverse("admin:resumes_resume_change", args=[resume.pk])
    moment = {"ats_created_at_0": "2026-01-07", "ats_created_at_1": "09:00:00"}
    answer = client.post(address, {"on_expiry": "again", "external_id": resume.external_id, **moment})
    assert answer.url == address
    said = "Nothing was saved: the file was replaced in the meantime. A file that is to be uploaded again must be kept"
    assert said in page_of(client, resume)
    assert fresh(resume).on_expiry == "delete"


def test_the_steps_alone_are_refreshed_until_nothing_moves(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    address = reverse("admin:resumes_resume_steps", args=[resume.pk])
    assert "hx-get" in text(client.get(address))
    work()
    assert "hx-get" not in text(client.get(address))
    assert client.post(address).status_code == 405


def test_another_customers_resume_is_not_there(client: Client, rosa: User) -> None:
    theirs = resume_of(make_candidate(make_customer("Theirs"), "C-9"))
    for page in ("steps", "look", "replace"):
        assert client.get(reverse(f"admin:resumes_resume_{page}", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("admin:resumes_resume_download", args=[theirs.pk])).status_code == 404


# elsewhere


def test_the_candidates_page_has_the_resumes_and_the_way_to_upload(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    address = reverse("admin:candidates_candidate_change", args=[candidate.pk])
    assert "No resume yet." in text(client.get(address))
    resume = resume_of(candidate)
    page = text(client.get(address))
    assert reverse("admin:resumes_resume_change", args=[resume.pk]) in page
    assert f"{reverse('admin:resumes_resume_add')}?candidate={candidate.pk}" in page


def test_an_upload_that_failed_stands_on_the_start_page(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    """Its file is what failed, and nobody knows of files by themselves."""
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate)
    work()
    page = text(client.get(reverse("admin:index")))
    assert reverse("admin:resumes_resume_change", args=[resume.pk]) in page
    again = re.findall(r'action="([^"]+/again/)"', page)[0]
    answer = client.post(again)
    assert client.get(answer.url).status_code == 200
    client.post(answer.url, {"destinations": "linkedin"})
    work()
    assert how(resume) == ["done"] * 4
    assert "Nothing needs you." in text(client.get(reverse("admin:index")))


def test_a_reference_of_a_replaced_file_is_not_shown(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=type(SEVENTY_TWO_HOURS)())
    work()
    assert FileReference.objects.count() == 1
    assert "it offers no call that deletes one" in page_of(client, resume)
    ask("delete", resume)


# what is not there any more, or not yet


def test_until_linkedin_has_removed_it_nobody_says_that_it_has(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    ask("delete", resume)
    page = page_of(client, resume)
    assert "Removed from LinkedIn." not in page
    assert "It is to be removed from LinkedIn." in page
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=422, message="Not today")
    pass_by(minutes=2)
    work()
    assert held(linkedin, resume)
    page = page_of(client, resume)
    assert "removed from LinkedIn" not in page
    assert "Not today" in page
    assert how(resume) == ["done"] * 4


def test_a_delete_that_can_still_be_taken_back_says_when_it_begins(
    client: Client, rosa: User, candidate: Candidate
) -> None:
    both = resume_of(candidate), resume_of(candidate, "Bea", name="Bea.pdf")
    work()
    kind = kinds.get("resume")
    run = runs.draft(kind, kind.action("delete"), Resume.objects.all(), by=rosa, now=timezone.now())
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), by=rosa)
    assert "It is deleted at 12:01." in page_of(client, both[0])


def test_a_file_whose_time_is_over_is_not_called_unasked(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    pass_by(hours=73)
    assert how(resume) == ["done", "gone", "gone", "done"]
    page = page_of(client, resume)
    assert "Removed by LinkedIn" in page
    assert "LinkedIn has removed the file on 5 Mar 2026" in page


def test_what_stays_out_is_promised_nothing(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate, choice=type(SEVENTY_TWO_HOURS)(keep_for=72, keep_unit="HOUR", on_expiry="again"))
    work()
    assert "The file is uploaded again before that" in page_of(client, resume).split("ID in your ATS")[0]
    ask("delete", resume)
    work()
    assert "uploaded again" not in page_of(client, resume).split("ID in your ATS")[0]


def test_a_page_says_why_a_resume_was_not_sent(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection
) -> None:
    resume = resume_of(candidate, ats_created_at=datetime(1999, 1, 6, tzinfo=UTC))
    assert "too long ago to be right" in page_of(client, resume)
    Connection.objects.update(recruiter_contract_urn="")
    page = page_of(client, resume)
    assert "Nobody has asked" not in page
    assert "recruiter_contract_urn" not in page
    at_linkedin.delete()
    assert "The customer is not connected to LinkedIn yet." in page_of(client, resume)
    Candidate.objects.update(do_not_send=True)
    assert "The candidate is marked to be kept out of LinkedIn." in page_of(client, resume)


def test_a_replaced_file_that_nobody_sent_is_not_called_attached(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    replace(resume, send=False)
    assert how(resume) == ["done", "not_asked", "not_asked", "not_asked"]
    assert "LinkedIn still has the file from before." in page_of(client, resume)
    ask("send", resume)
    work()
    assert how(resume) == ["done"] * 4
    assert "from before" not in page_of(client, resume)


def test_the_page_says_when_the_file_goes_that_linkedin_still_has(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    """The one in its place is to be kept, and is not attached: the resume goes with the one from before."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    told = "LinkedIn removes the file from before on 5 Mar 2026"
    assert "from before" not in page_of(client, resume)
    replace(resume, choice=Choice(), send=False)
    assert told in page_of(client, resume)
    assert "Then: The resume is deleted from LinkedIn." in page_of(client, resume)
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=422, message="No")
    ask("send", resume)
    work()
    assert how(resume) == ["done", "done", "done", "failed"]
    assert told in page_of(client, resume)
    ask("try_again", resume)
    work()
    assert how(resume) == ["done"] * 4
    assert "from before" not in page_of(client, resume)


def test_the_page_says_when_the_file_went_that_linkedin_named(
    client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Its delete waits for somebody who has stopped all sending."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=Choice(), send=False)
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    after(hours=73)
    page = page_of(client, resume)
    assert "LinkedIn has removed the file from before on 5 Mar 2026" in page
    assert "LinkedIn removes the file" not in page


def test_a_request_whose_file_failed_says_so_and_tries_it_again(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate, by=rosa)
    work()
    run = Run.objects.get()
    page = client.get(reverse("admin:sync_run_change", args=[run.pk]))
    assert "Try what failed again…" in text(page)
    assert page.context["tiles"] == [("Needs attention", "1")]
    answer = client.post(reverse("admin:sync_run_again", args=[run.pk]))
    client.post(answer.url, {"destinations": "linkedin"})
    work()
    assert how(resume) == ["done"] * 4
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, 1)


@pytest.mark.parametrize("action", ["delete", "try_again"])
def test_a_delete_that_waits_does_not_need_attention_because_the_file_behind_it_failed(
    action: str, client: Client, rosa: User, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Somebody sends it again, with another file that LinkedIn refuses, before the delete has gone."""
    resume = resume_of(candidate)
    work()
    if action == "try_again":
        linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
        ask("delete", resume)
        work()
    stop = Hold.objects.create(connection=at_linkedin, kind="resume", reason="Wait.")
    delete = asked(client, resume, action)
    replace(resume, send=False)
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    again = asked(client, resume, "send_again")
    work()
    assert how(resume)[1] == "failed"
    assert tiles(client, delete) == [("Waiting", "1")]
    assert tiles(client, again) == [("Needs attention", "1")]
    stop.delete()
    work()
    assert held(linkedin, resume) is None
    assert tiles(client, delete) == [("Done", "1")]
    assert tiles(client, again) == [("Needs attention", "1")]


def tiles(client: Client, run: Run) -> Any:
    return client.get(reverse("admin:sync_run_change", args=[run.pk])).context["tiles"]


def test_the_id_of_a_candidate_cannot_change_once_linkedin_knows_a_resume_by_it(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    """Nobody has sent the candidate from here: the CRM has."""
    page = reverse("admin:candidates_candidate_change", args=[candidate.pk])
    resume = resume_of(candidate, send=False)
    assert 'name="external_id"' in text(client.get(page))
    ask("send", resume)
    work()
    assert 'name="external_id"' not in text(client.get(page))
    ask("delete", resume)
    work()
    assert 'name="external_id"' not in text(client.get(page))


def test_the_id_of_a_candidate_cannot_change_while_linkedin_may_know_a_resume_by_it(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    """The first try arrived, as nobody here can know, and the second one was refused."""
    pages = [reverse("admin:candidates_candidate_change", args=[candidate.pk])]
    resume = resume_of(candidate)
    pages.append(reverse("admin:resumes_resume_change", args=[resume.pk]))
    linkedin.next("hang_up", endpoint="tcrmCandidateResumes", applied=True)
    work()
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=422, message="No")
    pass_by(minutes=5)
    assert how(resume) == ["done", "done", "done", "failed"]
    assert held(linkedin, resume)
    assert [page for page in pages if 'name="external_id"' in text(client.get(page))] == []


def test_the_id_of_a_candidate_that_linkedin_does_not_know_can_be_put_right(
    client: Client, rosa: User, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=422, message="No")
    work()
    assert how(resume) == ["done", "done", "done", "failed"]
    assert 'name="external_id"' in text(client.get(reverse("admin:candidates_candidate_change", args=[candidate.pk])))
