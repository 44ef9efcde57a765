"""*What I asked for*: the list of requests, the page that asks before one goes ahead, and the page of its progress."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core.admin import ReadOnlyScopedModelAdmin
from talentsync.customers.models import Destination
from talentsync.sync import kinds, presenting, runs, stuck
from talentsync.sync.admin import asking, histories, previewing, progress, receipt_pdf, receipts, seeing
from talentsync.sync.admin.filters import Asked
from talentsync.sync.models import Run, RunItem

ANSWERED = "answered"  # tells a page that is shown anew, with every box unticked, from one that is shown first

COLOURS = {
    Run.State.DRAFT: "warning",
    Run.State.WAITING: "info",
    Run.State.RUNNING: "info",
    Run.State.DONE: "success",
    Run.State.UNDONE: "default",
    Run.State.PAUSED: "warning",
    Run.State.CANCELLED: "default",
}


@admin.register(Run)
class Runs(ReadOnlyScopedModelAdmin):
    list_display = ("what", "where", "state_badge", "settled", "troubles", "by", "created_at")
    list_filter = ("state", Asked, "by")
    list_filter_submit = True
    empty_title = _("Nothing was asked for yet")
    empty_words = _(
        "Select records in their list, choose an action such as Close…, and confirm it: its progress stands here."
    )
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return seeing.visible_runs(request.user)

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        return not isinstance(obj, Run) or self.get_queryset(request).filter(pk=obj.pk).exists()

    @display(description=_("what"))
    def what(self, run: Run) -> str:
        return presenting.title(run)

    @display(description=_("where"))
    def where(self, run: Run) -> str:
        return ", ".join(str(Destination(name).label) for name in run.destinations)

    @display(description=_("state"), ordering="state", label=COLOURS)
    def state_badge(self, run: Run) -> tuple[str, str]:
        return run.state, run.get_state_display()

    @display(description=_("settled"))
    def settled(self, run: Run) -> str:
        return "–" if run.state == Run.State.DRAFT else f"{run.n_settled:,} / {run.total:,}"

    @display(description=_("need attention"), label={True: "danger", False: "default"})
    def troubles(self, run: Run) -> tuple[bool, str]:
        return bool(run.n_failed), f"{run.n_failed:,}"

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/confirm/", view(self.confirm_view), name="sync_run_confirm"),
            path("<path:object_id>/preview/", view(self.preview_view), name="sync_run_preview"),
            path("<path:object_id>/erasure/", view(self.erasure_view), name="sync_run_erasure"),
            path("<path:object_id>/erasure.pdf", view(self.erasure_pdf_view), name="sync_run_erasure_pdf"),
            path("<path:object_id>/undo/", view(self.undo_view), name="sync_run_undo"),
            *(
                path(f"<path:object_id>/{how}/", view(partial(self.turn_view, how=how)), name=f"sync_run_{how}")
                for how in ("pause", "resume", "cancel")
            ),
            path("<path:object_id>/again/", view(self.again_view), name="sync_run_again"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """How far the request is."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self._found(request, object_id)
        if run.state == Run.State.DRAFT and seeing.may_decide(run, request.user):
            return redirect("admin:sync_run_confirm", run.pk)
        if run.is_history:
            return self._page(request, "admin/sync/history_change.html", run, histories.page(run, request))
        context = progress.page(run, request)
        return self._page(request, "admin/sync/run_change.html", run, context)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: what would happen. POST: let it happen."""
        run = self._found(request, object_id)
        if run.state != Run.State.DRAFT or not self._is_theirs(run, request):
            return redirect("admin:sync_run_change", run.pk)
        self._check(run, request)
        if run.is_history:
            found = histories.confirm(request, run, request.POST if request.method == "POST" else None)
            if isinstance(found, HttpResponse):
                return found
            return self._page(request, "admin/sync/history_confirm.html", run, found)
        if request.method != "POST":
            answers = request.GET if ANSWERED in request.GET else None
            return self._page(request, "admin/sync/run_confirm.html", run, asking.page(run, answers))
        form = asking.form_of(run, request.POST)
        if not form.is_valid():
            return self._page(request, "admin/sync/run_confirm.html", run, asking.page(run, request.POST))
        with transaction.atomic():
            form.carry_out()
            chosen, options, now = form.chosen(), form.options(), timezone.now()
            who = seeing.person(request)
            confirmed = runs.confirm(run, destinations=chosen, options=options, now=now, by=who, start=False)
            if not confirmed:
                transaction.set_rollback(True)
        if confirmed:
            runs.start_small(run)
        return redirect("admin:sync_run_change", run.pk)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: what a draft would send, record by record."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self._found(request, object_id)
        if run.state != Run.State.DRAFT or run.is_history or not self._is_theirs(run, request):
            return redirect("admin:sync_run_change", run.pk)
        self._check(run, request)
        return self._page(request, "admin/sync/run_preview.html", run, previewing.page(run, request))

    def erasure_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the receipt of what was erased."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self._found(request, object_id)
        if not receipts.rows(run, request).exists():
            return redirect("admin:sync_run_change", run.pk)
        return self._page(request, "admin/sync/run_erasure.html", run, receipts.page(run, request))

    def erasure_pdf_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the same as a file, in parts."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        run = self._found(request, object_id)
        if not receipts.rows(run, request).exists():
            raise Http404
        file = receipt_pdf.of(run, request)
        name = f'attachment; filename="erasure-{run.pk}.pdf"'
        headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
        return HttpResponse(file, content_type="application/pdf", headers=headers)

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: take the request back, if it has not started."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._found(request, object_id)
        if not seeing.may_decide(run, request.user):
            raise PermissionDenied
        if runs.undo(run, by=seeing.person(request), now=timezone.now()):
            messages.success(request, gettext("Undone. Nothing was sent."))
        else:
            messages.error(
                request, gettext("Too late for Undo: it has started, and what was sent cannot be called back.")
            )
        return redirect("admin:sync_run_change", run.pk)

    def turn_view(self, request: HttpRequest, object_id: str, how: str) -> HttpResponse:
        """POST: pause the sending of all history, let it go on, or cancel it."""
        return histories.turn(request, self._found(request, object_id), how)

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: draft a request that tries again what failed in this one; its own page asks first."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._found(request, object_id)
        items = seeing.visible_items(run, request.user)
        failed = items.filter(Q(state=RunItem.State.FAILED) | Q(pk__in=stuck.among(items).values("pk")))
        found = failed.order_by().values_list("kind", flat=True).distinct()
        chosen = {name: failed.filter(kind=name).values("object_id") for name in found}
        if not chosen:
            return redirect("admin:sync_run_change", run.pk)
        drafted = asking.draft_retry(chosen, by=seeing.person(request))
        return redirect("admin:sync_run_confirm", drafted.pk)

    def _found(self, request: HttpRequest, object_id: str) -> Run:
        run: Run | None = self.get_object(request, object_id)
        if run is None or not self.has_view_permission(request, run):
            raise Http404
        if run.action not in {action.name for action in kinds.get(run.kind).actions}:
            raise Http404
        if run.is_history and not seeing.sees_all(run, request.user):
            raise Http404
        return run

    def _is_theirs(self, run: Run, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser or run.by_id == request.user.pk)

    def _check(self, run: Run, request: HttpRequest) -> None:
        """Whoever has lost the right or a customer since the click confirms nothing."""
        if not seeing.may_decide(run, request.user):
            raise PermissionDenied
        if not seeing.sees_all(run, request.user):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, run: Run, context: dict[str, Any]) -> HttpResponse:
        basics = {**self.admin_site.each_context(request), "opts": self.opts, "run": run}
        return TemplateResponse(request, template, {**basics, "title": presenting.title(run), **context})
