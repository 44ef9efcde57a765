"""What becomes of a file that was replaced, or whose resume is removed, while it is on its way."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, LinkedInStatus
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.resumes import services
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.resumes.services import Choice
from talentsync.sync import engine, settling
from talentsync.sync.models import Delivery, Hold, Run
from talentsync.sync.states import State
from tests.candidates.test_races import sent, take
from tests.candidates.test_removed import take_another as another_connection
from tests.customers.making import LINKEDIN
from tests.resumes.sending.making import (
    SEVENTY_TWO_HOURS,
    after,
    ask,
    content,
    fresh,
    held,
    how,
    leased_file,
    reference,
    replace,
    resume_of,
)
from tests.sync import driving
from tests.sync.driving import pass_by, work

pytestmark = pytest.mark.django_db(transaction=True)

BRIEFLY = Choice(keep_for=1, keep_unit="MINUTE")


def take_another(customer: Customer, linkedin: Linkedin) -> None:
    another_connection(customer, linkedin)
    linkedin.seed_application(
        client_id="new",
        client_secret="new",
        organizations=["urn:li:organization:78"],
        contracts=[LINKEDIN["recruiter_contract_urn"]],
    )


def test_a_resume_whose_new_file_nobody_sends_is_deleted_when_the_old_one_is_gone(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """An import replaces files and sends nothing: LinkedIn still removes the old one, as was chosen for it."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    replace(resume, send=False)
    after(hours=73)
    assert held(linkedin, resume) is None


