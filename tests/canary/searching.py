"""Canaries, in every spelling in which one could fly away, and every place where it could be found."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from django.db import connection as database

Column = tuple[str, str]


def spellings(canary: str) -> set[str]:
    """As it is, in an address, in a form, and inside of something that is put into base 64 (at any of three places)."""
    return {canary, quote(canary, safe=""), quote_plus(canary), *_inside_base64(canary)}


def _inside_base64(canary: str) -> Iterator[str]:
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + canary.encode()).decode()
        yield whole[(before * 8 + 5) // 6 : (before + len(canary.encode())) * 8 // 6]


def found(text: str, canaries: Iterable[str]) -> list[str]:
    """What stands around each canary that is there: enough to see how it came there."""
    wanted = _any_of(frozenset(canaries))
    return [text[max(0, at.start() - 80) : at.end() + 20] for at in wanted.finditer(text)]


@cache
def _any_of(canaries: Collection[str]) -> re.Pattern[str]:
    every = {re.escape(spelling) for canary in canaries for spelling in spellings(canary)}
    return re.compile("|".join(every), re.IGNORECASE)


def in_files(folder: Path, canaries: Iterable[str]) -> dict[str, list[str]]:
    """The database as it lies on the disk, the broker's messages, the logs."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    hits = {str(path.relative_to(folder)): found(path.read_bytes().decode("latin-1"), canaries) for path in files}
    return {name: around for name, around in hits.items() if around}


def in_columns(canaries: Iterable[str]) -> dict[Column, list[str]]:
    """Every column of every table, as it is stored."""
    hits: dict[Column, list[str]] = {}
    with database.cursor() as cursor:
        for table, column in _columns(cursor):
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            if around := found("\n".join(str(value) for (value,) in cursor), canaries):
                hits[table, column] = around
    return hits


def let_go_of_file() -> None:
    """SQLite's log goes into the file, and the file is let go: whoever reads it by hand takes SQLite's locks away from
    all of its process. A server keeps files of its own.
    """
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _columns(cursor: Any) -> list[Column]:
    look = database.introspection
    return [
        (table, each.name) for table in look.table_names(cursor) for each in look.get_table_description(cursor, table)
    ]
