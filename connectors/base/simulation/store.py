"""Where simulators keep what they hold: JSON documents by collection and key, in one SQLite file or in memory.

One connection behind one lock: a simulated vendor answers one call at a time, which keeps its order of events plain.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.base.simulation.exchange import Document

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (collection, key)
)
"""
# The newest of one collection are found without walking through all the others.
INDEX = "CREATE INDEX IF NOT EXISTS documents_in_order ON documents (collection, place)"


class Store:
    """All documents of all simulators that share it; safe to use from many threads."""

    def __init__(self, path: str | Path = ":memory:") -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(str(path), isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(SCHEMA)
        self._connection.execute(INDEX)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing; may be entered again inside itself."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._connection.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def collection(self, name: str) -> Collection:
        return Collection(self, name)

    def wipe(self, prefix: str) -> None:
        """Forget every collection whose name starts with the prefix."""
        self.run("DELETE FROM documents WHERE substr(collection, 1, ?) = ?", len(prefix), prefix)

    def run(self, statement: str, *values: object) -> list[tuple[str, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


class Collection:
    """Documents of one sort, in the order in which their keys first came."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    def get(self, key: str) -> Document | None:
        rows = self._store.run("SELECT body FROM documents WHERE collection = ? AND key = ?", self._name, key)
        return json.loads(rows[0][0]) if rows else None

    def put(self, key: str, document: Document) -> None:
        self._store.run(
            "INSERT INTO documents (collection, key, body) VALUES (?, ?, ?)"
            " ON CONFLICT (collection, key) DO UPDATE SET body = excluded.body",
            self._name,
            key,
            json.dumps(document),
        )

    def delete(self, key: str) -> None:
        self._store.run("DELETE FROM documents WHERE collection = ? AND key = ?", self._name, key)

    def delete_below(self, prefix: str) -> None:
        """Delete what has a key that starts so, by the index; the prefix ends with `|`."""
        end = prefix.removesuffix("|") + chr(ord("|") + 1)
        self._store.run("DELETE FROM documents WHERE collection = ? AND key >= ? AND key < ?", self._name, prefix, end)

    def count(self) -> int:
        return int(self._store.run("SELECT count(*) FROM documents WHERE collection = ?", self._name)[0][0])

    def clear(self) -> None:
        self._store.run("DELETE FROM documents WHERE collection = ?", self._name)

    def all(self) -> list[Document]:
        return self._read("SELECT body FROM documents WHERE collection = ? ORDER BY place", self._name)

    def latest(self, limit: int) -> list[Document]:
        """The newest documents, newest first."""
        return self._read(
            "SELECT body FROM documents WHERE collection = ? ORDER BY place DESC LIMIT ?", self._name, limit
        )

    def through(self, key: str) -> list[tuple[str, Document]]:
        """Keys and documents up to and including this key, in the order of the keys."""
        rows = self._store.run(
            "SELECT key, body FROM documents WHERE collection = ? AND key <= ? ORDER BY key", self._name, key
        )
        return [(found, json.loads(body)) for found, body in rows]

    def _read(self, statement: str, *values: object) -> list[Document]:
        return [json.loads(body) for (body,) in self._store.run(statement, *values)]
