"""What goes on the wire: one frozen record per kind, in LinkedIn's words. What it may hold is said by `rules`.

https://learn.microsoft.com/linkedin/talent/job-postings/api/job-posting-api-schema
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

NEVER_SENT = {"employment_status": "OTHER"}  # linkedin.md 10.1, row 16


@dataclass(frozen=True, kw_only=True)
class Compensation:
    """One kind of pay: an exact amount, or a range that may be open at one end. Amounts are decimal numbers as text."""

    type: str
    period: str
    currency: str
    exact: str = ""
    start: str = ""
    end: str = ""

    def to_wire(self) -> dict[str, Any]:
        return {"type": self.type, "period": self.period, "value": self._value()}

    def _value(self) -> dict[str, Any]:
        if self.exact:
            return {"exactAmount": self._money(self.exact)}
        ends = {"start": self.start, "end": self.end}
        return {"range": {name: self._money(amount) for name, amount in ends.items() if amount}}

    def _money(self, amount: str) -> dict[str, str]:
        return {"amount": amount, "currencyCode": self.currency}


@dataclass(frozen=True, kw_only=True)
class JobPosting:
    """A job as LinkedIn's schema knows it (linkedin.md 3.3-3.5); moments are epoch milliseconds, UTC.

    `integration_context` and, for premium jobs, `contract` may stay empty: the connection fills them in.
    """

    external_job_posting_id: str
    title: str = ""
    description: str = ""
    company_apply_url: str = ""
    location: str = ""
    listed_at: int | None = None
    integration_context: str = ""
    company_name: str = ""
    company_page_url: str = ""
    company_description: str = ""
    company_job_code: str = ""
    alternate_locations: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    skills_description: str = ""
    workplace_types: tuple[str, ...] = ()
    work_remote_allowed: bool | None = None
    employment_status: str = ""
    experience_level: str = ""
    tracking_pixel_url: str = ""
    expire_at: int | None = None
    poster_email: str = ""
    compensation: tuple[Compensation, ...] = ()
    partner_requisition_id: str = ""
    partner_job_campaign_id: str = ""
    listing_type: str = "BASIC"
    # premium
    contract: str = ""
    show_poster_info: bool | None = None
    # Recruiter System Connect
    availability: str = ""
    state: str = ""  # overwritten by the operation when it is sent
    access_restricted: bool | None = None
    requisition_owner_email: str = ""
    requisition_owner_first_name: str = ""
    requisition_owner_last_name: str = ""
    country_code: str = ""
    postal_code: str = ""

    def to_wire(self) -> dict[str, Any]:
        """The payload without the operation; what is empty is left out."""
        wire: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value in (None, "", ()) or NEVER_SENT.get(field.name) == value:
                continue
            wire[wire_name(field.name)] = _on_wire(value)
        return wire


def wire_name(attribute: str) -> str:
    """LinkedIn's spelling of a field: `company_apply_url` is `companyApplyUrl`."""
    first, *rest = attribute.split("_")
    return first + "".join(part.capitalize() for part in rest)


def attribute_named(field_name: str) -> str:
    """Our spelling of a field LinkedIn complains about; empty when it is not a field of a job."""
    return _ATTRIBUTES.get(field_name, "")


def _on_wire(value: Any) -> Any:
    if isinstance(value, tuple) and isinstance(value[0], Compensation):
        return {"compensations": [each.to_wire() for each in value]}
    return list(value) if isinstance(value, tuple) else value


_ATTRIBUTES = {wire_name(field.name): field.name for field in fields(JobPosting)}
