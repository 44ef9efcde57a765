"""Statements that Django's ORM lacks: many rows updated with values of their own, rows made from a query, and rows
counted for the planner.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models


def update_rows(rows: Collection[models.Model], fields: Sequence[str]) -> None:
    """Write the named fields of these rows, all in one statement sent once per row.

    `bulk_update` would build a CASE of rows × fields (2,000 branches for a batch, split by SQLite's parameter limit).
    Nothing but the named columns is touched, so that what others write meanwhile stays.
    """
    if not rows:
        return
    model = type(next(iter(rows)))
    connection = connections[DEFAULT_DB_ALIAS]
    columns = [_column(model, name) for name in fields]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(str(column.column))} = %s" for column in columns)
    key = model._meta.pk
    assert key is not None
    sql = f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE {quote(str(key.column))} = %s"
    values = [
        [
            *(column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns),
            row.pk,
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)


def insert_from(model: type[models.Model], fields: Sequence[str], query: models.QuerySet[Any]) -> int:
    """Insert a row for each row of `query`, a values_list in the order of `fields`; returns how many.

    One statement whatever the number: a click on 10,000 records answers at once and is durable when it does.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(_column(model, name).column)) for name in fields)
    select, params = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({names}) {select}", params)
        return int(cursor.rowcount)


def count_for_planner() -> None:
    """Let SQLite know how its rows are spread, by a sample of each index: it never looks by itself, and then takes the
    wrong one for long lists. PostgreSQL does so without being asked.

    The limit is also what keeps samples of values, persons' names among them, out of `sqlite_stat4`.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)
    return column
