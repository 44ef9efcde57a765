"""What a page asks before a request goes ahead. Kinds add their own questions by a subclass (`Action.form`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from talentsync.customers.models import Connection, Destination
from talentsync.sync.models import Run


class ConfirmForm(forms.Form):
    """Which vendors are told. Knows the run and its connections; never the records, which may be ten thousand."""

    destinations = forms.MultipleChoiceField(
        label=_("Where"),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": _("Tick at least one vendor.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, run: Run, connections: Sequence[Connection], **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.run, self.connections = run, connections
        told = {each.destination for each in connections}
        if run.items.filter(connection=None).exists():  # where there is nobody to ask
            told |= set(run.destinations)
        self.offered = [name.value for name in Destination if name in told]
        field = self.fields["destinations"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, Destination(name).label) for name in self.offered]
        field.initial = list(self.offered)
        self.asks_where = len(self.offered) > 1
        if not self.asks_where:
            del self.fields["destinations"]

    def connections_at(self, destination: str) -> list[Connection]:
        return [each for each in self.connections if each.destination == destination]

    def chosen(self) -> list[str]:
        """The destinations that were ticked; the only one there is needs no tick."""
        if self.asks_where:
            return list(self.cleaned_data["destinations"])
        return list(self.offered)

    def options(self) -> dict[str, Any]:
        """What the answers mean to the action, as JSON; goes into the run's options."""
        return {}

    def carry_out(self) -> None:
        """What is to be written down before the run goes ahead, in the same transaction."""
