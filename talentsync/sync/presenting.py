"""Deliveries and requests in people's words: how far it is, what went wrong, what that means and what to do.

Reads only. The meaning of a vendor's words comes from its route's `explain`, that of our own codes from the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Model
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.base.explain import Explanation, Who
from connectors.base.results import News
from talentsync.customers.models import Destination
from talentsync.sync import kinds
from talentsync.sync.models import AttemptItem, Delivery, Run
from talentsync.sync.states import Failure, Operation, RemoteState, State

Sentence = str | Promise

COLOURS: Mapping[str, str] = {
    State.IDLE: "default",
    State.PENDING: "info",
    State.SUBMITTED: "info",
    State.SYNCED: "success",
    State.FAILED: "danger",
}

TROUBLES = (
    *(
        news.value
        for news in (
            News.REJECTED,
            News.TASK_FAILED,
            News.TASK_PROCESSED,
            News.TASK_UNKNOWN,
            News.UNMAPPABLE,
            News.UNCONFIRMED,
        )
    ),
    *("call_failed", "not_mentioned", "internal"),
)
"""What a try can say of a record that is a reason to stop; anything else came later and explains nothing."""

NEWS: Mapping[str, tuple[Sentence, str]] = {
    News.ACCEPTED: (_("done"), "success"),
    News.SUBMITTED: (_("taken, being worked on"), "success"),
    News.WORKING: (_("not finished yet"), "info"),
    News.TASK_FAILED: (_("failed at the vendor"), "danger"),
    News.TASK_PROCESSED: (_("taken, perhaps not live"), "warning"),
    News.TASK_UNKNOWN: (_("task unknown to the vendor"), "warning"),
    News.REJECTED: (_("refused"), "danger"),
    News.PROGRESS: (_("partly done"), "info"),
    News.LIVE: (_("is there"), "success"),
    News.GONE: (_("is not there"), "plain"),
    News.UNMAPPABLE: (_("not sent: incomplete"), "danger"),
    News.UNCONFIRMED: (_("not sent: would erase something"), "danger"),
    "call_failed": (_("the call failed"), "danger"),
    "not_mentioned": (_("not mentioned"), "warning"),
    "internal": (_("our own mistake"), "danger"),
}
"""What was said of a record in one try, with its colour."""

TASKS: Mapping[str, tuple[Sentence, str]] = {
    "IN_PROGRESS": (_("being worked on"), "info"),
    "SUCCEEDED": (_("done"), "success"),
    "FAILED": (_("failed"), "danger"),
    "PROCESSED": (_("taken, perhaps not live"), "warning"),
    "UNKNOWN": (_("unknown to the vendor"), "warning"),
}
"""How far one of the vendor's tasks is, with its colour (`RemoteTask.status`)."""

CALL_ERRORS: Mapping[str, Sentence] = {
    "Unreachable": _("Vendor not reachable"),
    "Unanswered": _("No readable answer"),
    "Unauthorized": _("Credentials not accepted"),
    "Forbidden": _("Not allowed"),
    "Throttled": _("Too many calls"),
    "Rejected": _("Refused"),
    "Misconfigured": _("Connection not complete"),
    "TokenBusy": _("Somebody else was logging in"),
    "TooLong": _("Too long to be sent"),
    "Unmappable": _("Cannot be sent as it is"),
    "WouldErase": _("Would erase something"),
}
"""Why a whole call failed (`Attempt.error`); what is not named here is a mistake of our own."""

WHO: Mapping[Who, Sentence] = {
    Who.RECRUITER: _("You can put it right."),
    Who.SUPPORT: _("Support can put it right."),
    Who.ADMINISTRATOR: _("The customer's administrator at the vendor can put it right."),
    Who.NOBODY: _("It passes by itself."),
}

