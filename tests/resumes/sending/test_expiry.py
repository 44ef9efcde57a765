"""What happens when LinkedIn removes a file after the time that was chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, LinkedInStatus
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection
from talentsync.resumes import expiry, replaced, services
from talentsync.resumes.models import ReplacedFile, Resume
from talentsync.resumes.services import Choice
from talentsync.sync import engine, settling
from talentsync.sync.models import Delivery, Hold
from talentsync.sync.states import Operation, State
from tests.candidates.test_races import sent, take
from tests.resumes.sending.making import (
    ENDPOINT,
    SEVENTY_TWO_HOURS,
    after,
    ask,
    fresh,
    held,
    how,
    journey,
    leased_file,
    reference,
    replace,
    resume_of,
)
from tests.sync import driving
from tests.sync.driving import pass_by, work

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN = Choice(keep_for=72, keep_unit="HOUR", on_expiry="again")


def test_a_resume_is_deleted_when_its_file_is_gone_and_not_before(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    assert after(hours=71.5) == 0
    assert held(linkedin, resume)
    assert after(hours=1) == 1
    assert held(linkedin, resume) is None
    assert fresh(resume).linkedin_status == LinkedInStatus.REMOVED
    assert after(hours=1) == 0  # once
    told = AuditEvent.objects.get(verb="delete at expiry")
    assert told.actor is None


def test_a_file_is_uploaded_again_before_it_is_gone(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    first = reference(resume)
    assert after(hours=50) == 0
    assert after(hours=6) == 1  # a quarter of its time is left
    assert len(linkedin.files) == 2
    second = reference(resume)
    assert second.urn != first.urn
    assert second.expires_at > first.expires_at
    assert held(linkedin, resume)["resumeFile"] == second.urn
    assert how(resume) == ["done"] * 4
    assert after(hours=56) == 1  # and again


def test_what_linkedin_keeps_is_left_alone(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    assert after(days=4000) == 0
    assert held(linkedin, resume)
    assert journey(resume).on_expiry == ""


def test_a_resume_that_was_deleted_meanwhile_stays_out(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    ask("delete", resume)
    work()
    assert after(hours=56) == 0
    assert len(linkedin.files) == 1
    assert held(linkedin, resume) is None


def test_a_connection_that_is_no_longer_in_use_is_asked_for_nothing(candidate: Candidate) -> None:
    resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    Connection.objects.update(is_current=False)
    assert after(hours=73) == 0


# what was chosen is chosen anew, and what stands in the way for a while


def choose(resume: Resume, on_expiry: str) -> None:
    resume = fresh(resume)
    resume.on_expiry = on_expiry
    services.change(resume, fields=["on_expiry"], by=None)


def test_what_is_chosen_while_the_file_waits_to_be_uploaded_again_counts(
    candidate: Candidate, linkedin: Linkedin, at_linkedin: Connection
) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    assert after(hours=56) == 1
    assert how(resume)[1] == "failed"
    choose(resume, "delete")
    assert after(hours=17) == 1
    assert held(linkedin, resume) is None


def test_a_delete_that_has_not_been_sent_yet_gives_way_to_a_new_upload(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    driving.clock.shift(timedelta(hours=73))
    assert expiry.carry_on(timezone.now()) == 1
    choose(resume, "again")
    assert after(minutes=5) == 1
    assert len(linkedin.files) == 2
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_whoever_is_kept_out_for_a_while_has_their_file_uploaded_again_afterwards(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    Candidate.objects.update(do_not_send=True)
    assert after(hours=56) == 0
    Candidate.objects.update(do_not_send=False)
    assert after(hours=1) == 1
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn
    assert len(linkedin.files) == 2


def test_a_contract_that_is_missing_for_a_while_costs_no_file(
    candidate: Candidate, linkedin: Linkedin, at_linkedin: Connection
) -> None:
    resume_of(candidate, choice=AGAIN)
    work()
    Connection.objects.update(recruiter_contract_urn="")
    assert after(hours=56) == 0
    Connection.objects.update(recruiter_contract_urn=at_linkedin.recruiter_contract_urn)
    assert after(hours=1) == 1
    assert len(linkedin.files) == 2


def test_what_is_sent_again_shortly_before_its_file_goes_brings_it_anew(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    ask("delete", resume)
    work()
    assert after(hours=56) == 0
    ask("send_again", resume)
    work()
    assert len(linkedin.files) == 2
    assert after(hours=56) == 1
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


# a person wants it gone


def test_a_delete_that_still_waits_is_not_followed_by_an_upload_that_nobody_asked_for(
    candidate: Candidate, linkedin: Linkedin, at_linkedin: Connection
) -> None:
    """What a person wants removed stays out, though its file was to be uploaded again when its time is over."""
    resume = resume_of(candidate, choice=AGAIN)
    work()
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    ask("delete", resume)
    after(hours=56)
    stop.delete()
    for _ in range(3):
        pass_by(minutes=5)
    assert held(linkedin, resume) is None
    assert len(linkedin.files) == 1


def test_a_delete_that_linkedin_refused_is_not_followed_by_an_upload_that_nobody_asked_for(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    ask("delete", resume)
    work()
    assert Delivery.objects.get(kind="resume").state == State.FAILED
    after(hours=56)
    assert len(linkedin.files) == 1
    assert Delivery.objects.get(kind="resume").operation == Operation.DELETE  # a person is still to see it


def test_a_newer_file_that_is_attached_ends_what_the_one_before_was_waited_for(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=Choice())
    work()
    assert after(hours=80) == 0
    assert held(linkedin, resume)


def test_a_replaced_file_is_known_until_linkedin_has_removed_it_and_names_it_no_longer(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    replace(named := resume_of(candidate, choice=SEVENTY_TWO_HOURS), send=False)
    assert not ReplacedFile.objects.exists()  # LinkedIn never had it
    newer = resume_of(candidate, "newer", choice=SEVENTY_TWO_HOURS)
    ask("send", named)
    work()
    replace(named, "Third", send=False)
    replace(newer, "Fourth")
    work()
    assert after(hours=71) == 0
    assert replaced.forget(timezone.now()) == 0
    driving.clock.shift(timedelta(hours=2))
    assert replaced.forget(timezone.now()) == 1
    assert ReplacedFile.objects.get().resume == named
    after(minutes=1)
    assert held(linkedin, named) is None
    assert replaced.forget(timezone.now()) == 1


def test_a_file_that_was_replaced_twice_and_never_sent_is_remembered_by_what_linkedin_has(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, "Second", send=False)
    replace(resume, "Third", send=False)
    assert after(hours=71) == 0
    assert after(hours=2) == 1
    assert held(linkedin, resume) is None


def test_where_it_was_chosen_the_new_file_is_uploaded_before_the_replaced_one_goes(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Also though nobody sent it: a resume that was to stay there stays."""
    resume = resume_of(candidate, choice=AGAIN)
    work()
    replace(resume, send=False)
    after(hours=60)
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn
    assert how(resume) == ["done"] * 4


