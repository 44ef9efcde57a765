"""What the pages of an import show."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.sites import AdminSite
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from talentsync.imports import services
from talentsync.imports.columns import SHEETS, Column, Sheet
from talentsync.imports.models import Import, Kind, RowError, State
from talentsync.imports.readers import RawRow
from talentsync.imports.samples import forms, in_cell

PER_PAGE = 50
FIRST_ROWS = 3
LONG = 60  # of a cell of the first rows
SPELLED = {"csv": "CSV", "jsonl": "JSON Lines", "zip": "ZIP"}

BADGES = {
    State.CHECKING: "info",
    State.CHECKED: "warning",
    State.LOADING: "info",
    State.DONE: "success",
    State.FAILED: "danger",
}


def upload_page(kinds: Iterable[str]) -> dict[str, Any]:
    """Which columns are expected, by kind, and in which forms."""
    return {"sheets": [(Kind(kind).label, SHEETS[kind], offered(SHEETS[kind])) for kind in kinds]}


def offered(sheet: Sheet) -> dict[str, Any]:
    samples = [(form, SPELLED[form]) for form in forms(sheet)]
    return {"samples": samples, "columns": described(sheet.columns.values())}


def described(columns: Iterable[Column]) -> list[tuple[str, str, bool, str]]:
    return [(each.name, str(each.label), each.required, _short(in_cell(each.example))) for each in columns]


def page(run: Import, request: HttpRequest, site: AdminSite, *, may_decide: bool) -> dict[str, Any]:
    errors = Paginator(run.errors.order_by("line", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = services.first_rows(run, FIRST_ROWS) if run.state == State.CHECKED else []
    return {
        "headline": headline(run),
        "badge": BADGES[State(run.state)],
        "tiles": tiles(run),
        "first_lines": [row.line for row in rows],
        "first_cells": side_by_side(rows),
        "page": errors,
        "n_kept": services.KEPT_ERRORS,
        "may_confirm": may_decide and run.state == State.CHECKED and run.n_good > 0,
        "may_discard": may_decide and run.state in {State.CHECKED, State.FAILED},
        "confirm_words": confirm_words(run),
        "list_link": list_link(run, site) if run.state == State.DONE else "",
        "unsent_words": unsent_words(run),
    }


def side_by_side(rows: Sequence[RawRow]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Each column with what the rows say in it, by their lines: turned, because files are wider than screens."""
    names = dict.fromkeys(name for row in rows for name in row.cells)
    return [(name, [(row.line, _short(in_cell(row.cells.get(name, "")))) for row in rows]) for name in names]


def headline(run: Import) -> str:
    match run.state:
        case State.CHECKING:
            return gettext("The file is being checked. Nothing is loaded yet.")
        case State.CHECKED if not run.n_rows:
            return gettext("The file has no rows.")
        case State.CHECKED if not run.n_good:
            return gettext("There is nothing to load: no good row brings anything new.")
        case State.CHECKED:
            return gettext("Checked. Nothing is loaded until you confirm it.")
        case State.LOADING:
            return gettext("The records are being loaded.")
        case State.DONE:
            return _loaded(run)
    if run.n_good:
        return gettext("The import ended early. What stands below as new or changed was read before that.")
    return gettext("The file could not be read. Nothing was loaded.")


def _loaded(run: Import) -> str:
    if not run.customer.sends_changes:
        return gettext("Loaded. Nothing was sent to a vendor.")
    if run.kind == Kind.JOB:
        return gettext(
            "Loaded. Live jobs are brought up to date by themselves, because automatic sync is on. None is posted or"
            " closed by itself."
        )
    return gettext("Loaded. What is new or changed is sent by itself, because automatic sync is on.")


def tiles(run: Import) -> list[tuple[str, str]]:
    numbers = (
        (gettext("Rows"), run.n_rows),
        (gettext("New"), run.n_new),
        (gettext("Changed"), run.n_changed),
        (gettext("Unchanged"), run.n_unchanged),
        (gettext("Left out"), run.n_refused),
    )
    return [(label, f"{number:,}") for label, number in numbers]


def confirm_words(run: Import) -> str:
    """The button names what it does, and what it leaves out."""
    if run.n_refused:
        words = gettext("Load %(good)s, leave out %(bad)s with errors")
        return words % {"good": f"{run.n_good:,}", "bad": f"{run.n_refused:,}"}
    return ngettext("Load %(good)s record", "Load %(good)s records", run.n_good) % {"good": f"{run.n_good:,}"}


def unsent_words(run: Import) -> str:
    """Nothing where automatic sync sees to it."""
    if run.state != State.DONE or not run.n_unsent or run.customer.sends_changes:
        return ""
    words = ngettext(
        "%(number)s record is new or changed and not yet sent.",
        "%(number)s records are new or changed and not yet sent.",
        run.n_unsent,
    )
    return words % {"number": f"{run.n_unsent:,}"}


def list_link(run: Import, site: AdminSite) -> str:
    model = SHEETS[run.kind].model
    if not site.is_registered(model):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def errors_as_csv(errors: Iterable[RowError]) -> str:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["line", "column", "rule", "what is wrong"])
    rows.writerows([each.line, each.column, each.rule, each.sentence] for each in errors)
    return text.getvalue()


def _short(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1] + "…"