CONTRACTS = {"recruiter_contract_urn", "job_contract_urn"}
"""What can be missing for a record though it is no field of it: they are the connection's."""
OF_THE_CONNECTION = _("An administrator can put it right, at the connection.")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why a delivery stopped for a person, and what to do about it."""

    meaning: Sentence
    remedy: Sentence = ""
    detail: str = ""  # our own words about this record
    words: str = ""  # the vendor's
    field: str = ""
    who: Sentence = ""


def trouble(delivery: Delivery, item: AttemptItem | None = None) -> Trouble | None:
    """What went wrong with a failed delivery; `item` is its last try that went wrong (`last_troubles`)."""
    if delivery.state != State.FAILED:
        return None
    said = _explained(delivery, item)
    kind = kinds.get(delivery.kind)
    lacks_contract = delivery.failure == Failure.UNMAPPABLE and delivery.error_field in CONTRACTS
    nothing_sent = delivery.failure in {Failure.UNMAPPABLE, Failure.UNCONFIRMED}
    return Trouble(
        meaning=gettext(said.meaning),
        remedy=gettext("Once it is there, use Try again.") if lacks_contract else gettext(said.remedy),
        detail=_our_words(delivery) if nothing_sent else "",
        words="" if nothing_sent else kind.route(delivery.connection.destination).readable(delivery.words),
        field=kind.label_of(delivery.error_field or said.field),
        who=OF_THE_CONNECTION if lacks_contract else WHO[said.who],
    )


def _our_words(delivery: Delivery) -> str:
    """Our own sentence; or the labels of the values that would be erased, which are kept by their paths."""
    if delivery.failure != Failure.UNCONFIRMED:
        return delivery.words
    if delivery.error_code != Failure.UNCONFIRMED:
        return gettext("%(vendor)s was asked twice what it holds, and did not say.") % {"vendor": vendor_of(delivery)}
    worded = kinds.get(delivery.kind).route(delivery.connection.destination).worded
    labels = ", ".join(worded(path, "")[0] for path in delivery.words.split(", "))
    return gettext("Would be erased: %(labels)s.") % {"labels": labels}


def _explained(delivery: Delivery, item: AttemptItem | None) -> Explanation:
    """A refusal is explained by what the vendor said, any other failure by its own name."""
    explain = kinds.get(delivery.kind).route(delivery.connection.destination).explain
    if delivery.failure != Failure.REJECTED:
        return explain(code=delivery.failure)
    status = (item.status or item.attempt.status) if item is not None else None
    task = item is not None and item.news == News.TASK_FAILED
    operation = item.attempt.asked_for if item is not None else delivery.operation
    return explain(words=delivery.words, status=status, code=delivery.error_code, task=task, operation=operation)


def last_troubles(deliveries: Iterable[Delivery]) -> dict[int, AttemptItem]:
    """By delivery: the last try in which something went wrong, with its call. Two queries, whatever the number."""
    failed = [delivery.pk for delivery in deliveries if delivery.state == State.FAILED]
    if not failed:
        return {}
    wrong = AttemptItem.objects.filter(delivery__in=failed, news__in=TROUBLES)
    latest = wrong.values("delivery").annotate(latest=Max("pk")).order_by().values("latest")
    items = AttemptItem.objects.filter(pk__in=latest).select_related("attempt")
    return {item.delivery_id: item for item in items.defer("request", "answer", "words", "attempt__words")}


def vendor_of(delivery: Delivery) -> str:
    return str(Destination(delivery.connection.destination).label)


def state_words(delivery: Delivery) -> str:
    """The state as people read it: what is there, not only that something was sent."""
    match delivery.state:
        case State.SUBMITTED:
            return gettext("%(vendor)s is working on it") % {"vendor": vendor_of(delivery)}
        case State.SYNCED if delivery.remote_state == RemoteState.CLOSED:
            return gettext("Closed")
        case State.SYNCED if delivery.remote_state == RemoteState.DELETED:
            return gettext("Deleted")
        case _:
            return str(State(delivery.state).label)


def wish_words(delivery: Delivery) -> str:
    """What is or was wished last."""
    return str(Operation(delivery.operation).label) if delivery.operation else "–"


def call_error_words(name: str) -> Sentence:
    return CALL_ERRORS.get(name, _("Fault in TalentSync")) if name else ""


def code_words(code: str) -> str:
    """One of our own codes that has no words of its own: "check_now" reads *Check now*."""
    return code.replace("_", " ").capitalize()


def title(run: Run) -> str:
    """What was asked for: "Close 12 jobs"."""
    return titled(run, int(run.options.get("n_selected", run.total)))


def titled(run: Run, number: int) -> str:
    kind = kinds.get(run.kind)
    return titled_action(kind, kind.action(run.action), number)


def titled_action(kind: kinds.Kind, action: kinds.Action, number: int) -> str:
    if action.title is not None:
        return action.title(number)
    return f"{code_words(action.name)}: {number} {noun(kind, number)}"


def counted(by_kind: Mapping[str, int]) -> str:
    """ "3 candidates, 12 candidate notes", in the order in which one hangs on another."""
    named = [(kind, by_kind.get(kind.name, 0)) for kind in kinds.all_kinds()]
    return ", ".join(f"{number:,} {noun(kind, number)}" for kind, number in named if number)


def noun(kind: kinds.Kind, number: int) -> str:
    meta = kind.model._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


ENGINES_REASONS: dict[str, Sentence] = {
    "being_erased": _("It is being deleted here and at the vendor. Nothing else is sent about it."),
    "waits_for_another": _(
        "What it hangs on is not at LinkedIn, and nobody has asked for that. It goes by itself once that is there."
    ),
    "gone_here": _("It was deleted in TalentSync before the request started."),
    "not_in_use": _("Another connection was taken into use before the request started. Ask again to use that one."),
}
"""Why the engine itself passes a record over, whatever its kind."""


def skipped_words(kind: kinds.Kind, code: str) -> Sentence:
    """Why a record is passed over."""
    return kind.sentences.get(code) or ENGINES_REASONS.get(code) or code_words(code)


def without_record(delivery: Delivery) -> str:
    """What a status is called whose record is no longer here."""
    return gettext("erased here") if delivery.true_key else delivery.entity_key


def link_to(record: Model) -> str:
    """The record's own page, or that of the record which brings it along; "" where there is none."""
    meta = record._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return next(map(link_to, kinds.owners_of(record)), "")


def list_of(kind: kinds.Kind) -> str:
    """Where the kind's records are listed; "" where they are not."""
    meta = kind.model._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except NoReverseMatch:
        return ""


def records_of(rows: Sequence[Any]) -> dict[tuple[str, int], Model]:
    """The records of deliveries (anything with `kind` and `object_id`); one query for each kind."""
    found: dict[tuple[str, int], Model] = {}
    for name in {row.kind for row in rows}:
        ids = [row.object_id for row in rows if row.kind == name]
        by_id = kinds.get(name).rows().in_bulk(ids)
        found |= {(name, pk): record for pk, record in by_id.items()}
    return found
