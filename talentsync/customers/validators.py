"""The shapes that vendors give their identifiers."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Company pages and contracts are named by URNs that end in a number (learn.microsoft.com, job posting module).
organization_urn = RegexValidator(
    r"\Aurn:li:organization:[1-9][0-9]*\Z",
    _("Write the company page as urn:li:organization:12345 (the page's number at the end)."),
)
contract_urn = RegexValidator(
    r"\Aurn:li:contract:[1-9][0-9]*\Z",
    _("Write the contract as urn:li:contract:12345 (the contract's number at the end)."),
)
# Greenhouse wants the user's number; an e-mail address is answered with 404 (developers.greenhouse.io).
acting_user_id = RegexValidator(
    r"\A[1-9][0-9]*\Z", _("Write the Greenhouse user's number, for example 4410027, and not the e-mail address.")
)
