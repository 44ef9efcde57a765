"""*Tries*: each call to a vendor, what it said of each record, and what the documents say about that. Read-only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import display

from connectors.base.results import News
from talentsync.core.admin import ReadOnlyScopedModelAdmin
from talentsync.sync import kinds, presenting
from talentsync.sync.admin import seeing
from talentsync.sync.admin.filters import RecordType, WentWrong
from talentsync.sync.models import Attempt, AttemptItem


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one call meant for one record."""

    item: AttemptItem
    name: str
    link: str
    news: Any
    colour: str
    meaning: str
    remedy: str
    field: str
    request: str
    answer: str


@admin.register(Attempt)
class Attempts(ReadOnlyScopedModelAdmin):
    customer_lookup = "connection__customer"
    list_display = ("at", "what", "customer", "vendor", "status_badge", "n_records", "milliseconds", "vendors_id")
    list_filter = (
        ("at", RangeDateTimeFilter),
        WentWrong,
        "status",
        "step",
        "connection__destination",
        "connection__environment",
        "connection__customer",
        RecordType,
    )
    list_filter_submit = True
    list_select_related = ("connection__customer",)
    search_fields = ("request_id__exact",)
    search_help_text = _("The vendor's whole request ID")
    ordering = ("-at", "-pk")
    empty_title = _("Nothing was sent yet")
    empty_words = _("Each call to a vendor stands here, with what the vendor answered and what to do about it.")
    change_form_template = "admin/sync/attempt_change.html"
    fieldsets = (
        (_("The call"), {"fields": ("what", "at", "customer", "vendor", "n_records")}),
        (
            _("Technical"),
            {"fields": ("method", "path", "tunneled", "status", "went_wrong", "milliseconds", "n_calls", "request_id")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Attempt]:
        return super().get_queryset(request).filter(kind__in=seeing.declared())

    @display(description=_("what"))
    def what(self, attempt: Attempt) -> str:
        return ": ".join(filter(None, [attempt.get_step_display(), attempt.get_operation_display()]))

    @display(description=_("what went wrong"))
    def went_wrong(self, attempt: Attempt) -> str:
        return str(presenting.call_error_words(attempt.error)) or "–"

    @display(description=_("customer"), ordering="connection__customer__name")
    def customer(self, attempt: Attempt) -> str:
        return str(attempt.connection.customer)

    @display(description=_("vendor"), ordering="connection__destination")
    def vendor(self, attempt: Attempt) -> str:
        return f"{attempt.connection.get_destination_display()} · {attempt.connection.get_environment_display()}"

    @display(description=_("request ID"))
    def vendors_id(self, attempt: Attempt) -> str:
        return attempt.request_id or "–"

    @display(description=_("status"), ordering="status", label={"good": "success", "bad": "danger"})
    def status_badge(self, attempt: Attempt) -> tuple[str, str]:
        words = str(attempt.status or gettext("no answer"))
        if not attempt.n_calls:
            words = gettext("not sent")
        return ("bad" if attempt.error or not attempt.n_calls else "good"), words

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        attempt = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if isinstance(attempt, Attempt) and self.has_view_permission(request, attempt):
            context = {"attempt": attempt, "headline": headline(attempt), **details(attempt, request)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})


def headline(attempt: Attempt) -> str:
    vendor = attempt.connection.get_destination_display()
    words = ngettext("%(vendor)s, %(n)s record", "%(vendor)s, %(n)s records", attempt.n_records)
    return words % {"vendor": vendor, "n": attempt.n_records}


def details(attempt: Attempt, request: HttpRequest) -> dict[str, Any]:
    """Every record's part, and the whole call's words where it failed as one."""
    shows = bool(request.user.has_perm(seeing.EXCHANGE))
    items = attempt.items.select_related("delivery__connection").order_by("pk")
    said = None
    if attempt.error:
        said = _explain(attempt, words=attempt.words, status=attempt.status, code="", task=False)
    return {
        "parts": _parts(attempt, list(items if shows else items.defer("request", "answer")), shows=shows),
        "shows_exchange": shows,
        "said": said,
        "said_who": presenting.WHO[said.who] if said else "",
    }


def _parts(attempt: Attempt, items: Sequence[AttemptItem], *, shows: bool) -> list[Part]:
    records = presenting.records_of([item.delivery for item in items])
    return [
        _part(attempt, item, records.get((item.delivery.kind, item.delivery.object_id)), shows=shows) for item in items
    ]


def _part(attempt: Attempt, item: AttemptItem, record: Any, *, shows: bool) -> Part:
    news, colour = presenting.NEWS.get(item.news, (item.news, "plain"))
    said = None
    if item.news in {News.REJECTED, News.TASK_FAILED, News.UNMAPPABLE}:
        task = item.news == News.TASK_FAILED
        said = _explain(attempt, words=item.words, status=item.status or attempt.status, code=item.code, task=task)
    return Part(
        item=item,
        name=str(record) if record is not None else presenting.without_record(item.delivery),
        link=presenting.link_to(record) if record is not None else "",
        news=news,
        colour=colour,
        meaning=gettext(said.meaning) if said else "",
        remedy=gettext(said.remedy) if said else "",
        field=kinds.get(attempt.kind).label_of(item.field_name or (said.field if said else "")),
        request=_pretty(item.request) if shows else "",
        answer=_pretty(item.answer) if shows else "",
    )


def _explain(attempt: Attempt, **said: Any) -> Any:
    return kinds.get(attempt.kind).route(attempt.connection.destination).explain(operation=attempt.asked_for, **said)


def _pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
