"""A file of a resume on its way to LinkedIn.

https://learn.microsoft.com/linkedin/talent/crm-connect/sync-crm-candidate-resumes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.timespan import Timespan
from connectors.linkedin.records.wire import filled

TXT, PDF, DOC = "text/plain", "application/pdf", "application/msword"
CONTENT_TYPES = (PDF, DOC, TXT)


@dataclass(frozen=True, kw_only=True)
class ResumeFile:
    """linkedin.md 6.2 and 6.3; without `blob_ttl` LinkedIn keeps the file for ever.

    `file_name` travels in the address of the upload, and `size` not at all: both are no field of the request.
    """

    file_name: str
    content_type: str
    size: int
    blob_ttl: Timespan | None = None

    def to_wire(self) -> dict[str, Any]:
        """What an entry's payload holds; `fileName` is taken from it for the upload."""
        return filled(self, apart=("size",))
