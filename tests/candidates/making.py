"""What tests about people's records say: make a person with all that hangs on it, ask, see what LinkedIn has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.models import Delivery, Run
from tests.sync.driving import go_on_with, make_job

ENDPOINTS = {
    "candidate": "atsCandidates",
    "candidate_note": "atsCandidates/notes",
    "application": "atsApplications",
    "application_note": "atsApplications/notes",
    "application_stage": "atsApplications/stages",
    "interview_feedback": "atsApplications/interviewFeedback",
}
BEGAN = datetime(2026, 1, 7, 9, tzinfo=UTC)


def make_candidate(customer: Customer, external_id: str = "C-1", **columns: Any) -> Candidate:
    candidate = unsaved_candidate(customer, external_id, **columns)
    candidate.save()
    return candidate


def make_candidates(customer: Customer, number: int, prefix: str = "C") -> list[Candidate]:
    """Many at once, in one statement."""
    return Candidate.objects.bulk_create(unsaved_candidate(customer, f"{prefix}-{index}") for index in range(number))


def unsaved_candidate(customer: Customer, external_id: str, **columns: Any) -> Candidate:
    defaults = {
        "first_name": "Ada",
        "last_name": f"Sample {external_id}",
        "email_addresses": [f"{external_id.lower()}@example.com"],
        "external_profile_url": f"https://ats.example.com/candidates/{external_id}",
        "ats_created_at": BEGAN,
        "ats_last_modified_at": BEGAN,
    }
    return Candidate(customer=customer, external_id=external_id, **{**defaults, **columns})


def make_note(candidate: Candidate, external_id: str = "N-1", **columns: Any) -> CandidateNote:
    defaults = {"note": "Speaks softly.", "author_first_name": "Rita", "author_last_name": "Sample"}
    return CandidateNote.objects.create(
        customer=candidate.customer, candidate=candidate, external_id=external_id, **{**defaults, **columns}
    )


def make_application(candidate: Candidate, job: Job, external_id: str = "A-1", **columns: Any) -> Application:
    defaults = {"source": "Referral", "ats_created_at": BEGAN, "ats_last_modified_at": BEGAN}
    return Application.objects.create(
        customer=candidate.customer, candidate=candidate, job=job, external_id=external_id, **{**defaults, **columns}
    )


def make_parts(application: Application) -> list[Any]:
    """A note, a stage and feedback, all with the same ID: each is its own below the application."""
    common = {"customer": application.customer, "application": application, "external_id": "P-1"}
    return [
        ApplicationNote.objects.create(note="Came early.", **common),
        ApplicationStage.objects.create(stage="Interview", ats_created_at=BEGAN, **common),
        InterviewFeedback.objects.create(
            feedback="Knows the trade.",
            interview_type="ONSITE",
            interviewer_first_name="Rolf",
            interviewer_last_name="Sample",
            evaluations=[{"attribute": "Craft", "result": "4/5"}],
            **common,
        ),
    ]


def make_everything(customer: Customer, linkedin: Linkedin, external_id: str = "1") -> dict[str, Any]:
    """One record of each kind, by kind; the job was never asked for here, LinkedIn has it from elsewhere."""
    linkedin.seed_posting(f"J-{external_id}")
    candidate = make_candidate(customer, f"C-{external_id}")
    application = make_application(candidate, make_job(customer, f"J-{external_id}"), f"A-{external_id}")
    note, stage, feedback = make_parts(application)
    return {
        "candidate": candidate,
        "candidate_note": make_note(candidate),
        "application": application,
        "application_note": note,
        "application_stage": stage,
        "interview_feedback": feedback,
    }


def ask(action: str, records: Sequence[Any] | Any, **options: Any) -> Run:
    """Click and confirm, without Undo. The records are of one kind."""
    chosen = list(records) if isinstance(records, (list, tuple)) else [records]
    kind = next(each for each in kinds.all_kinds() if each.model is type(chosen[0]))
    rows = kind.model._default_manager.filter(pk__in=[record.pk for record in chosen])
    run = runs.draft(kind, kind.action(action), rows, by=None, now=timezone.now())
    runs.confirm(run, destinations=["linkedin"], options=options, now=timezone.now(), at_once=True)
    go_on_with(run)
    run.refresh_from_db()
    return run


def delivery(kind: str, record: Any, connection: Connection | None = None) -> Delivery:
    rows = Delivery.objects.filter(kind=kind, object_id=record.pk)
    return (rows.filter(connection=connection) if connection else rows).get()


def held(linkedin: Linkedin, kind: str, record: Any) -> Any:
    """What LinkedIn holds of a record, None where it holds nothing."""
    parent = kinds.get(kind).below
    above = getattr(record, parent).external_id if parent else ""
    found = linkedin.record(ENDPOINTS[kind], record.external_id, parent=above)
    return None if found is None else found["fields"]


def fresh(record: Any) -> Any:
    return type(record)._default_manager.get(pk=record.pk)


def change(record: Any, **columns: Any) -> None:
    """As a person's form does: the named fields, and that something changed."""
    type(record)._default_manager.filter(pk=record.pk).update(**columns, changed_at=timezone.now())
