"""Connecting a customer in one go, as the command does it: running it again brings secrets and contracts up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from talentsync.core import audit
from talentsync.customers import services
from talentsync.customers.models import Connection, Customer


class AnotherIdentity(Exception):
    """The customer has a connection there, to another account. A new one must be wished for."""

    def __init__(self, existing: Connection) -> None:
        self.existing = existing
        super().__init__(str(existing))


@dataclass(frozen=True, kw_only=True)
class Connected:
    connection: Connection
    is_new: bool
    changed: tuple[str, ...] = ()


def connect(
    customer_name: str, *, destination: str, environment: str, details: Mapping[str, str], make_new: bool
) -> Connected:
    """`details` are columns of the connection; one that is absent is left as it is.

    Raises `ValidationError`, and `AnotherIdentity` unless a new connection is wished for.
    """
    with transaction.atomic():
        customer = _customer(customer_name)
        known = Connection.objects.filter(customer=customer, destination=destination, environment=environment)
        same = known.filter(
            client_id=details.get("client_id", ""),
            organization_urn=details.get("organization_urn", ""),
            api_version=details.get("api_version", ""),
        ).first()  # the one in use, if there are several
        if same is not None:
            return _updated(same, details)
        if not make_new and (existing := known.first()) is not None:
            raise AnotherIdentity(existing)
        connection = Connection(customer=customer, destination=destination, environment=environment, **details)
        services.add_connection(connection, by=None)
        return Connected(connection=connection, is_new=True)


def _customer(name: str) -> Customer:
    customer = Customer.objects.filter(name=name).first()
    if customer is None:
        customer = Customer(name=name)
        customer.full_clean()
        customer.save()
        audit.record(None, "add", kind="customer", label=name, customer=customer)
    return customer


def _updated(connection: Connection, details: Mapping[str, str]) -> Connected:
    changed = tuple(name for name, value in details.items() if getattr(connection, name) != value)
    for name in changed:
        setattr(connection, name, details[name])
    connection.full_clean()
    services.change_connection(connection, fields=changed, by=None)
    return Connected(connection=connection, is_new=False, changed=changed)
