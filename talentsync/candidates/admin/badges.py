"""The LinkedIn status of a record as short words with a colour, the same on lists and on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talentsync.candidates.models import LinkedInStatus

AT_LINKEDIN: Mapping[str, str] = {
    LinkedInStatus.NOT_SENT: "default",
    LinkedInStatus.WAITING: "info",
    LinkedInStatus.SENT: "success",
    LinkedInStatus.REMOVING: "info",
    LinkedInStatus.REMOVED: "warning",
    LinkedInStatus.UNKNOWN: "warning",
}


def status(record: Any) -> tuple[str, str]:
    """Code and words, as Unfold's labels want them."""
    return record.linkedin_status, str(LinkedInStatus(record.linkedin_status).label)
