"""Files without a row, which a crash or an abandoned upload leaves; and rows without their file, which must not be.

Whoever keeps names of files in rows says which: `owners.append(function)` when the apps are ready. The function yields
the names in order. Then two streams are compared, in constant memory.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import groupby
from operator import itemgetter

from django.utils import timezone

from talentsync.resumes.storage import PrivateStorage

AGE = timedelta(days=1)  # a younger file may be an upload whose row is still to be written


class Missing(Enum):
    ROW = "row"
    FILE = "file"


@dataclass(frozen=True, kw_only=True)
class Orphan:
    name: str
    missing: Missing
    since: datetime | None = None  # when a file without a row was written

    def is_older_than(self, age: timedelta) -> bool:
        return self.since is not None and self.since <= timezone.now() - age


class NoOwners(Exception):
    """Nobody says which files belong to rows, so every file would look like an orphan."""


owners: list[Callable[[], Iterable[str]]] = []


def find(store: PrivateStorage) -> Iterator[Orphan]:
    if not owners:
        raise NoOwners
    return compare(store, heapq.merge(*(in_order(owner()) for owner in owners)))


def compare(store: PrivateStorage, known: Iterable[str]) -> Iterator[Orphan]:
    files = ((name, Missing.ROW) for name in in_order(store.names()))
    rows = ((name, Missing.FILE) for name in in_order(known))
    for name, both in groupby(heapq.merge(files, rows, key=itemgetter(0)), key=itemgetter(0)):
        missing = {side for _, side in both}
        if len(missing) == 1:
            yield from _looked_at_again(store, name, missing.pop())


def _looked_at_again(store: PrivateStorage, name: str, missing: Missing) -> Iterator[Orphan]:
    """Both sides move on while they are compared."""
    if missing is Missing.ROW:
        try:
            yield Orphan(name=name, missing=missing, since=store.get_modified_time(name))
        except FileNotFoundError:
            return
    elif not store.exists(name):
        yield Orphan(name=name, missing=missing)


def in_order(names: Iterable[str]) -> Iterator[str]:
    """Out of order, the comparison calls files orphans that are none, until it comes to the first name out of order."""
    last = ""
    for name in names:
        if name < last:
            raise ValueError("The names of files must come in order.")
        last = name
        yield name
