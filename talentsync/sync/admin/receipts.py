"""The receipt of an erasure: per record what was asked, what the vendor answered, and when nothing was left here.

It holds no name and no ID: a reference tells its lines apart, and somebody who has the ID can compute it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from talentsync.core.scope import scoped
from talentsync.sync import erasures, kinds, presenting
from talentsync.sync.models import Erasure, Run

PER_PAGE = 50
PER_FILE = 5_000  # lines of one PDF: about two seconds
REFERENCE = 16  # characters of the hash: enough to tell a hundred million records apart

COLUMNS = (
    _("Record type"),
    _("Customer"),
    _("Asked"),
    _("Accepted"),
    _("The vendor's answer"),
    _("Asked again: no longer there"),
    _("Removed here"),
    _("Reference"),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One record, as it is written on the page and in the PDF."""

    cells: tuple[str, ...]
    state: str
    colour: str

    @property
    def labelled(self) -> Iterable[tuple[Any, str]]:
        """Each cell with the head of its column."""
        return zip(COLUMNS, self.cells, strict=True)


@dataclass(frozen=True, kw_only=True)
class Sums:
    """How far the records of a request are."""

    total: int
    accepted: int
    absent: int
    here: int
    refused: int
    shown: int  # accepted, and still there when the vendor was asked again
    owed: int  # of which the vendor has not said that it is gone
    alone: int  # of which no vendor was told

    @property
    def is_moving(self) -> bool:
        """Whether something still happens by itself."""
        return self.here < self.total and not self.refused


COLOURS = {
    Erasure.State.ASKED: "info",
    Erasure.State.REFUSED: "danger",
    Erasure.State.ACCEPTED: "info",
    Erasure.State.ABSENT: "info",
    Erasure.State.DONE: "success",
}


