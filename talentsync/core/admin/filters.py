"""Filters by a column's choices, as boxes to choose from: a list of links for each would fill the screen."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import MultipleChoicesDropdownFilter
from unfold.contrib.filters.forms import DropdownForm


class SeveralForm(DropdownForm):
    """An empty box says that it leaves nothing out."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(name, *args, **kwargs)
        self.fields[name].widget.attrs["data-placeholder"] = _("All")


class SeveralChoices(MultipleChoicesDropdownFilter):
    """Any of several values of a column."""

    form_class = SeveralForm
