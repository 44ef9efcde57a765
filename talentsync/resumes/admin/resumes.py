"""The list of resumes and a resume's page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.candidates.admin.people import PersonRecords
from talentsync.core.admin import ScopedAutocompleteFilter
from talentsync.resumes import checking, services
from talentsync.resumes.admin import files, journeys, uploading
from talentsync.resumes.admin.forms import ResumeForm
from talentsync.resumes.models import FileReference, Resume, is_ours
from talentsync.sync.admin import cards
from talentsync.sync.admin.cards import Fact


@admin.register(Resume)
class Resumes(PersonRecords):
    kind = "resume"
    requests = journeys.LABELS
    fixed = ("candidate",)
    form = ResumeForm
    fieldsets = ((None, {"fields": (("candidate", "external_id"), "on_expiry", "ats_created_at")}),)
    autocomplete_fields = ("candidate",)
    list_display = ("what", "about", "customer", "at_linkedin", "attention", "removed_there", "ats_created_at")
    list_filter = (*PersonRecords.list_filter, ("candidate", ScopedAutocompleteFilter), "candidate__do_not_send")
    list_select_related = ("customer", "candidate", "file")
    list_before_template = "admin/resumes/list_intro.html"
    change_form_template = "admin/resumes/resume_change_form.html"
    search_help_text = _("Beginning of the candidate's name, an e-mail address or an ID")
    empty_title = _("No resumes yet")
    empty_words = _("Upload one here, or on the page of the candidate whose it is.")
    add_words = _("Upload resumes")

    # the list

    @display(description=_("file"), header=True)
    def what(self, resume: Resume) -> list[str]:
        return [resume.file.name, "" if is_ours(resume.external_id) else resume.external_id]

    @display(description=_("candidate"), ordering="candidate__last_name")
    def about(self, resume: Resume) -> str:
        return str(resume.candidate)

    @display(description=_("LinkedIn removes the file"), empty_value="–")
    def removed_there(self, resume: Resume) -> str | None:
        moment = getattr(resume, "expires_at", None)
        return cards.in_full(moment) if moment else None

    def complete(self, rows: QuerySet[Any]) -> None:
        super().complete(rows)
        found = FileReference.objects.filter(file__in=[row.file_id for row in rows], connection__is_current=True)
        expires_at = dict(found.values_list("file_id", "expires_at"))
        for row in rows:
            row.expires_at = expires_at.get(row.file_id)

    # pages

    def get_urls(self) -> Any:
        def wrapped(view: Any, name: str) -> Any:
            return path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(partial(view, self)),
                name=f"resumes_resume_{name}",
            )

        return [
            wrapped(uploading.replace_view, "replace"),
            wrapped(files.download_view, "download"),
            wrapped(files.look_view, "look"),
            wrapped(steps_view, "steps"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return uploading.upload_view(self, request)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except services.Unsound as unsound:
            words = gettext("Nothing was saved: the file was replaced in the meantime. %(why)s")
            messages.error(request, words % {"why": unsound})
            return redirect(request.path)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("customer", "candidate", "file")

    def above_the_form(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        context = super().above_the_form(record, request)
        (journey,) = journeys.shown([record], request)
        said = {str(step.why_not_yet) for step in journey.steps}
        for card in context["cards"]:  # what the steps tell is not told twice
            card.why_not_yet = "" if str(card.why_not_yet) in said else card.why_not_yet
            card.trouble = None if journey.steps[-1].trouble else card.trouble
        return {
            **context,
            "journey": journey,
            "facts": _facts(record),
            "same": [each for each in services.same_content(record.candidate, record.file.sha256) if each != record],
            "is_moving": journey.is_moving or any(card.why_not_yet for card in context["cards"]),
            "may_download": request.user.has_perm(files.DOWNLOADS),
            "may_replace": self.has_change_permission(request, record),
        }

    def change(self, record: Any, *, fields: Any, by: Any) -> None:
        services.change(record, fields=fields, by=by)


def steps_view(admin: Resumes, request: HttpRequest, object_id: str) -> HttpResponse:
    """GET: a resume's steps, for a page that shows how far it is."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    (journey,) = journeys.shown([admin.found(request, object_id)], request)
    return TemplateResponse(request, "admin/resumes/_journey.html", {"journey": journey, "polls": True})


def _facts(resume: Resume) -> list[Fact]:
    file = resume.file
    kind = checking.TYPES[file.content_type].called if file.content_type in checking.TYPES else file.content_type
    scanned = gettext("Scanned for viruses") if file.was_scanned else gettext("Not scanned for viruses")
    return [
        Fact(label=_("File"), value=file.name),
        Fact(label=_("Type and size"), value=f"{kind}, {filesizeformat(file.size)}"),
        Fact(label=_("Checked"), value=cards.in_full(file.checked_at), note=scanned),
    ]
