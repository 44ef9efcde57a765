"""The page that asks before a request goes ahead: what would happen at each vendor, what is passed over and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from talentsync.customers import clients
from talentsync.customers.models import Connection, Destination
from talentsync.sync import comparing, effort, kinds, presenting, runs, why
from talentsync.sync.confirming import ConfirmForm
from talentsync.sync.kinds import Action, Forecast, Kind
from talentsync.sync.models import Hold, Run
from talentsync.sync.runs import Survey

if TYPE_CHECKING:
    from django.contrib.auth.models import User


LOOKED_AT = 2_000  # items; about 0.3 s. A draft of more is looked at as far as that
A_WHILE = timedelta(minutes=2)  # sooner is soon enough not to be spoken of
NAMED = 10  # records whose names the page shows; of the rest it gives the number


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What would happen at one destination."""

    destination: str
    label: str
    is_chosen: bool
    n_applies: int
    look: str  # of how many of how many the sentences speak, where that is not all of them
    sentences: Sequence[str]
    effort: str  # calls, and when the vendor's limits allow the last of them
    names: Sequence[tuple[str, str]]  # the first records it concerns, with their pages
    n_more: int
    skipped: Sequence[tuple[str, Any, Sequence[tuple[str, str]], int]]  # number, reason, first records, how many more
    connections: Sequence[tuple[Connection, str]]  # with why nothing is sent through it at the moment, if so


def form_of(run: Run, data: Mapping[str, Any] | None) -> ConfirmForm:
    """The page's questions; `data` None asks them for the first time."""
    return (_action(run).form or ConfirmForm)(data, run=run, connections=_connections(run))


