"""The start page: what needs me, what I asked for, what ends soon; for Support, connections in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Min, Model, Q, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentsync.core.admin.base import COUNT_CAP
from talentsync.core.scope import scoped
from talentsync.customers.models import Connection, Customer, Health
from talentsync.sync import kinds, presenting, stopping, why
from talentsync.sync.admin import seeing
from talentsync.sync.kinds import Kind
from talentsync.sync.models import AttemptItem, Delivery, Run
from talentsync.sync.presenting import Trouble

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

NEEDS_ME = 8  # as many as fit a screen; the lists behind them have the rest
ASKED_FOR = 5
ENDING = 8
CUSTOMERS_SHOWN = 12
CUSTOMERS, CONNECTIONS = "customers.view_customer", "customers.view_connection"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One record that waits for a person."""

    delivery: Delivery
    name: str
    link: str
    trouble: Trouble
    may_retry: bool


@dataclass(frozen=True, kw_only=True)
class Ending:
    """One record that ends soon."""

    name: str
    link: str
    ends_at: datetime
    customer: str


@dataclass(frozen=True, kw_only=True)
class Care:
    """A connection that does not work, is stopped, or has something to send."""

    connection: Connection
    stopped: str
    due: int
    oldest: datetime | None


def start_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK."""
    user, now = request.user, timezone.now()
    needs, n_needs = needs_me(user)
    context |= {
        "title": _("Start"),
        "needs": needs,
        "n_needs": n_needs,
        "asked_for": asked_for(user),
        "ending": ending(user, now),
        "kinds": [_open_list(kind) for kind in kinds_of(user) if not kind.below],
        "sees_runs": user.has_perm("sync.view_run"),
        "is_support": user.has_perm(seeing.SUPPORT),
        "customers": customers_of(user),
    }
    if context["is_support"]:
        context["cares"] = cares(user, now)
    return context


def customers_of(user: User | AnonymousUser) -> list[Customer]:
    """For whom the sidebar has no list of them."""
    if not user.has_perm(CUSTOMERS) or user.has_perm(CONNECTIONS):
        return []
    return list(Customer.objects.visible_to(user).order_by("name", "pk")[:CUSTOMERS_SHOWN])


def kinds_of(user: User | AnonymousUser) -> list[Kind]:
    """The kinds whose records the person may look at."""
    return [kind for kind in kinds.for_people() if user.has_perm(_view_permission(kind))]


def needs_me(user: User | AnonymousUser) -> tuple[list[Need], int]:
    """What failed for the person's customers, their own records first; the rows to show, and how many there are."""
    names = [name for kind in kinds_of(user) for name in (kind.name, *kind.brings)]
    failed = scoped(Delivery.objects.current().failed(), user=user, lookup="connection__customer").filter(
        kind__in=names
    )
    mine = Case(When(_is_mine(user), then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = list(
        failed.select_related("connection__customer").annotate(rank=mine).order_by("rank", "-sent_at", "-pk")[:NEEDS_ME]
    )
    wrong, records = presenting.last_troubles(rows), presenting.records_of(rows)
    found = [_need(row, wrong.get(row.pk), records.get((row.kind, row.object_id)), user) for row in rows]
    number = failed[: COUNT_CAP + 1].count() if len(rows) == NEEDS_ME else len(rows)
    return [need for need in found if need is not None], number


def _need(row: Delivery, item: AttemptItem | None, record: Model | None, user: User | AnonymousUser) -> Need | None:
    trouble = presenting.trouble(row, item)
    if trouble is None or record is None:
        return None
    permission = kinds.get(row.kind).permission
    may_retry = not permission or user.has_perm(permission)
    return Need(delivery=row, name=str(record), link=presenting.link_to(record), trouble=trouble, may_retry=may_retry)


def _is_mine(user: User | AnonymousUser) -> Q:
    """Whether a delivery's record belongs to the person, by e-mail."""
    email = getattr(user, "email", "")
    mine = Q(pk__in=[])
    for kind in kinds.all_kinds():
        if kind.owner and email:
            records = kind.model._default_manager.filter(**{kind.owner: email})
            mine |= Q(kind=kind.name, object_id__in=records.values("pk"))
    return mine


def asked_for(user: User | AnonymousUser) -> list[Run]:
    rows = Run.objects.filter(by=user.pk, kind__in=seeing.declared()).order_by("-created_at", "-pk")[:ASKED_FOR]
    runs = list(rows)
    for run in runs:
        run.words = presenting.title(run)  # type: ignore[attr-defined]
        run.percent = 100 * run.n_settled // run.total if run.total else 0  # type: ignore[attr-defined]
    return runs


def ending(user: User | AnonymousUser, now: datetime) -> list[Ending]:
    """What ends soon, of every kind that ends."""
    found = []
    for kind in kinds_of(user):
        if kind.expiring is None:
            continue
        records = scoped(kind.model._default_manager.select_related("customer"), user=user, lookup="customer")
        for record in kind.expiring(records, now)[:ENDING]:
            link = presenting.link_to(record)
            found.append(Ending(name=str(record), link=link, ends_at=record.ends_at, customer=str(record.customer)))
    return sorted(found, key=lambda each: each.ends_at)[:ENDING]


def cares(user: User | AnonymousUser, now: datetime) -> list[Care]:
    """The connections in use that do not work, are stopped, or have something to send right now."""
    holds = list(stopping.visible_holds(user))
    due = {
        pk: (number, oldest)
        for pk, number, oldest in Delivery.objects.due(now)
        .order_by()
        .values_list("connection")
        .annotate(number=Count("pk"), oldest=Min("due_at"))
    }
    rows = scoped(Connection.objects.filter(is_current=True), user=user, lookup="customer").select_related("customer")
    found = []
    for connection in rows:
        stopped = next((hold.reason for hold in holds if why.covers(hold, connection)), "")
        number, oldest = due.get(connection.pk, (0, None))
        if stopped or number or connection.health == Health.FAILING:
            found.append(Care(connection=connection, stopped=stopped, due=number, oldest=oldest))
    return found


def _open_list(kind: Kind) -> tuple[str, str]:
    return str(kind.model._meta.verbose_name_plural), presenting.list_of(kind)


def _view_permission(kind: Kind) -> str:
    meta = kind.model._meta
    return f"{meta.app_label}.view_{meta.model_name}"
