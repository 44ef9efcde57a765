"""The list of notes about candidates, and a note's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.candidates.admin.forms import PersonForm
from talentsync.candidates.admin.people import PersonRecords
from talentsync.candidates.models import CandidateNote
from talentsync.core.admin import ScopedAutocompleteFilter


class Notes(PersonRecords):
    """Of candidates and of applications."""

    form = PersonForm
    list_display = ("text", "about", "customer", "at_linkedin", "attention", "author", "ats_created_at")

    @display(description=_("note"), header=True)
    def text(self, note: Any) -> list[str]:
        return [str(note), note.external_id]

    @display(description=_("author"))
    def author(self, note: Any) -> str:
        return f"{note.author_first_name} {note.author_last_name}".strip() or "–"


@admin.register(CandidateNote)
class CandidateNotes(Notes):
    kind = "candidate_note"
    fixed = ("candidate",)
    fieldsets = (
        (None, {"fields": (("candidate", "external_id"), "note")}),
        (_("Who wrote it, and when"), {"fields": (("author_first_name", "author_last_name"), "ats_created_at")}),
    )
    autocomplete_fields = ("candidate",)
    list_filter = (*Notes.list_filter, ("candidate", ScopedAutocompleteFilter))
    list_select_related = ("customer", "candidate")
    search_help_text = _("Beginning of a name, an e-mail address or an ID")
    empty_title = _("No notes yet")
    empty_words = _("Add one here, or on the page of the candidate that it is about.")
    add_words = _("Add a note")

    @display(description=_("candidate"), ordering="candidate__last_name")
    def about(self, note: CandidateNote) -> str:
        return str(note.candidate)
