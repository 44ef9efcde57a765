"""What a record's page says above its form: how it stands at a vendor, why not yet, what is wrong, what can be asked.

Reads only, in a number of queries that does not grow with the record's history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext

from talentsync.customers.models import Connection, Destination
from talentsync.sync import kinds, presenting
from talentsync.sync.models import AttemptItem, Delivery
from talentsync.sync.presenting import Trouble
from talentsync.sync.why import Reasons

Sentence = str | Promise


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A label and its value; `note` is what the vendor adds, `link` where the value leads."""

    label: Sentence
    value: Sentence
    note: str = ""
    link: str = ""


@dataclass(kw_only=True)
class Card:
    """How the record stands at one vendor."""

    vendor: str
    connection: Connection | None
    words: str
    colour: str
    facts: list[Fact] = field(default_factory=list)
    note: Sentence = ""  # how old the facts are, or that there are none
    why_not_yet: Sentence = ""
    is_changed_since: bool = False
    trouble: Trouble | None = None
    missing: Sequence[str] = ()  # what LinkedIn would not accept of the record as it is
    rivals: Sequence[int] = ()  # jobs at Greenhouse that share the requisition id


@dataclass(frozen=True, kw_only=True)
class Button:
    """An action that applies, and where it is asked for."""

    name: str
    label: Sentence
    url: str
    tone: str = ""


def connections_of(record: Any) -> dict[str, Connection]:
    """By destination: the connections in use of the record's customer."""
    current = Connection.objects.filter(customer=record.customer_id, is_current=True).select_related("customer")
    return {each.destination: each for each in current}


def deliveries_of(kind: str, record: Any) -> dict[str, Delivery]:
    """By vendor: what the connections in use were asked about the record."""
    rows = Delivery.objects.current().of_records(kind, [record.pk]).select_related("connection__customer")
    return {presenting.vendor_of(row): row for row in rows}


def buttons(
    kind: str,
    record: Any,
    labels: Mapping[str, Sentence],
    connections: Iterable[Connection],
    deliveries: Mapping[str, Delivery],
    *,
    primary: str = "",
) -> list[Button]:
    """Only what the kind has declared and what applies somewhere, or to what hangs on the record; `primary` names what
    is most likely next.
    """
    found = []
    reachable = list(connections)
    declared = {action.name: action for action in kinds.get(kind).actions}
    for name, label in labels.items():
        action = declared.get(name)
        if action is None:
            continue
        at = [each for each in reachable if each.destination in action.destinations]
        codes = [action.skip(record, deliveries.get(_label(each)), each, {}) for each in at]
        if any(not code or (action.reaches and code == kinds.UNCHANGED) for code in codes):
            tone = "primary" if name == primary else ""
            found.append(Button(name=name, label=label, url=_ask(record, name), tone=tone))
    return found


def told(
    card: Card,
    kind: str,
    record: Any,
    delivery: Delivery | None,
    reasons: Reasons,
    wrong: Mapping[int, AttemptItem],
) -> Card:
    """The card with what its delivery has to say."""
    if card.connection is None:
        return card
    if delivery is None:
        card.why_not_yet = reasons.of_record(kind, record.pk, card.connection)
        return card
    card.why_not_yet = reasons.of(delivery)
    card.trouble = presenting.trouble(delivery, wrong.get(delivery.pk))
    return card


def checked_ago(moment: datetime, now: datetime) -> str:
    """How old a vendor's word is."""
    if now - moment < timedelta(minutes=1):
        return gettext("Checked just now.")
    return gettext("Checked %(ago)s ago.") % {"ago": timesince(moment, now)}


def in_full(moment: datetime) -> str:
    """A moment with its day, in the viewer's zone."""
    return formats.date_format(timezone.localtime(moment), "j M Y, H:i")


def _ask(record: Any, name: str) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_ask", args=[record.pk, name])


def _label(connection: Connection) -> str:
    return str(Destination(connection.destination).label)
