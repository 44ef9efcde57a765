"""Harvest v1, the legacy way: the calls of the vendor's article "Close a job via Harvest API" (greenhouse.md 1, 3.2).

The vendor announced the end of v1 for 2026-08-31. Vendor's pages: https://developers.greenhouse.io/harvest.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from connectors.base.errors import Forbidden, Misconfigured, Rejected, Unanswered
from connectors.greenhouse import harvest
from connectors.greenhouse.answers import object_of, rows_of
from connectors.greenhouse.harvest import MAX_PER_PAGE, CloseReason, Job, Opening, Rows
from connectors.greenhouse.wire import Wire

# Permissions of the key, as the vendor's dialog names them.
LIST_JOBS = "GET: List Jobs"
GET_JOB = "GET: Retrieve Job"
LIST_OPENINGS = "GET: List Openings For a Job"
LIST_CLOSE_REASONS = "GET: List Close Reasons"
EDIT_OPENINGS = "PATCH: Edit job openings"


class HarvestV1:
    """Nested lists with Link headers, one PATCH per opening on behalf of the acting user."""

    def __init__(self, wire: Wire, *, acting_user_id: str) -> None:
        self._wire, self._acting_user_id = wire, acting_user_id

    def find_jobs(self, requisition_id: str) -> list[Job]:
        """`skip_count`: without it the first page of a large account times out (greenhouse.md 1.4)."""
        path = f"/v1/jobs?requisition_id={quote(requisition_id, safe='')}&per_page={MAX_PER_PAGE}&skip_count=true"
        found = harvest.jobs(self._wire.rows(path, needs=LIST_JOBS))
        return [job for job in found if job.requisition_id == requisition_id]

    def jobs_by_id(self, ids: Sequence[int]) -> list[Job]:
        """One call per job: v1's list has no filter by id."""
        return harvest.jobs(row for each in ids if (row := self._job(each)) is not None)

    def again(self, job: Job) -> Job | None:
        """By requisition id if it has one: a key made as the vendor's article says may list jobs and not fetch one."""
        found = self.find_jobs(job.requisition_id) if job.requisition_id else self.jobs_by_id([job.id])
        return next((each for each in found if each.id == job.id), None)

    def openings(self, job_ids: Sequence[int]) -> list[Opening]:
        """All of them, sorted here: the vendor's filter takes "open", the value it shows, for "everything"."""
        return [opening for job_id in job_ids for opening in _openings(self._rows_of_job(job_id), job_id=job_id)]

    def close_reasons(self) -> list[CloseReason]:
        """None where the key may not list them: the vendor's own article does not ask for that permission."""
        try:
            return harvest.close_reasons(self._wire.rows("/v1/close_reasons", needs=LIST_CLOSE_REASONS))
        except Forbidden:
            return []

    def close_opening(self, *, job_id: int, opening_id: int, close_reason_id: int | None) -> None:
        """The address takes the opening's numeric id. `opening_id` in the body would rename it, so it is never sent."""
        body = harvest.closing(close_reason_id)
        path = f"{_openings_path(job_id)}/{opening_id}"
        answer = self._wire.patch(path, body, needs=EDIT_OPENINGS, headers={"On-Behalf-Of": self._acting_user()})
        if answer.get("success") not in (True, "true"):  # a string here, a boolean elsewhere (greenhouse.md 1.6)
            raise Unanswered("Greenhouse did not confirm that the opening is closed.")

    def probe(self) -> None:
        self._acting_user()
        found = rows_of(self._wire.read("/v1/jobs?per_page=1&skip_count=true", needs=LIST_JOBS))
        for job in harvest.jobs(found):
            _openings(
                rows_of(self._wire.read(f"{_openings_path(job.id)}?per_page=1", needs=LIST_OPENINGS)), job_id=job.id
            )

    def _acting_user(self) -> str:
        """Anything but a number would be answered with a 404 that blames the record (greenhouse.md 1.2)."""
        if not self._acting_user_id.isdecimal():
            raise Misconfigured("The acting user must be a Greenhouse user id, a number.")
        return self._acting_user_id

    def _job(self, job_id: int) -> dict[str, Any] | None:
        try:
            return object_of(self._wire.read(f"/v1/jobs/{job_id}", needs=GET_JOB))
        except Rejected as error:
            if error.status == 404:
                return None
            raise

    def _rows_of_job(self, job_id: int) -> list[Any]:
        return self._wire.rows(f"{_openings_path(job_id)}?per_page={MAX_PER_PAGE}", needs=LIST_OPENINGS)


def _openings_path(job_id: int) -> str:
    return f"/v1/jobs/{job_id}/openings"


def _openings(found: Iterable[Any], *, job_id: int) -> list[Opening]:
    read = Rows(found, of="openings", fields=("id", "status"))
    listed = [Opening(id=read.number(row, "id"), job_id=job_id, is_open=_is_open(read, row)) for row in read.rows]
    return list({opening.id: opening for opening in listed}.values())


def _is_open(read: Rows, row: Any) -> bool:
    """An opening is open or closed; it has no draft."""
    status = read.status(row, "status")
    if status is harvest.JobStatus.DRAFT:
        raise read.wrong("status")
    return status is harvest.JobStatus.OPEN
