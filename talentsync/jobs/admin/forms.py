"""The form of a job. It says what LinkedIn would refuse, so that nobody reads it a day later from LinkedIn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from connectors.linkedin.rules import Problem
from talentsync.core.admin.fields import LinesField
from talentsync.core.admin.forms import CheckedForm, like
from talentsync.customers.models import Destination
from talentsync.jobs import records, services, updates
from talentsync.jobs.admin.fields import JobFunctionsField, PayField, QuestionsField
from talentsync.jobs.models import Job

SHORT_TEXTS = {"skills_description", "company_description"}


class JobForm(CheckedForm):
    """LinkedIn's rules hold for open jobs of customers that are connected to it; a closed job may be as it is."""

    alternate_locations = LinesField(**like(Job, "alternate_locations"))
    industries = LinesField(**like(Job, "industries"))
    compensation = PayField(**like(Job, "compensation"))
    application_questions = QuestionsField(**like(Job, "application_questions"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SHORT_TEXTS & self.fields.keys():
            self.fields[name].widget.attrs["rows"] = 4
        if "listed_at" in self.fields:
            self.fields["listed_at"].show_hidden_initial = False  # what is stored tells whether it was changed
        if "categories" in self.fields:
            self.fields["categories"] = self._functions()
        if "close_reason_id" in self.fields:
            self.fields["close_reason_id"] = self._close_reasons()

    def refusals(self) -> Iterator[Problem]:
        yield from self._refused_by_linkedin()
        yield from self._refused_by_greenhouse()

    def _refused_by_linkedin(self) -> Iterator[Problem]:
        connection = self.current(Destination.LINKEDIN)
        if connection is not None and self.instance.is_open:
            yield from records.problems(self.instance, connection, now=timezone.now(), end_counts=self._end_counts())
            if self.instance.listing_type == "PREMIUM":
                yield from updates.problems(self.instance, services.accepted_there(self.instance, connection))

    def _refused_by_greenhouse(self) -> Iterator[Problem]:
        """What is wrong with the reference to the job there; that there is none is no fault of the form."""
        job = self.instance
        if job.requisition_id or job.greenhouse_job_id is not None:
            for field, rule in records.reference_of(job).problems():
                yield Problem(field=field, rule=gettext(rule))

    def _end_counts(self) -> bool:
        """The end of a live job is LinkedIn's own, unless it is being changed."""
        return not self.instance.is_live or "expire_at" in self.changed_data

    def _functions(self) -> JobFunctionsField:
        return JobFunctionsField(known=self.instance.categories, **like(Job, "categories"))

    def _close_reasons(self) -> forms.TypedChoiceField:
        """Greenhouse's own list for this customer, as it was read when the connection was tested."""
        connection = self.current(Destination.GREENHOUSE)
        offered = [(reason["id"], reason["name"]) for reason in (connection.close_reasons if connection else ())]
        chosen = self.instance.close_reason_id
        if chosen is not None and chosen not in dict(offered):
            offered.append((chosen, str(chosen)))
        return forms.TypedChoiceField(
            label=_("Close reason"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("As the connection says, unless chosen when it is closed")), *offered],
            widget=UnfoldAdminSelectWidget(),
            help_text=_("Greenhouse's own list, read when the connection is tested."),
        )
