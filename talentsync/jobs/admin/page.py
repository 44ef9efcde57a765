"""What a job's page says above its form: how it stands at each vendor, why not yet, what is wrong, what can be asked.

Reads only, in a number of queries that does not grow with the job's history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from talentsync.customers.models import Connection, Destination
from talentsync.jobs import life, records, services, updates
from talentsync.jobs.admin import badges
from talentsync.jobs.models import GreenhouseJob, GreenhouseStatus, Job, Posting, PostingStatus
from talentsync.sync import presenting, why
from talentsync.sync.admin import cards
from talentsync.sync.admin.cards import Button, Card, Fact
from talentsync.sync.models import AttemptItem, Delivery
from talentsync.sync.why import Reasons

Sentence = str | Promise

LABELS: Mapping[str, Sentence] = {
    "post": _("Post…"),
    "update": _("Update…"),
    "renew": _("Renew…"),
    "close": _("Close…"),
    "try_again": _("Try again…"),
    "check_now": _("Check now…"),
}
"""Every action with the words on its button; each leads to a page that asks first."""

IN_WORDS: Mapping[str, Sentence] = {
    "LISTED": _("Listed"),
    "NOT_LISTED": _("Not listed"),
    "ENABLED": _("Enabled"),
    "NOT_ENABLED": _("Not enabled"),
    "PROMOTED": _("Promoted"),
    "NOT_PROMOTED": _("Not promoted"),
    "IN_PROGRESS": _("In progress"),
    "PUBLIC": _("Public"),
    "PRIVATE": _("Private: visible in Recruiter only"),
}
"""LinkedIn's values in words (linkedin.md 3.12); a value that is new is shown as it came."""


POSTABLE = {PostingStatus.NOT_POSTED, PostingStatus.CLOSED, PostingStatus.EXPIRED, PostingStatus.REMOVED}

NEVER = _("%(vendor)s has not been asked about this job yet: use Check now.")
NOT_SINCE = _("LinkedIn has not been asked again since it closed the job: use Check now.")


def context(job: Job, request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    connections = cards.connections_of(job)
    deliveries = cards.deliveries_of("job", job)
    reasons = why.gather(deliveries.values(), now=now, records=[("job", job.pk)])
    wrong = presenting.last_troubles(deliveries.values())
    shown = [
        _told(card, job, deliveries.get(card.vendor), reasons, wrong)
        for card in (
            _at_linkedin(job, connections.get(Destination.LINKEDIN), now),
            _at_greenhouse(job, connections.get(Destination.GREENHOUSE), now),
        )
    ]
    return {
        "cards": shown,
        "buttons": buttons(job, connections, deliveries) if request.user.has_perm("jobs.sync_job") else [],
        "events": life.of(job),
        "is_moving": any(card.why_not_yet for card in shown),
        "is_connected": bool(connections),
    }


def buttons(job: Job, connections: Mapping[str, Connection], deliveries: Mapping[str, Delivery]) -> list[Button]:
    next_step = "post" if job.posting_status in POSTABLE else ""
    return cards.buttons("job", job, LABELS, connections.values(), deliveries, primary=next_step)


def linkedin_facts(posting: Posting) -> list[Fact]:
    """What partners are required to show (linkedin.md 3.11)."""
    facts = [
        Fact(label=_("Listing"), value=_words(posting.listing_status), note=_note(posting, "listing_detail")),
        Fact(label=_("LinkedIn Apply"), value=_words(posting.apply_status), note=_note(posting, "apply_detail")),
        Fact(label=_("Promotion"), value=_words(posting.promotion_status), note=_note(posting, "promotion_detail")),
        Fact(label=_("Visibility"), value=_words(posting.visibility)),
    ]
    is_safe = posting.url.startswith("https://")  # a vendor's text becomes a link only if it can do no harm
    address = [Fact(label=_("Address"), value=posting.url, link=posting.url if is_safe else "")] if posting.url else []
    return address + [fact for fact in facts if fact.value]


def greenhouse_facts(there: GreenhouseJob, now: datetime) -> list[Fact]:
    facts = []
    if there.name:
        facts.append(Fact(label=_("Name there"), value=there.name))
    if there.greenhouse_id is not None:
        facts.append(Fact(label=_("ID at Greenhouse"), value=str(there.greenhouse_id)))
    if there.open_openings is not None:
        words = _("%(open)s open of %(total)s") % {"open": there.open_openings, "total": there.total_openings}
        facts.append(Fact(label=_("Openings"), value=words))
    if there.closed_at is not None:
        facts.append(Fact(label=_("Closed there"), value=badges.day(there.closed_at, now)))
    return facts


def checked(said: Posting | GreenhouseJob | None, vendor: str, now: datetime) -> Sentence:
    """How old a vendor's word is."""
    if isinstance(said, Posting) and said.urn and said.checked_at is None:
        return gettext("LinkedIn has posted it. What its page says is read in a moment.")
    if said is None or said.checked_at is None:
        return NEVER % {"vendor": vendor}
    return cards.checked_ago(said.checked_at, now)


def _at_linkedin(job: Job, connection: Connection | None, now: datetime) -> Card:
    posting = Posting.objects.filter(job=job, connection=connection).first() if connection else None
    is_of_now = posting is not None and _is_of_now(job, posting)
    return Card(
        vendor="LinkedIn",
        connection=connection,
        words=badges.linkedin_words(job, now),
        colour=badges.AT_LINKEDIN[job.posting_status],
        facts=linkedin_facts(posting) if posting and is_of_now else [],
        note=checked(posting, "LinkedIn", now) if is_of_now or posting is None else NOT_SINCE,
        missing=_missing(job, connection, now) if connection else (),
    )


def _at_greenhouse(job: Job, connection: Connection | None, now: datetime) -> Card:
    there = GreenhouseJob.objects.filter(job=job, connection=connection).first() if connection else None
    return Card(
        vendor="Greenhouse",
        connection=connection,
        words=str(GreenhouseStatus(job.greenhouse_status).label),
        colour=badges.AT_GREENHOUSE[job.greenhouse_status],
        facts=greenhouse_facts(there, now) if there else [],
        note=checked(there, "Greenhouse", now),
        rivals=there.candidates if there else (),
    )


def _told(card: Card, job: Job, delivery: Delivery | None, reasons: Reasons, wrong: Mapping[int, AttemptItem]) -> Card:
    card = cards.told(card, "job", job, delivery, reasons, wrong)
    sent = delivery.sent_at if delivery else None
    card.is_changed_since = bool(job.is_live and card.vendor == "LinkedIn" and sent and job.changed_at > sent)
    return card


def _is_of_now(job: Job, posting: Posting) -> bool:
    """What LinkedIn said before it closed the job, at our wish, is no longer how it stands."""
    return job.posting_status != PostingStatus.CLOSED or posting.listing_status != "LISTED"


def _missing(job: Job, connection: Connection, now: datetime) -> list[str]:
    if not job.is_open:
        return []
    found = [*records.problems(job, connection, now=now)]
    if job.listing_type == "PREMIUM":
        found += updates.problems(job, services.accepted_there(job, connection))
    return [records.sentence(problem) for problem in found]


def _words(value: str) -> Sentence:
    return IN_WORDS.get(value, value)


def _note(posting: Posting, name: str) -> str:
    return str((posting.details.get(name) or {}).get("message", ""))
