"""A job as Greenhouse is told about it: which one to close, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from connectors.base.words import gettext_noop as _


@dataclass(frozen=True, kw_only=True)
class GreenhouseJob:
    """A reference to one job. The number wins over the requisition id, which need not be unique at Greenhouse."""

    requisition_id: str = ""
    greenhouse_job_id: int | None = None
    close_reason_id: int | None = None

    @classmethod
    def from_wire(cls, payload: Mapping[str, Any]) -> GreenhouseJob:
        return cls(
            requisition_id=payload.get("requisition_id") or "",
            greenhouse_job_id=payload.get("greenhouse_job_id"),
            close_reason_id=payload.get("close_reason_id"),
        )

    def to_wire(self) -> dict[str, Any]:
        return asdict(self)

    def problems(self) -> list[tuple[str, str]]:
        """What a form should tell: field and sentence. None of it stops a close; Greenhouse has the last word."""
        found = []
        if not self.requisition_id and self.greenhouse_job_id is None:
            found.append(("requisition_id", _("Give the requisition ID or the Greenhouse job ID.")))
        if self.requisition_id != self.requisition_id.strip():
            found.append(("requisition_id", _("Remove the spaces around the requisition ID.")))
        if self.greenhouse_job_id is not None and self.greenhouse_job_id < 1:
            found.append(("greenhouse_job_id", _("The Greenhouse job ID is a positive number.")))
        if self.close_reason_id is not None and self.close_reason_id < 1:
            found.append(("close_reason_id", _("Choose a close reason from the list.")))
        return found
