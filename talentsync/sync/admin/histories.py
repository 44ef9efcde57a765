"""*Send all history*: the page that asks, the page of its progress, and its buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from talentsync.customers.models import Connection, Customer, Destination
from talentsync.sync import history, kinds, presenting, standing, stopping, why
from talentsync.sync.admin import progress, seeing
from talentsync.sync.budgets import Estimate
from talentsync.sync.confirming import ConfirmForm
from talentsync.sync.kinds import Forecast, Kind
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.presenting import Sentence
from talentsync.sync.standing import Outlook, Standing
from talentsync.sync.states import UNFINISHED, Priority

A_WHILE = timedelta(minutes=2)
STATE = RunItem.State
DESTINATION = Destination.LINKEDIN
STILL = (Run.State.DONE, Run.State.CANCELLED, Run.State.PAUSED)  # once nothing is on its way


# --- from the customer's page -----------------------------------------------------------------------------------------


def offer(customer: Customer, request: HttpRequest) -> dict[str, Any]:
    """What the customer's page says of it: may it be asked for, or is it under way?"""
    connection = _connection(customer)
    if connection is None or not seeing.may_send_everything(DESTINATION, request.user):
        return {}
    runs = seeing.visible_runs(request.user)
    return {
        "may_send_history": True,
        "history_under_way": runs.filter(pk__in=history.under_way(connection).values("pk")).first(),
        "last_history": runs.filter(action=kinds.HISTORY, parts__connection=connection)
        .exclude(state=Run.State.DRAFT)
        .order_by("-pk")
        .first(),
    }


def ask_view(request: HttpRequest, customer: Customer) -> HttpResponse:
    """POST: draft it, and lead to the page that asks."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not seeing.may_send_everything(DESTINATION, request.user):
        raise PermissionDenied
    connection = _connection(customer)
    if connection is None:
        messages.error(request, gettext("Connect the customer to LinkedIn first."))
        return redirect("admin:customers_customer_change", customer.pk)
    run = history.draft(connection, by=seeing.person(request), now=timezone.now())
    return redirect("admin:sync_run_confirm", run.pk)


def _connection(customer: Customer) -> Connection | None:
    return Connection.objects.filter(customer=customer, destination=DESTINATION, is_current=True).first()


# --- the page that asks -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """One kind, before."""

    noun: str
    link: str
    here: str
    there: str
    kept_out: str
    calls: str
    until: str


def confirm(request: HttpRequest, run: Run, answered: Mapping[str, Any] | None) -> dict[str, Any] | HttpResponse:
    """GET: the page's context. POST: let it happen."""
    connection = _of(run)
    form = _form(run, connection, answered)
    if request.method == "POST" and form.is_valid():
        if not history.confirm(run, options=form.options(), by=seeing.person(request), now=timezone.now()):
            messages.error(request, gettext("Nothing was started: this is under way already, or no longer possible."))
            running = history.under_way(connection).first()
            return redirect("admin:sync_run_change", running.pk if running else run.pk)
        return redirect("admin:sync_run_change", run.pk)
    now = timezone.now()
    ahead = standing.outlook(run, now)
    return {
        "title": _title(connection),
        "form": form,
        "connection": connection,
        "stopped": next(
            (hold.reason for hold in stopping.visible_holds(request.user) if why.covers(hold, connection)), ""
        ),
        "under_way": history.under_way(connection).first(),
        "rows": [_ahead(each, connection, now) for each in ahead],
        "described": [sentence for each in ahead for sentence in _described(run, each, connection)],
        "effort": _effort(_sum(ahead, now)),
        "n_kept_out": f"{sum(each.kept_out for each in ahead):,}",
        "n_at_most": sum(each.at_most for each in ahead),
        "back": reverse("admin:customers_customer_change", args=[connection.customer_id]),
    }


