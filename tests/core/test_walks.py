"""Two walks over every address of the admin, whatever apps there are.

As a stranger: a member of one customer never meets another's name, by any address, list, choice, search or button.
By GET: opening any address changes no row of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from talentsync.core.admin import AdministratorsOnly, Scoping
from talentsync.customers.models import Customer, Membership
from talentsync.sync import kinds
from tests.core.rows import Rows, dump
from tests.customers.making import make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

MARK = "umbrella"  # stands in every text of the other customer
OWN = "acme"


@pytest.fixture
def theirs() -> Rows:
    return filled(Rows(MARK))


@pytest.fixture
def ours() -> Rows:
    """What the stranger may see: pages of their own may offer too much as well."""
    return filled(Rows(OWN))


def filled(rows: Rows) -> Rows:
    for model in admin.site._registry:
        rows.of(model)
    return rows


def addresses(rows: Rows) -> Iterator[str]:
    """Every address of the admin; where one is about a row, that of `rows`."""
    for registered in admin.site._registry.values():
        row = rows.of(registered.model)
        for pattern in registered.get_urls():
            if isinstance(pattern, URLPattern) and pattern.name:
                given = {name: row.pk for name in pattern.pattern.converters}
                yield reverse(f"admin:{pattern.name}", kwargs=given) if given else address(pattern, row)
    yield from site_addresses()
    yield from autocompletes()


def address(pattern: URLPattern, row: models.Model) -> str:
    """Patterns of old style take the key by position."""
    try:
        return reverse(f"admin:{pattern.name}")
    except NoReverseMatch:
        return reverse(f"admin:{pattern.name}", args=[row.pk])


def site_addresses() -> Iterator[str]:
    for name in ("index", "password_change", "password_change_done", "jsi18n", "logout", "login"):
        yield reverse(f"admin:{name}")
    for app in {model._meta.app_label for model in admin.site._registry}:
        yield reverse("admin:app_list", args=[app])
    for search in (f"?s={MARK}", f"?s={MARK}&extended=1"):
        yield reverse("admin:search") + search


def autocompletes() -> Iterator[str]:
    """The lists that forms offer for every relation of every model, registered or not."""
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey):
                query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field.name}"
                yield f"{reverse('admin:autocomplete')}?{query}&term={MARK[:3]}"


def with_every_right(ours: Rows) -> User:
    """A member of another customer with every permission there is: what keeps them out is the membership alone."""
    user = make_user(f"{OWN}-all", of=(ours.of(Customer),))
    user.user_permissions.set(Permission.objects.all())
    return user


def of_each_role(ours: Rows) -> Iterator[User]:
    for role in Group.objects.exclude(name__contains=MARK).exclude(name__contains=OWN):
        user = make_user(f"{OWN}-{role.name}", of=(ours.of(Customer),))
        user.groups.add(role)
        yield user


def logged_in(user: User) -> Client:
    client = Client(headers={"x-requested-with": "walk"})
    client.force_login(user)
    return client


def content(client: Client, method: str, path: str, **form) -> str:
    """What the person reads in the end; errors of ours are raised by the client."""
    response = getattr(client, method)(path, form or None, follow=True)
    assert response.status_code in (200, 400, 403, 404, 405), f"{path}: {response.status_code}"
    assert not response.streaming, path
    return response.content.decode(errors="replace").lower().replace(f"term={MARK[:3]}", "").replace(f"s={MARK}", "")


def test_every_page_of_the_admin_is_scoped_or_for_administrators_only():
    loose = [
        type(each) for each in admin.site._registry.values() if not isinstance(each, (Scoping, AdministratorsOnly))
    ]
    inlines = [
        inline for each in admin.site._registry.values() for inline in each.inlines if not issubclass(inline, Scoping)
    ]

    assert loose == []
    assert inlines == []


def test_a_stranger_never_meets_another_customers_names(theirs, ours):
    """Not even on pages of their own."""
    user = with_every_right(ours)
    client = logged_in(user)
    for path in [*addresses(theirs), *addresses(ours)]:
        assert MARK not in content(client, "get", path), f"{user} reads {MARK} at {path}"


def test_nobody_of_another_customer_does_whatever_their_role(theirs, ours):
    for user in of_each_role(ours):
        client = logged_in(user)
        for path in addresses(theirs):
            assert MARK not in content(client, "get", path), f"{user} reads {MARK} at {path}"


def test_a_strangers_buttons_change_nothing_of_another_customer(theirs, ours):
    client = logged_in(with_every_right(ours))
    form = {"post": "yes", "_form_submitted": "1", "confirm": "yes"}
    with untouched(theirs):
        for path in addresses(theirs):
            if path != reverse("admin:logout"):
                assert MARK not in content(client, "post", path, **form), f"a stranger reads {MARK} at {path}"


def test_a_strangers_actions_change_nothing_of_another_customer(theirs, ours):
    client = logged_in(with_every_right(ours))
    with untouched(theirs):
        for path, form in actions(theirs):
            assert MARK not in content(client, "post", path, **form), f"a stranger reads {MARK} at {path}"


@contextmanager
def untouched(theirs: Rows) -> Iterator[None]:
    """Every row stays as it is. What a stranger may add (a draft of their own) is not about the other's rows."""
    before, mentioned = dump(), mentions(theirs)
    yield
    after = dump()
    assert {table: set(rows) - set(after[table]) for table, rows in before.items()} == {name: set() for name in before}
    assert mentions(theirs) == mentioned


def mentions(theirs: Rows) -> dict[str, int]:
    """How many rows of each model point at the other customer's: by a foreign key, or by kind and number."""
    return {
        model._meta.label: model._default_manager.filter(pointing(theirs, model)).count() for model in apps.get_models()
    }


def pointing(theirs: Rows, model: type[models.Model]) -> models.Q:
    meant = models.Q(pk__in=[])
    for field in model._meta.concrete_fields:
        if field.name == "object_id" and model._meta.app_label == "sync":
            for kind in kinds.all_kinds():
                meant |= models.Q(kind=kind.name, object_id=theirs.of(kind.model).pk)
        elif field.remote_field and field.remote_field.model in theirs:
            meant |= models.Q(**{field.name: theirs.of(field.remote_field.model)})
    return meant


def actions(rows: Rows) -> Iterator[tuple[str, dict[str, str]]]:
    for model, registered in admin.site._registry.items():
        for _, action, _ in registered._get_base_actions():
            path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for across in ("0", "1"):
                yield (
                    path,
                    {
                        "action": action,
                        "_selected_action": str(rows.of(model).pk),
                        "select_across": across,
                        "index": "0",
                        "post": "yes",
                    },
                )


def test_the_walk_would_notice_a_member_reads_those_names(theirs, ours):
    """Or the walk proves nothing: with a membership the same names are there."""
    user = with_every_right(ours)
    Membership.objects.create(user=user, customer=theirs.of(Customer))
    client = logged_in(user)

    seen = [path for path in addresses(theirs) if MARK in content(client, "get", path)]

    assert len(seen) > 5


def test_opening_any_address_changes_no_row(theirs):
    administrator = make_user("root", is_superuser=True)
    client = logged_in(administrator)
    before = dump()

    for path in addresses(theirs):
        response = client.get(path)
        assert response.status_code in (200, 302, 400, 403, 404, 405), f"{path}: {response.status_code}"
        after = dump()
        changed = [table for table, rows in after.items() if rows != before[table]]
        assert changed == [], f"GET {path} changed {changed}"
