"""A resume's four steps as pages show them, with what can be done where one of them failed. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from talentsync.candidates.admin import page
from talentsync.candidates.models import LinkedInStatus
from talentsync.customers.models import Connection, Destination, TimeUnit
from talentsync.resumes import records, steps
from talentsync.resumes.models import Resume
from talentsync.resumes.sentences import REASONS
from talentsync.resumes.steps import How, Journey, Step
from talentsync.sync import kinds
from talentsync.sync.admin import cards, seeing
from talentsync.sync.admin.cards import Button
from talentsync.sync.presenting import Trouble

Sentence = str | Promise

COLOURS: Mapping[How, str] = {
    How.DONE: "success",
    How.DOING: "info",
    How.WAITING: "plain",
    How.FAILED: "danger",
    How.GONE: "plain",
    How.NOT_ASKED: "plain",
}
A_MOMENT = timedelta(seconds=1)
KEPT = _("LinkedIn keeps the file: it offers no call that deletes one.")
WILL_KEEP = _("Once it is there, LinkedIn keeps the file: it offers no call that deletes one.")
REMOVED = _("Removed from LinkedIn. The file stays here.")
REMOVING = _("It is to be removed from LinkedIn. The file stays here.")
OLDER = _("LinkedIn still has the file from before. Use Send to LinkedIn to put this one in its place.")
NOT_CONNECTED = _("The customer is not connected to LinkedIn yet. Support can connect it.")
NOT_ASKED = _("Nobody has asked to send it yet.")
AFTER_A_FAILURE = {"try_again": _("Try again…"), "start_over": _("Start over from upload…")}
"""Actions that go on where a step failed, with the words on their buttons."""


@dataclass(frozen=True, kw_only=True)
class ShownStep:
    name: str
    words: str
    colour: str
    lasts: str  # for how long it has been so
    why_not_yet: Sentence
    trouble: Trouble | None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Of one resume. `keeping` says what becomes of its file at LinkedIn, `buttons` what can be asked for."""

    resume: Resume
    link: str
    steps: Sequence[ShownStep]
    note: Sentence
    keeping: Sequence[Sentence]
    is_moving: bool
    buttons: Sequence[Button] = ()


def shown(resumes: Sequence[Resume], request: HttpRequest) -> list[Shown]:
    """In their order, each with the buttons that the person may press."""
    now = timezone.now()
    told = steps.of(resumes, now=now)
    found = Connection.objects.filter(is_current=True, destination=Destination.LINKEDIN)
    connections = {each.customer_id: each for each in found.filter(customer__in=[each.customer_id for each in resumes])}
    return [_shown(told[each.pk], connections.get(each.customer_id), request, now) for each in resumes]


def _shown(journey: Journey, connection: Connection | None, request: HttpRequest, now: datetime) -> Shown:
    resume = journey.resume
    return Shown(
        resume=resume,
        link=reverse("admin:resumes_resume_change", args=[resume.pk]),
        steps=[_step(step, now) for step in journey.steps],
        note=_note(journey, connection),
        keeping=_keeping(journey),
        is_moving=journey.is_moving,
        buttons=_buttons(resume, request) if journey.failed else (),
    )


def _step(step: Step, now: datetime) -> ShownStep:
    lasts = step.lasts(now)
    return ShownStep(
        name=str(step.name.label),
        words=str(step.how.label),
        colour=COLOURS[step.how],
        lasts=gettext("for %(span)s") % {"span": span(lasts, now)} if lasts and lasts >= A_MOMENT else "",
        why_not_yet=step.why_not_yet,
        trouble=step.trouble,
    )


def _note(journey: Journey, connection: Connection | None) -> Sentence:
    match journey.status:
        case LinkedInStatus.REMOVED:
            return REMOVED
        case LinkedInStatus.REMOVING:
            return REMOVING
    if journey.has_older_file_there:
        return OLDER
    if journey.is_moving or journey.steps[-1].how != How.NOT_ASKED:
        return ""
    return _not_sent(journey.resume, connection)


def _not_sent(resume: Resume, connection: Connection | None) -> Sentence:
    """Why it would not go, or did not go, though somebody asks for it."""
    if resume.candidate.do_not_send:
        return REASONS["kept_out"]
    if connection is None:
        return NOT_CONNECTED
    return next((problem.rule for problem in records.problems(resume, connection)), NOT_ASKED)


def _keeping(journey: Journey) -> list[Sentence]:
    """While LinkedIn names a file from before, the end of that one is the resume's."""
    then = gettext("Then: %(what)s.") % {"what": str(journey.resume.get_on_expiry_display())}
    if journey.before is None or journey.before.expires_at is None:
        return _of_its_file(journey, then)
    words = (
        gettext("LinkedIn has removed the file from before on %(day)s.")
        if journey.is_before_gone
        else gettext("LinkedIn removes the file from before on %(day)s.")
    )
    return [words % {"day": cards.in_full(journey.before.expires_at)}, then]


def _of_its_file(journey: Journey, then: str) -> list[Sentence]:
    file = journey.resume.file
    if journey.expires_at is not None:
        tense = (
            gettext("LinkedIn has removed the file on %(day)s.")
            if journey.has_expired
            else gettext("LinkedIn removes the file on %(day)s.")
        )
        words = tense % {"day": cards.in_full(journey.expires_at)}
        return [words] if journey.is_removed else [words, then]
    if journey.reference is not None:
        return [KEPT]
    if file.keep_for is None:
        return [WILL_KEEP]
    unit = TimeUnit(file.keep_unit).label
    words = gettext("LinkedIn removes the file %(n)s %(unit)s after its upload.")
    return [words % {"n": f"{file.keep_for:,}", "unit": unit}, then]


def _buttons(resume: Resume, request: HttpRequest) -> Sequence[Button]:
    """Where the page that asks says more: each of them is asked about once more there."""
    allowed = seeing.may_ask(kinds.get("resume"), AFTER_A_FAILURE, request.user)
    labels = {name: AFTER_A_FAILURE[name] for name in allowed}
    connections, deliveries = cards.connections_of(resume), cards.deliveries_of("resume", resume)
    return cards.buttons("resume", resume, labels, connections.values(), deliveries, primary="try_again")


def span(lasts: timedelta, now: datetime) -> str:
    """In whole units, seconds below a minute."""
    if lasts < timedelta(minutes=1):
        return ngettext("%(n)d second", "%(n)d seconds", lasts.seconds) % {"n": max(lasts.seconds, 0)}
    return timesince(now - lasts, now)


LABELS: Mapping[str, Sentence] = {
    **{name: words for name, words in page.LABELS.items() if name in {"send", "send_again", "try_again"}},
    "start_over": AFTER_A_FAILURE["start_over"],
    **{name: words for name, words in page.LABELS.items() if name in {"delete", "erase"}},
}
"""What the list and a resume's page offer."""
