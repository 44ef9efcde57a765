"""The form of a connection. Credentials go in and never come out: an empty box keeps what is stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminSelectWidget

from talentsync.customers.models import Connection

SECRETS = ("client_secret", "api_key")


class ConnectionForm(forms.ModelForm):
    class Meta:
        model = Connection
        fields = (
            "customer",
            "destination",
            "environment",
            "organization_urn",
            "api_version",
            "client_id",
            "client_secret",
            "api_key",
            "acting_user_id",
            "recruiter_contract_urn",
            "job_contract_urn",
            "default_close_reason_id",
        )
        widgets = {name: UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}) for name in SECRETS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            self._keep_secret(name)
        if "default_close_reason_id" in self.fields:
            self.fields["default_close_reason_id"] = self._close_reasons()

    def clean_client_secret(self) -> str:
        return self._typed_or_stored("client_secret")

    def clean_api_key(self) -> str:
        return self._typed_or_stored("api_key")

    def _update_errors(self, errors: ValidationError) -> None:
        """What is wrong with a field that this page does not offer is said above the form."""
        told = errors.error_dict if hasattr(errors, "error_dict") else {}
        for name in [name for name in told if name not in self.fields and name != NON_FIELD_ERRORS]:
            told.setdefault(NON_FIELD_ERRORS, []).extend(told.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]  # Django's own hook, which the stubs leave out

    def _keep_secret(self, name: str) -> None:
        """The stored value is not handed to the page, and leaving the box empty is no change."""
        self.initial.pop(name, None)
        if name in self.fields and getattr(self.instance, name):
            self.fields[name].help_text = _("Stored, and shown to nobody. Leave it empty to keep it.")

    def _typed_or_stored(self, name: str) -> str:
        typed: str = self.cleaned_data[name]
        return typed.strip() or getattr(self.instance, name)

    def _close_reasons(self) -> forms.TypedChoiceField:
        reasons = [(reason["id"], reason["name"]) for reason in self.instance.close_reasons]
        return forms.TypedChoiceField(
            label=_("Default close reason"),
            choices=[("", _("None: ask each time")), *reasons],
            coerce=int,
            empty_value=None,
            required=False,
            widget=UnfoldAdminSelectWidget(),
            help_text=_("Greenhouse's own list, read when the connection is tested."),
        )
