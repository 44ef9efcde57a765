"""What LinkedIn accepts in a record, so that a person reads it in the form and not a day later from LinkedIn.

Nothing here may stand in the way of a close or a delete.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.linkedin.records import (
    Application,
    Candidate,
    InterviewFeedback,
    JobPosting,
    Note,
    Resume,
    ResumeFile,
    Stage,
)
from connectors.linkedin.rules import (
    application,
    candidate,
    interview_feedback,
    job_posting,
    note,
    resume,
    resume_file,
    stage,
)
from connectors.linkedin.rules.job_posting import visible
from connectors.linkedin.rules.onsite_apply import asked
from connectors.linkedin.rules.problem import Problem
from connectors.linkedin.rules.shapes import counted

__all__ = ["Problem", "Record", "asked", "counted", "problems", "visible"]

Record = JobPosting | Candidate | Note | Application | Stage | InterviewFeedback | ResumeFile | Resume


def problems(record: Record, *, now_ms: int) -> list[Problem]:
    """Everything LinkedIn would refuse in this record, in the order of the form; empty when it can be sent."""
    return list(_found(record, now_ms))


def _found(record: Record, now_ms: int) -> Iterator[Problem]:
    match record:
        case JobPosting():
            return job_posting.problems(record, now_ms=now_ms)
        case Candidate():
            return candidate.problems(record)
        case Note():
            return note.problems(record)
        case Application():
            return application.problems(record)
        case Stage():
            return stage.problems(record)
        case InterviewFeedback():
            return interview_feedback.problems(record)
        case ResumeFile():
            return resume_file.problems(record)
        case Resume():
            return resume.problems(record)
