"""A resume as LinkedIn's CRM Connect knows it: a file that was uploaded, on a candidate of the customer's CRM.

https://learn.microsoft.com/linkedin/talent/crm-connect/sync-crm-candidate-resumes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.wire import filled


@dataclass(frozen=True, kw_only=True)
class Resume:
    """linkedin.md 6.4; `external_id` is a part of the key, as the candidate's is.

    `resume_file` is the URN that the upload gave; `tcrm_created_at` is in epoch milliseconds, UTC (the page's samples
    are in seconds, and wrong: linkedin.md 10.1, row 8).
    """

    external_id: str
    resume_file: str = ""
    tcrm_created_at: int | None = None

    def to_wire(self) -> dict[str, Any]:
        return filled(self, apart=("external_id",))
