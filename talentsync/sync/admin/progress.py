"""The page of a request: how far it is, record by record, what needs a person, and Undo while there is time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from talentsync.customers.models import Destination
from talentsync.sync import kinds, presenting, stuck, why
from talentsync.sync.admin import receipts, seeing
from talentsync.sync.admin.receipts import Sums
from talentsync.sync.models import Run, RunItem
from talentsync.sync.presenting import Sentence, Trouble
from talentsync.sync.states import State
from talentsync.sync.why import Reasons

PER_PAGE = 50
STATE = RunItem.State
ORDER = (STATE.FAILED, STATE.ASKED, STATE.DRAFTED, STATE.SUPERSEDED, STATE.SKIPPED, STATE.DONE)
COLOURS: Mapping[str, str] = {
    STATE.FAILED: "danger",
    STATE.ASKED: "info",
    STATE.DRAFTED: "plain",
    STATE.SUPERSEDED: "plain",
    STATE.SKIPPED: "plain",
    STATE.DONE: "success",
}
OVERTAKEN = _("A later request asked for something else, which took the place of this one.")
CURED = _("It has been put right since.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record at one vendor."""

    name: str
    link: str
    noun: str  # what it is, where the request is about several kinds of records
    vendor: str
    customer: str
    state: str
    colour: str
    sentence: Sentence
    trouble: Trouble | None = None
    delivery_id: int | None = None


def page(run: Run, request: HttpRequest) -> dict[str, Any]:
    """The page's context, in a number of queries that does not grow with the request."""
    now = timezone.now()
    by_vendor = _by_vendor(run)  # "" where it is nobody's
    counts = Counter[str]({state.value: sum(found[state] for found in by_vendor.values()) for state in ORDER})
    total = sum(counts.values())
    n_stuck = stuck.among(run.items.all()).count()
    counts[STATE.ASKED] -= n_stuck
    counts[STATE.FAILED] += n_stuck
    settled = total - counts[STATE.ASKED] - counts[STATE.DRAFTED]
    items = _items(run, request)
    rows = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    decides = seeing.may_decide(run, request.user)
    erased = _erased(run, request)
    can_undo = run.state == Run.State.WAITING and run.starts_at is not None and run.starts_at > now
    return {
        "headline": _headline(run, settled, total, counts[STATE.FAILED], now),
        "seconds_left": _seconds_left(run, now),
        "may_undo": decides and can_undo,
        "may_retry": decides and bool(counts[STATE.FAILED]) and (run.is_over or settled == total),
        "is_over": run.state == Run.State.DRAFT or (run.is_over and not (erased and erased.is_moving)),
        "erased": erased,
        "bars": bars(counts, total),
        "percent": 100 * settled // total if total else 100,
        "tiles": [(STATE(state).label, f"{counts[state]:,}") for state in ORDER if counts[state]],
        "vendors": [(Destination(name).label, _in_words(found)) for name, found in by_vendor.items() if name],
        "lines": lines(run, list(rows.object_list), now),
        "page": rows,
        "sees_deliveries": request.user.has_perm(seeing.SUPPORT),
    }


def _erased(run: Run, request: HttpRequest) -> Sums | None:
    """How many records are removed here; None for requests that remove none."""
    if not kinds.get(run.kind).action(run.action).erases:
        return None
    counted = receipts.sums(receipts.rows(run, request))
    return counted if counted.total else None


def _by_vendor(run: Run) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = run.items.order_by().values_list("connection__destination", "state").annotate(number=Count("pk"))
    for destination, state, number in sorted(rows, key=lambda row: str(row[0])):
        found[destination or ""][state] += number
    return found


def _items(run: Run, request: HttpRequest) -> Any:
    rank = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(ORDER)), output_field=IntegerField()
    )
    items = seeing.visible_items(run, request.user).select_related(
        "connection__customer", "delivery__connection__customer"
    )
    return items.annotate(rank=rank).order_by("rank", "pk").defer("delivery__params", "delivery__then_operations")


