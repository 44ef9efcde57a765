"""Form fields for what a record holds as JSON: lists that people write one to a line, and lists of parts in boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from talentsync.core.columns import in_form


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


@dataclass(frozen=True, kw_only=True)
class Part:
    """One box of a row; with `choices` (value to words) it is a select. `also` is how others spell its name."""

    name: str
    label: str | Promise
    choices: Mapping[str, str] | None = None
    upper: bool = False
    wide: bool = False  # twice the room of the others
    also: str = ""

    def of(self, entry: Mapping[str, Any]) -> str:
        return str(entry.get(self.name) or entry.get(self.also) or "")


class RowsWidget(forms.Widget):
    """Rows of boxes: as many as there are and one more, at least `least`."""

    template_name = "core/rows.html"

    def __init__(self, *, parts: Sequence[Part], least: int) -> None:
        super().__init__()
        self.parts, self.least = parts, least

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entries = value if isinstance(value, list) else []
        number = max(self.least, len(entries) + 1)
        entries = [*entries, *[{}] * (number - len(entries))]
        context["rows"] = [self._row(f"{name}-{index}", index, entry) for index, entry in enumerate(entries)]
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """From the project's templates: a form's own renderer looks only into those of apps."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        rows = []
        index = 0
        while self._first(name, index) in data:
            row = {part.name: self._typed(data, f"{name}-{index}-{part.name}", part) for part in self.parts}
            if any(row.values()):
                rows.append(row)
            index += 1
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return self._first(name, 0) not in data

    def id_for_label(self, id_: str) -> str:
        return self._first(id_, 0) if id_ else id_

    def _first(self, name: str, index: int) -> str:
        return f"{name}-{index}-{self.parts[0].name}"

    def _typed(self, data: Mapping[str, Any], name: str, part: Part) -> str:
        typed = str(data.get(name, "")).strip()
        return typed.upper() if part.upper else typed

    def _row(self, name: str, index: int, entry: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The parts of one row, each with its words and its rendered box."""
        return [
            {"label": part.label, "wide": part.wide, "html": self._box(name, index, part, entry)} for part in self.parts
        ]

    def _box(self, name: str, index: int, part: Part, entry: Mapping[str, Any]) -> str:
        box, value = f"{name}-{part.name}", part.of(entry)
        attrs = {"id": f"id_{box}", "aria-label": f"{part.label} {index + 1}"}
        if part.choices is None:
            return str(UnfoldAdminTextInputWidget().render(box, value, attrs))
        offered = in_form(part.choices)
        if value and value not in part.choices:  # what came from elsewhere stays as it is
            offered.append((value, value))
        return str(UnfoldAdminSelectWidget(choices=[("", "–"), *offered]).render(box, value, attrs))


class RowsField(forms.Field):
    """A list of objects as the model keeps it, each in a row of boxes. An empty row is none.

    What is wrong with a row is found with the record's other problems.
    """

    parts: ClassVar[Sequence[Part]] = ()
    least: ClassVar[int] = 1

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=RowsWidget(parts=self.parts, least=self.least), **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._typed(initial) != self._typed(data)

    def _typed(self, rows: Any) -> list[list[str]]:
        return [[part.of(row) for part in self.parts] for row in rows or []]
