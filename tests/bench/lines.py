"""What is asked for, and what is printed of a measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PARTS = ("engine", "workers", "fairness", "memory", "resumes", "clicks", "imports", "growth", "lists")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which parts are measured; `million`: that memory stays flat is shown over a million records."""

    parts: Sequence[str] = PARTS
    million: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table; `good` None only informs."""

    what: str
    measured: str
    good: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "pass", False: "FAIL", None: "–"}[self.good]
