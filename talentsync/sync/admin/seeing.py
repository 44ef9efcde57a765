"""Which rows of the engine a person may see, and which kinds there are. Everything here only narrows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

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
    """The records of a request, without those of customers that the person may not see."""
    items = run.items.all()
    if user.is_active and user.is_superuser:
        return items
    here = ~Q(pk__in=[])
    for kind in _of_the_unconnected(run):
        here &= ~Q(kind=kind.name) | ~Q(object_id__in=_of_others(kind, user))
    noted = Erasure.objects.filter(run=run, kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    theirs = Exists(noted.filter(customer__in=_customers(user)))
    unnoted = here & ~Exists(noted) if run.by_id == user.pk else Q(pk__in=[])
    return items.filter(Q(connection__customer__in=_customers(user)) | Q(connection=None) & (Q(theirs) | unnoted))


def sees_all(run: Run, user: User | AnonymousUser) -> bool:
    """Whether nothing of a request, drafted or all history, is about a customer that the person may not see."""
    named = Q(pk__in=run.items.order_by().values("connection")) | Q(pk__in=run.parts.values("connection"))
    used = Connection.objects.filter(named)
    if scoped(used, user=user, lookup="customer").count() != used.count():
        return False
    alone = run.items.filter(connection=None)
    return not any(
        _of_others(kind, user).filter(pk__in=alone.filter(kind=kind.name).values("object_id")).exists()
        for kind in _of_the_unconnected(run)
    )


def _of_the_unconnected(run: Run) -> list[kinds.Kind]:
    """The kinds of those records of a request whose customer has no connection in use: only an item's connection says
    whose it is.
    """
    found = run.items.filter(connection=None).order_by().values_list("kind", flat=True).distinct()
    return [kinds.get(name) for name in found]


def _of_others(kind: kinds.Kind, user: User | AnonymousUser) -> QuerySet[Any]:
    """Records of customers that the person may not see."""
    rows = kind.model._default_manager.all()
    return rows.none() if user.is_superuser else rows.exclude(customer__in=_customers(user)).order_by().values("pk")


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
