"""What hangs on a record, on that record's own page: the newest of it, to be read, changed and added to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.candidates import services
from talentsync.candidates.admin import badges
from talentsync.candidates.admin.forms import PersonForm
from talentsync.candidates.models import CandidateNote
from talentsync.core.admin import ScopedStackedInline
from talentsync.core.admin.base import person
from talentsync.sync import presenting

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SHOWN = 20  # rows; the list has the rest


class NewestFormSet(BaseInlineFormSet):
    """The newest rows, or those that the page showed when it was opened. Saves go through the services."""

    kind: ClassVar[str]
    by: ClassVar[User]

    def get_queryset(self) -> QuerySet[Any]:
        if not hasattr(self, "_queryset"):
            rows = self._all().order_by("-ats_created_at", "-pk")
            self._queryset = rows.filter(pk__in=self._posted()) if self.is_bound else rows[:SHOWN]
        return self._queryset

    @cached_property
    def n_more(self) -> int:
        """Rows that are not shown."""
        shown = len(self.get_queryset())
        return self._all().count() - shown if shown >= SHOWN else 0

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.instance)
        services.add_record(self.kind, form.instance, by=self.by)
        return form.instance

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        services.change_record(self.kind, obj, fields=form.changed_data, by=self.by)
        return obj

    def _all(self) -> QuerySet[Any]:
        """Of the record that the page is about."""
        assert self.queryset is not None
        return self.queryset

    def _posted(self) -> list[int]:
        names = (f"{self.prefix}-{index}-id" for index in range(self.initial_form_count()))
        return [int(key) for key in map(self.data.get, names) if key and key.isdecimal()]

    def _existing_object(self, pk: Any) -> Any:
        """A row that was deleted since the page was opened is none any more."""
        return next((row for row in self.get_queryset() if row.pk == pk), None) or self.model()  # type: ignore[misc]


class HangingInline(ScopedStackedInline):
    """`kind` names the records."""

    kind: ClassVar[str]
    form = PersonForm
    formset = NewestFormSet
    collapsible = True
    can_delete = False  # asked for on the record's own page, because LinkedIn may hold it
    readonly_fields = ("at_linkedin",)
    template_before = "admin/candidates/inline_more.html"

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.kind, formset.by = self.kind, person(request)
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        annotated: QuerySet[Any] = rows.annotate(known_there=services.known_there(self.kind))
        return annotated

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("LinkedIn status"))
    def at_linkedin(self, record: Any) -> str:
        """With the way to the record's own page, where it can be sent and deleted."""
        if record.pk is None:
            return "–"
        _code, words = badges.status(record)
        link = presenting.link_to(record)
        return format_html('{} · <a class="ts-link" href="{}">{}</a>', words, link, gettext("Send or delete…"))


NOTE_FIELDS = ("note", ("author_first_name", "author_last_name"), "external_id", "ats_created_at", "at_linkedin")


class NotesOfCandidate(HangingInline):
    kind = "candidate_note"
    model = CandidateNote
    fields = NOTE_FIELDS
