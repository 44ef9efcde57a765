"""What LinkedIn accepts in a candidate (linkedin.md 4.2).

Inferred, not documented: the last name is required; a phone without a number says nothing; a profile's address is any
address on the web, as an ATS may live in the company's own network.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin import choices, urns
from connectors.linkedin.records import Address, Candidate
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem


def problems(candidate: Candidate) -> Iterator[Problem]:
    yield from shapes.identity(candidate)
    yield from _name(candidate)
    yield from _emails(candidate)
    yield from _phones(candidate)
    for address in candidate.addresses:
        yield from _address(address)
    yield from shapes.moments(candidate)
    yield from _links(candidate)


def _name(candidate: Candidate) -> Iterator[Problem]:
    if not candidate.first_name.strip():
        yield Problem(field="first_name", rule=_("Enter the first name."))
    if not candidate.last_name.strip():
        yield Problem(field="last_name", rule=_("Enter the last name."))


def _emails(candidate: Candidate) -> Iterator[Problem]:
    if not candidate.email_addresses and not candidate.manual_matched_member:
        yield Problem(
            field="email_addresses",
            rule=_("Enter an e-mail address, unless the candidate is linked to a LinkedIn person."),
        )
    if not all(shapes.is_email(email) for email in candidate.email_addresses):
        yield Problem(field="email_addresses", rule=_("Enter e-mail addresses like name@example.com."))


def _phones(candidate: Candidate) -> Iterator[Problem]:
    if not all(phone.number.strip() for phone in candidate.phone_numbers):
        yield Problem(field="phone_numbers", rule=_("Enter the number of each phone, or remove the phone."))


def _address(address: Address) -> Iterator[Problem]:
    if address.geographic_area_type and address.geographic_area_type not in choices.GEOGRAPHIC_AREA_TYPES:
        yield Problem(field="addresses", rule=_("The area of an address is a state (STATE) or a province (PROVINCE)."))
    if address.country and not shapes.is_country(address.country):
        yield Problem(field="addresses", rule=_("A country code has two letters, for example AT."))


def _links(candidate: Candidate) -> Iterator[Problem]:
    if not shapes.is_web_address(candidate.external_profile_url):
        yield Problem(
            field="external_profile_url",
            rule=_("Enter the whole address of the candidate in your ATS, beginning with https:// or http://."),
        )
    if candidate.linked_in_profile_url and not shapes.is_web_address(candidate.linked_in_profile_url):
        yield Problem(
            field="linked_in_profile_url", rule=_("Enter the whole address, beginning with https:// or http://.")
        )
    if candidate.manual_matched_member and not urns.is_person(candidate.manual_matched_member):
        yield Problem(field="manual_matched_member", rule=_("A LinkedIn person is written urn:li:person:Ab12."))
