"""The page that shows what a draft would send, record by record, before anybody confirms it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from talentsync.sync import comparing, presenting
from talentsync.sync.admin import seeing
from talentsync.sync.comparing import Compared, Fate, Mark
from talentsync.sync.models import Run
from talentsync.sync.presenting import Sentence

PER_PAGE = 20
COUNTED = 500  # records whose totals the page gives; the rest is told page by page

WORDS: Mapping[Fate, tuple[Sentence, str]] = {
    Fate.ERASES: (_("Would erase something"), "danger"),
    Fate.CANNOT: (_("Cannot be sent as it is"), "danger"),
    Fate.NEW: (_("New at LinkedIn"), "success"),
    Fate.CHANGED: (_("Changed"), "info"),
    Fate.NOT_READ: (_("LinkedIn is asked first what it holds"), "info"),
    Fate.UNCHANGED: (_("Unchanged"), "default"),
    Fate.PASSED_OVER: (_("Passed over"), "default"),
}
MARKS: Mapping[Mark, Sentence] = {
    Mark.SAME: "",
    Mark.NEW: _("new"),
    Mark.CHANGED: _("changed"),
    Mark.ERASED: _("would be erased"),
}


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value, with what it replaces."""

    label: str
    text: str
    mark: str
    words: Sentence
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """One record."""

    name: str
    link: str
    noun: str
    words: Sentence
    colour: str
    values: Sequence[Value]
    reason: Sentence = ""
    reason_link: str = ""  # leads to the field that is to be put right
    technical: str = ""


def page(run: Run, request: HttpRequest) -> dict[str, Any]:
    """The page's context: totals of the first records, and one page of them in full."""
    items = seeing.visible_items(run, request.user).order_by("pk")
    rows = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    first = list(comparing.of_run(run, list(items[:COUNTED])))
    counts = Counter(each.fate for each in first)
    reasons = Counter(str(_skipped(each)) for each in first if each.fate == Fate.PASSED_OVER)
    return {
        "cards": [_card(each) for each in comparing.of_run(run, list(rows.object_list))],
        "page": rows,
        "tiles": [(WORDS[fate][0], f"{counts[fate]:,}") for fate in WORDS if counts[fate]],
        "passed_over": [(f"{number:,}", words) for words, number in reasons.most_common()],
        "n_erasing": counts[Fate.ERASES],
        "n_counted": len(first) if run.total > COUNTED else 0,
        "sees_wire": request.user.has_perm(seeing.EXCHANGE),
    }


def _card(found: Compared) -> Card:
    words, colour = WORDS[found.fate]
    return Card(
        name=str(found.record),
        link=presenting.link_to(found.record),
        noun=presenting.noun(found.kind, 1),
        words=words,
        colour=colour,
        values=[_value(found, change) for change in found.changes],
        reason=_reason(found),
        reason_link=_field_of(found),
        technical=json.dumps({each.path: each.after for each in found.changes if each.mark != Mark.ERASED}, indent=2),
    )


def _reason(found: Compared) -> Sentence:
    return found.reason if found.fate == Fate.CANNOT or not found.reason else _skipped(found)


def _skipped(found: Compared) -> Sentence:
    return presenting.skipped_words(found.kind, found.reason)


def _field_of(found: Compared) -> str:
    link = presenting.link_to(found.record)
    return f"{link}#id_{found.at_fault}" if link and found.at_fault else ""


def _value(found: Compared, change: comparing.Change) -> Value:
    worded = found.kind.route(found.connection.destination).worded
    is_lost = change.mark == Mark.ERASED
    label, text = worded(change.path, change.before if is_lost else change.after)
    before = worded(change.path, change.before)[1] if change.mark == Mark.CHANGED else ""
    is_told = found.fate in {Fate.CHANGED, Fate.ERASES}  # of what is new as a whole each value is new
    words = MARKS[change.mark] if is_told else ""
    return Value(label=label, text=text, mark=change.mark.value, words=words, before=before)
