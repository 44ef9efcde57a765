"""What LinkedIn would not accept of the records of a file, by the rules that the forms and the engine go by.

A kind's rules are named here once. The rules of a column's own (lengths, choices, addresses) are `cells`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.linkedin.rules import Problem
from talentsync.applications import records as applications
from talentsync.candidates import records as candidates
from talentsync.customers.models import Connection, Customer, Destination
from talentsync.imports.columns import Sheet
from talentsync.imports.mistakes import mistake
from talentsync.imports.models import Kind
from talentsync.imports.rows import Row
from talentsync.jobs import records as jobs
from talentsync.jobs.models import Job
from talentsync.resumes import records as resumes

Rules = Callable[[Any, Connection, datetime], Iterable[Problem]]

SOMEWHERE, SOME_CONTRACT = "urn:li:organization:1", "urn:li:contract:1"


def of_job(job: Job, connection: Connection, now: datetime) -> Iterator[Problem]:
    """The end of a job that is closed lies in the past, and is not sent when it is closed."""
    for problem in jobs.problems(job, connection, now=now):
        if job.is_open or problem.field != "expire_at":
            yield problem


def of_person(record: Any, connection: Connection, now: datetime) -> Iterator[Problem]:
    """Candidates and their notes."""
    return candidates.problems(record, connection)


def of_application(record: Any, connection: Connection, now: datetime) -> Iterator[Problem]:
    """Applications and what hangs on them."""
    return applications.problems(record, connection)


def of_resume(record: Any, connection: Connection, now: datetime) -> Iterator[Problem]:
    """What is in its file is judged where that is taken."""
    return resumes.problems(record)


RULES: Mapping[str, Rules] = {
    Kind.JOB: of_job,
    Kind.CANDIDATE: of_person,
    Kind.CANDIDATE_NOTE: of_person,
    Kind.APPLICATION: of_application,
    Kind.APPLICATION_NOTE: of_application,
    Kind.APPLICATION_STAGE: of_application,
    Kind.INTERVIEW_FEEDBACK: of_application,
    Kind.RESUME: of_resume,
}


class Checker:
    """Checks the records of one file against one moment."""

    def __init__(self, sheet: Sheet, customer: Customer, *, now: datetime) -> None:
        self._sheet, self._now = sheet, now
        self._rules = RULES[sheet.kind]
        self._connection = connection_of(customer)

    def check(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.record is not None:
                for problem in self._rules(row.record, self._connection, self._now):
                    column = self._sheet.column_of(problem.field)
                    row.mistakes.append(mistake(row.line, "linkedin", column=column, rule=problem.rule))


def connection_of(customer: Customer) -> Connection:
    """Where the customer's records go, for the rules to look at. What is missing there (all of it, or a contract) is
    no fault of a row: the pages of connections and clicks say so.
    """
    found = customer.connections.filter(destination=Destination.LINKEDIN, is_current=True).first()
    return Connection(
        customer=customer,
        destination=Destination.LINKEDIN,
        organization_urn=(found and found.organization_urn) or SOMEWHERE,
        job_contract_urn=(found and found.job_contract_urn) or SOME_CONTRACT,
    )
