"""Applications and what hangs on them in LinkedIn's words, and what LinkedIn would not accept of them.

What an application leaves empty of name, e-mail and job title is the candidate's and the job's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from connectors.linkedin import records as wire
from connectors.linkedin.rules import Problem, Record
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate
from talentsync.candidates.records import built, milliseconds, named, note_of, person
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from talentsync.customers.models import Connection

Part = ApplicationNote | ApplicationStage | InterviewFeedback


def application(
    record: Application, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent. Raises `Unmappable` with the first rule that is broken."""
    return built(record, application_of(record), operation, kept_out=record.candidate.do_not_send)


def part(
    record: Part, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent of a note, a stage or feedback. Raises `Unmappable` with the first rule that is broken."""
    return built(record, part_of(record), operation, kept_out=whom(record).do_not_send)


def problems(record: Application | Part, connection: Connection | None = None) -> Iterator[Problem]:
    """What LinkedIn would not accept, under our names of the fields."""
    return named(record, application_of(record) if isinstance(record, Application) else part_of(record))


def whom(record: Application | Part) -> Candidate:
    """Whose record it is."""
    found: Candidate = record.candidate if isinstance(record, Application) else record.application.candidate
    return found


def application_of(record: Application) -> wire.Application:
    """The application in LinkedIn's words, whatever is wrong with it."""
    candidate, job = record.candidate, record.job
    return wire.Application(
        external_id=record.external_id,
        ats_candidate_id=candidate.external_id,
        ats_job_posting_id=job.external_id,
        ats_job_posting_name=record.ats_job_posting_name or job.title,
        candidate_email=record.candidate_email or next(iter(candidate.email_addresses), ""),
        first_name=record.first_name or candidate.first_name,
        last_name=record.last_name or candidate.last_name,
        source=record.source,
        disposition_reason=record.disposition_reason,
        ats_created_at=milliseconds(record.ats_created_at),
        ats_last_modified_at=milliseconds(record.ats_last_modified_at),
    )


def part_of(record: Part) -> Record:
    """A note, a stage or feedback in LinkedIn's words."""
    match record:
        case ApplicationStage():
            created_at = milliseconds(record.ats_created_at)
            return wire.Stage(external_id=record.external_id, stage=record.stage, ats_created_at=created_at)
        case InterviewFeedback():
            return _feedback(record)
        case _:
            return note_of(record)


def _feedback(record: InterviewFeedback) -> wire.InterviewFeedback:
    return wire.InterviewFeedback(
        external_id=record.external_id,
        feedback=record.feedback,
        interview_type=record.interview_type,
        interviewer=person(record.interviewer_first_name, record.interviewer_last_name),
        evaluations=tuple(
            wire.Evaluation(attribute=str(each.get("attribute", "")), result=str(each.get("result", "")))
            for each in record.evaluations
        ),
        ats_created_at=milliseconds(record.ats_created_at),
    )
