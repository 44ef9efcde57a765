"""What became of the rows, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from talentsync.imports.columns import Sheet
from talentsync.imports.loader import is_told
from talentsync.imports.rows import Row


@dataclass(kw_only=True)
class Tally:
    """Each number has the name of its column of `Import`."""

    n_new: int = 0
    n_changed: int = 0
    n_unchanged: int = 0
    n_refused: int = 0
    n_unsent: int = 0
    n_zoneless: int = 0
    n_errors: int = 0

    def __add__(self, other: Tally) -> Tally:
        names = self.__dataclass_fields__
        return Tally(**dict(zip(names, map(sum, zip(astuple(self), astuple(other), strict=True)), strict=True)))

    @property
    def n_rows(self) -> int:
        return self.n_new + self.n_changed + self.n_unchanged + self.n_refused


def counted(rows: Iterable[Row], sheet: Sheet) -> Tally:
    tally = Tally()
    for row in rows:
        name = f"n_{row.verdict.value}"
        setattr(tally, name, getattr(tally, name) + 1)
        tally.n_unsent += is_told(row, sheet)
        tally.n_zoneless += row.zoneless
        tally.n_errors += len(row.mistakes)
    return tally