def _form(run: Run, connection: Connection, data: Mapping[str, Any] | None) -> ConfirmForm:
    """What the kinds have to ask; they ask the same, once."""
    asked = (kind.action(kinds.HISTORY).form for kind in kinds.of_history(connection.destination))
    form = next((each for each in asked if each is not None), ConfirmForm)
    return form(data, run=run, connections=[connection])


def _ahead(each: Outlook, connection: Connection, now: Any) -> Ahead:
    finishes = each.estimate.finishes_at
    soon = finishes is not None and finishes - now < A_WHILE
    return Ahead(
        noun=capfirst(presenting.noun(each.kind, 2)),
        link=_list_of(each.kind, connection),
        here=f"{each.part.total:,}",
        there=f"{each.there:,}",
        kept_out=f"{each.kept_out:,}",
        calls=f"{each.estimate.calls:,}",
        until="–"
        if not each.at_most
        else gettext("soon")
        if soon
        else _when(finishes)
        if finishes
        else gettext("never"),
    )


def _described(run: Run, each: Outlook, connection: Connection) -> Sequence[str]:
    """What the kinds say of themselves where it is more than a number."""
    forecast = Forecast(
        destination=connection.destination,
        n_applies=each.at_most,
        by_kind={each.kind.name: each.at_most},
        tally={},
        connections=[connection],
        run=run,
        options=run.options,
    )
    return each.kind.action(kinds.HISTORY).describe(forecast) if each.at_most else ()


def _sum(ahead: Sequence[Outlook], now: Any) -> Estimate:
    moments = [each.estimate.finishes_at for each in ahead]
    last = None if None in moments else max([now, *(each for each in moments if each)])
    return Estimate(calls=sum(each.estimate.calls for each in ahead), finishes_at=last)


def _effort(found: Estimate) -> str:
    if not found.calls:
        return ""
    if found.finishes_at is None:
        return gettext("LinkedIn allows no calls for this at all.")
    told = ngettext("At most one call to LinkedIn.", "At most %(n)s calls to LinkedIn.", found.calls)
    told %= {"n": f"{found.calls:,}"}
    if found.finishes_at - timezone.now() < A_WHILE:
        return told
    return f"{told} " + gettext("Its limits allow the last of them at %(time)s.") % {"time": _when(found.finishes_at)}


# --- the page of its progress -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind, while it goes on and afterwards."""

    noun: str
    link: str
    troubles: str  # the list of those that need attention
    here: str
    there: str
    sent: str
    waiting: str
    skipped: str
    failed: str
    not_asked: str
    percent: int
    why: Sentence
    difference: str
    explained: Sequence[tuple[str, Sentence]]


def page(run: Run, request: HttpRequest) -> dict[str, Any]:
    """The page's context."""
    now, connection = timezone.now(), _of(run)
    found = standing.of(run)
    states = sum((each.by_state for each in found), start=type(found[0].by_state)())
    total = sum(each.part.total for each in found)
    is_asked = all(each.part.asked_at for each in found)
    failed = seeing.visible_items(run, request.user).filter(state=STATE.FAILED).order_by("pk")
    rows = Paginator(failed.select_related("connection__customer", "delivery__connection__customer"), progress.PER_PAGE)
    shown = rows.get_page(request.GET.get("page"))
    settled = sum(each.settled for each in found)
    decides = seeing.may_decide(run, request.user)
    return {
        "title": _title(connection),
        "connection": connection,
        "headline": _headline(run, settled, total, states, is_asked=is_asked),
        "effort": _effort(standing.left_of(found, now)) if run.state in {Run.State.WAITING, Run.State.RUNNING} else "",
        "percent": 100 * settled // total if total else 100,
        "bars": progress.bars(states, total),
        "rows": [_row(each, connection, words) for each, words in zip(found, _why(run, found, now), strict=True)],
        "has_ended": run.is_over,
        "skipped": _skipped(found),
        "lines": progress.lines(run, list(shown.object_list), now),
        "page": shown,
        "sees_deliveries": request.user.has_perm(seeing.SUPPORT),
        "is_still": run.state == Run.State.DRAFT or (run.state in STILL and not states[STATE.ASKED]),
        "may_pause": decides and run.state in {Run.State.WAITING, Run.State.RUNNING} and not is_asked,
        "may_resume": decides and run.state == Run.State.PAUSED,
        "may_cancel": decides and run.state in history.UNDER_WAY and not is_asked,
        "may_retry": decides and bool(states[STATE.FAILED]) and run.is_over,
        "back": reverse("admin:customers_customer_change", args=[connection.customer_id]),
    }


