"""Who may see which rows: superusers all, everyone else those of the customers they are a member of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet

from talentsync.customers.models import Customer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

M = TypeVar("M", bound=Model)


def scoped(rows: QuerySet[M], *, user: User | AnonymousUser, lookup: str) -> QuerySet[M]:
    """The rows whose customer, found through `lookup` ("customer", "connection__customer", "pk"), the user may see."""
    if user.is_active and user.is_superuser:
        return rows
    return rows.filter(**{f"{lookup}__in": Customer.objects.visible_to(user).order_by().values("pk")})
