"""A job in the vendors' words: what LinkedIn is sent and would not accept, and which job Greenhouse is to close.

No rule stands in the way of a close, and none is applied to a look (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from connectors.base.errors import Unmappable
from connectors.greenhouse.records import GreenhouseJob
from connectors.linkedin import rules
from connectors.linkedin.records import (
    Budget,
    Compensation,
    JobPosting,
    Money,
    OnsiteApplyConfiguration,
    attribute_named,
)
from connectors.linkedin.rules import Problem
from talentsync.customers.models import Availability
from talentsync.jobs.models import Job, PostingStatus
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from talentsync.customers.models import Connection

FIELDS: Mapping[str, str] = {
    "external_job_posting_id": "external_id",
    "workplace_types": "workplace_type",
    "contract": "listing_type",
    "integration_context": "customer",
    "state": "status",
    "budget": "budget_amount",
    "currency_code": "budget_currency",
    "onsite_apply_configuration": "job_application_webhook_url",
    "questions": "application_questions",
}
"""Where LinkedIn's field and ours have different names."""

IN_LINKEDINS_WORDS = {Availability.PUBLIC.value: "PUBLIC", Availability.PRIVATE.value: "PRIVATE_TO_ATS_INTEGRATION"}
END = "expireAt"
PUBLIC_TO_PRIVATE = gettext_lazy(
    "The job is live and public, and LinkedIn does not let it become private: close it, then post it again."
)


