"""One step an application has reached: history, a row per stage, and not a value that changes.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-stages
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.wire import filled


@dataclass(frozen=True, kw_only=True)
class Stage:
    """linkedin.md 4.5; `external_id` is unique below its application and no field of the record."""

    external_id: str
    stage: str = ""
    ats_created_at: int | None = None

    def to_wire(self) -> dict[str, Any]:
        return filled(self, apart=("external_id",))
