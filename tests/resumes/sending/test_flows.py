"""A resume, from the upload here to what LinkedIn holds: the file first, then the resume that names it."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, LinkedInStatus
from talentsync.candidates.records import milliseconds
from talentsync.core.models import AuditEvent
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.resumes import orphans, services, steps, storage
from talentsync.resumes.models import FileReference, Resume, ResumeFile
from talentsync.resumes.refusals import Refused
from talentsync.sync import engine, history, kinds, settling
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Lane, Run
from talentsync.sync.states import UNFINISHED, RemoteState, State
from tests.candidates import making as people
from tests.candidates.making import delivery, make_candidate, make_candidates
from tests.resumes.sending.making import (
    SEVENTY_TWO_HOURS,
    ask,
    content,
    fresh,
    held,
    how,
    journey,
    leased_file,
    lose_files,
    reference,
    replace,
    resume_of,
    stored,
    upload,
)
from tests.sync.driving import pass_by, work

pytestmark = pytest.mark.django_db(transaction=True)

DONE = ["done"] * 4


# uploading


def test_a_file_is_uploaded_and_attached_to_its_candidate(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    assert how(resume) == ["done", "waiting", "waiting", "waiting"]
    work()
    assert how(resume) == DONE
    (file,) = linkedin.files
    assert (file["file_name"], file["content_type"]) == ("Ada.pdf", "application/pdf")
    assert file["sha256"] == hashlib.sha256(content()).hexdigest()
    urn = reference(resume).urn
    assert urn == f"urn:li:ambryBlob:{file['location']}"
    milliseconds = int(resume.ats_created_at.timestamp() * 1000)
    assert held(linkedin, resume) == {"resumeFile": urn, "tcrmCreatedAt": milliseconds}
    assert fresh(resume).linkedin_status == LinkedInStatus.SENT
    assert Run.objects.get().state == Run.State.DONE


def test_the_candidate_need_not_be_sent_from_here(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    assert not Delivery.objects.filter(kind="candidate").exists()
    assert held(linkedin, resume)


def test_a_candidate_that_is_on_its_way_is_waited_for(candidate: Candidate, linkedin: Linkedin) -> None:
    linkedin.always("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    people.ask("send", candidate)
    work()
    resume = resume_of(candidate)
    work()
    assert how(resume) == ["done", "done", "done", "waiting"]
    said = "It waits for the candidate Ada Sample C-1. That one needs attention first."
    assert str(journey(resume).steps[3].why_not_yet) == said


def test_resumes_of_many_candidates_share_a_call(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    resumes = [resume_of(each, external_id="R-1", send=False) for each in make_candidates(acme, 30)]
    people.ask("send", resumes)
    work()
    assert all(held(linkedin, each) for each in resumes)
    calls = Attempt.objects.filter(kind="resume")
    assert [(call.n_records, call.tunneled) for call in calls] == [(30, True)]


def test_four_files_are_uploaded_at_a_time(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    resumes = [resume_of(each) for each in make_candidates(acme, 6)]
    kind, lanes = kinds.get("resume_file"), Lane.objects.filter(kind="resume_file")
    assert sorted(lanes.values_list("shard", flat=True)) == [0, 1, 2, 3]
    for lane in lanes:
        mine = Delivery.objects.of_lane(lane).values_list("object_id", flat=True)
        assert {kind.shard_of(pk) for pk in mine} <= {lane.shard}
    work()
    assert all(how(each) == DONE for each in resumes)
    assert set(Attempt.objects.filter(kind="resume_file").values_list("n_records", flat=True)) == {1}


def test_what_is_due_in_a_shard_is_found_by_the_index_of_claims(candidate: Candidate) -> None:
    resume_of(candidate)
    lane = Lane.objects.filter(kind="resume_file").latest("pk")
    due = Delivery.objects.of_lane(lane).due(timezone.now()).order_by("priority", "due_at", "pk")
    if database.vendor == "sqlite":
        assert "USING INDEX sync_delivery_claim (connection_id=? AND kind=?" in due.explain()
        return
    with transaction.atomic(), database.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of so few rows it would read all
        plan = due.explain()
    assert "sync_delivery_claim" in plan
    assert re.search(r"Index Cond: .*\(connection_id = \d+\) AND .*\(kind\)", plan)


def test_a_lease_over_files_outlasts_the_largest_of_them(at_linkedin: Connection, settings: Any) -> None:
    resources = clients.open_client(at_linkedin).resources
    files, others = resources["resume_files"], resources["resumes"]
    assert engine.deadline_of(files).total_seconds() == files.pace.seconds(10 * 1024 * 1024) == 140
    spare = {engine.lease_of(each) - engine.deadline_of(each) for each in (files, others)}
    assert spare == {timedelta(seconds=settings.LEASE_SECONDS - settings.WALL_DEADLINE_SECONDS)}


def test_a_resume_without_an_id_gets_one(candidate: Candidate) -> None:
    assert len(resume_of(candidate).external_id) == 36
    assert resume_of(candidate, external_id="R-1").external_id == "R-1"


def test_the_same_content_twice_is_said_and_not_refused(acme: Customer, candidate: Candidate) -> None:
    first = resume_of(candidate)
    assert upload(candidate).same == [first]
    assert upload(make_candidate(acme, "C-2")).same == []


def test_a_file_that_is_refused_leaves_nothing(candidate: Candidate) -> None:
    with pytest.raises(Refused):
        services.upload(candidate, io.BytesIO(b""), "Ada.pdf", by=None)
    assert (stored(), ResumeFile.objects.count()) == ([], 0)


def test_a_row_that_cannot_be_written_leaves_no_file(candidate: Candidate) -> None:
    with pytest.raises(ValidationError):
        upload(candidate, external_id="R-1", ats_created_at="no moment")
    assert (stored(), ResumeFile.objects.count()) == ([], 0)


def test_what_is_uploaded_twice_under_one_id_is_one_resume(candidate: Candidate) -> None:
    """A second click, a second tab."""
    first = upload(candidate, external_id="R-1")
    again = upload(candidate, external_id="R-1")
    assert (again.resume, again.was_there, again.run) == (first.resume, True, None)
    assert len(stored()) == ResumeFile.objects.count() == 1


def test_an_id_that_another_file_has_is_refused(candidate: Candidate) -> None:
    resume_of(candidate, external_id="R-1")
    with pytest.raises(Refused, match="id_taken"):
        upload(candidate, "Another", external_id="R-1")
    assert len(stored()) == ResumeFile.objects.count() == 1


def test_replacing_a_file_by_itself_does_nothing(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    again = services.replace(resume, io.BytesIO(content()), "Ada.pdf", by=None)
    work()
    assert (again.was_there, len(linkedin.files), len(stored())) == (True, 1, 1)


def test_the_same_file_asks_for_what_nobody_has_asked_for_and_asks_once(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Whoever uploaded it was not allowed to send."""
    resume = resume_of(candidate, send=False)
    asked = replace(resume, "Ada")
    again = replace(resume, "Ada")
    assert (asked.was_there, again.was_there, again.run) == (True, True, None)
    work()
    assert how(resume) == DONE
    assert replace(resume, "Ada").run is None
    assert Run.objects.get() == asked.run


