"""The receipt of an erasure on paper: a head, and one line for each record, in the fonts that every reader has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from talentsync.sync import presenting
from talentsync.sync.admin import receipts
from talentsync.sync.admin.receipts import COLUMNS, Line
from talentsync.sync.models import Run

PAGE = landscape(A4)
MARGIN = 36.0
WIDTHS = (88, 95, 92, 92, 112, 92, 92, 107)  # points; as many as COLUMNS
FONT, BOLD = "Helvetica", "Helvetica-Bold"
SIZE, LEADING = 7.5, 9.5


def of(run: Run, request: HttpRequest) -> bytes:
    """The part of a request's receipt that is asked for (`?part=2`); the last one where there are fewer."""
    found = receipts.rows(run, request)
    part = Paginator(found, receipts.PER_FILE).get_page(request.GET.get("part"))
    head = [
        gettext("Request %(number)s, asked on %(time)s.") % {"number": run.pk, "time": receipts.moment(run.created_at)},
        receipts.headline(receipts.sums(found), receipts.remains(found)),
        gettext("Times: %(zone)s.") % {"zone": timezone.get_current_timezone_name()},
    ]
    return drawn(gettext("Receipt: %(title)s") % {"title": presenting.title(run)}, head, receipts.lines(part))


def drawn(title: str, head: Sequence[str], lines: Sequence[Line]) -> bytes:
    """The file. It is the same for the same words: no moment of its making is written into it."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=PAGE, invariant=1)
    canvas.setTitle(title)
    rest = iter(lines)
    number, more = 1, True
    while more:
        place = _head(canvas, title, head, number)
        more = _table(canvas, place, rest)
        number += 1
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _head(canvas: Canvas, title: str, head: Sequence[str], number: int) -> float:
    place = PAGE[1] - MARGIN
    canvas.setFont(BOLD, 12)
    canvas.drawString(MARGIN, place, title)
    canvas.setFont(FONT, SIZE)
    canvas.drawRightString(PAGE[0] - MARGIN, place, gettext("Page %(number)s") % {"number": number})
    for words in (part for each in head for part in simpleSplit(each, FONT, SIZE, PAGE[0] - 2 * MARGIN)):
        place -= LEADING + 2
        canvas.drawString(MARGIN, place, words)
    place -= 2 * LEADING
    return _row(canvas, place, [str(column) for column in COLUMNS], font=BOLD)


def _table(canvas: Canvas, place: float, rest: Iterator[Line]) -> bool:
    """As many lines as fit; whether there may be more."""
    while place > MARGIN + 3 * LEADING:
        line = next(islice(rest, 1), None)
        if line is None:
            return False
        place = _row(canvas, place, line.cells, font=FONT)
    return True


def _row(canvas: Canvas, place: float, cells: Sequence[str], *, font: str) -> float:
    canvas.setFont(font, SIZE)
    left, lowest = MARGIN, place
    for words, width in zip(cells, WIDTHS, strict=True):
        for index, part in enumerate(simpleSplit(words, font, SIZE, width - 4)[:3]):
            canvas.drawString(left, place - index * LEADING, part)
            lowest = min(lowest, place - index * LEADING)
        left += width
    return float(lowest - LEADING - 2)
