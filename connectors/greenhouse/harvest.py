"""What closing a job needs of Harvest, whichever version speaks it: three small shapes and one port.

Rows are read strictly at the door. v3 renamed keys, and clients that read the old ones silently saw nothing
(greenhouse.md 7): a field that is missing in every row, or of the wrong type in one, is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from connectors.base.errors import Unanswered

MAX_IDS = 50  # `ids` and every `*_ids` filter (greenhouse.md 2.5)
MAX_PER_PAGE = 500  # greenhouse.md 1.4, 2.5
MAX_NUMBER = 2**63 - 1  # what any ID fits in


class JobStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Job:
    id: int
    name: str
    requisition_id: str | None
    status: JobStatus
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Opening:
    id: int
    job_id: int
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class CloseReason:
    id: int
    name: str


class Harvest(Protocol):
    """What closing a job asks for. Lists are whole or an error; the order is the vendor's."""

    def find_jobs(self, requisition_id: str) -> list[Job]:
        """All jobs, in any status, whose requisition id is exactly this one. It is not unique at Greenhouse."""
        ...

    def jobs_by_id(self, ids: Sequence[int]) -> list[Job]:
        """The jobs among these that exist and that the acting user may see."""
        ...

    def again(self, job: Job) -> Job | None:
        """The job as it is now; None when it is gone."""
        ...

    def openings(self, job_ids: Sequence[int]) -> list[Opening]:
        """Every opening of these jobs, open and closed."""
        ...

    def close_reasons(self) -> list[CloseReason]: ...

    def close_opening(self, *, job_id: int, opening_id: int, close_reason_id: int | None) -> None:
        """Close one opening by its numeric id. Raises `Unanswered` when the answer does not say that it is closed."""
        ...

    def probe(self) -> None:
        """Ask for one job and one opening, so that a missing permission is found before it is needed."""
        ...


class Rows:
    """The rows of one answer, read field by field. Raises `Unanswered` where a row is not what the vendor documents."""

    def __init__(self, rows: Iterable[Any], *, of: str, fields: Sequence[str]) -> None:
        """`fields` must each stand in at least one row; which of them may be null is said when they are read."""
        self.rows = list(rows)
        self._of = of
        if not all(isinstance(row, Mapping) for row in self.rows):
            raise Unanswered(f"Greenhouse's list of {of} holds something else.")
        for name in fields:
            if self.rows and not any(name in row for row in self.rows):
                raise Unanswered(f"Greenhouse's list of {of} has lost the field “{name}”.")

    def number(self, row: Mapping[str, Any], name: str) -> int:
        value = row.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_NUMBER:
            raise self.wrong(name)
        return value

    def text(self, row: Mapping[str, Any], name: str) -> str | None:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            raise self.wrong(name)
        return value

    def truth(self, row: Mapping[str, Any], name: str) -> bool:
        value = row.get(name)
        if not isinstance(value, bool):
            raise self.wrong(name)
        return value

    def moment(self, row: Mapping[str, Any], name: str) -> datetime | None:
        """With or without milliseconds: both forms occur side by side (greenhouse.md 1.5)."""
        value = self.text(row, name)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise self.wrong(name) from None

    def status(self, row: Mapping[str, Any], name: str) -> JobStatus:
        try:
            return JobStatus(self.text(row, name) or "")
        except ValueError:
            raise self.wrong(name) from None

    def wrong(self, name: str) -> Unanswered:
        """The error for a field that is there and cannot be what it says."""
        return Unanswered(f"Greenhouse's list of {self._of} has a “{name}” that cannot be read.")


def jobs(found: Iterable[Any]) -> list[Job]:
    """Jobs, each once, though a list that grows while it is paged may show one twice; the same in both versions."""
    read = Rows(found, of="jobs", fields=("id", "name", "requisition_id", "status", "closed_at"))
    listed = [
        Job(
            id=read.number(row, "id"),
            name=read.text(row, "name") or "",
            requisition_id=read.text(row, "requisition_id"),
            status=read.status(row, "status"),
            closed_at=read.moment(row, "closed_at"),
        )
        for row in read.rows
    ]
    return list({job.id: job for job in listed}.values())


def close_reasons(found: Iterable[Any]) -> list[CloseReason]:
    """Close reasons; the same in both versions."""
    read = Rows(found, of="close reasons", fields=("id", "name"))
    return [CloseReason(id=read.number(row, "id"), name=read.text(row, "name") or "") for row in read.rows]


def closing(close_reason_id: int | None) -> dict[str, Any]:
    """The body that closes an opening, the same in both versions. A reason may only stand beside a close."""
    return {"status": "closed"} | ({} if close_reason_id is None else {"close_reason_id": close_reason_id})


def in_calls(ids: Sequence[int]) -> Iterator[str]:
    """Ids as the comma lists of as many calls as they need."""
    for start in range(0, len(ids), MAX_IDS):
        yield ",".join(str(each) for each in ids[start : start + MAX_IDS])
