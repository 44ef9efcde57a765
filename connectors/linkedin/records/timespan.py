"""How long LinkedIn keeps a file: the `Timespan` of the page "Sync Candidate Resumes"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TimeUnit(StrEnum):
    MILLISECOND = "MILLISECOND"
    SECOND = "SECOND"
    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


# Inferred, not documented: how long a month and a year are. These are the shortest that anybody could mean, so that a
# file is never believed to be there when it is gone.
SHORTEST = {
    TimeUnit.MILLISECOND: timedelta(milliseconds=1),
    TimeUnit.SECOND: timedelta(seconds=1),
    TimeUnit.MINUTE: timedelta(minutes=1),
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.DAY: timedelta(days=1),
    TimeUnit.WEEK: timedelta(weeks=1),
    TimeUnit.MONTH: timedelta(days=28),
    TimeUnit.YEAR: timedelta(days=365),
}


@dataclass(frozen=True, kw_only=True)
class Timespan:
    duration: int
    unit: TimeUnit

    @property
    def shortest(self) -> timedelta:
        """After so long the file may be gone. Raises `OverflowError` for longer than any calendar reaches."""
        return self.duration * SHORTEST[self.unit]
