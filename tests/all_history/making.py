"""What tests of the whole history say: a customer's everything, ask for it, count what LinkedIn has."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.sync import history, runs
from talentsync.sync.models import Run, RunItem
from tests.candidates.making import make_application, make_candidate, make_note, make_parts
from tests.sync.driving import clock, make_job, settle, work  # noqa: F401

ORDER = (
    *("simpleJobPostings", "atsCandidates", "atsCandidates/notes", "atsApplications"),
    *("atsApplications/notes", "atsApplications/stages", "atsApplications/interviewFeedback"),
)


def make_history(customer: Customer) -> dict[str, list[Any]]:
    """Two jobs, one of them closed before anybody posted it; two people with everything."""
    jobs = [make_job(customer, "J-1"), make_job(customer, "J-2", status="closed", availability="private")]
    people = [make_candidate(customer, f"C-{number}") for number in (1, 2)]
    applications = [
        make_application(person, job, f"A-{job.external_id}") for person, job in zip(people, jobs, strict=True)
    ]
    notes, stages, feedback = zip(*map(make_parts, applications), strict=True)
    return {
        "job": jobs,
        "candidate": people,
        "candidate_note": [make_note(person) for person in people],
        "application": applications,
        "application_note": list(notes),
        "application_stage": list(stages),
        "interview_feedback": list(feedback),
    }


def ask_for_all(connection: Connection, **options: Any) -> Run:
    """Draft and confirm."""
    run = history.draft(connection, by=None, now=timezone.now())
    assert history.confirm(run, options=options, by=None, now=timezone.now())
    return fresh(run)


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def go(run: Run, *, seconds: float = 60) -> bool:
    """A worker that begins with it or goes on."""
    return runs.carry_on(run, until=timezone.now() + timedelta(seconds=seconds))


def finish(run: Run, linkedin: Linkedin) -> Run:
    """Everything that can be done is done, LinkedIn's tasks as well."""
    work()
    for _ in range(3):
        settle(linkedin)
    return fresh(run)


def counts(run: Run) -> dict[str, Counter[str]]:
    """Items by kind and state."""
    found: dict[str, Counter[str]] = {}
    for kind, state in run.items.values_list("kind", "state"):
        found.setdefault(kind, Counter())[state] += 1
    return found


def reasons(run: Run) -> Counter[tuple[str, str]]:
    skipped = run.items.filter(state=RunItem.State.SKIPPED)
    return Counter(skipped.values_list("kind", "reason"))


def sent_in_order(linkedin: Linkedin) -> list[str]:
    """The endpoints that something was sent to, each when it was first."""
    return list(dict.fromkeys(sent_to(linkedin)))


def sent_to(linkedin: Linkedin) -> list[str]:
    return [call.endpoint for call in linkedin.calls if call.method in {"PUT", "POST"} and call.endpoint != "token"]