@pytest.mark.parametrize("change", ["replace", "start over"])
def test_what_somebody_has_asked_for_meanwhile_is_not_thrown_away_when_the_time_is_over(
    change: str, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """It waits, and beat does not ask for a delete in place of it: not now, and not when it is done."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    if change == "replace":
        replace(resume)
    else:
        ask("start_over", resume)
    assert after(hours=73) == 0
    assert after(hours=1) == 0
    stop.delete()
    assert after(minutes=5) == 0
    assert how(resume) == ["done"] * 4
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_what_was_asked_for_meanwhile_and_refused_leaves_the_resume_to_its_end(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    replace(resume)
    assert after(hours=73) == 0
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    stop.delete()
    work()
    Delivery.objects.filter(kind="resume").update(state="failed", failure="rejected")
    assert after(minutes=1) == 1
    assert held(linkedin, resume) is None


def test_a_file_that_is_kept_for_ever_ends_what_was_known_of_an_older_one(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Though beat did not look in between."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, choice=Choice())
    work()
    replace(resume, "Third", send=False)
    assert after(hours=80) == 0
    assert held(linkedin, resume)


def test_a_file_that_is_replaced_while_it_is_being_attached_is_remembered(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """The one in its place is refused."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    settling.settle(batch, report, now=timezone.now())
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=Choice(), send=False)
    refuse(linkedin)
    settling.settle(batch, answer, now=timezone.now())
    work()
    assert held(linkedin, resume)["resumeFile"] == first
    assert after(hours=73) == 1
    assert held(linkedin, resume) is None


# which file LinkedIn names


def refuse(linkedin: Linkedin) -> None:
    linkedin.next("status", endpoint=ENDPOINT, status=400, message="No")


def upload_file() -> None:
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    settling.settle(batch, report, now=timezone.now())


