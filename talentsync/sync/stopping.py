"""What people do about sending: stop it, and let it go on. Each is written down with who did it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from connectors.base.resource import Step
from talentsync.core import audit
from talentsync.customers.models import Connection, Customer
from talentsync.sync import holds, nudges
from talentsync.sync.models import Delivery, Hold, Lane

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

COUNTED = 10_000  # records that wait; more is more


def stop(*, customer: Customer | None = None, connection: Connection | None = None, reason: str, by: User) -> Hold:
    """Send nothing for one customer, through one connection, or (neither given) for anybody, until it is released."""
    with transaction.atomic():
        over = None if connection is not None else customer
        hold = holds.stop(customer=over, connection=connection, reason=reason, by=by)
        audit.record(by, "stop", kind="sending", label=scope_of(hold), customer=customer_of(hold))
    return hold


def release(hold: Hold, *, by: User) -> None:
    """Let go on what this stopped. What waited is sent at once, unless something else stops it."""
    with transaction.atomic():
        label, customer, lanes = scope_of(hold), customer_of(hold), list(_lanes(hold).values_list("pk", flat=True))
        hold.delete()
        audit.record(by, "release", kind="sending", label=label, customer=customer)
        nudges.nudge_lanes(lanes)


def scope_of(hold: Hold) -> str:
    """What is stopped, in our own names."""
    what = str(hold.connection or hold.customer or "everything")
    return " · ".join(filter(None, [what, hold.kind, hold.operation]))


def customer_of(hold: Hold) -> Customer | None:
    return hold.connection.customer if hold.connection else hold.customer


def visible_holds(user: User | AnonymousUser) -> QuerySet[Hold]:
    """Those over the customers that the person may see; what is stopped for everybody concerns everybody."""
    rows = Hold.objects.select_related("customer", "connection__customer", "by").order_by("-since", "-pk")
    if user.is_active and user.is_superuser:
        return rows
    customers = Customer.objects.visible_to(user).order_by().values("pk")
    everything = Q(customer=None, connection=None)
    return rows.filter(everything | Q(customer__in=customers) | Q(connection__customer__in=customers))


def waiting_for(hold: Hold, user: User | AnonymousUser) -> int:
    """How many records of the person's customers were asked for and are kept back by this, those that wait for another
    one among them; counted up to `COUNTED`.
    """
    rows = Delivery.objects.current().filter(connection__in=_connections(hold, user))
    if hold.kind:
        rows = rows.filter(kind=hold.kind)
    if hold.operation:
        rows = rows.filter(operation=hold.operation, step=Step.SEND)
    return min(COUNTED + 1, sum(half.order_by()[: COUNTED + 1].count() for half in rows.halves_unfinished()))


def _connections(hold: Hold, user: User | AnonymousUser) -> QuerySet[Connection]:
    rows = Connection.objects.filter(is_current=True, customer__in=Customer.objects.visible_to(user))
    if hold.connection_id is not None:
        return rows.filter(pk=hold.connection_id)
    return rows.filter(customer=hold.customer_id) if hold.customer_id is not None else rows


def _lanes(hold: Hold) -> QuerySet[Lane]:
    rows = Lane.objects.all()
    if hold.connection_id is not None:
        return rows.filter(connection=hold.connection_id)
    if hold.customer_id is not None:
        return rows.filter(connection__customer=hold.customer_id)
    return rows