def _headline(run: Run, settled: int, total: int, states: Mapping[str, int], *, is_asked: bool) -> str:
    waiting = states[STATE.ASKED]
    numbers = {"settled": f"{settled:,}", "total": f"{total:,}", "waiting": f"{waiting:,}"}
    numbers |= {"left": f"{total - settled - waiting:,}", "failed": f"{states[STATE.FAILED]:,}"}
    match run.state:
        case Run.State.WAITING:
            words = gettext("It is about to start.")
        case Run.State.PAUSED if waiting:
            words = gettext("Paused. %(waiting)s were asked for before and still go; %(left)s wait until it goes on.")
        case Run.State.PAUSED:
            words = gettext("Paused. %(left)s wait until it goes on.")
        case Run.State.CANCELLED if run.options.get(history.ENDED_BY) == history.NOT_IN_USE:
            words = gettext("Cancelled, because another connection was taken into use. %(left)s were left out.")
            if waiting:
                words += " " + gettext(
                    "%(waiting)s were asked for before; what of them has not gone yet stays here while this one is out "
                    "of use."
                )
        case Run.State.CANCELLED if waiting:
            words = gettext("Cancelled. %(left)s were left out; %(waiting)s were asked for before and still go.")
        case Run.State.CANCELLED:
            words = gettext("Cancelled. %(left)s were left out.")
        case Run.State.DONE if states[STATE.FAILED]:
            words = ngettext(
                "Finished. Of %(total)s records %(failed)s needs attention.",
                "Finished. Of %(total)s records %(failed)s need attention.",
                states[STATE.FAILED],
            )
        case Run.State.DONE:
            words = gettext("Finished: %(total)s records.")
        case _ if is_asked:
            words = gettext(
                "%(settled)s of %(total)s finished. All were asked for; %(waiting)s wait for their turn, for LinkedIn "
                "or for other records."
            )
        case _:
            words = gettext("%(settled)s of %(total)s finished.")
    return words % numbers


def _row(each: Standing, connection: Connection, words: Sentence) -> Row:
    states = each.by_state
    link = _list_of(each.kind, connection)
    return Row(
        noun=capfirst(presenting.noun(each.kind, 2)),
        link=link,
        troubles=f"{link}&trouble=any" if link else "",
        here=f"{each.here:,}",
        there=f"{each.there:,}",
        sent=f"{states[STATE.DONE]:,}",
        waiting=f"{states[STATE.ASKED]:,}",
        skipped=f"{states[STATE.SKIPPED] + states[STATE.SUPERSEDED]:,}",
        failed=f"{states[STATE.FAILED]:,}",
        not_asked=f"{each.not_asked:,}",
        percent=100 * each.settled // each.part.total if each.part.total else 100,
        why=words,
        difference=f"{each.here - each.there:,}",
        explained=_explained(each),
    )


