"""Statements that Django's ORM lacks: many rows updated with values of their own, rows made from a query, and rows
counted for the planner.
"""

from __future__ import annotations

import json
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
    table = _Table(type(next(iter(rows))))
    shared, differing, own = table.sorted_out(rows, [_column(table.model, name) for name in fields])
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row, values in zip(rows, own, strict=True):
        alike[values].append(row.pk)
    if len(alike) > MOST_STATEMENTS:
        table.update_each(shared, differing, [(row.pk, *values) for row, values in zip(rows, own, strict=True)])
        return
    for values, keys in alike.items():
        for start in range(0, len(keys), MOST_KEYS):
            table.update(shared | dict(zip(differing, values, strict=True)), keys[start : start + MOST_KEYS])


def insert_rows(rows: Sequence[models.Model], *, replacing: Sequence[str] = ()) -> None:
    """Insert these rows, in one statement and without asking for their keys. Where a row of the same key is there, its
    columns named in `replacing` are written instead.
    """
    if not rows:
        return
    table = _Table(type(rows[0]))
    columns = [column for column in table.model._meta.concrete_fields if not isinstance(column, models.AutoField)]
    shared, differing, own = table.sorted_out(rows, columns)
    table.insert(shared, differing, own, [_column(table.model, name) for name in replacing])


def _is_one(values: Sequence[Any]) -> bool:
    """Whether all of these are stored the same; of lists and objects only where they are empty."""
    first = values[0]
    if isinstance(first, dict | list):
        return all(type(value) is type(first) and not value for value in values)
    return all(value is first or (type(value) is type(first) and value == first) for value in values)


class _Table:
    """Statements for many rows of one table. A parameter for each value costs PostgreSQL's driver more than the server
    needs for all of them: there, what differs travels as one document. SQLite is called and not asked: it is given one
    row after the other.
    """

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self._connection = model, connections[DEFAULT_DB_ALIAS]
        assert model._meta.pk is not None
        self._pk: Column = model._meta.pk
        self._name = self._quoted(model._meta.db_table)
        self._key = f"{self._name}.{self._quoted(self._pk.column)}"
        self._takes_documents = self._connection.vendor == "postgresql"

    def sorted_out(
        self, rows: Collection[models.Model], columns: Sequence[Column]
    ) -> tuple[dict[Column, Any], list[Column], list[tuple[Any, ...]]]:
        """What all rows share, the other columns, and the values of each row for these."""
        first = next(iter(rows))
        differing = [column for column in columns if not _is_one([getattr(row, column.attname) for row in rows])]
        shared = {column: self._value(column, first) for column in columns if column not in differing}
        return shared, differing, [tuple(self._value(column, row) for column in differing) for row in rows]

    def update(self, values: Mapping[Column, Any], keys: list[Any]) -> None:
        """The same values for all of these keys."""
        one_of, params = f"IN ({', '.join(['%s'] * len(keys))})", keys
        if self._takes_documents:
            one_of, params = "= ANY(%s)", [keys]
        self._execute(f"{self._set(values)} WHERE {self._key} {one_of}", [*values.values(), *params])

    def update_each(
        self, shared: Mapping[Column, Any], differing: Sequence[Column], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """`rows` are keys, each with its values of the columns that differ."""
        if self._takes_documents:
            document, names, values = self._document([self._pk, *differing], rows)
            sets = self._set(shared, dict(zip(differing, names[1:], strict=True)))
            self._execute(f"{sets} FROM {document} WHERE {self._key} = {names[0]}", [*shared.values(), values])
            return
        each = [(*shared.values(), *values, key) for key, *values in rows]
        self._execute(f"{self._set([*shared, *differing])} WHERE {self._key} = %s", each, many=True)

    def insert(
        self,
        shared: Mapping[Column, Any],
        differing: Sequence[Column],
        rows: Sequence[tuple[Any, ...]],
        replacing: Sequence[Column],
    ) -> None:
        names = ", ".join(self._quoted(column.column) for column in [*shared, *differing])
        again = ", ".join(f"{self._quoted(each.column)} = excluded.{self._quoted(each.column)}" for each in replacing)
        into = f"INSERT INTO {self._name} ({names})"
        on_conflict = f" ON CONFLICT ({self._quoted(self._pk.column)}) DO UPDATE SET {again}" if again else ""
        if self._takes_documents and differing:
            document, own, values = self._document(differing, rows)
            once = [f"%s::{self._type(column)}" for column in shared]
            select = f"SELECT {', '.join([*once, *own])} FROM {document}"
            self._execute(f"{into} {select}{on_conflict}", [*shared.values(), values])
            return
        marks = ", ".join(["%s"] * (len(shared) + len(differing)))
        each = [(*shared.values(), *values) for values in rows]
        self._execute(f"{into} VALUES ({marks}){on_conflict}", each, many=True)

    def _document(self, columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> tuple[str, list[str], str]:
        """A table made of one parameter, the names of its columns, and the parameter."""
        names = [f"v{number}" for number in range(len(columns))]
        typed = ", ".join(f"{name} {self._type(column)}" for name, column in zip(names, columns, strict=True))
        written = json.dumps([dict(zip(names, values, strict=True)) for values in rows], default=_in_json)
        return f"jsonb_to_recordset(%s::jsonb) AS v ({typed})", [f"v.{name}" for name in names], written

    def _set(self, given: Iterable[Column], joined: Mapping[Column, str] | None = None) -> str:
        """`joined` are columns whose values stand in the rows beside."""
        sets = [f"{self._quoted(column.column)} = %s" for column in given]
        sets += [f"{self._quoted(column.column)} = {name}" for column, name in (joined or {}).items()]
        return f"UPDATE {self._name} SET {', '.join(sets)}"

    def _execute(self, sql: str, params: Sequence[Any], *, many: bool = False) -> None:
        with self._connection.cursor() as cursor:
            (cursor.executemany if many else cursor.execute)(sql, params)

    def _value(self, column: Column, row: models.Model) -> Any:
        return column.get_db_prep_save(getattr(row, column.attname), self._connection)

    def _type(self, column: Column) -> str:
        return str(column.rel_db_type(self._connection) if column.primary_key else column.db_type(self._connection))

    def _quoted(self, name: str | None) -> str:
        return self._connection.ops.quote_name(str(name))


def _in_json(value: Any) -> Any:
    """What a column's value is as a part of a document: a JSON column's own content, a moment in ISO 8601."""
    return value.obj if hasattr(value, "obj") else value.isoformat()


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
