"""The forms of applications and of what hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.linkedin.rules import Problem
from talentsync.applications import records
from talentsync.applications.models import InterviewFeedback
from talentsync.candidates.admin.forms import PersonForm, above_of
from talentsync.core.admin.fields import Part, RowsField
from talentsync.core.admin.forms import like


class ApplicationsForm(PersonForm):
    """Of an application or of what hangs on one."""

    problems = staticmethod(records.problems)


class ApplicationForm(ApplicationsForm):
    def refusals(self) -> Iterator[Problem]:
        """What is taken over from the job is known once there is one."""
        if self.instance.job_id is not None:
            yield from super().refusals()

    def clean(self) -> dict[str, Any]:
        """A candidate applies for a job of the same customer."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        candidate = cleaned.get("candidate") or above_of(self.instance)
        job = cleaned.get("job")
        if candidate and job and job.customer_id != candidate.customer_id:
            self.add_error("job", gettext("This job belongs to another customer than the candidate."))
        return cleaned


class RatingsField(RowsField):
    """What was rated, and how (linkedin.md 4.5)."""

    parts = (Part(name="attribute", label=_("What was rated")), Part(name="result", label=_("Result")))


class FeedbackForm(ApplicationsForm):
    evaluations = RatingsField(
        **{**like(InterviewFeedback, "evaluations"), "help_text": _("For example: knowledge of plants, 4/5.")}
    )
