"""What an interviewer made of a candidate.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-interview-feedback
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.person import Person
from connectors.linkedin.records.wire import filled


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One thing that was judged, and how: "Communication", "4/5"."""

    attribute: str = ""
    result: str = ""


@dataclass(frozen=True, kw_only=True)
class InterviewFeedback:
    """linkedin.md 4.5; `external_id` is unique below its application and no field of the record."""

    external_id: str
    feedback: str = ""
    interview_type: str = ""
    interviewer: Person | None = None
    evaluations: tuple[Evaluation, ...] = ()
    ats_created_at: int | None = None

    def to_wire(self) -> dict[str, Any]:
        return filled(self, apart=("external_id",))
