"""The base of forms that say what a vendor would refuse, so that nobody reads it a day later from the vendor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import UniqueConstraint
from django.forms.models import InlineForeignKeyField
from django.utils.text import capfirst

from talentsync.customers.models import Connection


class Refusal(Protocol):
    """A field of ours and the rule that it breaks."""

    @property
    def field(self) -> str: ...

    @property
    def rule(self) -> str: ...


class CheckedForm(forms.ModelForm):
    """Each refusal stands at its field; of a field that the page does not show, above the form, with its name."""

    def refusals(self) -> Iterable[Refusal]:
        """What the vendors would not accept of the instance, which holds what was typed."""
        return ()

    def current(self, destination: str) -> Connection | None:
        """The customer's connection in use there; None while no customer is chosen."""
        if self.instance.customer_id is None:
            return None
        current = Connection.objects.filter(
            customer=self.instance.customer_id, is_current=True, destination=destination
        )
        return current.select_related("customer").first()

    def _post_clean(self) -> None:
        """After the model's own rules."""
        super()._post_clean()  # type: ignore[misc]
        if any(isinstance(field, InlineForeignKeyField) for field in self.fields.values()):
            self._check_ids_below()
        for refusal in self.refusals():
            field = refusal.field if refusal.field in self.fields else None
            if field not in self.errors:
                self.add_error(field, refusal.rule if field else f"{label_of(self, refusal.field)}: {refusal.rule}")

    def _check_ids_below(self) -> None:
        """Django leaves the parent of an inline's row out of the constraints."""
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)

    def _get_validation_exclusions(self) -> set[str]:
        """What is shown read-only still takes part in the rules: an ID is unique below it."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        known = {name for name in _parts_of_ids(self.instance) if getattr(self.instance, f"{name}_id", None)}
        return excluded - known

    def _update_errors(self, errors: Any) -> None:
        """What is wrong with a field that this page shows read-only is said above the form."""
        told = errors.error_dict if hasattr(errors, "error_dict") else {}
        for name in [name for name in told if name not in self.fields and name != NON_FIELD_ERRORS]:
            told.setdefault(NON_FIELD_ERRORS, []).extend(told.pop(name))
        super()._update_errors(errors)  # type: ignore[misc]


def label_of(form: forms.ModelForm, name: str) -> str:
    """What a field of the form's model is called on screen; its name where it is none."""
    known = {field.name: field for field in form._meta.model._meta.concrete_fields}
    return capfirst(str(known[name].verbose_name)) if name in known else name


def like(model: Any, name: str) -> dict[str, Any]:
    """Label and help text of the model's own field, for a form field that takes its place."""
    field = model._meta.get_field(name)
    return {"label": capfirst(str(field.verbose_name)), "help_text": field.help_text, "required": False}


def _parts_of_ids(instance: Any) -> set[str]:
    constraints = [each for each in instance._meta.constraints if isinstance(each, UniqueConstraint)]
    return {name for each in constraints for name in each.fields} - {"external_id"}
