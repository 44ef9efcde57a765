"""What a database would read for the statements of a page: whether any of them goes through a whole big table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db import connection as database

BIG = ("candidates_", "applications_", "sync_delivery", "sync_runitem")


def scans(queries: Iterable[Mapping[str, str]]) -> list[str]:
    """The steps that read a big table from end to end, of statements as `CaptureQueriesContext` has them.

    A walk that ends at a limit is none: over everything, or over what by far the most rows are, as PostgreSQL counts to
    100,000 where it knows of many more.
    """
    return [
        f"{step}  <-  {query['sql']}"
        for query in queries
        if query["sql"].startswith("SELECT") and not _is_a_bounded_walk(query["sql"])
        for step in steps(query["sql"])
        if _is_a_scan(step) and not _ends_early(step, query["sql"])
    ]


def _is_a_bounded_walk(sql: str) -> bool:
    return " WHERE " not in re.sub(r"\(SELECT .*? LIMIT 1\)", "", sql) and " LIMIT " in sql


def _ends_early(step: str, sql: str) -> bool:
    """PostgreSQL says how many rows it expects."""
    limit, expected = re.search(r" LIMIT (\d+)\) \S+$", sql), re.search(r"rows=(\d+)", step)
    return limit is not None and expected is not None and int(expected[1]) > int(limit[1])


def steps(sql: str) -> list[str]:
    """What the database would do for a statement, step by step."""
    words = "EXPLAIN QUERY PLAN" if database.vendor == "sqlite" else "EXPLAIN"
    with database.cursor() as cursor:
        cursor.execute(f"{words} {sql}")
        return [str(row[-1]) for row in cursor.fetchall()]


def _is_a_scan(step: str) -> bool:
    if database.vendor == "sqlite":
        found = re.search(r"SCAN (\w+)\b(?! USING (?:COVERING )?INDEX \w+_(?:trouble|kept_out|not_contacted))", step)
    else:
        found = re.search(r"Seq Scan on (\w+)", step)
    return found is not None and found[1].startswith(BIG)
