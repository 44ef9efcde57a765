"""Form fields for what only a job holds as JSON: its functions, and pay."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2MultipleWidget, UnfoldAdminTextareaWidget

from connectors.linkedin import choices
from talentsync.core.admin.fields import Part, RowsField
from talentsync.core.columns import in_form, is_storable


class JobFunctionsField(forms.MultipleChoiceField):
    """LinkedIn's job functions. A code that came from elsewhere stays as it is."""

    def __init__(self, *, known: list[str], **kwargs: Any) -> None:
        offered = in_form(choices.JOB_FUNCTIONS)
        others = [(code, code) for code in known if code not in choices.JOB_FUNCTIONS]
        widget = UnfoldAdminSelect2MultipleWidget(attrs={"aria-label": str(kwargs.get("label", ""))})
        super().__init__(choices=offered + others, widget=widget, **kwargs)


class QuestionsField(forms.CharField):
    """What is asked of people who apply at LinkedIn: an object of LinkedIn's, as JSON. Empty asks nothing more."""

    default_error_messages: ClassVar = {"invalid": _("This is no JSON. The questions are an object in braces.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What somebody has typed comes back as it was typed."""
        if isinstance(value, str):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False) if value else ""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not is_storable(found):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True


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
