"""Filters of lists: by our own codes, each with words for them, and by what the kinds' `summarise` writes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from talentsync.sync import kinds, presenting
from talentsync.sync.states import Failure


class ByCode(DropdownFilter):
    """By a column of the same name."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value else queryset


class RecordType(ByCode):
    """Not there while there is one type alone."""

    title = _("record type")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        declared = [(kind.name, capfirst(presenting.noun(kind, 2))) for kind in kinds.all_kinds()]
        return declared if len(declared) > 1 else []


class WentWrong(ByCode):
    title = _("what went wrong")
    parameter_name = "error"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(presenting.CALL_ERRORS.items())


class Asked(ByCode):
    title = _("what was asked for")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = dict.fromkeys(action.name for kind in kinds.all_kinds() for action in kind.actions)
        return [(name, presenting.code_words(name)) for name in names]


class Trouble(DropdownFilter):
    """By why a record needs attention; the kind's `summarise` writes the column."""

    title = _("attention")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("any", _("Any reason")), *Failure.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        troubled = queryset.exclude(sync_trouble="")  # said of each reason, too: the index is of these rows alone
        if value == "any":
            return troubled
        return troubled.filter(sync_trouble=value) if value in Failure.values else queryset
