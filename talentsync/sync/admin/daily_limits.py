"""*Daily limits*: what the vendors allow each credential in a day, how far it is used, and by whom. Only looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core.admin import ReadOnlyScopedModelAdmin
from talentsync.core.scope import scoped
from talentsync.customers.models import Connection, Destination, Environment
from talentsync.sync import limits_today
from talentsync.sync.admin import cards
from talentsync.sync.limits_today import Today
from talentsync.sync.models import Budget

NEAR = 80  # percent: from here on it is marked, and an alert goes out
UNITS = {"calls": gettext_lazy("calls"), "records": gettext_lazy("records")}
CUSTOMERS_NAMED = 5


@admin.register(Budget)
class DailyLimits(ReadOnlyScopedModelAdmin):
    list_display = ("what", "used", "how_far", "kept", "by_whom", "waits", "blocked")
    list_display_links = None
    list_filter = ("destination",)
    ordering = ("destination", "client_id", "endpoint")
    empty_title = _("No limit was touched yet")
    empty_words = _("Once something is sent, it stands here how much of each daily limit is used.")
    list_before_template = "admin/sync/limits_intro.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        """Those of the credentials that the person's customers use."""
        mine = Q(pk__in=[])
        keys = self._connections(request).order_by().values_list("environment", "destination", "client_id").distinct()
        for environment, destination, client_id in keys:
            mine |= Q(environment=environment, destination=destination, client_id=client_id)
        return Budget.objects.filter(mine)

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        return not isinstance(obj, Budget) or self.get_queryset(request).filter(pk=obj.pk).exists()

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> None:
        """The list says everything: no limit has a page of its own."""
        return

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What each row tells is counted for the rows of one page, and for the customers that the person may see."""
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        told = limits_today.of(rows, self._connections(request).select_related("customer"), timezone.now())
        for row in rows:
            row.today = told[row.pk]
        shown.result_list = rows
        return shown

    @display(description=_("limit"), header=True)
    def what(self, budget: Budget) -> list[str]:
        vendor = f"{Destination(budget.destination).label} · {Environment(budget.environment).label}"
        return [budget.endpoint, vendor]

    @display(description=_("used today"))
    def used(self, budget: Budget) -> SafeString:
        words = gettext("%(used)s of %(allowed)s %(unit)s")
        return _below_each_other(
            words % {"used": f"{each.used:,}", "allowed": f"{each.allowed:,}", "unit": UNITS[each.unit]}
            for each in _today(budget).measures
        )

    @display(description=_("how far"), label={"near": "danger", "far": "default"})
    def how_far(self, budget: Budget) -> tuple[str, str] | str:
        percent = max((each.percent for each in _today(budget).measures), default=None)
        if percent is None:
            return "–"
        return "near" if percent >= NEAR else "far", f"{percent} %"

    @display(description=_("kept for"))
    def kept(self, budget: Budget) -> SafeString:
        words = gettext("%(clicks)s for clicks, %(removals)s more for closes and deletes")
        return _below_each_other(
            words % {"clicks": f"{each.for_clicks:,}", "removals": f"{each.for_removals:,}"}
            for each in _today(budget).measures
        )

    @display(description=_("by whom"))
    def by_whom(self, budget: Budget) -> SafeString:
        most = _today(budget).calls_by.most_common(CUSTOMERS_NAMED)
        words = gettext("%(who)s: %(n)s calls")
        return _below_each_other(words % {"who": who, "n": f"{number:,}"} for who, number in most)

    @display(description=_("waits for it"))
    def waits(self, budget: Budget) -> str:
        return f"{_today(budget).waiting:,}"

    @display(description=_("the vendor refuses until"), empty_value="–")
    def blocked(self, budget: Budget) -> str | None:
        until = budget.blocked_until
        return cards.in_full(until) if until and until > timezone.now() else None

    def _connections(self, request: HttpRequest) -> QuerySet[Connection]:
        return scoped(Connection.objects.all(), user=request.user, lookup="customer")


def _below_each_other(lines: Iterable[str]) -> SafeString:
    """As one thing: on a phone what stands in a cell stands side by side."""
    found = format_html_join("", "<p>{}</p>", ((line,) for line in lines))
    return format_html("<div>{}</div>", found) if found else SafeString("–")


def _today(budget: Budget) -> Today:
    today: Today = budget.today  # type: ignore[attr-defined]
    return today
