"""What happens when LinkedIn removes a file after the time that was chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, LinkedInStatus
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection
from talentsync.resumes import expiry
from talentsync.resumes.services import Choice
from tests.resumes.sending.making import SEVENTY_TWO_HOURS, ask, fresh, held, how, journey, reference, resume_of
from tests.sync import driving
from tests.sync.driving import work

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN = Choice(keep_for=72, keep_unit="HOUR", on_expiry="again")


def after(**span: float) -> int:
    """Time goes on, beat asks for what is due, and the engine works."""
    driving.clock.shift(timedelta(**span))
    asked = expiry.carry_on(timezone.now())
    work()
    return asked


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