def test_the_same_file_asks_again_for_what_got_stuck(candidate: Candidate, linkedin: Linkedin) -> None:
    linkedin.next("status", status=413, endpoint="ambry", message="Too big")
    resume = resume_of(candidate, external_id="R-1")
    work()
    assert how(resume)[1] == "failed"
    assert upload(candidate, external_id="R-1").run is not None
    work()
    assert how(resume) == DONE


def test_the_same_file_sends_what_was_put_in_its_place_and_not_sent(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    replace(resume, send=False)
    assert replace(resume).was_there
    work()
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_the_same_file_with_another_choice_takes_its_place(candidate: Candidate, linkedin: Linkedin) -> None:
    first = upload(candidate, external_id="R-1").resume
    work()
    again = upload(candidate, external_id="R-1", choice=SEVENTY_TWO_HOURS)
    assert (again.resume, again.was_there) == (first, False)
    work()
    assert (fresh(first).file.keep_for, len(stored())) == (72, 1)
    assert linkedin.calls_to("hireMediaUrl")[-1].sent["blobTtl"] == {"duration": 72, "unit": "HOUR"}
    assert held(linkedin, first)["resumeFile"] == reference(first).urn


@pytest.mark.parametrize("choice", [None, SEVENTY_TWO_HOURS])
def test_the_same_file_under_its_id_takes_another_day_over(
    choice: services.Choice | None, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, external_id="R-1")
    work()
    day = fresh(resume).ats_created_at - timedelta(days=9)
    assert not upload(candidate, external_id="R-1", choice=choice, ats_created_at=day).was_there
    work()
    assert fresh(resume).ats_created_at == day
    assert held(linkedin, resume)["tcrmCreatedAt"] == milliseconds(day)
    assert len(linkedin.files) == (1 if choice is None else 2)
    assert upload(candidate, external_id="R-1", ats_created_at=day).was_there
    assert stored() == [fresh(resume).file.stored_as]


def test_who_is_kept_out_is_kept_out_with_their_files(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(make_candidate(acme, do_not_send=True))
    work()
    assert linkedin.files == []
    assert how(resume) == ["done", "not_asked", "not_asked", "not_asked"]


def test_without_a_contract_nothing_is_sent_and_a_sentence_says_why(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    Connection.objects.update(recruiter_contract_urn="")
    run = upload(candidate).run
    work()
    assert linkedin.files == []
    assert run is not None
    code = run.items.get().reason
    assert kinds.get("resume").sentences[code].startswith("The connection to LinkedIn has no Recruiter contract.")


def test_without_a_connection_the_resume_is_kept_here(acme: Customer) -> None:
    uploaded = upload(make_candidate(acme))
    assert uploaded.run is None
    assert fresh(uploaded.resume).linkedin_status == LinkedInStatus.NOT_SENT


# what fails


def test_an_upload_that_is_refused_holds_its_resume_up_and_is_tried_again(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    mood = {"status": 413, "endpoint": "ambry", "message": "Too big"}
    linkedin.next("status", **mood)
    resume = resume_of(candidate)
    work()
    assert how(resume) == ["done", "failed", "waiting", "waiting"]
    trouble = journey(resume).steps[1].trouble
    assert trouble is not None
    assert "too large" in str(trouble.meaning)
    assert str(journey(resume).steps[3].why_not_yet) == "It waits for the file Ada.pdf. That one needs attention first."
    assert fresh(resume).sync_trouble == "rejected"
    ask("try_again", resume)
    work()
    assert how(resume) == DONE
    assert fresh(resume).sync_trouble == ""


def test_a_resume_that_is_refused_is_tried_again_without_another_upload(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.tell_tcrm_candidate("C-1", known=False)
    resume = resume_of(candidate)
    work()
    assert how(resume) == ["done", "done", "done", "failed"]
    trouble = journey(resume).steps[3].trouble
    assert trouble is not None
    assert trouble.meaning == (
        "LinkedIn's CRM Connect does not know the candidate. TalentSync does not create candidates there."
    )
    assert trouble.remedy.startswith("Let the customer's CRM send the candidate to LinkedIn")
    linkedin.tell_tcrm_candidate("C-1", known=True)
    ask("try_again", resume)
    work()
    assert how(resume) == DONE
    assert len(linkedin.files) == 1


def test_an_address_that_is_too_old_is_asked_for_anew(candidate: Candidate, linkedin: Linkedin) -> None:
    linkedin.next("stale_address")
    resume = resume_of(candidate)
    work()
    assert how(resume) == ["done", "waiting", "waiting", "waiting"]
    pass_by(minutes=2)
    assert how(resume) == DONE


def test_an_answer_that_is_lost_costs_a_second_file_and_no_second_resume(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("hang_up", endpoint="ambry", applied=True)
    resume = resume_of(candidate)
    work()
    pass_by(minutes=1)
    assert how(resume) == DONE
    assert len(linkedin.files) == 2
    assert linkedin.count("tcrmCandidateResumes") == 1


def test_a_file_that_is_lost_here_is_said_and_nothing_is_sent(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    lose_files()
    work()
    assert how(resume)[1] == "failed"
    assert linkedin.files == []


@pytest.mark.parametrize("send", [True, False])
@pytest.mark.parametrize("door", [replace, upload])
def test_the_same_file_comes_in_place_of_one_that_is_lost_here(
    door: Any, send: bool, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, external_id="R-1")
    lose_files()
    work()
    more = {"external_id": "R-1"} if door is upload else {}
    done = door(resume if door is replace else candidate, "Ada", send=send, **more)
    assert (done.resume, done.was_there) == (resume, False)
    assert list(orphans.find(storage.store())) == []
    assert fresh(resume).sync_trouble == ""
    work()
    assert how(resume) == DONE


def test_what_linkedin_has_is_not_uploaded_again_because_it_was_lost_here(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    lose_files()
    replace(resume, "Ada")
    work()
    with services.opened(fresh(resume)) as file:
        assert file.read() == content()
    assert (how(resume), len(linkedin.files)) == (DONE, 1)
    assert AuditEvent.objects.filter(verb="change", kind="resume").count() == 1


def test_a_lost_file_with_another_choice_is_uploaded_anew(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    lose_files()
    replace(resume, "Ada", choice=SEVENTY_TWO_HOURS)
    work()
    assert (how(resume), len(linkedin.files), len(stored())) == (DONE, 2, 1)
    assert fresh(resume).file.keep_for == 72


def test_a_storage_that_does_not_say_what_it_has_leaves_nothing(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume = resume_of(candidate)

    def silent(store: Any, name: str) -> bool:
        raise OSError("The file store could not be used.")

    monkeypatch.setattr(storage.LocalStorage, "exists", silent)
    with pytest.raises(Refused, match="not_stored"):
        replace(resume, "Ada")
    assert len(stored()) == 1


# start over, replace, delete


def test_start_over_uploads_once_more_and_attaches_that(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    before = reference(resume).urn
    ask("start_over", resume)
    assert how(resume) == ["done", "waiting", "waiting", "waiting"]
    work()
    assert how(resume) == DONE
    assert reference(resume).urn != before
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_sending_what_is_there_uploads_nothing(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    ask("send", resume)
    work()
    assert len(linkedin.files) == 1


def test_a_replaced_file_is_attached_under_the_same_id_and_the_old_one_goes(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    before, old = reference(resume).urn, resume.file_id
    replace(resume)
    work()
    assert how(resume) == DONE
    assert linkedin.count("tcrmCandidateResumes") == 1
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn != before
    assert not ResumeFile.objects.filter(pk=old).exists()
    assert not Delivery.objects.filter(kind="resume_file", object_id=old).exists()
    assert len(stored()) == 1


def test_a_file_that_is_replaced_while_it_travels_is_tidied_later(candidate: Candidate) -> None:
    resume = resume_of(candidate)
    Delivery.objects.filter(kind="resume_file").update(lease="somebody")
    replace(resume)
    assert ResumeFile.objects.count() == len(stored()) == 2
    Delivery.objects.filter(kind="resume_file").update(lease="")
    assert services.sweep() == 1
    assert ResumeFile.objects.get() == fresh(resume).file
    assert len(stored()) == 1


def test_a_deleted_resume_is_gone_there_and_stays_here(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    ask("delete", resume)
    work()
    assert held(linkedin, resume) is None
    assert fresh(resume).linkedin_status == LinkedInStatus.REMOVED
    assert delivery("resume", resume).remote_state == RemoteState.DELETED
    ask("send_again", resume)
    work()
    assert how(resume) == DONE
    assert len(linkedin.files) == 1  # it is there still


@pytest.mark.parametrize("action", ["delete", "erase"])
def test_a_file_that_still_waits_is_not_uploaded_once_its_resume_is_to_be_removed(
    action: str, candidate: Candidate, linkedin: Linkedin
) -> None:
    """LinkedIn has no call that deletes a file: one that arrives now would stay there."""
    resume = resume_of(candidate)
    ask(action, resume)
    work()
    pass_by(minutes=5)
    work()
    assert linkedin.files == []


@pytest.mark.parametrize("status", [503, 413])
@pytest.mark.parametrize("action", ["delete", "erase"])
def test_a_file_that_travels_in_vain_is_not_uploaded_once_more_for_a_resume_to_be_removed(
    action: str, status: int, candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=status, message="Not now")
    resume = resume_of(candidate)
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    ask(action, resume)
    assert settling.settle(batch, report, now=timezone.now())
    assert not Delivery.objects.filter(kind="resume_file", state__in=[*UNFINISHED, State.FAILED]).exists()
    for _ in range(4):
        pass_by(minutes=5)
    assert linkedin.files == []
    assert not Delivery.objects.filter(state__in=[*UNFINISHED, State.FAILED]).exists()


@pytest.mark.parametrize("action", ["delete", "erase"])
def test_a_file_that_a_dead_worker_held_is_not_uploaded_for_a_resume_to_be_removed(
    action: str, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    leased_file()
    ask(action, resume)
    for _ in range(6):
        pass_by(minutes=5)
    assert linkedin.files == []
    assert not Delivery.objects.filter(state__in=UNFINISHED).exists()


def test_a_file_that_travels_in_vain_goes_again_for_a_resume_that_is_sent_again(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=503, message="Not now")
    resume = resume_of(candidate)
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    ask("delete", resume)
    ask("send_again", resume)
    settling.settle(batch, report, now=timezone.now())
    for _ in range(4):
        pass_by(minutes=5)
    assert how(resume) == DONE
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_a_file_that_failed_needs_nobody_once_its_resume_is_removed(candidate: Candidate, linkedin: Linkedin) -> None:
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate)
    work()
    ask("delete", resume)
    work()
    assert how(resume) == ["done", "not_asked", "not_asked", "not_asked"]
    ask("send_again", resume)
    work()
    assert how(resume) == DONE


# how long LinkedIn keeps it


def test_linkedin_is_told_for_how_long_and_the_reference_knows_until_when(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    kept = reference(resume)
    assert kept.expires_at is not None
    assert kept.expires_at - kept.uploaded_at == timedelta(hours=72)
    assert linkedin.files[0]["expires_at"] is not None
    assert journey(resume).on_expiry == "The resume is deleted from LinkedIn"


def test_a_customer_says_what_is_chosen_where_nobody_chooses(candidate: Candidate) -> None:
    Customer.objects.update(resumes_kept_for=2, resumes_kept_unit="WEEK", resumes_on_expiry="again")
    candidate.customer.refresh_from_db()
    resume = resume_of(candidate)
    assert (resume.file.keep_for, resume.file.keep_unit, resume.on_expiry) == (2, "WEEK", "again")


@pytest.mark.parametrize(
    "choice",
    [
        services.Choice(keep_for=1),
        services.Choice(keep_unit="DAY"),
        services.Choice(keep_for=59, keep_unit="MINUTE", on_expiry="again"),
    ],
)
def test_what_makes_no_sense_cannot_be_chosen(candidate: Candidate, choice: services.Choice) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        upload(candidate, choice=choice)
    assert stored() == []


def test_a_file_that_linkedin_has_removed_is_brought_along_again(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    ask("delete", resume)
    work()
    FileReference.objects.update(expires_at=timezone.now())
    ask("send_again", resume)
    work()
    assert how(resume) == DONE
    assert len(linkedin.files) == 2


# every door


def test_a_save_with_automatic_sync_brings_the_file_along(candidate: Candidate, linkedin: Linkedin) -> None:
    Customer.objects.update(sends_changes=True)
    resume = resume_of(candidate, send=False)
    work()
    assert held(linkedin, resume)


def test_everything_that_hangs_on_a_candidate_takes_resumes_along(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, send=False)
    people.ask("send_all", candidate)
    work()
    assert held(linkedin, resume)


def test_the_history_of_a_customer_has_its_resumes(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, send=False)
    run = history.draft(at_linkedin, by=None, now=timezone.now())
    assert history.confirm(run, options={}, by=None, now=timezone.now())
    work()
    assert held(linkedin, resume)


def test_what_is_said_of_a_call_gives_nothing_away(candidate: Candidate) -> None:
    resume_of(candidate)
    work()
    uploads = Attempt.objects.filter(kind="resume_file")
    assert {call.path for call in uploads} == {"/ambry"}
    assert "x-li-ambry-ep" not in str(list(AttemptItem.objects.values_list("request", "answer", "words")))


def test_how_far_resumes_are_costs_the_same_for_one_and_for_many(
    acme: Customer, at_linkedin: Connection, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for number in (1, 5):
        for each in make_candidates(acme, number, prefix=f"P{number}"):
            resume_of(each)
        resumes = list(Resume.objects.order_by("-pk")[:number])
        with django_assert_max_num_queries(40) as captured:
            steps.of(resumes, now=timezone.now())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_states_of_a_delivery_are_the_engines(candidate: Candidate) -> None:
    resume = resume_of(candidate)
    assert delivery("resume", resume).state == delivery("resume_file", resume.file).state == State.PENDING
