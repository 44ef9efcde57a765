"""How long a step has lasted is counted from when this way was asked for, not from an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection
from talentsync.resumes.models import Resume
from talentsync.sync.models import Hold
from tests.resumes.sending.making import ask, journey, replace, resume_of
from tests.sync import driving
from tests.sync.driving import work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("again", [lambda resume: ask("start_over", resume), replace], ids=["start over", "replace"])
def test_a_step_lasts_from_when_it_was_asked_for(
    again: Callable[[Resume], object], candidate: Candidate, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    resume = resume_of(candidate)
    work()
    driving.clock.shift(timedelta(days=90))
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    again(resume)
    driving.clock.shift(timedelta(minutes=5))
    lasted = [step.lasts(timezone.now()) for step in journey(resume).steps]
    assert lasted[1] is not None
    assert timedelta(minutes=5) <= lasted[1] < timedelta(minutes=6)
    assert [each for each in lasted if each is not None and each > timedelta(minutes=6)] == []
