"""What the page of a record about a person says above its form: how it stands at LinkedIn, what hangs on it, what can
be asked. The same for every kind.

Reads only, in a number of queries that does not grow with the record's history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.linkedin.rules import Problem
from talentsync.candidates import records, status
from talentsync.candidates.admin import badges
from talentsync.candidates.admin.forms import person_of
from talentsync.candidates.models import LinkedInStatus, Match, PersonRecord
from talentsync.candidates.status import UNSEEN
from talentsync.customers.models import Connection, Destination
from talentsync.sync import kinds, presenting, why
from talentsync.sync.admin import cards, seeing
from talentsync.sync.admin.cards import Button, Card, Fact
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery
from talentsync.sync.states import Failure, Operation

Sentence = str | Promise
Problems = Callable[[Any, Connection], Iterable[Problem]]

LABELS: Mapping[str, Sentence] = {
    "send": _("Send to LinkedIn…"),
    "send_all": _("Send with everything that hangs on it…"),
    "send_again": _("Send again…"),
    "try_again": _("Try again…"),
    "fetch": _("Fetch matches…"),
    "link": _("Link a LinkedIn person…"),
    "unlink": _("Unlink the LinkedIn person…"),
    "delete": _("Delete from LinkedIn…"),
    "erase": _("Delete from LinkedIn and TalentSync…"),
}
"""Every action with the words on its button; each leads to a page that asks first."""

NEVER = _("Nothing has been sent to LinkedIn yet.")
KEPT_OUT = _("This person is kept out of LinkedIn: nothing is sent. What LinkedIn holds can be deleted.")
NOT_ASKED = _("LinkedIn has not been asked yet whom it takes this person for. Fetch matches asks it.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """Another record in one line."""

    label: str
    name: str
    link: str
    words: str = ""
    colour: str = ""
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """What hangs on the record, of one kind: how many in which status, and the list of them."""

    label: str
    number: int
    link: str
    statuses: list[tuple[str, str, int]]  # colour, words, how many
    n_troubles: int


@dataclass(frozen=True, kw_only=True)
class Matches:
    """Which members LinkedIn takes the person for."""

    found: list[str]
    linked: str
    note: Sentence
    profile: str  # an address that the ATS gave; LinkedIn documents none for a member's URN


def context(
    kind: str, record: Any, request: HttpRequest, *, problems: Problems, labels: Mapping[str, Sentence] = LABELS
) -> dict[str, Any]:
    """`problems` are what LinkedIn would not accept of the record, `labels` the actions that its page offers."""
    connections = cards.connections_of(record)
    deliveries = cards.deliveries_of(kind, record)
    card = _at_linkedin(kind, record, connections.get(Destination.LINKEDIN), deliveries, problems)
    return {
        "cards": [card],
        "buttons": _buttons(kind, record, connections, deliveries, request, labels),
        "above": [_above(each, getattr(record, path)) for each, path in _needed(kinds.get(kind))],
        "hanging": [_hanging(each, path, record) for each, path in below(kind)],
        "is_moving": bool(card.why_not_yet),
        "columns_url": reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_preview", args=[record.pk]),
    }


def _buttons(
    kind: str,
    record: Any,
    connections: Mapping[str, Connection],
    deliveries: Mapping[str, Delivery],
    request: HttpRequest,
    labels: Mapping[str, Sentence],
) -> list[Button]:
    primary = "send" if record.linkedin_status == LinkedInStatus.NOT_SENT else ""
    allowed = {name: labels[name] for name in seeing.may_ask(kinds.get(kind), labels, request.user)}
    return cards.buttons(kind, record, allowed, connections.values(), deliveries, primary=primary)


def _needed(kind: Kind) -> list[tuple[Kind, str]]:
    """What the record hangs on, as far as somebody meets it by itself."""
    needed = [(kinds.get(name), path) for name, path in kind.needs.items()]
    return [(each, path) for each, path in needed if not each.internal]


def below(kind: str) -> list[tuple[Kind, str]]:
    """The kinds that hang on this one, each with the lookup from there to here."""
    paths = ((each, kinds.path_to(each, kind)) for each in kinds.all_kinds())
    return [(each, path) for each, path in paths if path]


def matches(record: Any, connection: Connection | None, now: datetime) -> Matches:
    said = Match.objects.filter(candidate=record, connection=connection).first() if connection else None
    profile = record.linked_in_profile_url
    return Matches(
        found=list(said.matched_members) if said else [],
        linked=record.manual_matched_member or (said.manual_matched_member if said else ""),
        note=cards.checked_ago(said.checked_at, now) if said else NOT_ASKED,
        profile=profile if profile.startswith("https://") else "",
    )


def _at_linkedin(
    kind: str,
    record: Any,
    connection: Connection | None,
    deliveries: Mapping[str, Delivery],
    problems: Problems,
) -> Card:
    code, words = badges.status(record)
    card = Card(vendor="LinkedIn", connection=connection, words=words, colour=badges.AT_LINKEDIN[code])
    delivery = deliveries.get(card.vendor)
    sent = _sent_at(delivery)
    card.facts = _moments(record, delivery)
    card.is_changed_since = bool(code == LinkedInStatus.SENT and sent and record.changed_at > sent)
    if _is_kept_out(record):
        card.note = KEPT_OUT
    elif delivery is not None and delivery.due_at is not None and status.is_still_shown(delivery):
        card.note = gettext("LinkedIn has accepted the delete and still shows it. It is asked again at %(time)s.") % {
            "time": cards.in_full(delivery.due_at)
        }
    elif connection is not None:
        card.note = NEVER if sent is None and record.synced_at is None else ""
        card.missing = [records.sentence(each, record) for each in problems(record, connection)]
    return _told(card, kind, record, deliveries)


def _told(card: Card, kind: str, record: Any, deliveries: Mapping[str, Delivery]) -> Card:
    reasons = why.gather(deliveries.values(), now=timezone.now(), records=[(kind, record.pk)])
    wrong = presenting.last_troubles(deliveries.values())
    return cards.told(card, kind, record, deliveries.get(card.vendor), reasons, wrong)


def _is_kept_out(record: Any) -> bool:
    person = person_of(record)
    return person is not None and person.do_not_send


def _moments(record: Any, delivery: Delivery | None) -> list[Fact]:
    was_delete = delivery is not None and delivery.sent_operation == Operation.DELETE
    sent = _("Delete last sent") if was_delete else _("Last sent")
    moments = [(sent, _sent_at(delivery)), (_("Last confirmed"), record.synced_at)]
    return [Fact(label=label, value=cards.in_full(moment)) for label, moment in moments if moment is not None]


def _sent_at(delivery: Delivery | None) -> datetime | None:
    """When LinkedIn was last told something; what stopped before its call has only the moment of the try."""
    if delivery is None or delivery.failure in UNSEEN:
        return None
    sent: datetime | None = delivery.sent_at
    return sent


def _above(kind: Kind, record: Any) -> Line:
    label = capfirst(presenting.noun(kind, 1))
    return replace(line(record, record), label=label)


def line(record: Any, about: Any) -> Line:
    """A record as one line among others; `about` says which it is."""
    shown = Line(label=record.external_id, name=str(about), link=presenting.link_to(record))
    if not isinstance(record, PersonRecord):
        return shown
    code, words = badges.status(record)
    trouble = str(Failure(record.sync_trouble).label) if record.sync_trouble else ""
    return replace(shown, words=words, colour=badges.AT_LINKEDIN[code], trouble=trouble)


def _hanging(kind: Kind, path: str, record: Any) -> Hanging:
    rows = kind.model._default_manager.filter(**{path: record}).order_by().values_list("linkedin_status")
    counted: Counter[str] = Counter()
    n_troubles = 0
    for code, number, in_trouble in rows.annotate(
        number=Count("pk"), in_trouble=Count("pk", filter=~Q(sync_trouble=""))
    ):
        counted[code] += number
        n_troubles += in_trouble
    address = presenting.list_of(kind)
    return Hanging(
        label=capfirst(str(kind.model._meta.verbose_name_plural)),
        number=counted.total(),
        link=f"{address}?{path}__id__exact={record.pk}" if address else "",
        statuses=[
            (badges.AT_LINKEDIN[code], str(LinkedInStatus(code).label), counted[code])
            for code in LinkedInStatus.values
            if counted[code]
        ],
        n_troubles=n_troubles,
    )
