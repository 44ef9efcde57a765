"""Statements that Django's ORM lacks: many rows updated with values of their own, rows made from a query, and rows
counted for the planner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections, models

if TYPE_CHECKING:
    Column = models.Field[Any, Any]


MOST_KEYS = 500  # of one statement: more parameters than that are too many for some SQLite
MOST_STATEMENTS = 4


def update_rows(rows: Collection[models.Model], fields: Sequence[str]) -> None:
    """Write the named fields of these rows (decision 0006, 0032).

    The rows of a batch mostly become alike: a column that is the same in all of them is converted once, and rows that
    become the same share a statement. Where there would be too many of these, each row has its own values in one.
    Nothing but the named columns is touched, so that what others write meanwhile stays.
    """
    if not rows:
        return
    update = _Update(type(next(iter(rows))))
    columns = [_column(update.model, name) for name in fields]
    differing = [column for column in columns if not _is_one([getattr(row, column.attname) for row in rows])]
    first = next(iter(rows))
    shared = {column: update.value(column, first) for column in columns if column not in differing}
    own = {row.pk: tuple(update.value(column, row) for column in differing) for row in rows}
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for key, values in own.items():
        alike[values].append(key)
    if len(alike) > MOST_STATEMENTS:
        update.write_each(shared, differing, own)
        return
    for values, keys in alike.items():
        for start in range(0, len(keys), MOST_KEYS):
            update.write(shared | dict(zip(differing, values, strict=True)), keys[start : start + MOST_KEYS])


def _is_one(values: Sequence[Any]) -> bool:
    """Whether all of these are stored the same; of lists and objects only where they are empty."""
    first = values[0]
    if isinstance(first, dict | list):
        return all(type(value) is type(first) and not value for value in values)
    return all(value is first or (type(value) is type(first) and value == first) for value in values)


class _Update:
    """UPDATE statements for one table. A key as a parameter of its own costs PostgreSQL's driver more than the update:
    there, keys and values travel as arrays. SQLite has no arrays, and is given one row after the other.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self._connection = model, connections[DEFAULT_DB_ALIAS]
        assert model._meta.pk is not None
        self._pk: Column = model._meta.pk
        self._key = f"{self._quoted(model._meta.db_table)}.{self._quoted(self._pk.column)}"
        self._has_arrays = self._connection.vendor == "postgresql"

    def value(self, column: Column, row: models.Model) -> Any:
        return column.get_db_prep_save(getattr(row, column.attname), self._connection)

    def write(self, values: Mapping[Column, Any], keys: list[Any]) -> None:
        """The same values for all of these."""
        one_of, params = ("= ANY(%s)", [keys]) if self._has_arrays else (f"IN ({', '.join(['%s'] * len(keys))})", keys)
        with self._connection.cursor() as cursor:
            cursor.execute(f"{self._set(values)} WHERE {self._key} {one_of}", [*values.values(), *params])

    def write_each(
        self, shared: Mapping[Column, Any], differing: Sequence[Column], own: Mapping[Any, Sequence[Any]]
    ) -> None:
        """By key: what all share, and the values of the columns that differ."""
        with self._connection.cursor() as cursor:
            if self._has_arrays:
                names = [f"v{number}" for number in range(len(differing))]
                arrays = ", ".join(f"%s::{self._type(column)}[]" for column in [self._pk, *differing])
                cursor.execute(
                    f"{self._set(shared, dict(zip(differing, names, strict=True)))}"
                    f" FROM unnest({arrays}) AS v (k{''.join(f', {name}' for name in names)}) WHERE {self._key} = v.k",
                    [*shared.values(), list(own), *map(list, zip(*own.values(), strict=True))],
                )
                return
            cursor.executemany(
                f"{self._set([*shared, *differing])} WHERE {self._key} = %s",
                [(*shared.values(), *values, key) for key, values in own.items()],
            )

    def _set(self, given: Iterable[Column], joined: Mapping[Column, str] | None = None) -> str:
        """`joined` are columns whose values stand in the rows beside."""
        sets = [f"{self._quoted(column.column)} = %s" for column in given]
        sets += [f"{self._quoted(column.column)} = v.{name}" for column, name in (joined or {}).items()]
        return f"UPDATE {self._quoted(self.model._meta.db_table)} SET {', '.join(sets)}"

    def _type(self, column: Column) -> str:
        return str(column.rel_db_type(self._connection) if column.primary_key else column.db_type(self._connection))

    def _quoted(self, name: str | None) -> str:
        return self._connection.ops.quote_name(str(name))


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
