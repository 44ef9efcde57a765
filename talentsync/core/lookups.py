"""Lookups that Django lacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup

if TYPE_CHECKING:
    AnyLookup = Lookup[Any]
else:
    AnyLookup = Lookup


class Among(AnyLookup):
    """`pk__among=keys`: as `pk__in`, for a hundred keys in one parameter. With a parameter for each, building the
    statement costs more than finding the rows. For whole numbers only.
    """

    lookup_name = "among"
    can_use_none_as_rhs = False

    def get_prep_lookup(self) -> list[int]:
        return [int(key) for key in self.rhs]

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.rhs)]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::bigint[])", [*params, self.rhs]


def register() -> None:
    for field in (models.BigAutoField, models.BigIntegerField, models.ForeignKey, models.OneToOneField):
        field.register_lookup(Among)
