"""What the page that asks says of the calls that resumes take, beside the calls that they then take."""

from __future__ import annotations

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.resumes import services
from talentsync.resumes.models import Resume
from talentsync.sync import kinds, runs
from talentsync.sync.admin import asking
from tests.candidates.making import make_candidate
from tests.resumes.sending.making import ask, resume_of
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


def told(action: str) -> str:
    kind = kinds.get("resume")
    run = runs.draft(kind, kind.action(action), Resume.objects.all(), by=None, now=timezone.now())
    return next(panel.effort for panel in asking.page(run, None)["panels"])


def calls_made(linkedin: Linkedin) -> int:
    return sum(len(linkedin.calls_to(each)) for each in ("hireMediaUrl", "ambry", "tcrmCandidateResumes"))


def test_a_file_takes_two_calls_and_resumes_share_one(acme: Customer, candidate: Candidate, linkedin: Linkedin) -> None:
    for one in (candidate, make_candidate(acme, "C-2")):
        resume_of(one, send=False)
    assert "at most 5 calls to LinkedIn" in told("send")
    services.ask(Resume.objects.all(), "send", by=None)
    work()
    assert calls_made(linkedin) == 5


def test_a_file_that_is_there_is_not_counted_unless_it_goes_once_more(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    before = calls_made(linkedin)
    assert "one call to LinkedIn at most" in told("delete")
    assert "at most 3 calls to LinkedIn" in told("start_over")
    ask("start_over", resume)
    work()
    assert calls_made(linkedin) - before == 3
