"""Write every encrypted value anew under the first of FIELD_ENCRYPTION_KEYS, while everything else goes on.

What is under the first key is passed over, so that a rotation that was killed goes on where it was. Rows are locked
only when they are rewritten, and rows that somebody else has locked are left to the next pass: we wait for nobody, and
so are part of no deadlock. The last pass is the one that finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast

from talentsync.core import fields
from talentsync.core.fields import EncryptedField, WrongKey
from talentsync.core.models import KeyProbe

CHUNK = 500  # rows in a transaction: a writer on SQLite waits for some ten milliseconds
PASSES = 5  # more are needed only where something still writes with an older key

Model = type[models.Model]


@dataclass(kw_only=True)
class Pass:
    """What one walk over all tables found."""

    rewritten: int = 0
    busy: int = 0  # rows that somebody else had locked
    unreadable: int = 0  # values that no key opens

    @property
    def is_clean(self) -> bool:
        return not (self.rewritten or self.busy)


@dataclass(frozen=True, kw_only=True)
class Result:
    rewritten: int
    unreadable: int
    is_finished: bool  # no value needs an older key any more


def rotate(say: Callable[[str], object] = lambda _: None) -> Result:
    """The probe comes last, and only when nothing else needs an older key."""
    rewritten, done = 0, Pass()
    for _ in range(PASSES):
        done = Pass()
        for model, names in encrypted().items():
            _walk(model, names, done, say)
        rewritten += done.rewritten
        if done.is_clean:
            break
    is_finished = done.is_clean and not done.unreadable
    if is_finished:
        _walk(KeyProbe, ["word"], done, say)
    return Result(rewritten=rewritten, unreadable=done.unreadable, is_finished=is_finished)


def encrypted() -> Mapping[Model, Sequence[str]]:
    """Every table with encrypted columns, but for the probe."""
    found = {
        model: [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
        for model in apps.get_models()
        if model is not KeyProbe and not model._meta.proxy
    }
    return {model: names for model, names in found.items() if names}


def _walk(model: Model, names: Sequence[str], done: Pass, say: Callable[[str], object]) -> None:
    before = done.rewritten
    for rows in _chunks(model, names):
        stale = [pk for pk, *values in rows if any(_renewed(model, names, values, done))]
        if stale:
            _rewrite(model, names, stale, done)
    if done.rewritten > before:
        say(f"{model._meta.db_table}: {done.rewritten - before:,} values")


def _chunks(model: Model, names: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    rows = list(_stored(model, names)[:CHUNK])
    while rows:
        yield rows
        rows = list(_stored(model, names).filter(pk__gt=rows[-1][0])[:CHUNK])


def _stored(model: Model, names: Sequence[str]) -> models.QuerySet[Any, Any]:
    """Key and ciphertexts as they are stored, of rows that have one."""
    raw = {f"stored_{name}": Cast(F(name), models.TextField()) for name in names}
    something = Q(pk__in=[])
    for name in raw:
        something |= ~Q(**{name: ""}) & Q(**{f"{name}__isnull": False})
    rows: models.QuerySet[Any, Any] = model._base_manager.annotate(**raw).filter(something)
    return rows.order_by("pk").values_list("pk", *raw)


def _rewrite(model: Model, names: Sequence[str], stale: Sequence[Any], done: Pass) -> None:
    """Read again under the lock: a worker may have written meanwhile."""
    with transaction.atomic():
        rows = list(_stored(model, names).filter(pk__in=stale).select_for_update(skip_locked=True))
        done.busy += len(stale) - len(rows)
        _write(model, names, [(pk, values, _renewed(model, names, values)) for pk, *values in rows], done)


def _write(model: Model, names: Sequence[str], rows: Sequence[tuple[Any, Any, Any]], done: Pass) -> None:
    """By executemany (decision 0006): the ORM would encrypt once more what it is given."""
    connection = connections[DEFAULT_DB_ALIAS]
    quote, key = connection.ops.quote_name, model._meta.pk
    assert key is not None
    columns = ", ".join(f"{quote(name)} = %s" for name in names)  # an encrypted column is called like its field
    sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(str(key.column))} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [[*(new or old for old, new in zip(was, now, strict=True)), pk] for pk, was, now in rows]
        )
    done.rewritten += sum(new is not None for _, _, now in rows for new in now)


def _renewed(model: Model, names: Sequence[str], values: Sequence[str | None], done: Pass | None = None) -> list[Any]:
    """The new form of each value that needs one; what no key opens is counted and stays."""
    found: list[str | None] = []
    for name, value in zip(names, values, strict=True):
        try:
            found.append(fields.renewed(value, column=f"{model._meta.db_table}.{name}") if value else None)
        except WrongKey:
            found.append(None)
            if done is not None:
                done.unreadable += 1
    return found
