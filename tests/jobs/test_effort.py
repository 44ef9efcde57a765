"""What the page that asks says of the calls that a request takes, beside the calls that it then takes."""

from __future__ import annotations

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.admin import asking
from tests.sync.driving import ask, edit, make_jobs, posted, settle, work

pytestmark = pytest.mark.django_db

ON_TOP = "Asking later what has become of it, and whatever must be tried again, comes on top."
TWO = f"It takes at most 2 calls to LinkedIn. {ON_TOP}"
ONE = f"It takes one call to LinkedIn at most. {ON_TOP}"


def told(action: str) -> str:
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action(action), Job.objects.all(), by=None, now=timezone.now())
    return next(panel.effort for panel in asking.page(run, None)["panels"] if panel.destination == "linkedin")


def calls_made(action: str, jobs: list[Job], linkedin: Linkedin) -> int:
    """Until the vendor has taken everything; what became of it is not asked yet."""
    before = len(linkedin.calls_to("simpleJobPostings")) + len(linkedin.calls_to("jobPostingStatus"))
    ask(action, jobs, at=["linkedin"])
    work()
    return len(linkedin.calls_to("simpleJobPostings")) + len(linkedin.calls_to("jobPostingStatus")) - before


def test_a_first_post_is_asked_about_before_it_is_sent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Decision 0002: nobody knows what is there."""
    jobs = make_jobs(acme, 3)
    assert told("post") == TWO
    assert calls_made("post", jobs, linkedin) == 2


def test_what_is_live_by_our_own_hand_is_not(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    edit(job, title="Head gardener")
    assert told("update") == ONE
    assert calls_made("update", [job], linkedin) == 1
    settle(linkedin)
    assert told("renew") == ONE
    assert told("close") == ONE
    assert calls_made("close", [job], linkedin) == 1


def test_a_close_of_what_was_never_posted_from_here_asks_first(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 2)
    for job in jobs:
        linkedin.seed_posting(job.external_id)
    assert told("close") == TWO
    assert calls_made("close", jobs, linkedin) == 2


def test_greenhouse_counts_nothing_so_nothing_is_said(acme: Customer, at_greenhouse: Connection) -> None:
    make_jobs(acme, 1, requisition_id="R-1")
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action("close"), Job.objects.all(), by=None, now=timezone.now())
    (panel,) = asking.page(run, None)["panels"]
    assert panel.effort == ""
