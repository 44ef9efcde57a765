"""The pages of imports: upload, look at what the check found, confirm, watch, read the report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core.admin import ScopedModelAdmin, person
from talentsync.customers.models import Customer
from talentsync.imports import pages, services
from talentsync.imports.columns import SHEETS
from talentsync.imports.forms import UploadForm
from talentsync.imports.models import Import, Kind
from talentsync.imports.samples import FORMS, bundle, forms, sample

AT_ONCE = timedelta(seconds=2)  # small files are checked and loaded while the person waits


@admin.register(Import)
class Imports(ScopedModelAdmin):
    list_display = ("what", "state_badge", "rows", "left_out", "by", "created_at")
    list_display_links = ("what",)
    list_filter = ("state", "kind", "customer")
    list_filter_submit = True
    list_select_related = ("customer", "by")
    list_before_template = "admin/imports/intro.html"
    ordering = ("-created_at", "-pk")
    empty_title = _("No imports")
    empty_words = _("Upload a file of records: it is checked first, and loaded once you have confirmed it.")
    add_words = _("Import a file")

    @display(description=_("what"))
    def what(self, run: Import) -> str:
        return str(run)

    @display(description=_("state"), ordering="state", label=pages.BADGES)
    def state_badge(self, run: Import) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description=_("rows"))
    def rows(self, run: Import) -> str:
        return f"{run.n_rows:,}"

    @display(description=_("left out"), label={True: "danger", False: "default"})
    def left_out(self, run: Import) -> tuple[bool, str]:
        return bool(run.n_refused), f"{run.n_refused:,}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        """A file shows what its records show: it is for those who may see such records."""
        rows: QuerySet[Import] = super().get_queryset(request)
        return rows.filter(kind__in=[kind for kind in SHEETS if _may(request, kind, "view")])

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        return not isinstance(obj, Import) or self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("sample/<str:kind>/<str:form>/", view(self.sample_view), name="imports_import_sample"),
            path("<path:object_id>/confirm/", view(self.confirm_view), name="imports_import_confirm"),
            path("<path:object_id>/discard/", view(self.discard_view), name="imports_import_discard"),
            path("<path:object_id>/errors/", view(self.errors_view), name="imports_import_errors"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Which file, of what, for whom. POST keeps it and begins to check."""
        kinds = _importable(request)
        if not self.has_add_permission(request) or not kinds:
            raise PermissionDenied
        form = self._form(request, kinds)
        if request.method == "POST" and form.is_valid():
            given = dict(form.cleaned_data)
            run = services.upload(given.pop("file"), by=person(request), **given)
            services.visit(run.pk, until=timezone.now() + AT_ONCE)
            return redirect("admin:imports_import_change", run.pk)
        context = {"form": form, "title": gettext("Import records"), **pages.upload_page(kinds)}
        return self._page(request, "admin/imports/import_add.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the check has found, how far the loading is, or what became of it."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self._found(request, object_id)
        context = pages.page(run, request, self.admin_site, may_decide=self._may_decide(request, run))
        return self._page(request, "admin/imports/import_change.html", {"run": run, "title": str(run), **context})

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: load what was checked."""
        run = self._decided(request, object_id)
        if isinstance(run, HttpResponse):
            return run
        if services.confirm(run, by=person(request)):
            services.visit(run.pk, until=timezone.now() + AT_ONCE)
        return redirect("admin:imports_import_change", run.pk)

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: forget the file, which has loaded nothing."""
        run = self._decided(request, object_id)
        if isinstance(run, HttpResponse):
            return run
        if services.discard(run):
            messages.success(request, gettext("The file is deleted. Nothing was loaded from it."))
            return redirect("admin:imports_import_changelist")
        messages.error(request, gettext("Too late: the records are being loaded, or have been."))
        return redirect("admin:imports_import_change", run.pk)

    def errors_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is wrong, as a file: line, column, rule and sentence."""
        run = self._found(request, object_id)
        text = pages.errors_as_csv(run.errors.order_by("line", "pk"))
        return _attached(text, f"errors-{run.pk}.csv", FORMS["csv"])

    def sample_view(self, request: HttpRequest, kind: str, form: str) -> HttpResponse:
        """A file that can be imported, to begin with."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if kind not in _importable(request) or form not in forms(SHEETS[kind]):
            raise Http404
        content = bundle(SHEETS[kind]) if form == "zip" else sample(SHEETS[kind], form)
        return _attached(content, f"{kind}.{form}", FORMS[form])

    def _form(self, request: HttpRequest, kinds: list[str]) -> UploadForm:
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        return UploadForm(
            *given,
            kinds=[(kind, Kind(kind).label) for kind in kinds],
            customers=Customer.objects.visible_to(request.user),
            initial={"kind": request.GET.get("kind", "")},
        )

    def _decided(self, request: HttpRequest, object_id: str) -> Import | HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._found(request, object_id)
        if not self._may_decide(request, run):
            raise PermissionDenied
        return run

    def _may_decide(self, request: HttpRequest, run: Import) -> bool:
        return self.has_add_permission(request) and run.kind in _importable(request)

    def _found(self, request: HttpRequest, object_id: str) -> Import:
        run: Import | None = self.get_object(request, object_id)
        if run is None or not self.has_view_permission(request, run):
            raise Http404
        return run

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **context}
        )


def _importable(request: HttpRequest) -> list[str]:
    """The kinds of which a person may make and change records."""
    return [kind for kind in SHEETS if _may(request, kind, "add") and _may(request, kind, "change")]


def _may(request: HttpRequest, kind: str, what: str) -> bool:
    about = SHEETS[kind].model._meta
    return bool(request.user.has_perm(f"{about.app_label}.{what}_{about.model_name}"))


def _attached(content: str | bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)
