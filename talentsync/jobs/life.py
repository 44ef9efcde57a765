"""The life of a job in plain sentences, newest first: what people asked for and what the vendors said. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.base.resource import Step
from connectors.base.results import News
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Destination
from talentsync.jobs.models import Job
from talentsync.sync import kinds, presenting
from talentsync.sync.models import AttemptItem, Run, RunItem
from talentsync.sync.states import Operation

KEPT = 200  # tries that are looked at: at most a month of daily looks and whatever else happened
SHOWN = 40

Sentence = str | Promise


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line. `detail` says more where something went wrong."""

    at: datetime
    sentence: str
    detail: str = ""
    is_bad: bool = False


ASKED: Mapping[str, Sentence] = {
    "post": _("%(who)s asked to post it at %(where)s."),
    "update": _("%(who)s asked to update it at %(where)s."),
    "renew": _("%(who)s asked to renew it at %(where)s."),
    "close": _("%(who)s asked to close it at %(where)s."),
    "history": _("%(who)s asked to send it to %(where)s with all history."),
    "try_again": _("%(who)s asked to try again at %(where)s."),
    "check_now": _("%(who)s asked to check it at %(where)s."),
}
PASSED_OVER = _("%(vendor)s was passed over: %(reason)s")
UNDONE = _("%(who)s took that back.")
CHANGED: Mapping[str, Sentence] = {"add": _("%(who)s entered it here."), "change": _("%(who)s changed it.")}

DONE: Mapping[tuple[str, bool], Sentence] = {
    (Operation.UPSERT, False): _("%(vendor)s has posted it."),
    (Operation.UPSERT, True): _("%(vendor)s has updated it."),
    (Operation.RENEW, True): _("%(vendor)s has renewed it."),
    (Operation.RENEW, False): _("%(vendor)s has renewed it."),
    (Operation.RECORD, False): _("%(vendor)s knows it as closed."),
    (Operation.RECORD, True): _("%(vendor)s knows it as closed."),
    (Operation.CLOSE, True): _("%(vendor)s has closed it."),
    (Operation.CLOSE, False): _("%(vendor)s has closed it."),
}
"""What an acceptance means, by operation and by whether it was live before."""

SENT: Mapping[str, Sentence] = {
    News.SUBMITTED: _("%(vendor)s took the message and is working on it."),
    News.PROGRESS: _("%(vendor)s has closed some openings; more are left."),
    News.REJECTED: _("%(vendor)s refused it."),
    News.TASK_FAILED: _("%(vendor)s could not do it."),
    News.TASK_PROCESSED: _("%(vendor)s took it, but perhaps does not show it."),
    News.TASK_UNKNOWN: _("%(vendor)s no longer knows what was sent."),
    News.UNMAPPABLE: _("It could not be sent to %(vendor)s as it is."),
    "not_mentioned": _("%(vendor)s answered, but not about this job. It is asked again."),
    "internal": _("TalentSync made a mistake before it reached %(vendor)s."),
}
LISTED = _("%(vendor)s shows it.")
UNLISTED = _("%(vendor)s does not show it any more.")
NOT_LISTED = _("%(vendor)s does not show it.")

CALLS: Mapping[str, Sentence] = {
    "Unreachable": _("%(vendor)s could not be reached."),
    "Unanswered": _("%(vendor)s gave no answer that could be read."),
    "Unauthorized": _("%(vendor)s did not accept the credentials of the connection."),
    "Forbidden": _("%(vendor)s does not allow this connection to do it."),
    "Throttled": _("%(vendor)s asked us to slow down."),
    "Misconfigured": _("The connection to %(vendor)s is not complete."),
    "TokenBusy": _("Somebody else was logging in to %(vendor)s at that moment."),
    "TooLong": _("The message was too long for %(vendor)s."),
    "Rejected": _("%(vendor)s refused the call in which it travelled."),
}
OUR_FAULT = _("TalentSync made a mistake with a call to %(vendor)s.")

BAD = {News.REJECTED, News.TASK_FAILED, News.TASK_PROCESSED, News.UNMAPPABLE, "internal", "call_failed"}
QUIET = {News.WORKING}  # still the same


def of(job: Job) -> list[Event]:
    """The newest lines first."""
    events = [*_asked(job), *_changed(job), *_said(job)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:SHOWN]


