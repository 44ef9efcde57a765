"""The list of candidates and a candidate's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.candidates import services
from talentsync.candidates.admin import page
from talentsync.candidates.admin.forms import CandidateForm
from talentsync.candidates.admin.inlines import SHOWN, NotesOfCandidate
from talentsync.candidates.admin.people import PersonRecords
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Destination
from talentsync.sync.admin import cards

ADDS, UPLOADS = "applications.add_application", "resumes.add_resume"


@admin.register(Candidate)
class Candidates(PersonRecords):
    kind = "candidate"
    fixed = ("customer",)
    form = CandidateForm
    fieldsets = (
        (
            _("Who it is"),
            {
                "fields": (
                    ("customer", "external_id"),
                    ("first_name", "last_name"),
                    ("prefix", "middle_initial", "suffix"),
                    ("current_job_title", "current_company_name"),
                )
            },
        ),
        (_("How to reach the person"), {"fields": ("email_addresses", "phone_numbers", "addresses")}),
        (_("Where the person is found"), {"fields": ("external_profile_url", "linked_in_profile_url")}),
        (_("Wishes"), {"fields": (("do_not_contact", "do_not_send"),)}),
        (_("In your ATS"), {"fields": ("ats_created_at", "ats_last_modified_at")}),
    )
    inlines = (NotesOfCandidate,)
    list_display = ("who", "customer", "at_linkedin", "attention", "current_job_title", "kept_out")
    list_filter = (*PersonRecords.list_filter, "do_not_send", "do_not_contact")
    list_select_related = ("customer",)
    search_help_text = _("Beginning of a name, an e-mail address or an ID")
    change_form_template = "admin/candidates/candidate_change_form.html"
    empty_title = _("No candidates yet")
    empty_words = _("Add one: its page then tells how to send it to LinkedIn.")
    add_words = _("Add a candidate")

    @display(description=_("candidate"), header=True, ordering="last_name")
    def who(self, candidate: Candidate) -> list[str]:
        return [str(candidate), candidate.external_id]

    @display(description=_("kept out"), ordering="do_not_send", label={"out": "warning"})
    def kept_out(self, candidate: Candidate) -> tuple[str, str] | str:
        return ("out", gettext("Kept out")) if candidate.do_not_send else ""

    def above_the_form(self, record: Any, request: HttpRequest) -> dict[str, Any]:
        connection = cards.connections_of(record).get(Destination.LINKEDIN)
        return {
            **super().above_the_form(record, request),
            "matches": page.matches(record, connection, timezone.now()) if connection else None,
            "applications": [page.line(each, each.job) for each in _newest(record.applications.select_related("job"))],
            "add_application": _adding("applications_application", record) if request.user.has_perm(ADDS) else "",
            "resumes": [_resume(each) for each in _newest(record.resumes.select_related("file"))],
            "upload_resumes": _adding("resumes_resume", record) if request.user.has_perm(UPLOADS) else "",
        }

    def add(self, record: Any, *, by: Any) -> None:
        services.add_candidate(record, by=by)

    def change(self, record: Any, *, fields: Any, by: Any) -> None:
        services.change_candidate(record, fields=fields, by=by)


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by("-ats_created_at", "-pk")[:SHOWN]


def _resume(resume: Any) -> page.Line:
    """Its ID is mostly one of ours, which tells nobody anything."""
    return replace(page.line(resume, resume), label=cards.in_full(resume.ats_created_at))


def _adding(model: str, candidate: Candidate) -> str:
    return reverse(f"admin:{model}_add") + f"?candidate={candidate.pk}"