def test_a_resume_whose_new_file_is_refused_is_deleted_when_the_old_one_is_gone(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    work()
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    replace(resume)
    work()
    assert how(resume)[1] == "failed"
    after(hours=73)
    assert held(linkedin, resume) is None


def test_a_new_file_that_was_never_attached_is_not_said_to_be(candidate: Candidate, linkedin: Linkedin) -> None:
    """LinkedIn refuses the new file's resume, then its delete: it still names the old file."""
    resume = resume_of(candidate)
    work()
    before = held(linkedin, resume)["resumeFile"]
    replace(resume)
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    for _ in range(3):
        work()
    assert how(resume) == ["done", "done", "done", "failed"]
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    ask("delete", resume)
    for _ in range(3):
        work()
    assert held(linkedin, resume)["resumeFile"] == before
    assert Delivery.objects.get(kind="resume").state == State.FAILED
    assert how(resume)[3] != "done"


def test_what_was_asked_for_goes_with_the_new_file_though_nobody_sends_that(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    """Whoever replaces it may not send, or it is an import: the request is not theirs, and goes on."""
    resume = resume_of(candidate)
    replace(resume, send=False)
    work()
    assert how(resume) == ["done"] * 4
    assert (len(linkedin.files), Run.objects.get().state) == (1, Run.State.DONE)
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_resume_that_travels_with_its_old_file_is_sent_once_more_with_the_new_one(
    is_answered: bool, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Nobody sends the new file: what was asked for, and is just on its way, is its request."""
    resume = resume_of(candidate)
    upload_file()
    if not is_answered:
        linkedin.next("hang_up", endpoint="tcrmCandidateResumes", applied=True)
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    replace(resume, send=False)
    settling.settle(batch, answer, now=timezone.now())
    for _ in range(3):
        pass_by(minutes=5)
    assert (how(resume), len(linkedin.files)) == (["done"] * 4, 2)
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_a_resume_whose_file_is_replaced_before_its_call_is_built_goes_with_the_new_one(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    upload_file()
    batch, resource = take("resume", at_linkedin)
    replace(resume, send=False)
    settling.settle(batch, sent(batch, resource), now=timezone.now())
    for _ in range(3):
        pass_by(minutes=5)
    assert (how(resume), fresh(resume).sync_trouble) == (["done"] * 4, "")
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn


def test_a_resume_that_travels_while_somebody_starts_over_is_sent_once_more_with_the_new_upload(
    candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    upload_file()
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    first = held(linkedin, resume)["resumeFile"]
    ask("start_over", resume)
    settling.settle(batch, answer, now=timezone.now())
    for _ in range(3):
        pass_by(minutes=5)
    assert (how(resume), len(linkedin.files)) == (["done"] * 4, 2)
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn != first


def test_a_file_that_failed_holds_nothing_up_once_another_is_in_its_place(
    candidate: Candidate, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="ambry", status=413, message="Too big")
    resume = resume_of(candidate)
    work()
    assert fresh(resume).sync_trouble == "rejected"
    replace(resume, send=False)
    assert fresh(resume).sync_trouble == ""
    work()
    assert (how(resume), Run.objects.get().state) == (["done"] * 4, Run.State.DONE)


def test_what_waits_at_another_connection_goes_with_the_new_file_once_that_is_in_use(
    acme: Customer, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    resume = resume_of(candidate)
    take_another(acme, linkedin)
    replace(resume, send=False)
    work()
    assert linkedin.files == []
    stop.delete()
    customers.use_connection(at_linkedin, by=None)
    for _ in range(3):
        pass_by(minutes=5)
    assert (how(resume), len(linkedin.files)) == (["done"] * 4, 1)


@pytest.mark.parametrize("wish", ["", "delete"])
def test_a_new_file_that_nobody_sends_stays_here_where_nothing_waits_for_it(
    wish: str, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    if wish:
        ask(wish, resume)
    replace(resume, send=False)
    assert not Delivery.objects.filter(kind="resume_file").exists()


def test_another_file_takes_over_what_was_chosen_by_then(candidate: Candidate) -> None:
    """Somebody chooses otherwise while the file is looked at."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    opened = fresh(resume)
    Resume.objects.update(on_expiry="again")
    services.replace(opened, io.BytesIO(content("Another")), "Another.pdf", by=None)
    assert (fresh(resume).on_expiry, fresh(resume).file.keep_for) == ("again", 72)


def test_what_cannot_be_of_the_file_by_then_is_not_saved(candidate: Candidate) -> None:
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    opened = fresh(resume)
    replace(resume, choice=BRIEFLY)
    opened.on_expiry = "again"
    with pytest.raises(services.Unsound, match="for an hour at least"):
        services.change(opened, fields=["on_expiry"], by=None)
    assert fresh(resume).on_expiry == "delete"


@pytest.fixture
def crossed(candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin) -> Resume:
    """LinkedIn has attached the first file, and says so when the second is being uploaded; that one it refuses."""
    resume = resume_of(candidate, choice=SEVENTY_TWO_HOURS)
    upload_file()
    batch, resource = take("resume", at_linkedin)
    answer = sent(batch, resource)
    first = held(linkedin, resume)["resumeFile"]
    replace(resume, choice=Choice())
    driving.clock.shift(timedelta(seconds=1))
    finish = upload_file(settled=False)
    driving.clock.shift(timedelta(seconds=1))
    settling.settle(batch, answer, now=timezone.now())
    finish()
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    for _ in range(3):
        work()
    assert how(resume) == ["done", "done", "done", "failed"]
    assert held(linkedin, resume)["resumeFile"] == first
    return resume


def upload_file(*, settled: bool = True) -> Callable[[], object]:
    """What writes down that the file which was due is uploaded; done at once where it is to be."""
    batch, resource = leased_file()
    report = engine.send(batch, resource)
    assert report is not None
    finish = partial(settling.settle, batch, report, now=timezone.now())
    if settled:
        finish()
    return finish


def test_an_answer_that_comes_after_the_next_upload_began_is_about_the_older_file(
    crossed: Resume, linkedin: Linkedin
) -> None:
    assert after(hours=73) == 1
    assert held(linkedin, crossed) is None


def test_a_newer_file_is_not_said_to_be_attached_by_an_answer_about_the_older_one(
    crossed: Resume, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="tcrmCandidateResumes", status=400, message="No")
    ask("delete", crossed)
    for _ in range(3):
        work()
    assert held(linkedin, crossed)
    assert how(crossed)[3] != "done"


def test_the_older_files_end_is_remembered_though_a_third_takes_the_place_of_the_newer_one(
    crossed: Resume, linkedin: Linkedin
) -> None:
    replace(crossed, "Third", send=False)
    assert after(hours=73) == 1
    assert held(linkedin, crossed) is None


def test_a_file_that_is_given_up_waits_no_more_in_its_own_column(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    leased_file()
    ask("delete", resume)
    for _ in range(6):
        pass_by(minutes=5)
    assert Delivery.objects.get(kind="resume_file").state == State.IDLE
    assert ResumeFile.objects.get().sync_state == State.IDLE


def test_a_file_that_waited_at_a_connection_is_not_uploaded_when_its_resume_was_removed_meanwhile(
    acme: Customer, candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    resume = resume_of(candidate)
    take_another(acme, linkedin)
    ask("send", resume)
    work()
    ask("delete", resume)
    work()
    n_files = len(linkedin.files)
    stop.delete()
    customers.use_connection(at_linkedin, by=None)
    for _ in range(3):
        pass_by(minutes=5)
    assert fresh(resume).linkedin_status == LinkedInStatus.REMOVED
    assert len(linkedin.files) == n_files
