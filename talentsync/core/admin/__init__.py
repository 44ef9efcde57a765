"""The admin's base classes, and the admin of what belongs to no domain."""

from __future__ import annotations

from talentsync.core.admin import accounts, service
from talentsync.core.admin.base import (
    AdministratorsOnly,
    CappedPaginator,
    ReadOnlyForAdministrators,
    ReadOnlyScopedModelAdmin,
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
    Scoping,
    choices,
    person,
)

__all__ = [
    "AdministratorsOnly",
    "CappedPaginator",
    "ReadOnlyForAdministrators",
    "ReadOnlyScopedModelAdmin",
    "ScopedModelAdmin",
    "ScopedRelatedFilter",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "Scoping",
    "accounts",
    "choices",
    "person",
    "service",
]
