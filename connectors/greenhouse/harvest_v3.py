"""Harvest v3 as closing a job speaks it (greenhouse.md 2.5, 2.7, 3.3). The token's own user acts; no header names one.

Vendor's pages: https://harvestdocs.greenhouse.io/docs
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from connectors.base.errors import Unanswered
from connectors.greenhouse import harvest
from connectors.greenhouse.answers import rows_of
from connectors.greenhouse.harvest import MAX_PER_PAGE, CloseReason, Job, Opening, Rows, in_calls
from connectors.greenhouse.wire import Wire

LIST_JOBS = "harvest:jobs:list"
LIST_OPENINGS = "harvest:openings:list"
LIST_CLOSE_REASONS = "harvest:close_reasons:list"
UPDATE_OPENINGS = "harvest:openings:update"


class HarvestV3:
    """Top-level lists with filters and cursors, and one PATCH per opening."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def find_jobs(self, requisition_id: str) -> list[Job]:
        path = f"/v3/jobs?requisition_id={quote(requisition_id, safe='')}&per_page={MAX_PER_PAGE}"
        found = harvest.jobs(self._wire.rows(path, needs=LIST_JOBS))
        return [job for job in found if job.requisition_id == requisition_id]

    def jobs_by_id(self, ids: Sequence[int]) -> list[Job]:
        """There is no GET of one record in v3 (greenhouse.md 2.5)."""
        rows = self._by_ids("/v3/jobs?ids=", ids, needs=LIST_JOBS)
        return [job for job in harvest.jobs(rows) if job.id in ids]

    def again(self, job: Job) -> Job | None:
        return next(iter(self.jobs_by_id([job.id])), None)

    def openings(self, job_ids: Sequence[int]) -> list[Opening]:
        rows = self._by_ids("/v3/openings?job_ids=", job_ids, needs=LIST_OPENINGS)
        return [opening for opening in _openings(rows) if opening.job_id in job_ids]

    def close_reasons(self) -> list[CloseReason]:
        path = f"/v3/close_reasons?per_page={MAX_PER_PAGE}"
        return harvest.close_reasons(self._wire.rows(path, needs=LIST_CLOSE_REASONS))

    def close_opening(self, *, job_id: int, opening_id: int, close_reason_id: int | None) -> None:
        """Says nothing but the close: `opening_id` would rename the opening, `custom_fields` would replace its set."""
        body = harvest.closing(close_reason_id)
        answer = self._wire.patch(f"/v3/openings/{opening_id}", body, needs=UPDATE_OPENINGS, headers={})
        read = Rows([answer], of="openings", fields=("id", "open"))
        if read.number(answer, "id") != opening_id or read.truth(answer, "open"):
            raise Unanswered("Greenhouse did not confirm that the opening is closed.")

    def probe(self) -> None:
        harvest.jobs(rows_of(self._wire.read("/v3/jobs?per_page=1", needs=LIST_JOBS)))
        _openings(rows_of(self._wire.read("/v3/openings?per_page=1", needs=LIST_OPENINGS)))

    def _by_ids(self, start: str, ids: Sequence[int], *, needs: str) -> list[Any]:
        calls = [f"{start}{listed}&per_page={MAX_PER_PAGE}" for listed in in_calls(ids)]
        return [row for path in calls for row in self._wire.rows(path, needs=needs)]


def _openings(found: Iterable[Any]) -> list[Opening]:
    read = Rows(found, of="openings", fields=("id", "job_id", "open"))
    listed = [
        Opening(id=read.number(row, "id"), job_id=read.number(row, "job_id"), is_open=read.truth(row, "open"))
        for row in read.rows
    ]
    return list({opening.id: opening for opening in listed}.values())
