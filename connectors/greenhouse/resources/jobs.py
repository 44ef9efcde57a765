"""Jobs at Greenhouse: they can be closed and looked at, nothing else. Greenhouse owns them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from connectors.base.errors import Unmappable
from connectors.base.resource import Entry, Step
from connectors.base.results import Answer, News, Outcome
from connectors.greenhouse.closing import chosen, close_job, facts, open_jobs, refused, wanted_jobs
from connectors.greenhouse.harvest import Harvest, Job, JobStatus, Opening
from connectors.greenhouse.records import GreenhouseJob
from connectors.greenhouse.wire import Wire

OpenStep = Callable[[], tuple[Wire, Harvest]]
"""Starts one step: its own clock, its own list of exchanges."""


class Jobs:
    """The resource the engine calls. Safe to share between threads: every step has a wire of its own."""

    endpoints: Mapping[Step, str] = {step: "harvest" for step in Step}

    def __init__(self, open_step: OpenStep, *, check_limit: int) -> None:
        self._open_step = open_step
        self.limits: Mapping[Step, int] = {Step.SEND: 1, Step.POLL: 1, Step.CHECK: check_limit}

    def send(self, entries: Sequence[Entry]) -> Answer:
        """Go one step towards the closed job: `ACCEPTED` when it is closed, `PROGRESS` while openings remain."""
        [entry] = entries
        if entry.verb != "CLOSE":
            raise Unmappable("A job at Greenhouse can only be closed.")
        wire, harvest = self._open_step()
        wanted = GreenhouseJob.from_wire(entry.payload)
        with wire.telling():
            outcome = close_job(wanted, harvest=harvest, may_start_more=lambda: wire.may_start_more)
        return Answer(outcomes={entry.key: outcome}, exchanges=tuple(wire.exchanges))

    def poll(self, entries: Sequence[Entry]) -> Answer:
        """Greenhouse works at once and has no remote tasks: asking about one is asking about the job."""
        return self.check(entries)

    def check(self, entries: Sequence[Entry]) -> Answer:
        """`LIVE` for an open or draft job, `GONE` for a closed one and for none (`found` tells which).

        A key that could not be looked up before the step's time was up is missing from the answer.
        """
        wire, harvest = self._open_step()
        wanted = {entry.key: GreenhouseJob.from_wire(entry.payload) for entry in entries}
        with wire.telling():
            looked_up = _look_up(wanted, wire=wire, harvest=harvest)
            meant = {job.id for found in looked_up.values() for job in _meant(found)}
            openings = harvest.openings(sorted(meant)) if meant else []
        outcomes = {key: _seen(wanted[key], found, openings) for key, found in looked_up.items()}
        return Answer(outcomes=outcomes, exchanges=tuple(wire.exchanges))


def _look_up(wanted: Mapping[str, GreenhouseJob], *, wire: Wire, harvest: Harvest) -> dict[str, list[Job]]:
    """The jobs that each reference fits: all numbers in one call, requisition ids one by one."""
    ids = sorted({each.greenhouse_job_id for each in wanted.values() if each.greenhouse_job_id is not None})
    by_id = {job.id: job for job in (harvest.jobs_by_id(ids) if ids else [])}
    found: dict[str, list[Job]] = {}
    for key, each in wanted.items():
        if each.greenhouse_job_id is not None:
            found[key] = [by_id[each.greenhouse_job_id]] if each.greenhouse_job_id in by_id else []
        elif wire.may_start_more:
            found[key] = wanted_jobs(each, harvest=harvest)
    return found


def _meant(found: Sequence[Job]) -> list[Job]:
    job = chosen(found)
    return [job] if job else open_jobs(found)


def _seen(wanted: GreenhouseJob, found: Sequence[Job], openings: Sequence[Opening]) -> Outcome:
    job = chosen(found)
    if job is None:
        return _not_one(refused(wanted, found))
    news = News.GONE if job.status is JobStatus.CLOSED else News.LIVE
    return Outcome(news=news, facts=facts(job, [each for each in openings if each.job_id == job.id]))


def _not_one(outcome: Outcome) -> Outcome:
    """Seen and not asked to close: no job is an answer, and of several open ones it is true that they are open."""
    news = {"job_not_found": News.GONE, "several_jobs": News.LIVE}
    return replace(outcome, news=news.get(outcome.code, outcome.news))