def _headline(run: Run, settled: int, total: int, failed: int, now: datetime) -> str:
    match run.state:
        case Run.State.DRAFT:
            return gettext("Nobody has confirmed this yet. Nothing is sent.")
        case Run.State.UNDONE:
            return gettext("Undone before it started. Nothing was sent.")
        case Run.State.WAITING if _seconds_left(run, now):
            left = _seconds_left(run, now)
            words = ngettext(
                "It starts in %(n)s second. Until then it can be undone.",
                "It starts in %(n)s seconds. Until then it can be undone.",
                left,
            )
            return words % {"n": left}
        case Run.State.WAITING:
            return gettext("It is about to start.")
        case Run.State.RUNNING:
            return gettext("%(settled)s of %(total)s finished.") % {"settled": f"{settled:,}", "total": f"{total:,}"}
    if failed:
        words = ngettext("Finished; %(n)s needs attention.", "Finished; %(n)s need attention.", failed)
        return words % {"n": f"{failed:,}"}
    return gettext("Finished.")


def _seconds_left(run: Run, now: datetime) -> int:
    if run.state != Run.State.WAITING or run.starts_at is None:
        return 0
    return max(0, round((run.starts_at - now).total_seconds()))


def bars(counts: Mapping[str, int], total: int) -> list[tuple[str, float, float]]:
    """Colour, beginning and width of each part of the bar, in percent."""
    parts, start = [], 0.0
    for state in (STATE.DONE, STATE.FAILED, STATE.SKIPPED, STATE.SUPERSEDED):
        if counts[state]:
            share = round(100 * counts[state] / total, 2)
            parts.append((COLOURS[state], start, share))
            start += share
    return parts


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[state]:,} {str(STATE(state).label).lower()}" for state in ORDER if counts[state])


def lines(run: Run, items: Sequence[RunItem], now: datetime) -> list[Line]:
    """These records of a request, as its page shows them."""
    rows = list(items)
    records = presenting.records_of(rows)
    deliveries = [item.delivery for item in rows if item.delivery is not None]
    reasons = why.gather(deliveries, now=now, records=[(item.kind, item.object_id) for item in rows])
    wrong = presenting.last_troubles(deliveries)
    several = run.items.exclude(kind=run.kind).exists()
    found = []
    for item in rows:
        record = records.get((item.kind, item.object_id))
        trouble = None
        if item.delivery is not None and item.state == STATE.FAILED:
            trouble = presenting.trouble(item.delivery, wrong.get(item.delivery.pk))
        found.append(
            Line(
                name=str(record) if record is not None else gettext("deleted here"),
                link=presenting.link_to(record) if record is not None else "",
                noun=presenting.noun(kinds.get(item.kind), 1) if several else "",
                vendor=str(Destination(item.connection.destination).label) if item.connection else "",
                customer=str(item.connection.customer) if item.connection else "",
                state=item.get_state_display(),
                colour=COLOURS[item.state],
                sentence=_sentence(run, item, reasons, trouble),
                trouble=trouble,
                delivery_id=item.delivery_id,
            )
        )
    return found


def _sentence(run: Run, item: RunItem, reasons: Reasons, trouble: Trouble | None) -> Sentence:
    """What there is to say of a record beside its state; a failure that is still there is told by its trouble."""
    match item.state:
        case STATE.SKIPPED:
            return presenting.skipped_words(kinds.get(item.kind), item.reason)
        case STATE.SUPERSEDED:
            return OVERTAKEN
        case STATE.FAILED:
            return "" if trouble else CURED
        case STATE.ASKED if item.delivery is not None:
            return reasons.of(item.delivery)
        case STATE.DRAFTED if run.state == Run.State.WAITING and item.connection is not None:
            return reasons.of_record(item.kind, item.object_id, item.connection)
        case STATE.DONE if item.delivery is not None:
            is_last = item.delivery.settled_revision == item.revision and item.delivery.state != State.IDLE
            return presenting.state_words(item.delivery) if is_last else ""
    return ""