def _explained(each: Standing) -> list[tuple[str, Sentence]]:
    """Where the difference between here and there comes from."""
    told: list[tuple[int, Sentence]] = [
        (number, presenting.skipped_words(each.kind, code)) for number, code in standing.reasons(each)
    ]
    told += [
        (each.lost[STATE.FAILED], gettext("Needs attention; why stands below.")),
        (each.lost[STATE.ASKED], gettext("Still on its way, or waiting for another record.")),
        (each.lost[STATE.SUPERSEDED], gettext("A later request asked for something else.")),
        (each.not_asked, gettext("Not asked for.")),
        (each.unexplained, gettext("Added here since, or asked for by somebody else.")),
        (-each.unexplained, gettext("At LinkedIn all the same, from before or by somebody's own click.")),
    ]
    return [(f"{number:,}", words) for number, words in told if number > 0]


def _skipped(found: Sequence[Standing]) -> list[tuple[str, str, Sentence]]:
    """Number, kind and reason of all that was passed over."""
    return [
        (f"{number:,}", presenting.noun(each.kind, number), presenting.skipped_words(each.kind, code))
        for each in found
        for code, number in each.skipped.most_common()
    ]


def _why(run: Run, found: Sequence[Standing], now: Any) -> list[Sentence]:
    """Of each kind why the record that is next has not gone yet."""
    if run.state in {Run.State.DRAFT, Run.State.WAITING}:
        return [""] * len(found)
    first = [_next(run, each) if each.by_state[STATE.ASKED] else None for each in found]
    reasons = why.gather([row for row in first if row is not None], now=now)
    return [reasons.of(row) if row is not None else "" for row in first]


def _next(run: Run, each: Standing) -> Delivery | None:
    rows = Delivery.objects.filter(connection=each.part.connection_id, kind=each.kind.name, state__in=UNFINISHED)
    due = rows.filter(priority=Priority.BACKFILL, due_at__isnull=False).order_by("due_at", "pk")
    others = Delivery.objects.filter(run_items__run=run, run_items__state=STATE.ASKED, kind=each.kind.name)
    named = ("connection__customer",)
    return due.select_related(*named).first() or others.select_related(*named).order_by("pk").first()


# --- its buttons ------------------------------------------------------------------------------------------------------


def turn(request: HttpRequest, run: Run, how: str) -> HttpResponse:
    """POST: pause it, let it go on, or cancel it; says what is true, also to a second click."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not seeing.may_decide(run, request.user):
        raise PermissionDenied
    act, done, late = _TURNS[how]
    if act(run, request):
        messages.success(request, str(done()))
    else:
        run.refresh_from_db()
        messages.error(
            request, gettext("%(late)s It is: %(state)s.") % {"late": late(), "state": run.get_state_display()}
        )
    return redirect("admin:sync_run_change", run.pk)


_Turn = tuple[Callable[[Run, HttpRequest], bool], Callable[[], str], Callable[[], str]]
_TURNS: Mapping[str, _Turn] = {
    "pause": (
        lambda run, request: history.pause(run, by=seeing.person(request)),
        lambda: gettext("Paused. What was asked for before still goes."),
        lambda: gettext("There is nothing to pause."),
    ),
    "resume": (
        lambda run, request: history.resume(run, by=seeing.person(request), now=timezone.now()),
        lambda: gettext("It goes on."),
        lambda: gettext("It is not paused."),
    ),
    "cancel": (
        lambda run, request: history.cancel(run, by=seeing.person(request), now=timezone.now()),
        lambda: gettext("Cancelled. What was asked for before still goes; the rest is left out."),
        lambda: gettext("There is nothing to cancel."),
    ),
}


# --- words ------------------------------------------------------------------------------------------------------------


def _of(run: Run) -> Connection:
    part = run.parts.select_related("connection__customer").order_by("place").first()
    assert part is not None
    return part.connection


def _title(connection: Connection) -> str:
    return gettext("Send all history of %(customer)s to LinkedIn") % {"customer": connection.customer}


def _when(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "j F, H:i")


def _list_of(kind: Kind, connection: Connection) -> str:
    """The list of the customer's records, "" where there is none."""
    address = presenting.list_of(kind)
    return f"{address}?customer__id__exact={connection.customer_id}" if address else ""