def page(run: Run, request: HttpRequest) -> dict[str, Any]:
    """The page's context, in a number of queries that does not grow with the request."""
    found = rows(run, request)
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counted = sums(found)
    return {
        "columns": [*COLUMNS, _("State")],
        "lines": lines(shown.object_list),
        "page": shown,
        "headline": headline(counted, remains(found)),
        "tiles": tiles(counted),
        "is_moving": counted.is_moving,
        "files": range(1, 2 + max(0, shown.paginator.count - 1) // PER_FILE),
    }


def rows(run: Run, request: HttpRequest) -> QuerySet[Erasure]:
    """Without those of customers that the person may not see."""
    mine = scoped(run.erasures.all(), user=request.user, lookup="customer")
    return mine.select_related("customer", "delivery").order_by("root_id", "pk")


def sums(found: QuerySet[Erasure]) -> Sums:
    """Of the records that were asked for."""
    return Sums(
        **found.exclude(kind__in=erasures.unasked())
        .order_by()
        .aggregate(
            total=Count("pk"),
            accepted=Count("accepted_at"),
            absent=Count("absent_at"),
            here=Count("erased_at"),
            refused=Count("pk", filter=Q(state=Erasure.State.REFUSED, with_parent=False)),
            shown=Count("pk", filter=Q(state=Erasure.State.ACCEPTED, looked_at__isnull=False)),
            owed=Count("pk", filter=erasures.AWAITED),
            alone=Count("pk", filter=Q(connection=None)),
        )
    )


def headline(counted: Sums, remaining: Iterable[str] = ()) -> str:
    numbers = {name: f"{number:,}" for name, number in asdict(counted).items()}
    return " ".join([*(sentence % numbers for sentence in _sentences(counted)), *remaining])


def remains(found: QuerySet[Erasure]) -> list[str]:
    """What the vendor keeps of these records all the same, in sentences."""
    told = set(found.exclude(connection=None).order_by().values_list("kind", flat=True).distinct())
    return [str(kinds.get(name).stays) for name in kinds.in_order(told) if kinds.get(name).stays]


def _sentences(counted: Sums) -> Iterator[str]:
    if counted.refused:
        yield ngettext(
            "%(refused)s needs attention; the request says why.",
            "%(refused)s need attention; the request says why.",
            counted.refused,
        )
        yield gettext(
            "Nothing of such a person is removed here before LinkedIn has accepted all of it and shows nothing of it, "
            "unless that was chosen or it has waited too long."
        )
    if counted.shown:
        yield gettext("LinkedIn has accepted %(shown)s that it still shows. It is asked again.")
    yield _removed_here(counted)
    if counted.alone:
        yield gettext(
            "LinkedIn was not told of %(alone)s: no connection to it is in use, and TalentSync knows of nothing there."
        )


def _removed_here(counted: Sums) -> str:
    if counted.here < counted.total:
        return gettext("%(here)s of %(total)s records are removed here.")
    if counted.owed:
        return ngettext(
            "The record is removed here. LinkedIn is still asked to remove it.",
            "All %(total)s records are removed here. LinkedIn is still asked for the rest.",
            counted.total,
        )
    if counted.alone:
        return ngettext("The record is removed here.", "All %(total)s records are removed here.", counted.total)
    return ngettext(
        "The record is removed here and from LinkedIn.",
        "All %(total)s records are removed here and from LinkedIn.",
        counted.total,
    )


def tiles(counted: Sums) -> list[tuple[str, str]]:
    return [
        (gettext("Asked"), f"{counted.total:,}"),
        (gettext("Accepted"), f"{counted.accepted:,}"),
        (gettext("No longer there"), f"{counted.absent:,}"),
        (gettext("Removed here"), f"{counted.here:,}"),
    ]


def lines(found: Iterable[Erasure]) -> list[Line]:
    now = timezone.now()
    return [_line(each, now) for each in found]


def _line(each: Erasure, now: datetime) -> Line:
    if kinds.get(each.kind).kept is None:
        return Line(cells=_cells(each), state=_state(each), colour=COLOURS[Erasure.State(each.state)])
    if each.absent_at is None:
        return Line(cells=_cells(each), state=gettext("Stays there"), colour="warning")
    if each.absent_at > now:
        return Line(cells=_cells(each), state=gettext("Removed there later"), colour="info")
    return Line(cells=_cells(each), state=_state(each), colour="success")


def _state(each: Erasure) -> str:
    if each.state == Erasure.State.ABSENT and each.connection_id is None:
        return gettext("To be removed here")
    if each.looked_at and each.state in {Erasure.State.ACCEPTED, Erasure.State.REFUSED}:
        return gettext("Still shown")
    return str(each.get_state_display())


def _cells(each: Erasure) -> tuple[str, ...]:
    return (
        capfirst(presenting.noun(kinds.get(each.kind), 1)),
        str(each.customer),
        moment(each.asked_at),
        moment(each.accepted_at),
        _answer(each),
        _absent(each),
        moment(each.erased_at),
        each.key_hash[:REFERENCE],
    )


def _answer(each: Erasure) -> str:
    if kinds.get(each.kind).kept is not None:
        return gettext("Not asked: no call deletes it")
    if each.connection_id is None:
        return gettext("Not told: nothing is known to be there, and no connection is in use")
    if each.with_parent:
        return gettext("Removed together with what it hung on")
    if each.answer == 404:
        return gettext("404: it was not there")
    if each.state == Erasure.State.REFUSED:
        return gettext("%(status)s: refused") % {"status": each.answer or "–"}
    return gettext("%(status)s: accepted") % {"status": each.answer} if each.answer else "–"


def _absent(each: Erasure) -> str:
    """What the vendor said last, and when it is asked next."""
    if kinds.get(each.kind).kept is not None:
        if each.absent_at is None:
            return gettext("Stays there")
        return gettext("Removed there by itself at %(time)s") % {"time": moment(each.absent_at)}
    if each.absent_at is not None or each.looked_at is None:
        return moment(each.absent_at)
    told = gettext("Still there at %(time)s") % {"time": moment(each.looked_at)}
    row = each.delivery
    if row is None or row.due_at is None:
        return told
    return f"{told}; " + gettext("asked again at %(time)s") % {"time": moment(row.due_at)}


def moment(at: datetime | None) -> str:
    """In the viewer's zone, to the second."""
    return "–" if at is None else formats.date_format(timezone.localtime(at), "j M Y, H:i:s")
