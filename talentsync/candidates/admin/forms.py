"""The forms of candidates, of their notes, and the base of the forms of whatever hangs on a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from connectors.linkedin.rules import Problem
from talentsync.candidates import records
from talentsync.candidates.admin.fields import AddressesField, PhonesField
from talentsync.candidates.models import Candidate, PersonRecord
from talentsync.core.admin.fields import LinesField
from talentsync.core.admin.forms import CheckedForm, like
from talentsync.customers.models import Connection, Destination

LONG_TEXTS = {"note", "feedback"}
LONGEST_EMAIL = 254  # characters, as the column of `CandidateEmail` has it


class PersonForm(CheckedForm):
    """LinkedIn's rules hold for customers that are connected to it, except for people who are kept out of it.

    `problems(record, connection)` are the rules of the kind.
    """

    problems: Callable[[Any, Connection], Iterable[Problem]] = staticmethod(records.problems)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LONG_TEXTS & self.fields.keys():
            self.fields[name].widget.attrs["rows"] = 4
        if self.instance.pk:
            for field in self.fields.values():
                field.show_hidden_initial = False  # what is stored tells whether it was changed
            self._fix_id()

    def refusals(self) -> Iterator[Problem]:
        above = above_of(self.instance)
        if above is not None:
            self.instance.customer_id = above.customer_id
        connection = self.current(Destination.LINKEDIN)
        person = person_of(self.instance)
        if connection is not None and person is not None and not person.do_not_send:
            yield from self.problems(self.instance, connection)

    def _fix_id(self) -> None:
        """Rows of an inline share their read-only fields, but not all of them are known to a vendor."""
        if "external_id" in self.fields and getattr(self.instance, "known_there", False):
            self.fields["external_id"].disabled = True


class CandidateForm(PersonForm):
    email_addresses = LinesField(**like(Candidate, "email_addresses"))
    phone_numbers = PhonesField(**like(Candidate, "phone_numbers"))
    addresses = AddressesField(
        **{**like(Candidate, "addresses"), "help_text": _("An area code is a state or province, for example RI.")}
    )

    def clean_email_addresses(self) -> list[str]:
        found: list[str] = self.cleaned_data["email_addresses"]
        if any(len(address) > LONGEST_EMAIL for address in found):
            raise ValidationError(
                gettext("An e-mail address has at most %(most)s characters.") % {"most": LONGEST_EMAIL}
            )
        return found


def above_of(record: PersonRecord) -> Any:
    """What the record hangs on; None while nothing is chosen."""
    try:
        return getattr(record, record.UNDER or "candidate", None)
    except ObjectDoesNotExist:
        return None


def person_of(record: Any) -> Candidate | None:
    """The candidate that a record is about; None while none is chosen."""
    while record is not None and not isinstance(record, Candidate):
        record = above_of(record)
    return record
