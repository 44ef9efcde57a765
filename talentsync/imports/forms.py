"""What is asked before a file is read: what it holds and for whom."""

from __future__ import annotations

import zipfile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from talentsync.customers.models import Customer, CustomerQuerySet
from talentsync.imports.columns import SHEETS
from talentsync.resumes import scanning

NO_ZIP = _("Resumes come as a zip. Pack the CSV and the files that it names into one, and choose that.")
A_ZIP = _("This is a zip, which only resumes come in. Take the CSV out of it and choose that.")
WITH_ZIP = _("Of resumes: a zip with one CSV at its top and the files that this names, each a PDF, DOC or TXT.")
MAX_FILE = 2_000_000_000  # bytes; a million candidates have about 600 MB


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the file holds"), widget=UnfoldAdminSelectWidget)
    customer = forms.ModelChoiceField(
        label=_("Customer"), queryset=Customer.objects.none(), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("CSV (UTF-8; comma, semicolon or tab) or JSON Lines. Nothing is loaded before you have confirmed."),
    )

    brings_back = forms.BooleanField(
        label=_("Bring back records that were deleted from LinkedIn and TalentSync"),
        help_text=_("Without this, such rows are left out and listed, each with the day."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], customers: CustomerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]
        if any(SHEETS[kind].in_zip for kind, words in kinds):
            words = (self.fields["file"].help_text, WITH_ZIP, scanning.notice())
            self.fields["file"].help_text = format_lazy("{} {} {}", *words)
        only = customers[:2]
        if len(only) == 1:
            self.fields["customer"].initial = only[0].pk

    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE:
            raise ValidationError(_("The file is larger than two gigabytes. Split it."))
        return file

    def clean(self) -> dict[str, Any]:
        """Whether the file is of the sort that the kind comes in."""
        given = self.cleaned_data
        if given.get("kind") and given.get("file"):
            is_zip = zipfile.is_zipfile(given["file"])
            if is_zip != SHEETS[given["kind"]].in_zip:
                self.add_error("file", A_ZIP if is_zip else NO_ZIP)
        return given