def _asked(job: Job) -> Iterator[Event]:
    """What people asked for, one line for each click."""
    items = RunItem.objects.filter(kind="job", object_id=job.pk).exclude(run__state=Run.State.DRAFT)
    rows = items.select_related("run__by", "connection").order_by("-run_id", "pk")[:KEPT]
    by_run: dict[int, list[RunItem]] = {}
    for row in rows:
        by_run.setdefault(row.run_id, []).append(row)
    for of_run in by_run.values():
        yield from _click(of_run[0].run, of_run)


def _click(run: Run, items: Sequence[RunItem]) -> Iterator[Event]:
    who = _name(run)
    asked = {_vendor(item) for item in items}
    vendors = f" {gettext('and')} ".join(label for label in map(str, Destination.labels) if label in asked)
    skipped = [PASSED_OVER % _reason(item) for item in items if item.state == RunItem.State.SKIPPED]
    words = ASKED.get(run.action, ASKED["check_now"]) % {"who": who, "where": vendors}
    yield Event(at=run.created_at, sentence=words, detail=" ".join(skipped))
    if run.state == Run.State.UNDONE and run.finished_at is not None:
        yield Event(at=run.finished_at, sentence=UNDONE % {"who": who})


def _reason(item: RunItem) -> dict[str, str]:
    return {"vendor": _vendor(item), "reason": str(presenting.skipped_words(kinds.get("job"), item.reason))}


def _vendor(item: RunItem) -> str:
    return str(Destination(item.connection.destination).label) if item.connection else ""


def _name(run: Run) -> str:
    return (run.by.get_full_name() or run.by.get_username()) if run.by else gettext("TalentSync")


def _changed(job: Job) -> Iterator[Event]:
    audited = AuditEvent.objects.filter(kind="job", label=job.external_id, customer=job.customer_id)
    for event in audited.filter(verb__in=CHANGED).select_related("actor")[:KEPT]:
        actor = event.actor
        who = (actor.get_full_name() or actor.get_username()) if actor else gettext("TalentSync")
        yield Event(at=event.at, sentence=CHANGED[event.verb] % {"who": who})


def _said(job: Job) -> Iterator[Event]:
    """What came of each try. A look is told of only where it found something new."""
    items = AttemptItem.objects.filter(delivery__kind="job", delivery__object_id=job.pk)
    rows = items.select_related("attempt", "delivery__connection").defer("request", "answer", "attempt__words")
    was_live: dict[int, bool | None] = {}
    for item in reversed(rows.order_by("-pk")[:KEPT]):
        yield from _line(item, was_live)


def _line(item: AttemptItem, was_live: dict[int, bool | None]) -> Iterator[Event]:
    vendor = presenting.vendor_of(item.delivery)
    before = was_live.get(item.delivery_id)
    match item.news:
        case News.LIVE | News.GONE:
            live = item.news == News.LIVE
            was_live[item.delivery_id] = live
            if live != before:
                words = LISTED if live else UNLISTED if before else NOT_LISTED
                yield _event(item, words, vendor)
        case News.ACCEPTED:
            was_live[item.delivery_id] = item.attempt.operation not in {Operation.CLOSE, Operation.RECORD}
            yield _event(item, DONE[item.attempt.operation, bool(before)], vendor)
        case "call_failed":
            yield _event(item, CALLS.get(item.attempt.error, OUR_FAULT), vendor)
        case news if news not in QUIET:
            yield _event(item, SENT[news], vendor)


def _event(item: AttemptItem, words: Sentence, vendor: str) -> Event:
    is_bad = item.news in BAD
    return Event(
        at=item.attempt.at,
        sentence=str(words) % {"vendor": vendor},
        detail=_detail(item) if is_bad else "",
        is_bad=is_bad,
    )


def _detail(item: AttemptItem) -> str:
    """What that means, in our words; the vendor's own stand with the status above."""
    if item.news == News.UNMAPPABLE:
        return item.words
    if item.news not in {News.REJECTED, News.TASK_FAILED}:
        return ""
    route = kinds.get("job").route(item.delivery.connection.destination)
    said = route.explain(
        words=item.words,
        status=item.status or item.attempt.status,
        code=item.code,
        task=item.attempt.step == Step.POLL,
        operation=item.attempt.asked_for,
    )
    return gettext(said.meaning)


def sentences() -> Iterable[Sentence]:
    """Every sentence of this module, for the test that holds them complete."""
    return [*ASKED.values(), *CHANGED.values(), *DONE.values(), *SENT.values(), *CALLS.values(), OUR_FAULT]
