"""A candidate's application for a job.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-applications
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.wire import filled


@dataclass(frozen=True, kw_only=True)
class Application:
    """linkedin.md 4.4; moments are epoch milliseconds, UTC.

    `external_id` is the record's key and no field of it; candidate and job are named by their own external IDs.
    """

    external_id: str
    ats_candidate_id: str = ""
    ats_job_posting_id: str = ""
    ats_job_posting_name: str = ""
    candidate_email: str = ""
    first_name: str = ""
    last_name: str = ""
    ats_created_at: int | None = None
    ats_last_modified_at: int | None = None
    source: str = ""
    disposition_reason: str = ""

    def to_wire(self) -> dict[str, Any]:
        return filled(self, apart=("external_id",))
