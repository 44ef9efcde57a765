"""Which rows of the engine a person may see, and which kinds there are. Everything here only narrows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from talentsync.core.scope import scoped
from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds
from talentsync.sync.models import Erasure, Run, RunItem, RunPart

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

SUPPORT = "sync.view_delivery"  # who looks at deliveries looks after other people's requests, too
EXCHANGE = "sync.view_attempt"  # request and answer, as JSON


def person(request: HttpRequest) -> User:
    """Who is logged in: the admin lets nobody else as far as its views."""
    assert isinstance(request.user, User)
    return request.user


def declared() -> list[str]:
    """The kinds that are still declared: rows of others cannot be spoken of."""
    return [kind.name for kind in kinds.all_kinds()]


def visible_runs(user: User | AnonymousUser) -> QuerySet[Run]:
    """A person's own; for Support those that touch their customers; all of them for administrators."""
    runs = Run.objects.filter(kind__in=declared()).select_related("by")
    if user.is_active and user.is_superuser:
        return runs
    mine = Q(by=user.pk)
    if not user.has_perm(SUPPORT):
        return runs.filter(mine)
    theirs = RunItem.objects.filter(run=OuterRef("pk"), connection__customer__in=_customers(user))
    whole = RunPart.objects.filter(run=OuterRef("pk"), connection__customer__in=_customers(user))
    erased = Erasure.objects.filter(run=OuterRef("pk"), customer__in=_customers(user))
    seen = Q(Exists(theirs) | Exists(whole) | Exists(erased))
    return runs.filter(mine | (seen & ~Q(state=Run.State.DRAFT)))


def visible_items(run: Run, user: User | AnonymousUser) -> QuerySet[RunItem]:
    """The records of a request, without those of customers that the person may not see. Of records without a connection
    nobody can tell that but whoever chose them.
    """
    seen = scoped(run.items.all(), user=user, lookup="connection__customer")
    return seen | run.items.filter(connection=None) if run.by_id == user.pk else seen


def sees_all(run: Run, user: User | AnonymousUser) -> bool:
    """Whether nothing of a request, drafted or all history, is about a customer that the person may not see."""
    named = Q(pk__in=run.items.order_by().values("connection")) | Q(pk__in=run.parts.values("connection"))
    used = Connection.objects.filter(named)
    return scoped(used, user=user, lookup="customer").count() == used.count()


def may_send_everything(destination: str, user: User | AnonymousUser) -> bool:
    """It takes the right for each kind."""
    return all(may_ask(kind, [kinds.HISTORY], user) for kind in kinds.of_history(destination))


def may_ask(kind: kinds.Kind, names: Iterable[str], user: User | AnonymousUser) -> list[str]:
    """Those of these actions that the kind has declared and the person may ask for."""
    declared = {action.name: action for action in kind.actions}
    needed = {name: {kind.permission, declared[name].permission} - {""} for name in names if name in declared}
    return [name for name, permissions in needed.items() if user.has_perms(permissions)]


def may_decide(run: Run, user: User | AnonymousUser) -> bool:
    """Confirm or undo: whose request it is, or an administrator."""
    if run.is_history and not may_send_everything(run.destinations[0], user):
        return False
    if not may_ask(kinds.get(run.kind), [run.action], user):
        return False
    return bool(user.is_superuser or (user.pk is not None and run.by_id == user.pk))


def _customers(user: User | AnonymousUser) -> QuerySet[Customer, int]:
    return Customer.objects.visible_to(user).order_by().values_list("pk", flat=True)
