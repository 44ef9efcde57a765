"""The form of a job. It says what LinkedIn would refuse, so that nobody reads it a day later from LinkedIn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from connectors.linkedin.rules import Problem
from talentsync.customers.models import Connection, Destination
from talentsync.jobs import records
from talentsync.jobs.admin.fields import JobFunctionsField, LinesField, PayField
from talentsync.jobs.models import Job

SHORT_TEXTS = {"skills_description", "company_description"}


def like(name: str) -> dict[str, Any]:
    """Label and help text of the model's own field."""
    field = Job._meta.get_field(name)
    return {"label": records.label_of(name), "help_text": field.help_text, "required": False}  # type: ignore[union-attr]


class JobForm(forms.ModelForm):
    """LinkedIn's rules hold for open jobs of customers that are connected to it; a closed job may be as it is."""

    alternate_locations = LinesField(**like("alternate_locations"))
    industries = LinesField(**like("industries"))
    compensation = PayField(**like("compensation"))

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

    def _post_clean(self) -> None:
        """After the model's own rules, when the instance holds what was typed."""
        super()._post_clean()  # type: ignore[misc]
        for problem in [*self._refused_by_linkedin(), *self._refused_by_greenhouse()]:
            field = problem.field if problem.field in self.fields else None
            if field not in self.errors:
                self.add_error(field, self._named(problem, field))

    def _refused_by_linkedin(self) -> Iterable[Problem]:
        connection = self._current(Destination.LINKEDIN)
        if connection is None or not self.instance.is_open:
            return ()
        return list(records.problems(self.instance, connection, now=timezone.now()))

    def _refused_by_greenhouse(self) -> Iterable[Problem]:
        """What is wrong with the reference to the job there; that there is none is no fault of the form."""
        job = self.instance
        if not job.requisition_id and job.greenhouse_job_id is None:
            return ()
        return [Problem(field=field, rule=gettext(rule)) for field, rule in records.reference_of(job).problems()]

    def _named(self, problem: Problem, field: str | None) -> str:
        return problem.rule if field else records.sentence(problem)

    def _current(self, destination: str) -> Connection | None:
        """The customer's connection in use there; None while no customer is chosen."""
        if self.instance.customer_id is None:
            return None
        current = Connection.objects.filter(
            customer=self.instance.customer_id, is_current=True, destination=destination
        )
        return current.select_related("customer").first()

    def _functions(self) -> JobFunctionsField:
        return JobFunctionsField(known=self.instance.categories, **like("categories"))

    def _close_reasons(self) -> forms.TypedChoiceField:
        """Greenhouse's own list for this customer, as it was read when the connection was tested."""
        connection = self._current(Destination.GREENHOUSE)
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

    def _update_errors(self, errors: Any) -> None:
        """What is wrong with a field that this page shows read-only is said above the form."""
        told = errors.error_dict if hasattr(errors, "error_dict") else {}
        for name in [name for name in told if name not in self.fields and name != NON_FIELD_ERRORS]:
            told.setdefault(NON_FIELD_ERRORS, []).extend(told.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]
