"""The lists of what hangs on applications: notes, stages, interview feedback; and the page of each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.applications.admin.forms import ApplicationsForm, FeedbackForm
from talentsync.applications.models import ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.admin.notes import Notes
from talentsync.candidates.admin.people import PersonRecords
from talentsync.core.admin import ScopedAutocompleteFilter


class OfApplications(PersonRecords):
    """What the three lists share."""

    form = ApplicationsForm
    fixed = ("application",)
    autocomplete_fields = ("application",)
    list_filter = (
        *PersonRecords.list_filter,
        ("application", ScopedAutocompleteFilter),
        ("application__candidate", ScopedAutocompleteFilter),
    )
    list_select_related = ("customer", "application__candidate", "application__job")
    empty_words = _("Add it here, or on the page of the application that it belongs to.")
    search_help_text = _("Beginning of a name, an e-mail address or an ID")

    @display(description=_("application"), ordering="application__candidate__last_name")
    def about(self, record: Any) -> str:
        return f"{record.application.candidate} · {record.application.job}"


@admin.register(ApplicationNote)
class ApplicationNotes(OfApplications, Notes):
    kind = "application_note"
    fieldsets = (
        (None, {"fields": (("application", "external_id"), "note")}),
        (_("Who wrote it, and when"), {"fields": (("author_first_name", "author_last_name"), "ats_created_at")}),
    )
    empty_title = _("No notes yet")
    add_words = _("Add a note")


@admin.register(ApplicationStage)
class ApplicationStages(OfApplications):
    kind = "application_stage"
    fieldsets = ((None, {"fields": (("application", "external_id"), "stage", "ats_created_at")}),)
    list_display = ("what", "about", "customer", "at_linkedin", "attention", "ats_created_at")
    empty_title = _("No stages yet")
    add_words = _("Add a stage")

    @display(description=_("stage"), header=True, ordering="stage")
    def what(self, stage: ApplicationStage) -> list[str]:
        return [stage.stage, stage.external_id]


@admin.register(InterviewFeedback)
class Feedback(OfApplications):
    kind = "interview_feedback"
    form = FeedbackForm
    fieldsets = (
        (None, {"fields": (("application", "external_id"), "feedback", "evaluations")}),
        (
            _("Who gave it, and when"),
            {"fields": (("interviewer_first_name", "interviewer_last_name"), "interview_type", "ats_created_at")},
        ),
    )
    list_display = ("what", "about", "customer", "at_linkedin", "attention", "interview_type", "ats_created_at")
    empty_title = _("No feedback yet")
    add_words = _("Add feedback")

    @display(description=_("feedback"), header=True)
    def what(self, feedback: InterviewFeedback) -> list[str]:
        return [str(feedback), feedback.external_id]
