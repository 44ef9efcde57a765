"""The list's filters that are more than one column's values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter


class Expires(DropdownFilter):
    title = _("expiry")
    parameter_name = "expires"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Within a day")), ("7", _("In 7 days")), ("30", _("In 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        days = self.value()
        if days not in {"1", "7", "30"}:
            return queryset
        return queryset.expiring(timezone.now(), within=timedelta(days=int(days)))  # type: ignore[attr-defined,no-any-return]


class Whose(DropdownFilter):
    title = _("owner")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("Mine")), ("nobody", _("Nobody's"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "mine":
                return queryset.mine(getattr(request.user, "email", ""))  # type: ignore[attr-defined,no-any-return]
            case "nobody":
                return queryset.filter(owner_email="")
        return queryset


class Owner(TextFilter):
    """By the beginning of the address: a list of all owners would be long."""

    title = _("owner's e-mail")
    parameter_name = "owner"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        typed = (self.value() or "").strip().lower()
        return queryset.filter(owner_email__startswith=typed) if typed else queryset
