"""What simulated LinkedIn takes of a candidate: fields and rules of linkedin.md 4.2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.linkedin.simulator.checks import (
    REQUIRED,
    address,
    boolean,
    email,
    enumeration,
    moment,
    person,
    text,
)
from connectors.linkedin.simulator.schema import Member, array_of, each, faults, leaf, record

LINK = "manualMatchedMember"
MATCHES = "matchedMembers"

ADDRESS: dict[str, Member] = {
    "line1": leaf(text()),
    "line2": leaf(text()),
    "city": leaf(text()),
    "geographicArea": leaf(text()),
    "geographicAreaType": leaf(enumeration("STATE", "PROVINCE")),
    "postalCode": leaf(text()),
    "country": leaf(text(2, 2)),
}
PHONE: dict[str, Member] = {"number": leaf(text(1), required=True), "extension": leaf(text())}
CANDIDATE: dict[str, Member] = {
    "firstName": leaf(text(1), required=True),
    "lastName": leaf(text(1), required=True),
    "emailAddresses": array_of(each(email)),
    "addresses": array_of(record(ADDRESS), required=True),
    "phoneNumbers": array_of(record(PHONE), required=True),
    "atsCreatedAt": leaf(moment, required=True),
    "atsLastModifiedAt": leaf(moment, required=True),
    "externalProfileUrl": leaf(address, required=True),
    "linkedInProfileUrl": leaf(address),
    "currentCompanyName": leaf(text()),
    "currentJobTitle": leaf(text()),
    "doNotContact": leaf(boolean),
    "middleInitial": leaf(text()),
    "prefix": leaf(text()),
    "suffix": leaf(text()),
    LINK: leaf(person),
    MATCHES: Member(rule=record({}), read_only=True),
}


def candidate_faults(content: Mapping[str, Any]) -> Iterator[str]:
    yield from faults(CANDIDATE, content)
    yield from order_faults(content)
    if not content.get("emailAddresses") and not content.get(LINK):
        yield f"/emailAddresses :: {REQUIRED}"


def order_faults(content: Mapping[str, Any]) -> Iterator[str]:
    """Nothing was changed before it was made (4.2, 4.4)."""
    created, changed = content.get("atsCreatedAt"), content.get("atsLastModifiedAt")
    if isinstance(created, int) and isinstance(changed, int) and changed < created:
        yield f"/atsLastModifiedAt :: {changed} is before atsCreatedAt {created}"
