"""Closing one job: find it, close its open openings, look again. No call closes a job itself (greenhouse.md 3).

Reads come first and closed openings are skipped, so a step that broke off is simply done again. Nothing here remembers
anything between steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from connectors.base.errors import Rejected, Unanswered
from connectors.base.results import News, Outcome
from connectors.greenhouse.errors import OWN_FAILURES
from connectors.greenhouse.harvest import Harvest, Job, JobStatus, Opening
from connectors.greenhouse.records import GreenhouseJob

# A job has at most 100 open openings (greenhouse.md 3.1) and the windows hold 50 or 75 calls (1.3, 2.4).
MAX_CLOSED_PER_STEP = 20
_ORDER = [JobStatus.OPEN, JobStatus.DRAFT, JobStatus.CLOSED]


def close_job(wanted: GreenhouseJob, *, harvest: Harvest, may_start_more: Callable[[], bool]) -> Outcome:
    """One step towards the closed job; repeating it is harmless.

    Raises a `ConnectorError` when a call fails and reading again does not show that its work is done.
    """
    found = wanted_jobs(wanted, harvest=harvest)
    job = chosen(found)
    if job is None:
        return refused(wanted, found)
    openings = harvest.openings([job.id])
    if job.status is JobStatus.CLOSED:
        return Outcome(news=News.ACCEPTED, facts=facts(job, openings))
    if code := _unclosable(job, openings):
        return rejected(code, facts=facts(job, openings))
    step = _Step(harvest=harvest, job=job, openings=openings, close_reason_id=wanted.close_reason_id)
    step.close(may_start_more)
    return step.look_again()


class _Step:
    """The writes of one step, and what is known of the openings meanwhile."""

    def __init__(self, *, harvest: Harvest, job: Job, openings: list[Opening], close_reason_id: int | None) -> None:
        self._harvest, self._job, self._close_reason_id = harvest, job, close_reason_id
        self._openings = openings
        self._closed_now: list[int] = []

    def close(self, may_start_more: Callable[[], bool]) -> None:
        todo = _open_ids(self._openings)[:MAX_CLOSED_PER_STEP]
        while todo:
            if not may_start_more():
                self._stop_early()
                return
            self._close_one(todo.pop(0))
            still_open = _open_ids(self._openings)
            todo = [each for each in todo if each in still_open]

    def look_again(self) -> Outcome:
        """What the vendor says now. An opening may have been added meanwhile, and that keeps the job open."""
        try:
            job = self._harvest.again(self._job)
            openings = self._harvest.openings([self._job.id])
        except Unanswered:
            if not self._closed_now:
                raise
            return self._outcome(News.PROGRESS, self._job, self._openings)  # the next step looks again first
        if job is None:
            return rejected("job_not_found", facts={"found": False, "opening_ids_closed_now": self._closed_now})
        news = News.ACCEPTED if job.status is JobStatus.CLOSED else News.PROGRESS
        return self._outcome(news, job, openings)

    def _close_one(self, opening_id: int) -> None:
        try:
            self._harvest.close_opening(
                job_id=self._job.id, opening_id=opening_id, close_reason_id=self._close_reason_id
            )
        except (Rejected, Unanswered) as error:
            # Closing a closed opening is undocumented, and a lost answer says nothing: only reading tells (3.4).
            self._openings = self._harvest.openings([self._job.id])
            if opening_id in _open_ids(self._openings):
                raise
            if not error.may_have_been_applied:
                return  # somebody else closed it
        self._closed_now.append(opening_id)
        self._openings = [_closed(each) if each.id == opening_id else each for each in self._openings]

    def _stop_early(self) -> None:
        if not self._closed_now:
            raise Unanswered("Greenhouse answers too slowly to close anything.")

    def _outcome(self, news: News, job: Job, openings: Sequence[Opening]) -> Outcome:
        return Outcome(news=news, facts=facts(job, openings, closed_now=self._closed_now))


def wanted_jobs(wanted: GreenhouseJob, *, harvest: Harvest) -> list[Job]:
    """Every job the reference fits."""
    if wanted.greenhouse_job_id is not None:
        return harvest.jobs_by_id([wanted.greenhouse_job_id])
    return harvest.find_jobs(wanted.requisition_id) if wanted.requisition_id else []


def chosen(found: Sequence[Job]) -> Job | None:
    """The one meant: the open job, else a draft, else the one closed last. None where several are open."""
    if len(open_jobs(found)) > 1:
        return None
    latest_first = sorted(found, key=lambda job: job.closed_at.timestamp() if job.closed_at else 0.0, reverse=True)
    return min(latest_first, key=lambda job: _ORDER.index(job.status), default=None)


def open_jobs(found: Sequence[Job]) -> list[Job]:
    return [job for job in found if job.status is JobStatus.OPEN]


def refused(wanted: GreenhouseJob, found: Sequence[Job]) -> Outcome:
    """Why no single job was chosen."""
    if wanted.greenhouse_job_id is None and not wanted.requisition_id:
        return rejected("no_reference", facts={})
    if not found:
        return rejected("job_not_found", facts={"found": False})
    return rejected("several_jobs", facts={"found": True, "job_ids": [job.id for job in open_jobs(found)]})


def rejected(code: str, *, facts: dict[str, Any]) -> Outcome:
    """A failure that we tell ourselves, with our own sentence."""
    row = OWN_FAILURES[code]
    return Outcome(news=News.REJECTED, code=code, words=row.meaning, field_name=row.field, facts=facts)


def facts(job: Job, openings: Sequence[Opening], *, closed_now: Sequence[int] = ()) -> dict[str, Any]:
    """What the kind stores about the job."""
    return {
        "found": True,
        "job_id": job.id,
        "name": job.name,
        "status": job.status.value,
        "open_openings": len(_open_ids(openings)),
        "total_openings": len(openings),
        "closed_at": job.closed_at.isoformat() if job.closed_at else None,
        "opening_ids_closed_now": list(closed_now),
    }


def _unclosable(job: Job, openings: Sequence[Opening]) -> str:
    """Our code for a job that is not closed and whose openings cannot close it."""
    if job.status is JobStatus.DRAFT:
        return "job_is_draft"
    if not openings:
        return "no_openings"
    return "" if _open_ids(openings) else "job_stays_open"


def _open_ids(openings: Sequence[Opening]) -> list[int]:
    return sorted(opening.id for opening in openings if opening.is_open)


def _closed(opening: Opening) -> Opening:
    return Opening(id=opening.id, job_id=opening.job_id, is_open=False)
