"""Form fields for what only a job holds as JSON: its functions, and pay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget

from connectors.linkedin import choices
from talentsync.core.admin.fields import Part, RowsField
from talentsync.core.columns import in_form


class JobFunctionsField(forms.MultipleChoiceField):
    """LinkedIn's job functions. A code that came from elsewhere stays as it is."""

    def __init__(self, *, known: list[str], **kwargs: Any) -> None:
        offered = in_form(choices.JOB_FUNCTIONS)
        others = [(code, code) for code in known if code not in choices.JOB_FUNCTIONS]
        widget = UnfoldAdminSelect2MultipleWidget(attrs={"aria-label": str(kwargs.get("label", ""))})
        super().__init__(choices=offered + others, widget=widget, **kwargs)


class PayField(RowsField):
    """What a job pays (linkedin.md 3.5)."""

    least = 2
    parts = (
        Part(name="type", label=_("Kind of pay"), choices=choices.COMPENSATION_TYPES),
        Part(name="period", label=_("Period"), choices=choices.COMPENSATION_PERIODS),
        Part(name="currency", label=_("Currency"), upper=True),
        Part(name="exact", label=_("Exactly")),
        Part(name="start", label=_("From")),
        Part(name="end", label=_("To")),
    )
