"""Who may see which rows: superusers all, everyone else those of the customers they are a member of."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet

from talentsync.customers.models import Customer

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

M = TypeVar("M", bound=Model)
FEW = 20  # customers that are named one by one: of a subquery no database knows how many rows it leaves


def scoped(rows: QuerySet[M], *, user: User | AnonymousUser, lookup: str) -> QuerySet[M]:
    """The rows whose customer, found through `lookup` ("customer", "connection__customer", "pk"), the user may see."""
    if user.is_active and user.is_superuser:
        return rows
    visible = Customer.objects.visible_to(user).order_by().values_list("pk", flat=True)
    few = list(visible[: FEW + 1])
    if len(few) == 1:
        return rows.filter(**{lookup: few[0]})
    return rows.filter(**{f"{lookup}__in": few if len(few) <= FEW else visible})
