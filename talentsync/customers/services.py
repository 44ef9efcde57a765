"""What people do with connections: add, change, test them, and choose the one in use. Each writes down who did it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import SET_NULL
from django.utils import timezone
from django.utils.translation import gettext as _

from connectors.base.errors import ConnectorError
from talentsync.core import audit
from talentsync.customers import clients, sentences, tokens
from talentsync.customers.models import Connection, Customer, Environment, Health, Membership
from talentsync.customers.sentences import PASSING, Situation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

current_changes: list[Callable[[Customer], None]] = []
"""Who must hold records still while another connection is taken into use registers here; called before any connection
is written: who settles holds records first, and may then write of a connection that it does not work.
"""

current_changed: list[Callable[[Customer], None]] = []
"""Who shows something of the connection in use registers here; called in the transaction that changes it."""

found_working: list[Callable[[Connection], None]] = []
"""Who stopped something because a connection did not work registers here."""

CREDENTIALS = {"client_secret", "api_key", "acting_user_id"}  # a token that was fetched with the old ones is of no use


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What a test found, as it stands on the connection too. `error` is for the machinery."""

    works: bool
    words: str
    situation: Situation
    error: ConnectorError | None = None


def test_connection(connection: Connection, *, by: User | None) -> Tested:
    """Ask the vendor for something harmless and store the answer in plain words. Call it outside a transaction.

    What passes by itself (throttled, token busy) changes the words and leaves the health as it was.
    """
    now = timezone.now()
    found: dict[str, Any] = {"last_tested_at": now}
    try:
        facts = clients.open_client(connection).test().facts
    except ConnectorError as error:
        tested = _failed(error, connection)
    else:
        found |= _close_reasons(facts, now)
        words = sentences.sentence(Situation.WORKS, connection) + _lost_default(connection, found)
        tested = Tested(works=True, words=words, situation=Situation.WORKS)
    if tested.situation not in PASSING:
        found["health"] = Health.OK if tested.works else Health.FAILING
    _store(connection, found | {"health_words": tested.words}, by=by)
    logger.info("tested connection %s: %s", connection.pk, tested.situation)
    if tested.works:
        for tell in found_working:
            tell(connection)
    return tested


def add_connection(connection: Connection, *, by: User | None) -> None:
    """Save a new connection and use it, unless that would take the customer from live to practice."""
    with transaction.atomic():
        _lock(connection.customer)
        if connection.client_id:
            tokens.hold_still(connection)
        in_use = _siblings(connection).filter(is_current=True)
        takes_over = all(each.environment in (Environment.SIMULATOR, connection.environment) for each in in_use)
        if takes_over:
            _tell(current_changes, connection)
            in_use.update(is_current=False)
        connection.is_current = takes_over
        connection.full_clean()
        connection.save(force_insert=True)
        _note(by, "add", connection)
        if takes_over:
            _tell(current_changed, connection)


def change_connection(connection: Connection, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of a connection whose values are already set."""
    if not fields:
        return
    with transaction.atomic():
        _lock(connection.customer)
        connection.save(update_fields=list(fields))
        if CREDENTIALS & set(fields):
            tokens.forget(connection)
        _note(by, "change", connection)


def use_connection(connection: Connection, *, by: User | None) -> None:
    """Make this the connection that clicks and summaries use; the other one keeps all it knows."""
    with transaction.atomic():
        _lock(connection.customer)
        _tell(current_changes, connection)
        _siblings(connection).exclude(pk=connection.pk).update(is_current=False)
        connection.is_current = True
        connection.save(update_fields=["is_current"])
        _note(by, "use", connection)
        _tell(current_changed, connection)


def is_in_use(record: Customer | Connection) -> bool:
    """Whether something hangs on it that would go with it: what was asked, sent, answered or stopped. Members do not
    count, nor do the notes of who did what, which stay.
    """
    hanging = [
        relation
        for relation in record._meta.related_objects
        if relation.on_delete is not SET_NULL and relation.related_model is not Membership
    ]
    return any(each.related_model._base_manager.filter(**{each.field.name: record}).exists() for each in hanging)


def delete(record: Customer | Connection, *, by: User | None) -> None:
    """Delete what nothing hangs on; raises `ValueError` for what is in use."""
    customer = record.customer if isinstance(record, Connection) else record
    with transaction.atomic():
        _lock(customer, to_delete=True)
        if is_in_use(record):
            raise ValueError(f"{record} is in use.")
        kind = record._meta.model_name or ""
        audit.record(by, "delete", kind=kind, label=str(record), customer=customer if customer != record else None)
        if isinstance(record, Connection):
            tokens.forget(record)
        record.delete()


def _tell(whom: Iterable[Callable[[Customer], None]], connection: Connection) -> None:
    for tell in whom:
        tell(connection.customer)


def _failed(error: ConnectorError, connection: Connection) -> Tested:
    situation = sentences.situation(error, connection)
    words = sentences.sentence(situation, connection, needs=error.code)
    return Tested(works=False, words=words, situation=situation, error=error)


def _close_reasons(facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    if "close_reasons" not in facts:
        return {}
    return {"close_reasons": list(facts["close_reasons"]), "close_reasons_at": now}


def _lost_default(connection: Connection, found: Mapping[str, Any]) -> str:
    reasons = found.get("close_reasons", [])
    chosen = connection.default_close_reason_id
    if chosen is None or not reasons or chosen in {reason["id"] for reason in reasons}:
        return ""
    return " " + _("The default close reason is no longer offered there: choose another.")


def _store(connection: Connection, found: dict[str, Any], *, by: User | None) -> None:
    for name, value in found.items():
        setattr(connection, name, value)
    with transaction.atomic():
        connection.save(update_fields=list(found))
        if by is not None:
            _note(by, "test", connection)


def _siblings(connection: Connection) -> Any:
    return Connection.objects.filter(customer=connection.customer, destination=connection.destination)


def _lock(customer: Customer, *, to_delete: bool = False) -> None:
    """Whoever saves what belongs to the customer may refer to it meanwhile, unless it is to be deleted: they hold their
    records by then, and these are wanted next.
    """
    Customer.objects.select_for_update(no_key=not to_delete).get(pk=customer.pk)


def _note(by: User | None, verb: str, connection: Connection) -> None:
    audit.record(by, verb, kind="connection", label=str(connection), customer=connection.customer)
