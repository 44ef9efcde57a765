"""What is printed of a measurement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the table; `good` None only informs."""

    what: str
    measured: str
    good: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "pass", False: "FAIL", None: "–"}[self.good]
