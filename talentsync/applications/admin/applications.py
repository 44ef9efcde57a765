"""The list of applications and an application's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.applications import services
from talentsync.applications.admin.forms import ApplicationForm
from talentsync.applications.admin.inlines import FeedbackOfApplication, NotesOfApplication, StagesOfApplication
from talentsync.applications.models import Application
from talentsync.candidates.admin.people import PersonRecords
from talentsync.core.admin import ScopedAutocompleteFilter


@admin.register(Application)
class Applications(PersonRecords):
    kind = "application"
    fixed = ("candidate",)
    form = ApplicationForm
    fieldsets = (
        (
            _("Who applied, for what"),
            {"fields": (("candidate", "job"), "external_id", ("source", "disposition_reason"))},
        ),
        (
            _("If not as candidate and job say"),
            {"fields": (("first_name", "last_name"), ("candidate_email", "ats_job_posting_name"))},
        ),
        (_("In your ATS"), {"fields": ("ats_created_at", "ats_last_modified_at")}),
    )
    inlines = (StagesOfApplication, NotesOfApplication, FeedbackOfApplication)
    autocomplete_fields = ("candidate", "job")
    list_display = ("who", "job", "customer", "at_linkedin", "attention", "source", "ats_created_at")
    list_filter = (
        *PersonRecords.list_filter,
        ("candidate", ScopedAutocompleteFilter),
        ("job", ScopedAutocompleteFilter),
        "candidate__do_not_send",
    )
    list_select_related = ("customer", "candidate", "job")
    search_help_text = _("Beginning of a name, an e-mail address or an ID")
    empty_title = _("No applications yet")
    empty_words = _("Add one: it says which candidate applied for which job.")
    add_words = _("Add an application")

    @display(description=_("candidate"), header=True, ordering="candidate__last_name")
    def who(self, application: Application) -> list[str]:
        return [str(application.candidate), application.external_id]

    def add(self, record: Any, *, by: Any) -> None:
        services.add_application(record, by=by)

    def change(self, record: Any, *, fields: Any, by: Any) -> None:
        services.change_application(record, fields=fields, by=by)
