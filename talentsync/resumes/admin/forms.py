"""What is asked when a file is uploaded or replaced, and the form of a resume itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from connectors.linkedin.rules import Problem
from talentsync.candidates.admin.forms import PersonForm
from talentsync.candidates.models import Candidate
from talentsync.customers.models import OnExpiry, TimeUnit
from talentsync.resumes import records
from talentsync.resumes.checking import TYPES
from talentsync.resumes.models import Resume
from talentsync.resumes.services import Choice

ACCEPT = ",".join([*(each.ending for each in TYPES.values()), *TYPES])  # what the browser's dialog offers first
LONGEST_ID = 200
DEFAULT_FOR, DEFAULT_UNIT = 72, TimeUnit.HOUR.value
NO_FILE = _("Choose a file.")


class Keep(models.TextChoices):
    USUAL = "usual", _("As it was chosen for the customer")
    ALWAYS = "always", _("Keep the file at LinkedIn")
    REMOVE = "remove", _("Let LinkedIn remove the file after some time")


class KeepingForm(forms.Form):
    """For how long LinkedIn keeps a file, and what becomes of the resume then. `usual` is what is suggested, None where
    the customer is not known yet; `called` says what it is.
    """

    keep = forms.ChoiceField(
        label=_("How long does LinkedIn keep it?"), choices=Keep.choices, widget=UnfoldAdminRadioSelectWidget()
    )
    keep_for = forms.IntegerField(
        label=_("Remove after"),
        min_value=1,
        max_value=models.BigIntegerField.MAX_BIGINT,
        required=False,
        initial=DEFAULT_FOR,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"min": 1}),
    )
    keep_unit = forms.ChoiceField(
        label=_("Unit"),
        choices=TimeUnit.choices,
        required=False,
        initial=DEFAULT_UNIT,
        widget=UnfoldAdminSelectWidget(),
    )
    on_expiry = forms.ChoiceField(
        label=_("When LinkedIn removes it"),
        choices=OnExpiry.choices,
        required=False,
        initial=OnExpiry.DELETE,
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, usual: Choice | None, called: str | Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        words = f"{called}: {in_words(usual)}" if usual else called
        self.fields["keep"].choices = [(Keep.USUAL, words), *Keep.choices[1:]]  # type: ignore[attr-defined]
        self.fields["keep"].initial = Keep.USUAL

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("keep") == Keep.USUAL and self.usual is not None and self.usual.problem:
            self.add_error("keep", self.usual.problem)  # stored before it was refused
        if cleaned.get("keep") == Keep.REMOVE and "keep_for" in cleaned:
            if cleaned["keep_for"] is None:
                self.add_error("keep_for", gettext("Enter after how long LinkedIn removes the file."))
            elif problem := self._chosen(cleaned).problem:
                self.add_error("on_expiry", problem)
        return cleaned

    def choice(self, usual: Choice | None) -> Choice | None:
        """What was chosen; `usual` where that was."""
        match self.cleaned_data["keep"]:
            case Keep.USUAL:
                return usual
            case Keep.ALWAYS:
                return Choice()
        return self._chosen(self.cleaned_data)

    def _chosen(self, cleaned: dict[str, Any]) -> Choice:
        return Choice(
            keep_for=cleaned["keep_for"],
            keep_unit=cleaned.get("keep_unit") or DEFAULT_UNIT,
            on_expiry=cleaned.get("on_expiry") or OnExpiry.DELETE.value,
        )


class FilesField(forms.FileField):
    """Several files, each as it came: what is in them is looked at later, so that one bad file stops no other."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) else [data] if data else []
        if not files:
            raise ValidationError(str(NO_FILE))
        return files


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class UploadForm(KeepingForm):
    """`token` is new with each page: files that come twice under it, by a second click, are the same resumes."""

    candidate = forms.ModelChoiceField(label=_("Candidate"), queryset=Candidate.objects.none())
    file = FilesField(label=_("Files"), widget=FilesInput(attrs={"multiple": True, "accept": ACCEPT}))
    external_id = forms.CharField(
        label=_("ID in your ATS"),
        max_length=LONGEST_ID,
        required=False,
        help_text=_("For a single file. Without one the resume gets an ID of its own."),
        widget=UnfoldAdminTextInputWidget(),
    )
    ats_created_at = forms.DateTimeField(
        label=_("Created in your ATS"),
        required=False,
        help_text=_("Empty: now."),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput())

    field_order = ("candidate", "file", "keep", "keep_for", "keep_unit", "on_expiry", "external_id", "ats_created_at")

    def __init__(self, *args: Any, candidates: forms.Field, chosen: Candidate | None, **kwargs: Any) -> None:
        usual = Choice.of(chosen.customer) if chosen else None
        super().__init__(*args, usual=usual, called=Keep.USUAL.label, **kwargs)
        self.fields["candidate"] = candidates
        self.fields["token"].initial = uuid4
        if chosen is not None:
            self.fields["candidate"].initial = chosen.pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("external_id") and len(cleaned.get("file", ())) > 1:
            self.add_error("external_id", gettext("Several files cannot share one ID. Upload them one by one."))
        return cleaned

    def id_of(self, file: UploadedFile) -> str:
        """The ID that the file's resume has, whenever this very form brings it."""
        named: str = self.cleaned_data["external_id"]
        return named or str(same_again(self.cleaned_data["token"], file))

    @property
    def created_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["ats_created_at"]
        return moment


class ReplaceForm(KeepingForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # what is wrong with it is said as of any other file
        error_messages={"required": NO_FILE},
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    field_order = ("file", "keep", "keep_for", "keep_unit", "on_expiry")

    def __init__(self, *args: Any, resume: Resume, **kwargs: Any) -> None:
        super().__init__(*args, usual=Choice.of_resume(resume), called=_("As the file before"), **kwargs)


class ResumeForm(PersonForm):
    """That the connection lacks something is said above the form, and is no fault of what was typed."""

    problems = staticmethod(records.problems)

    def refusals(self) -> Iterator[Problem]:
        return (each for each in super().refusals() if each.field in self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if on_expiry := cleaned.get("on_expiry"):
            chosen = replace(Choice.of_resume(self.instance), on_expiry=on_expiry)
            if chosen.problem:
                self.add_error("on_expiry", chosen.problem)
        return cleaned


def same_again(token: UUID, file: UploadedFile) -> UUID:
    file.seek(0)
    return uuid5(token, hashlib.file_digest(file, "sha256").hexdigest())


def in_words(choice: Choice) -> str:
    """ "removed after 72 hours; the resume is deleted from LinkedIn"."""
    if choice.keep_for is None:
        return gettext("it is kept")
    unit = TimeUnit(choice.keep_unit).label
    span = gettext("removed after %(n)s %(unit)s") % {"n": f"{choice.keep_for:,}", "unit": unit}
    then = str(OnExpiry(choice.on_expiry).label)
    return f"{span}. {then}."