def linkedin_job(
    job: Job, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent, without the verb. Raises `Unmappable` with the first rule that the job breaks, except for
    closes and looks."""
    if operation == Operation.RECORD:
        if job.is_open:
            raise Unmappable(
                gettext("The job was opened again after it was asked for as closed: post it."), field="status"
            )
        return closed_job(job, connection)
    now = timezone.now()
    if operation in {Operation.UPSERT, Operation.RENEW}:
        if not job.is_open:
            raise Unmappable(gettext("The job was closed in your ATS after it was asked for."), field="status")
        for problem in problems(job, connection, now=now):
            raise Unmappable(sentence(problem), field=problem.field)
    wire = posting_of(job, connection).to_wire()
    if operation not in {Operation.UPSERT, Operation.RENEW}:
        wire.pop(END, None)  # it may lie in the past by now, and says nothing to a close
    return wire


def closed_job(job: Job, connection: Connection) -> dict[str, Any]:
    """What LinkedIn is sent of a job that was over before anybody posted it (linkedin.md 3.13). Raises `Unmappable`."""
    for problem in problems_of_closed(job, connection, now=timezone.now()):
        raise Unmappable(sentence(problem), field=problem.field)
    return _closed_posting(job, connection).to_wire()


def problems_of_closed(job: Job, connection: Connection, *, now: datetime) -> Iterator[Problem]:
    """What LinkedIn would not accept of a job that is made known as closed, under our names of the fields."""
    yield from _in_our_words(rules.problems(_closed_posting(job, connection), now_ms=milliseconds(now)))


def _closed_posting(job: Job, connection: Connection) -> JobPosting:
    """Only a job with Recruiter fields can say that it is closed, and such a one is basic and in one place
    (linkedin.md 3.4): what is over uses no slot and no budget, takes no applications, and its end says nothing.
    """
    wished = job.availability or connection.customer.default_availability
    return replace(
        posting_of(job, connection),
        alternate_locations=(),
        expire_at=None,
        listing_type="BASIC",
        contract="",
        budget=None,
        partner_job_campaign_id="",
        onsite_apply_configuration=None,
        show_poster_info=None,
        availability=IN_LINKEDINS_WORDS[wished],
    )


def greenhouse_job(
    job: Job, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Which job Greenhouse is asked about. The close reason chosen at the click comes before the job's."""
    reasons = (params.get("close_reason_id"), job.close_reason_id, connection.default_close_reason_id)
    reason = next((reason for reason in reasons if reason is not None), None)
    return replace(reference_of(job), close_reason_id=reason).to_wire()


def reference_of(job: Job) -> GreenhouseJob:
    """Which job Greenhouse would look for."""
    return GreenhouseJob(
        requisition_id=job.requisition_id.strip(),
        greenhouse_job_id=job.greenhouse_job_id,
        close_reason_id=job.close_reason_id,
    )


def problems(
    job: Job,
    connection: Connection,
    *,
    now: datetime,
    end_counts: bool | None = None,
) -> Iterator[Problem]:
    """What LinkedIn would not accept of this job, under our names of the fields. The end of a live job counts only if
    somebody is changing it (`end_counts`): LinkedIn keeps its own, which a renewal may have moved.
    """
    counts = not job.is_live if end_counts is None else end_counts
    for problem in rules.problems(posting_of(job, connection), now_ms=milliseconds(now)):
        if problem.field == "expire_at" and not counts:
            continue
        yield from _in_our_words([problem])
    if turns_private(job, connection):
        yield Problem(field="availability", rule=str(PUBLIC_TO_PRIVATE))


def _in_our_words(problems: Iterable[Problem]) -> Iterator[Problem]:
    for problem in problems:
        yield Problem(field=FIELDS.get(problem.field, problem.field), rule=gettext(problem.rule))


def is_private(job: Job, connection: Connection) -> bool:
    """As chosen for the job; without a choice what is live stays as it is, and the rest is as the customer chose."""
    if job.is_promoted:
        return False
    if not job.availability and job.is_live:
        return job.posting_status == PostingStatus.PRIVATE_LIVE
    return bool((job.availability or connection.customer.default_availability) == Availability.PRIVATE)


def turns_private(job: Job, connection: Connection) -> bool:
    """An update would make a live public posting private (linkedin.md 3.2)."""
    return job.posting_status == PostingStatus.LIVE and is_private(job, connection)


def posting_of(job: Job, connection: Connection) -> JobPosting:
    """The job in LinkedIn's words, whatever is wrong with it."""
    premium, budget = job.listing_type == "PREMIUM", budget_of(job)
    return JobPosting(
        external_job_posting_id=job.external_id,
        integration_context=connection.organization_urn,
        title=job.title,
        description=job.description,
        skills_description=job.skills_description,
        company_description=job.company_description,
        company_job_code=job.company_job_code,
        company_apply_url=job.company_apply_url,
        tracking_pixel_url=job.tracking_pixel_url,
        location=job.location,
        alternate_locations=tuple(job.alternate_locations),
        country_code=job.country_code,
        postal_code=job.postal_code,
        categories=tuple(job.categories),
        industries=tuple(job.industries),
        workplace_types=(job.workplace_type,) if job.workplace_type else (),
        employment_status=job.employment_status,
        experience_level=job.experience_level,
        listed_at=milliseconds(job.listed_at),
        expire_at=end_of(job),
        poster_email=job.poster_email,
        compensation=tuple(_pay(entry) for entry in job.compensation),
        listing_type=job.listing_type,
        contract=connection.job_contract_urn if premium or budget else "",
        budget=budget,
        onsite_apply_configuration=_onsite_apply(job),
        partner_job_campaign_id=job.partner_job_campaign_id,
        show_poster_info=job.show_poster_info if premium else None,
        availability=_availability(job, connection),
        access_restricted=job.access_restricted or None,
        requisition_owner_email=job.requisition_owner_email,
        requisition_owner_first_name=job.requisition_owner_first_name,
        requisition_owner_last_name=job.requisition_owner_last_name,
    )


def end_of(job: Job) -> int | None:
    """When the job says that its posting ends, as LinkedIn writes it; None where it says nothing."""
    return milliseconds(job.expire_at) if job.expire_at else None


def _pay(entry: Mapping[str, Any]) -> Compensation:
    names = ("type", "period", "currency", "exact", "start", "end")
    return Compensation(**{name: str(entry.get(name, "")) for name in names})


def budget_of(job: Job) -> Budget | None:
    total = Money(amount=job.budget_amount, currency_code=job.budget_currency)
    return Budget(pay_for_performance_total_budget=total) if job.budget_amount or job.budget_currency else None


def _onsite_apply(job: Job) -> OnsiteApplyConfiguration | None:
    if not (job.job_application_webhook_url or job.application_questions):
        return None
    return OnsiteApplyConfiguration(
        job_application_webhook_url=job.job_application_webhook_url, questions=job.application_questions
    )


def _availability(job: Job, connection: Connection) -> str:
    """Nothing for public jobs that may not carry Recruiter fields: promoted ones, and ones in several places."""
    if job.is_promoted and job.availability != Availability.PRIVATE:
        return ""
    if job.availability == Availability.PRIVATE or is_private(job, connection):
        return IN_LINKEDINS_WORDS[Availability.PRIVATE.value]
    if job.alternate_locations and not _has_recruiter_fields(job):
        return ""
    return IN_LINKEDINS_WORDS[Availability.PUBLIC.value]


def _has_recruiter_fields(job: Job) -> bool:
    owner = job.requisition_owner_email or job.requisition_owner_first_name or job.requisition_owner_last_name
    return bool(owner or job.country_code or job.postal_code or job.access_restricted)


def page_of(connection: Connection) -> str:
    """The company page that a connection posts to, as far as we know what it is called."""
    words = gettext("%(customer)s (number %(number)s at LinkedIn)")
    return words % {"customer": connection.customer, "number": connection.organization_urn.rpartition(":")[2]}


def sentence(problem: Problem) -> str:
    """Field and rule, for a reader who is not on the form."""
    return f"{label_of(problem.field)}: {problem.rule}"


def label_of(field: str) -> str:
    """What a field of a job is called on screen."""
    return capfirst(str(Job._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def our_name(field: str) -> str:
    """Our name of a field that LinkedIn or we complain about; "" where it is no field of a job."""
    names = {each.name for each in Job._meta.concrete_fields}
    attribute = field if field in names else attribute_named(field, JobPosting)
    ours = FIELDS.get(attribute, attribute)
    return ours if ours in names else ""


def moment(milliseconds: int) -> datetime:
    """LinkedIn's way of saying a moment, read back."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def field_label(name: str) -> str:
    """Our label of the field that a vendor or we complain about; its name where it is no field of a job."""
    ours = our_name(name)
    return label_of(ours) if ours else name
