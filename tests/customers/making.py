"""Customers, users and connections for tests; every builder takes overrides by keyword."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission, User

from talentsync.customers.models import Connection, Customer, Membership

LINKEDIN = {
    "organization_urn": "urn:li:organization:77",
    "client_id": "77abc",
    "client_secret": "s3cret/+=",
    "recruiter_contract_urn": "urn:li:contract:55501",
}
GREENHOUSE = {"api_version": "v3", "client_id": "gh-77", "client_secret": "gh-s3cret", "acting_user_id": "4410027"}
GREENHOUSE_V1 = {"api_version": "v1", "api_key": "key-4410", "acting_user_id": "4410027"}


def make_customer(name: str = "Acme", **columns: Any) -> Customer:
    return Customer.objects.get_or_create(name=name, defaults=columns)[0]


def make_connection(customer: Customer | None = None, **columns: Any) -> Connection:
    """A practice connection to LinkedIn, unless `destination` says Greenhouse."""
    destination = columns.setdefault("destination", "linkedin")
    details = LINKEDIN if destination == "linkedin" else GREENHOUSE
    columns = {"environment": "simulator", **details, **columns}
    return Connection.objects.create(customer=customer or make_customer(), **columns)


def make_user(name: str = "rosa", *, of: tuple[Customer, ...] = (), may: tuple[str, ...] = (), **columns: Any) -> User:
    """A member of staff with the named permissions ("customers.view_customer")."""
    user = User.objects.create_user(name, is_staff=True, **columns)
    for permission in may:
        app, codename = permission.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    for customer in of:
        Membership.objects.create(customer=customer, user=user)
    return user
