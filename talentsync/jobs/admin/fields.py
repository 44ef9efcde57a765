"""Form fields for what a job holds as JSON: lists that people write one to a line, and pay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from connectors.linkedin import choices
from talentsync.core.columns import in_form

PAY_PARTS = ("type", "period", "currency", "exact", "start", "end")
MIN_PAY_ROWS = 2


class LinesField(forms.CharField):
    """A list of texts, one to a line."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (super().to_python(value) or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class JobFunctionsField(forms.MultipleChoiceField):
    """LinkedIn's job functions. A code that came from elsewhere stays as it is."""

    def __init__(self, *, known: list[str], **kwargs: Any) -> None:
        offered = in_form(choices.JOB_FUNCTIONS)
        others = [(code, code) for code in known if code not in choices.JOB_FUNCTIONS]
        widget = UnfoldAdminSelect2MultipleWidget(attrs={"aria-label": str(kwargs.get("label", ""))})
        super().__init__(choices=offered + others, widget=widget, **kwargs)


class PayWidget(forms.Widget):
    """Rows of pay: as many as there are and one more, at least two."""

    template_name = "admin/jobs/pay.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entries = value if isinstance(value, list) else []
        number = max(MIN_PAY_ROWS, len(entries) + 1)
        entries = [*entries, *[{}] * (number - len(entries))]
        context["rows"] = [self._row(f"{name}-{index}", index, entry) for index, entry in enumerate(entries)]
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """From the project's templates: a form's own renderer looks only into those of apps."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        rows = []
        index = 0
        while f"{name}-{index}-type" in data:
            row = {part: data.get(f"{name}-{index}-{part}", "").strip() for part in PAY_PARTS}
            if any(row[part] for part in ("type", "exact", "start", "end")):
                rows.append({**row, "currency": row["currency"].upper()})
            index += 1
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-0-type" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-type" if id_ else id_

    def _row(self, name: str, index: int, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The parts of one row, each with its words and its rendered box."""
        return [
            {
                "label": label,
                "html": self._box(f"{name}-{part}", part, str(entry.get(part, "")), f"{label} {index + 1}"),
            }
            for part, label in _PAY_LABELS.items()
        ]

    def _box(self, name: str, part: str, value: str, label: str) -> str:
        offered = {"type": choices.COMPENSATION_TYPES, "period": choices.COMPENSATION_PERIODS}.get(part)
        attrs = {"id": f"id_{name}", "aria-label": label}
        if offered is None:
            return str(UnfoldAdminTextInputWidget().render(name, value, attrs))
        return str(UnfoldAdminSelectWidget(choices=[("", "–"), *in_form(offered)]).render(name, value, attrs))


class PayField(forms.Field):
    """The list of pay as the model keeps it. What is wrong with it is found with the job's other problems."""

    widget = PayWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _filled(initial) != _filled(data)


def _filled(rows: Any) -> list[dict[str, Any]]:
    return [{part: value for part, value in row.items() if value} for row in rows or []]


_PAY_LABELS = {
    "type": _("Kind of pay"),
    "period": _("Period"),
    "currency": _("Currency"),
    "exact": _("Exactly"),
    "start": _("From"),
    "end": _("To"),
}
