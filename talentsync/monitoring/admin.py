"""*Alerts*: what is wrong, and what was. Only looked at: an alert ends when what is wrong is put right."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from talentsync.core.admin import ReadOnlyScopedModelAdmin
from talentsync.core.scope import scoped
from talentsync.monitoring import words
from talentsync.monitoring.models import Alert


class Now(DropdownFilter):
    title = _("when")
    parameter_name = "over"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Now")), ("yes", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(ended_at__isnull=self.value() == "no") if self.value() else queryset


@admin.register(Alert)
class Alerts(ReadOnlyScopedModelAdmin):
    list_display = ("sentence", "is_now", "since", "ended_at")
    list_filter = (Now, "condition", "customer")
    list_filter_submit = True
    list_select_related = ("customer",)
    fields = ("sentence", "since", "ended_at", "look_at")
    readonly_fields = fields
    ordering = ("-since", "-pk")
    empty_title = _("No alerts")
    empty_words = _("Nothing was stopped, waited too long, or went near a limit, and every part was running.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alert]:
        """What concerns everybody is shown to everybody who looks after the service."""
        rows = Alert.objects.all()
        return rows.filter(Q(customer=None) | Q(pk__in=scoped(rows, user=request.user, lookup="customer").values("pk")))

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        return not isinstance(obj, Alert) or self.get_queryset(request).filter(pk=obj.pk).exists()

    @display(description=_("what"))
    def sentence(self, alert: Alert) -> str:
        return words.of(alert)

    @display(description=_("now"), label={True: "danger", False: "default"})
    def is_now(self, alert: Alert) -> tuple[bool, str]:
        return alert.ended_at is None, gettext("Over") if alert.ended_at else gettext("Now")

    @display(description=_("look at it"), empty_value="-")
    def look_at(self, alert: Alert) -> SafeString | None:
        return format_html('<a class="ts-link" href="{}">{}</a>', alert.path, gettext("Open")) if alert.path else None