def page(run: Run, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The page's context. Reads only; with answers in `data` it shows what they would change."""
    form = form_of(run, data)
    answered = form.is_bound and form.is_valid()
    offered = form.offered
    chosen = form.chosen() if answered else [] if form.is_bound else offered
    surveys = runs.survey(run, {**run.options, **(form.options() if answered else {})}, at_most=LOOKED_AT)
    kind = kinds.get(run.kind)
    records = run.items.filter(kind=kind.name).values("object_id").distinct().count()
    sizes = _sizes(run)
    if run.total > LOOKED_AT:
        number, applies = sum(sizes[name].total() for name in chosen), records if chosen else 0
    else:
        number = sum(surveys[name].n_applies for name in chosen if name in surveys)
        applies = len({pk for name in chosen if name in surveys for pk in surveys[name].records})
    return {
        "form": form,
        "panels": [
            _panel(run, name, surveys.get(name) or Survey(), sizes[name], form, is_chosen=name in chosen)
            for name in offered
        ],
        "number": number,
        "button": presenting.titled(run, applies) if applies else presenting.title(run),
        "asks": bool(form.fields),
        "n_unconnected": int(run.options.get("n_selected", records)) - records,
        "noun": presenting.noun(kind, 2),
        "back": _list_of(kind),
        "may_preview": comparing.declared_to_erase(run),
        "undo_seconds": settings.UNDO_SECONDS if _action(run).undo and runs.has_several(run) else 0,
    }


def draft_retry(chosen: Mapping[str, Any], *, by: User) -> Run:
    """A draft that tries these records again; `chosen` has their primary keys (or a query for them) by kind. Those that
    nobody meets by themselves are tried again with what brings them along.
    """
    met = _met(chosen)
    (name, first), *others = met.items()
    kind = kinds.get(name)
    if any(each.permission and not by.has_perm(each.permission) for each in map(kinds.get, met)):
        raise PermissionDenied
    action = next(each for each in kind.actions if each.task == "retry")
    with transaction.atomic():
        records = kind.model._default_manager.filter(first)
        run = runs.draft(kind, action, records, by=by, now=timezone.now())
        run.total += sum(runs.keep(run, kinds.get(other), rows) for other, rows in others)
        run.save(update_fields=["total"])
    return run


def _met(chosen: Mapping[str, Any]) -> dict[str, Q]:
    found: dict[str, Q] = defaultdict(Q)
    for name, object_ids in chosen.items():
        if not kinds.get(name).internal:
            found[name] |= Q(pk__in=object_ids)
        else:
            for owner in kinds.that_bring(name):
                found[owner.name] |= Q(**{f"{owner.brings[name]}__in": object_ids})
    return found


def _sizes(run: Run) -> Mapping[str, Counter[str]]:
    """How many of each kind the draft holds, by destination."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = run.items.order_by().values_list("connection__destination", "kind").annotate(number=Count("pk"))
    for destination, kind, number in rows:
        found[destination or run.destinations[0]][kind] += number  # as `runs.survey` has it
    return found


def _panel(run: Run, name: str, survey: Survey, size: Counter[str], form: ConfirmForm, *, is_chosen: bool) -> Panel:
    is_partial = run.total > LOOKED_AT
    kind, action, connections = kinds.get(run.kind), _action(run), form.connections_at(name)
    options = {**run.options, **(form.options() if form.is_bound and form.is_valid() else {})}
    spoken_of = survey.by_kind if survey.n_applies or not is_partial else size - survey.looked_at
    forecast = Forecast(
        destination=name,
        n_applies=spoken_of.total(),
        by_kind=spoken_of,
        tally=survey.tally,
        connections=connections,
        run=run,
        options=options,
        is_partial=is_partial,
    )
    named = sorted(survey.records)[:NAMED]
    n_unseen = size[kind.name] - survey.looked_at[kind.name] if is_partial else 0
    return Panel(
        destination=name,
        label=str(Destination(name).label),
        is_chosen=is_chosen,
        n_applies=survey.n_applies,
        look=_look(survey, size) if is_partial else "",
        sentences=action.describe(forecast) if forecast.n_applies else (),
        effort=_effort(run, action, name, connections) if forecast.n_applies else "",
        names=_names(kind, named),
        n_more=len(survey.records) - len(named) + n_unseen,
        skipped=_skipped(kind, survey),
        connections=_stopped(connections, run.kind, action),
    )


def _skipped(kind: Kind, survey: Survey) -> list[tuple[str, Any, Sequence[tuple[str, str]], int]]:
    return [
        (
            f"{number:,}",
            presenting.skipped_words(kind, code),
            _passed_over(survey.passed_over[code]),
            number - len(survey.passed_over[code]),
        )
        for code, number in survey.skipped.most_common()
    ]


def _effort(run: Run, action: Action, name: str, connections: Sequence[Connection]) -> str:
    """Of requests that send or remove something, where anything is known about limits."""
    if action.operation is None or not connections or not clients.quotas_at(name):
        return ""
    now = timezone.now()
    found = effort.of(run, connections, now=now)
    vendor, calls = Destination(name).label, f"{found.calls:,}"
    if found.finishes_at is None:
        return gettext("%(vendor)s allows no calls for this at all.") % {"vendor": vendor}
    words = ngettext(
        "It takes one call to %(vendor)s at most.",
        "It takes at most %(n)s calls to %(vendor)s.",
        found.calls,
    )
    told = [words % {"n": calls, "vendor": vendor}]
    if found.finishes_at - now >= A_WHILE:
        time = date_format(timezone.localtime(found.finishes_at), "j F, H:i")
        told.append(gettext("Its limits allow the last of them at %(time)s.") % {"time": time})
    if effort.is_asked_about_later(run, name):
        told.append(gettext("Asking later what has become of it, and whatever must be tried again, comes on top."))
    else:
        told.append(gettext("Whatever must be tried again comes on top."))
    return " ".join(told)


def _passed_over(keys: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
    return [
        named for name in dict(keys) for named in _names(kinds.get(name), [pk for each, pk in keys if each == name])
    ]


def _names(kind: Kind, keys: Sequence[int]) -> list[tuple[str, str]]:
    records = kind.model._default_manager.in_bulk(keys)
    return [(str(record), presenting.link_to(record)) for record in records.values()]


def _look(survey: Survey, size: Counter[str]) -> str:
    words = gettext(
        "There are %(what)s. The first %(looked)s were looked at here, and %(applies)s of these are not passed over. "
        "The rest is looked at when it starts; what is skipped is counted on the request's page."
    )
    looked, applies = f"{survey.looked_at.total():,}", f"{survey.n_applies:,}"
    told = words % {"what": presenting.counted(size), "looked": looked, "applies": applies}
    return f"{told} {_of_whom(survey)}"


def _of_whom(survey: Survey) -> str:
    return gettext("Of those:") if survey.n_applies else gettext("Of the rest, at most:")


def _stopped(connections: Collection[Connection], kind: str, action: Action) -> list[tuple[Connection, str]]:
    holds = list(Hold.objects.filter(kind__in=["", kind], operation__in=["", action.operation or ""]))
    return [(each, next((hold.reason for hold in holds if why.covers(hold, each)), "")) for each in connections]


def _connections(run: Run) -> list[Connection]:
    used = run.items.order_by().values("connection")
    return list(Connection.objects.filter(pk__in=used).select_related("customer").order_by("customer__name", "pk"))


def _action(run: Run) -> Action:
    return kinds.get(run.kind).action(run.action)


def _list_of(kind: Kind) -> str:
    meta = kind.model._meta
    try:
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except NoReverseMatch:
        return reverse("admin:index")
