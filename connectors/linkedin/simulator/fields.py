"""The schema of one simulated job posting: names, types, sizes and enumerations (linkedin.md 3.3 to 3.6).

`faults` words what LinkedIn says about one element inside a 200; `check_enumerations` refuses the whole call, because
that is how the documents list those errors (3.8). What only the posting task finds out stands in `vetting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.base.simulation import Document
from connectors.linkedin.simulator.checks import (
    REQUIRED,
    UNRECOGNIZED,
    Check,
    address,
    boolean,
    email,
    enumeration,
    long,
    text,
    texts,
    urn,
    urns,
)
from connectors.linkedin.simulator.compensation import compensation_faults
from connectors.linkedin.simulator.extensions import faults as faults_of_extensions
from connectors.linkedin.simulator.wire import refuse

OPERATIONS = ("CREATE", "UPDATE", "RENEW", "CLOSE")

# 3.8: these texts come as HTTP 422 for the whole call and without quotation marks.
WHOLE_CALL_ENUMERATIONS = {
    "employmentStatus": ("FULL_TIME", "PART_TIME", "CONTRACT", "INTERNSHIP", "TEMPORARY", "VOLUNTEER", "OTHER"),
    "experienceLevel": (
        "ENTRY_LEVEL",
        "MID_SENIOR_LEVEL",
        "DIRECTOR",
        "EXECUTIVE",
        "INTERNSHIP",
        "ASSOCIATE",
        "NOT_APPLICABLE",
    ),
    "state": ("LISTED", "CLOSED"),
    "availability": ("PUBLIC", "PRIVATE_TO_ATS_INTEGRATION", "INTERNAL"),
    "listingType": ("BASIC", "PREMIUM"),
}
WORKPLACES = ("on-site", "hybrid", "remote")
REQUISITION_OWNER = ("requisitionOwnerEmail", "requisitionOwnerFirstName", "requisitionOwnerLastName")
RSC_FIELDS = ("availability", "state", "accessRestricted", *REQUISITION_OWNER)
PREMIUM_FIELDS = ("contract", "showPosterInfo")


def document(value: Any) -> str:
    return "" if isinstance(value, dict) else "value is not an object"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: how its value is checked and whether every operation must bring it, CLOSE too."""

    check: Check
    required: bool = False


FIELDS: dict[str, Field] = {
    "integrationContext": Field(check=urn("organization")),
    "companyName": Field(check=text(1)),
    "companyPageUrl": Field(check=address),
    "companyApplyUrl": Field(check=text(1), required=True),
    "externalJobPostingId": Field(check=text(1, 75), required=True),  # 75, not 200: linkedin.md 10.1, row 2
    "jobPostingOperationType": Field(check=enumeration(*OPERATIONS), required=True),
    "title": Field(check=text(1, 200), required=True),
    "description": Field(check=text(1), required=True),
    "listedAt": Field(check=long, required=True),
    "location": Field(check=text(1)),
    "countryCode": Field(check=text(2, 2)),
    "postalCode": Field(check=text(1)),
    "alternateLocations": Field(check=texts),
    "categories": Field(check=texts),
    "skillsDescription": Field(check=text(0, 4000)),
    "companyJobCode": Field(check=text(1)),
    "workplaceTypes": Field(check=texts),
    "workRemoteAllowed": Field(check=boolean),
    "industries": Field(check=urns("industry")),
    "employmentStatus": Field(check=text(1)),
    "experienceLevel": Field(check=text(1)),
    "trackingPixelUrl": Field(check=address),
    "companyDescription": Field(check=text()),
    "expireAt": Field(check=long),
    "listingType": Field(check=text(1)),
    "posterEmail": Field(check=email),
    "compensation": Field(check=document),
    "budget": Field(check=document),
    "onsiteApplyConfiguration": Field(check=document),
    "partnerJobCampaignId": Field(check=text(1)),
    "contract": Field(check=urn("contract")),
    "showPosterInfo": Field(check=boolean),
    "availability": Field(check=text(1)),
    "state": Field(check=text(1)),
    "accessRestricted": Field(check=boolean),
    "requisitionOwnerEmail": Field(check=email),
    "requisitionOwnerFirstName": Field(check=text(1)),
    "requisitionOwnerLastName": Field(check=text(1)),
}


def check_enumerations(element: Document) -> None:
    for name, symbols in WHOLE_CALL_ENUMERATIONS.items():
        if name not in element:
            continue
        if not isinstance(element[name], str):
            raise refuse(422, f"ERROR :: /{name} :: enum type is not backed by a String")
        if element[name] not in symbols:
            raise refuse(422, f"ERROR :: /{name} :: {element[name]} is not an enum symbol")


def faults(element: Document, *, poster_email_required: bool) -> list[str]:
    """Every `/path :: words` that is wrong with the element; empty when it may become a task."""
    missing = {name: None for name in _required(element, poster_email_required) if element.get(name) is None}
    found = [f"/{name} :: {REQUIRED}" for name in missing]
    for name, value in element.items():
        if name not in FIELDS:
            found.append(f"/{name} :: {UNRECOGNIZED}")
        elif name not in missing and (fault := FIELDS[name].check(value)):
            found.append(f"/{name} :: {fault}")
    found.extend(_extension_faults(element))
    if isinstance(element.get("compensation"), dict):
        found.extend(compensation_faults(element["compensation"]))
    found.extend(faults_of_extensions({name: value for name, value in element.items() if isinstance(value, dict)}))
    return found


def _required(element: Document, poster_email_required: bool) -> Iterator[str]:
    yield from (name for name, field in FIELDS.items() if field.required)
    if not (element.get("countryCode") and element.get("postalCode")):
        yield "location"
    # linkedin.md 10.1, row 17: required since June 2025
    if poster_email_required:
        yield "posterEmail"
    if _is_promoted(element) or element.get("availability") == "INTERNAL":
        yield "contract"
    # 3.4: RSC jobs say who may see them and whether they are open
    if any(name in element for name in RSC_FIELDS):
        yield from ("availability", "state")


def _extension_faults(element: Document) -> Iterator[str]:
    """RSC jobs are never promoted, and the fields of promoted jobs mean nothing on another one (3.4)."""
    wrong = RSC_FIELDS if _is_promoted(element) else () if element.get("availability") == "INTERNAL" else PREMIUM_FIELDS
    for name in wrong:
        if name in element:
            yield f"/{name} :: {UNRECOGNIZED}"


def _is_promoted(element: Document) -> bool:
    """By a slot of the contract or by a budget."""
    return element.get("listingType") == "PREMIUM" or "budget" in element
