"""A note on a candidate or on an application: two resources with the same fields.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-candidate-notes
https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-notes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.person import Person
from connectors.linkedin.records.wire import filled


@dataclass(frozen=True, kw_only=True)
class Note:
    """linkedin.md 4.3; `external_id` is unique below its parent and no field of the record."""

    external_id: str
    note: str = ""
    ats_created_at: int | None = None
    author: Person | None = None

    def to_wire(self) -> dict[str, Any]:
        return filled(self, apart=("external_id",))
