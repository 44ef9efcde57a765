"""A row of any model for any customer, so that walks over the admin cover apps that come later.

A model whose rows need more than plausible columns gets an entry in `SPECIAL`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection as database
from django.db import models
from django.utils import timezone

from talentsync.core.fields import EncryptedJSONField
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync.models import Hold, Run, RunItem
from tests.customers.making import make_connection

_numbers = itertools.count(1)


class Rows:
    """Makes one row per model, every text of it marked, all of one customer."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self._made: dict[type[models.Model], models.Model] = {}

    def of(self, model: type[models.Model]) -> Any:
        """The row of this model; made at first, together with whatever it refers to."""
        if model not in self._made:
            make = SPECIAL.get(model._meta.label, Rows._plausible)
            self._made[model] = make(self, model)
        return self._made[model]

    def keep(self, row: models.Model) -> None:
        self._made[type(row)] = row

    def __contains__(self, model: type[models.Model]) -> bool:
        return model in self._made

    def columns(self, model: type[models.Model]) -> dict[str, Any]:
        return {field.name: self._value(field) for field in model._meta.concrete_fields if _must_be_given(field)}

    def _plausible(self, model: type[models.Model]) -> models.Model:
        return model._default_manager.create(**self.columns(model))

    def _value(self, field: models.Field[Any, Any]) -> Any:
        number = next(_numbers)
        if field.remote_field:
            return self.of(field.remote_field.model)
        if field.choices:
            return field.flatchoices[0][0]
        for kind, make in PLAUSIBLE.items():
            if isinstance(field, kind):
                value = make(self.mark, number)
                return value[: field.max_length] if isinstance(value, str) and field.max_length else value
        raise AssertionError(f"tests/core/rows.py does not know what to put into {field}")


def _must_be_given(field: models.Field[Any, Any]) -> bool:
    """Texts, which carry the mark, and the customer always; of the rest what has neither default nor NULL."""
    if field.remote_field and field.remote_field.model is Customer:
        return True
    if field.generated or (field.primary_key and isinstance(field, models.AutoField)):
        return False
    if isinstance(field, (models.CharField, models.TextField)) and not field.choices:
        return True
    return not (
        field.null or field.has_default() or getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
    )


PLAUSIBLE: dict[type, Callable[[str, int], Any]] = {
    EncryptedJSONField: lambda mark, number: {"text": mark},
    models.EmailField: lambda mark, number: f"{mark}{number}@example.com",
    models.URLField: lambda mark, number: f"https://example.com/{mark}/{number}",
    models.UUIDField: lambda mark, number: f"{number:032x}",
    models.GenericIPAddressField: lambda mark, number: "192.0.2.1",
    models.CharField: lambda mark, number: f"{mark} {number}",
    models.TextField: lambda mark, number: f"{mark} {number}",
    models.JSONField: lambda mark, number: {},
    models.BooleanField: lambda mark, number: False,
    models.IntegerField: lambda mark, number: number,
    models.FloatField: lambda mark, number: float(number),
    models.DecimalField: lambda mark, number: number,
    models.DateTimeField: lambda mark, number: timezone.now(),
    models.DateField: lambda mark, number: date(2026, 11, 21),
    models.DurationField: lambda mark, number: timedelta(seconds=number),
    models.BinaryField: lambda mark, number: mark.encode(),
}


def _user(rows: Rows, _: type) -> User:
    return User.objects.create_user(f"{rows.mark}-user", is_staff=True)


def _connection(rows: Rows, _: type) -> Connection:
    return make_connection(rows.of(Customer), client_id=f"{rows.mark}-client", health_words=f"{rows.mark} works")


def _of_a_job(rows: Rows, model: type[models.Model]) -> models.Model:
    """Rows of the engine name their record by kind and number."""
    columns = rows.columns(model)
    known = {"kind": "job", "object_id": rows.of(Job).pk, "step": "send", "operation": "upsert"}
    return model._default_manager.create(**columns | {name: value for name, value in known.items() if name in columns})


def _run(rows: Rows, _: type) -> Run:
    """A run belongs to the customers of its items."""
    run = Run.objects.create(
        kind="job", action="close", state=Run.State.DONE, created_at=timezone.now(), by=rows.of(User), total=1
    )
    rows.keep(RunItem.objects.create(run=run, kind="job", object_id=rows.of(Job).pk, connection=rows.of(Connection)))
    return run


def _import(rows: Rows, model: type[models.Model]) -> models.Model:
    """One that somebody must decide about."""
    return model._default_manager.create(**rows.columns(model) | {"kind": "job", "state": "checked"})


def _alert(rows: Rows, model: type[models.Model]) -> models.Model:
    """What an alert says is made of its facts."""
    return model._default_manager.create(**rows.columns(model) | {"facts": {"what": f"{rows.mark} connection"}})


SPECIAL: dict[str, Callable[[Rows, type], models.Model]] = {
    "auth.User": _user,
    "customers.Connection": _connection,
    "imports.Import": _import,
    "monitoring.Alert": _alert,
    "sync.Attempt": _of_a_job,
    "sync.Delivery": _of_a_job,
    "sync.Hold": lambda rows, model: Hold.objects.create(customer=rows.of(Customer), reason=f"{rows.mark} reason"),
    "sync.Run": _run,
}


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for sessions: reading a page may renew one."""
    tables = [name for name in database.introspection.table_names() if name != "django_session"]
    with database.cursor() as cursor:
        return {name: _rows(cursor, name) for name in tables}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
    return sorted(cursor.fetchall(), key=repr)
