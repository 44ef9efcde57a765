"""Who did what, and what the tasks returned. Nothing here can be changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_results.models import GroupResult, TaskResult
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from talentsync.core.admin.base import ReadOnlyForAdministrators, ReadOnlyScopedModelAdmin
from talentsync.core.models import AuditEvent

# Its own pages do not work under Unfold; we never make a group of tasks.
admin.site.unregister(TaskResult)
admin.site.unregister(GroupResult)


def verb_words(verb: str) -> str:
    """ "job.check_now" as people say it."""
    return verb.replace(".", ", ").replace("_", " ").capitalize()


class What(DropdownFilter):
    title = _("what")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        verbs = model_admin.get_queryset(request).order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, verb_words(verb)) for verb in verbs]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEvents(ReadOnlyScopedModelAdmin):
    list_display = ("at", "actor", "what", "record_type", "label", "count", "customer")
    list_filter = (What, "customer")
    list_filter_submit = True
    list_select_related = ("actor", "customer")
    fields = ("at", "actor", "what", "record_type", "label", "count", "customer", "run_id")
    ordering = ("-at", "-pk")

    @display(description=_("what"))
    def what(self, event: AuditEvent) -> str:
        return verb_words(event.verb.removeprefix(f"{event.kind}."))

    @display(description=_("record type"), empty_value="-")
    def record_type(self, event: AuditEvent) -> str:
        return verb_words(event.kind)


@admin.register(TaskResult)
class TaskResults(ReadOnlyForAdministrators, ModelAdmin):
    list_display = ("date_done", "task_name", "status", "result")
    list_filter = ("status", "task_name")
    fields = ("task_id", "task_name", "status", "result", "traceback", "date_created", "date_done")
    ordering = ("-date_done",)
    show_full_result_count = False