def test_a_file_that_linkedin_still_names_after_another_upload_is_remembered(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Started over, and the new file is refused with the resume; then that is replaced here."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    first = held(linkedin, resume)["resumeFile"]
    driving.clock.shift(timedelta(hours=1))
    ask("start_over", resume)
    refuse(linkedin)
    work()
    assert reference(resume).urn != first
    replace(resume, choice=Choice(), send=False)
    assert held(linkedin, resume)["resumeFile"] == first
    assert after(hours=70.5) == 0
    assert after(hours=1) == 1
    assert held(linkedin, resume) is None


def test_an_older_file_is_remembered_though_the_one_that_is_being_attached_is_kept_for_ever(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """It is replaced on its way, and refused, and so is the third."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=Choice())
    upload_file()
    refuse(linkedin)
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    replace(resume, "Third", choice=Choice(), send=False)
    settling.settle(batch, answer, now=timezone.now())
    refuse(linkedin)
    work()
    assert held(linkedin, resume)["resumeFile"] == first
    assert after(hours=73) == 1
    assert held(linkedin, resume) is None


@pytest.mark.parametrize("mood", [("hang_up", {"applied": True}), ("forget", {})])
@pytest.mark.parametrize("is_refused", [True, False])
def test_a_file_whose_answer_was_lost_is_remembered_until_linkedin_takes_another(
    mood: tuple[str, dict[str, Any]], is_refused: bool, candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    linkedin.next(mood[0], endpoint=ENDPOINT, **mood[1])
    work()
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=Choice())
    if is_refused:
        refuse(linkedin)
    pass_by(minutes=5)
    assert (held(linkedin, resume)["resumeFile"] == first) == is_refused
    assert after(hours=73) == is_refused
    assert (held(linkedin, resume) is None) == is_refused


def test_a_file_whose_answer_was_lost_is_remembered_though_it_was_refused_when_it_was_sent_again(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    linkedin.next("hang_up", endpoint=ENDPOINT, applied=True)
    work()
    refuse(linkedin)
    pass_by(minutes=5)
    assert how(resume)[3] == "failed"
    replace(resume, choice=Choice(), send=False)
    assert after(hours=73) == 1
    assert held(linkedin, resume) is None


def test_a_file_that_linkedin_refused_has_no_end_that_matters(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=SEVENTY_TWO_HOURS)
    refuse(linkedin)
    work()
    replace(resume, "Third", choice=Choice(), send=False)
    assert after(hours=73) == 0
    assert held(linkedin, resume)["resumeFile"] == first


def test_a_resume_whose_new_file_is_refused_stays_with_the_one_that_is_kept_for_ever(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """The end of the new one, which LinkedIn has and does not name, is none of the resume's."""
    resume = resume_of(candidate)
    work()
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=SEVENTY_TWO_HOURS)
    refuse(linkedin)
    work()
    assert after(hours=73) == 0
    assert held(linkedin, resume)["resumeFile"] == first
    assert how(resume)[3] == "failed"


def test_a_file_that_is_to_be_uploaded_again_is_so_though_linkedin_names_it_not_yet(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    replace(resume, choice=AGAIN)
    refuse(linkedin)
    work()
    assert how(resume)[3] == "failed"
    assert after(hours=56) == 1
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_a_newer_file_that_was_attached_stays_though_beat_comes_when_a_third_was_refused(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Beat has not looked between the second, which is kept for ever, and the upload of the third."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    driving.clock.shift(timedelta(hours=71))
    replace(resume, choice=Choice())
    work()
    second = held(linkedin, resume)["resumeFile"]
    ask("start_over", resume)
    refuse(linkedin)
    work()
    assert reference(resume).urn != second
    assert after(hours=2) == 0
    assert held(linkedin, resume)["resumeFile"] == second


@pytest.mark.parametrize("is_refused", [True, False])
def test_while_an_answer_is_awaited_nothing_is_asked_about_a_file_that_was_replaced(
    is_refused: bool, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    upload_file()
    if is_refused:
        refuse(linkedin)
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    replace(resume, send=False)
    driving.clock.shift(timedelta(hours=73))
    assert expiry.carry_on(timezone.now()) == 0
    assert replaced.forget(timezone.now()) == 0
    settling.settle(batch, answer, now=timezone.now())
    refuse(linkedin)  # the new one
    work()
    assert after(minutes=1) == (not is_refused)
    assert replaced.forget(timezone.now()) == 1


def test_a_replaced_file_of_a_resume_that_was_deleted_there_brings_it_back_by_no_means(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=AGAIN)
    work()
    replace(resume, send=False)
    ask("delete", resume)
    work()
    assert after(hours=60) == 0
    assert held(linkedin, resume) is None
    assert len(linkedin.files) == 1
    driving.clock.shift(timedelta(hours=13))
    assert replaced.forget(timezone.now()) == 1
