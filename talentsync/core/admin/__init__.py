"""The admin's base classes, and the admin of what belongs to no domain."""

from __future__ import annotations

from talentsync.core.admin import accounts, service
from talentsync.core.admin.base import (
    AdministratorsOnly,
    CappedChangeList,
    CappedPaginator,
    ReadOnlyForAdministrators,
    ReadOnlyScopedModelAdmin,
    ScopedAutocompleteFilter,
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
    Scoping,
    choices,
    person,
)
from talentsync.core.admin.filters import SeveralChoices

__all__ = [
    "AdministratorsOnly",
    "CappedChangeList",
    "CappedPaginator",
    "ReadOnlyForAdministrators",
    "ReadOnlyScopedModelAdmin",
    "ScopedAutocompleteFilter",
    "ScopedModelAdmin",
    "ScopedRelatedFilter",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "Scoping",
    "SeveralChoices",
    "accounts",
    "choices",
    "person",
    "service",
]
