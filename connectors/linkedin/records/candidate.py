"""A candidate as LinkedIn's Middleware Platform knows it.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-candidates
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.linkedin.records.wire import filled

REQUIRED = ("email_addresses", "addresses", "phone_numbers")  # lists that are sent empty rather than not at all


@dataclass(frozen=True, kw_only=True)
class Address:
    line1: str = ""
    line2: str = ""
    city: str = ""
    geographic_area: str = ""  # a code such as RI or AB
    geographic_area_type: str = ""
    postal_code: str = ""
    country: str = ""  # two letters


@dataclass(frozen=True, kw_only=True)
class Phone:
    number: str = ""
    extension: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """linkedin.md 4.2; moments are epoch milliseconds, UTC.

    `external_id` is the record's key and no field of it. `manual_matched_member` is the LinkedIn person a user has
    confirmed: it stands in every update while the link holds, because an update replaces the whole record.
    """

    external_id: str
    first_name: str = ""
    last_name: str = ""
    email_addresses: tuple[str, ...] = ()
    phone_numbers: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    ats_created_at: int | None = None
    ats_last_modified_at: int | None = None
    external_profile_url: str = ""
    linked_in_profile_url: str = ""
    current_company_name: str = ""
    current_job_title: str = ""
    middle_initial: str = ""
    prefix: str = ""
    suffix: str = ""
    do_not_contact: bool | None = None
    manual_matched_member: str = ""

    def to_wire(self) -> dict[str, Any]:
        return filled(self, required=REQUIRED, apart=("external_id",))
