"""Which IDs a file has named so far. Kept on the disk and not in memory, because a file may name any number of them;
kept as digests, because an ID belongs to a person.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from types import TracebackType

BUSY_SECONDS = 5.0  # for another worker at the same file, which is rare and quick
SCHEMA = "CREATE TABLE IF NOT EXISTS seen (id BLOB PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID"


def digest(parent: int, external_id: str) -> bytes:
    return blake2b(f"{parent}\0{external_id}".encode(), digest_size=16).digest()


class Seen:
    """Without a path it lives as long as the object. With one it outlives a killed worker, and asking again about the
    same lines gives the same answers.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._memory = sqlite3.connect(str(path or ""), isolation_level=None, timeout=BUSY_SECONDS)
        self._memory.execute("PRAGMA synchronous = OFF")  # a power cut costs a new beginning, no data
        self._memory.execute(SCHEMA)

    def before(self, ids: Mapping[int, bytes]) -> dict[int, int]:
        """Of these lines with their IDs, those whose ID stood on an earlier line, with that line."""
        marks = ",".join("?" * len(ids))
        query = f"SELECT id, line FROM seen WHERE id IN ({marks})"
        first = dict(self._memory.execute(query, list(ids.values())))
        found = {}
        for line, key in ids.items():
            if (was := first.setdefault(key, line)) != line:
                found[line] = was
        self._remember(first)
        return found

    def _remember(self, first: Mapping[bytes, int]) -> None:
        self._memory.execute("BEGIN")
        self._memory.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", sorted(first.items()))
        self._memory.execute("COMMIT")

    def close(self) -> None:
        self._memory.close()

    def __enter__(self) -> Seen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
