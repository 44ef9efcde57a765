"""What hangs on an application, on the application's own page."""

from __future__ import annotations

from talentsync.applications.admin.forms import ApplicationsForm, FeedbackForm
from talentsync.applications.models import ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.admin.inlines import NOTE_FIELDS, HangingInline


class StagesOfApplication(HangingInline):
    kind = "application_stage"
    model = ApplicationStage
    form = ApplicationsForm
    fields = ("stage", "external_id", "ats_created_at", "at_linkedin")


class NotesOfApplication(HangingInline):
    kind = "application_note"
    model = ApplicationNote
    form = ApplicationsForm
    fields = NOTE_FIELDS


class FeedbackOfApplication(HangingInline):
    kind = "interview_feedback"
    model = InterviewFeedback
    form = FeedbackForm
    fields = (
        "feedback",
        "evaluations",
        ("interviewer_first_name", "interviewer_last_name"),
        "interview_type",
        "external_id",
        "ats_created_at",
        "at_linkedin",
    )
