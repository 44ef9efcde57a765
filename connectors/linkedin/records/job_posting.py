"""A job as it is posted.

https://learn.microsoft.com/linkedin/talent/job-postings/api/job-posting-api-schema
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.linkedin.records.money import Money
from connectors.linkedin.records.wire import filled

RECRUITER_FIELDS = (
    "availability",
    "state",
    "access_restricted",
    "requisition_owner_email",
    "requisition_owner_first_name",
    "requisition_owner_last_name",
    "country_code",
    "postal_code",
)
"""What only Recruiter System Connect knows (linkedin.md 3.4)."""
NEVER_SENT = {"employment_status": "OTHER"}  # linkedin.md 10.1, row 16


@dataclass(frozen=True, kw_only=True)
class Compensation:
    """One kind of pay: an exact amount, or a range. Amounts are decimal numbers as text."""

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
        return {"range": {"start": self._money(self.start), "end": self._money(self.end)}}

    def _money(self, amount: str) -> dict[str, str]:
        return filled(Money(amount=amount, currency_code=self.currency))


@dataclass(frozen=True, kw_only=True)
class OnsiteApplyConfiguration:
    """Apply Connect: people apply at LinkedIn, which hands each application to an address of the customer's ATS.

    `questions` are LinkedIn's object as it is.
    https://learn.microsoft.com/linkedin/talent/apply-connect/onsite-apply-config-schema
    """

    job_application_webhook_url: str = ""
    questions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Pay for performance: what LinkedIn may spend on promoting the job."""

    pay_for_performance_total_budget: Money


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
    # pay for performance
    budget: Budget | None = None
    # Apply Connect
    onsite_apply_configuration: OnsiteApplyConfiguration | None = None
    # Recruiter System Connect
    availability: str = ""
    state: str = ""  # overwritten by the operation when it is sent
    access_restricted: bool | None = None
    requisition_owner_email: str = ""
    requisition_owner_first_name: str = ""
    requisition_owner_last_name: str = ""
    country_code: str = ""
    postal_code: str = ""

    @property
    def is_premium(self) -> bool:
        return self.listing_type == "PREMIUM"

    @property
    def recruiter_fields(self) -> list[str]:
        """Those of Recruiter System Connect that have a value."""
        return [name for name in RECRUITER_FIELDS if getattr(self, name) not in (None, "")]

    def to_wire(self) -> dict[str, Any]:
        """The payload without the operation; what is empty is left out."""
        apart = [name for name, value in NEVER_SENT.items() if getattr(self, name) == value]
        wire = filled(self, apart=("compensation", *apart))
        if self.compensation:
            wire["compensation"] = {"compensations": [each.to_wire() for each in self.compensation]}
        return wire
