"""The base of the pages about candidates and about whatever hangs on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.candidates import services
from talentsync.candidates.admin import badges, columns, page
from talentsync.candidates.models import LinkedInStatus
from talentsync.core.admin import SeveralChoices
from talentsync.core.admin.base import person
from talentsync.sync import erasures, kinds, presenting
from talentsync.sync.admin.filters import Trouble
from talentsync.sync.admin.requesting import RequestingModelAdmin
from talentsync.sync.states import Failure


class PersonRecords(RequestingModelAdmin):
    """`fixed` are fields that a record keeps once it is there."""

    requests = page.LABELS
    fixed: ClassVar[tuple[str, ...]]
    list_filter: ClassVar[Any] = (("linkedin_status", SeveralChoices), Trouble, "customer")
    list_filter_submit = True
    list_filter_sheet = True
    list_before_template = "admin/imports/of_kind.html"
    search_fields = ("external_id",)  # shows the box; `get_search_results` says what it looks at
    ordering = ("-pk",)
    change_form_template = "admin/candidates/record_change_form.html"

    # the record in three columns

    def get_urls(self) -> Any:
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [
            path("<path:object_id>/columns/", self.admin_site.admin_view(self.columns_view), name=name),
            *super().get_urls(),
        ]

    def columns_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: here, last sent, LinkedIn says."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        record = self.get_object(request, object_id)
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        own = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": record,
            "title": gettext("Side by side"),
            "back": reverse(f"{own}_change", args=[record.pk]),
            "ask_url": reverse(f"{own}_ask", args=[record.pk, "fetch"]),
            "may_ask": request.user.has_perm(kinds.get(self.kind).permission),
            **columns.context(self.kind, kinds.get(self.kind).rows().get(pk=record.pk)),
        }
        return TemplateResponse(request, "admin/candidates/columns.html", context)

    # the list

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (queryset.beginning_with(text) if text else queryset), False  # type: ignore[attr-defined]

    @display(description="LinkedIn", ordering="linkedin_status", label=badges.AT_LINKEDIN)
    def at_linkedin(self, record: Any) -> tuple[str, str]:
        return badges.status(record)

    @display(description=_("attention"), ordering="sync_trouble", label={"failed": "danger", "changed": "warning"})
    def attention(self, record: Any) -> tuple[str, str] | str:
        if record.sync_trouble:
            return "failed", str(Failure(record.sync_trouble).label)
        if record.linkedin_status == LinkedInStatus.SENT and record.changed_since:
            return "changed", gettext("Changed since")
        return ""

    # a record's page

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except services.Gone:
            messages.error(request, gettext("Nothing was saved: it was erased in the meantime."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if record := kwargs.get("obj"):
            # A form that came back with errors has put what was typed onto its record; above it stands what is stored.
            stored = self.get_queryset(request).get(pk=record.pk) if request.method == "POST" else record
            context |= self.above_the_form(stored, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def above_the_form(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        problems: page.Problems = self.form.problems  # type: ignore[attr-defined]
        return page.context(self.kind, record, request, problems=problems, labels=self.requests)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A record stays where it is, and its ID as it is once a vendor knows it."""
        if obj is None:
            return ()
        return (*self.fixed, "external_id") if services.is_known_there(self.kind, obj) else self.fixed

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new record is saved first: what hangs on it is checked by the rules of its customer."""
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What LinkedIn holds would stay there for good: a request of its own deletes at both places."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            self.change(obj, fields=form.changed_data, by=person(request))
        else:
            self.add(obj, by=person(request))
            self._say_who_is_back(request, obj)

    def _say_who_is_back(self, request: HttpRequest, record: Any) -> None:
        """Somebody had this ID erased: whoever brings it back should know."""
        kind = kinds.get(self.kind)
        key = kind.key_of(record)
        at = erasures.when_erased(record.customer, self.kind, [key]).get(key)
        if at is not None:
            words = gettext(
                "A %(record)s with this ID was deleted from LinkedIn and TalentSync on %(day)s. It is back here now. "
                "If that is a mistake, delete it again."
            )
            day = formats.date_format(timezone.localtime(at), "j M Y")
            messages.warning(request, words % {"record": presenting.noun(kind, 1), "day": day})

    def add(self, record: Any, *, by: Any) -> None:
        services.add_record(self.kind, record, by=by)

    def change(self, record: Any, *, fields: Any, by: Any) -> None:
        services.change_record(self.kind, record, fields=fields, by=by)
