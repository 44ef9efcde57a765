"""Who and what a chaos run is about: customers in practice at both vendors, their jobs, and people with everything.

Each record has a version, a number in one of its fields that grows with each edit: by it an older wish is told from a
newer one, here and at the vendor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.resumes.models import Resume
from tests.candidates.making import make_application, make_candidate, make_note, make_parts
from tests.chaos.plan import CUSTOMERS, JOBS
from tests.customers.making import GREENHOUSE, LINKEDIN, make_connection, make_customer, make_user
from tests.sync.driving import make_job

MODELS: Mapping[str, Any] = {
    "job": Job,
    "candidate": Candidate,
    "candidate_note": CandidateNote,
    "application": Application,
    "application_note": ApplicationNote,
    "application_stage": ApplicationStage,
    "interview_feedback": InterviewFeedback,
    "resume": Resume,
}
VERSIONED: Mapping[str, tuple[str, str]] = {
    "job": ("title", "title"),
    "candidate": ("current_job_title", "currentJobTitle"),
    "candidate_note": ("note", "note"),
    "application": ("source", "source"),
    "application_note": ("note", "note"),
    "application_stage": ("stage", "stage"),
    "interview_feedback": ("feedback", "feedback"),
}
"""The field that holds the version, here and at LinkedIn; that of a resume is its file."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """One customer and what it is called at the vendors."""

    customer: Customer
    organization: str
    client_id: str


def seated(linkedin: Linkedin, greenhouse: Greenhouse) -> list[Account]:
    """The customers with their connections and jobs. The last one's changes are sent by themselves."""
    return [_seated(linkedin, greenhouse, index) for index in range(CUSTOMERS)]


def _seated(linkedin: Linkedin, greenhouse: Greenhouse, index: int) -> Account:
    named = {
        "organization_urn": f"urn:li:organization:{77 + index}",
        "client_id": f"chaos-{index}",
        "recruiter_contract_urn": f"urn:li:contract:{55501 + index}",
    }
    linkedin.seed_application(
        client_id=named["client_id"],
        client_secret=LINKEDIN["client_secret"],
        organizations=[named["organization_urn"]],
        contracts=[named["recruiter_contract_urn"]],
    )
    at_greenhouse = f"gh-chaos-{index}"
    acting_user = int(GREENHOUSE["acting_user_id"]) + index
    greenhouse.seed_credential(
        client_id=at_greenhouse,
        client_secret=GREENHOUSE["client_secret"],
        account=at_greenhouse,
        acting_users=[acting_user],
    )
    customer = make_customer(f"Customer {index}", sends_changes=index == CUSTOMERS - 1)
    make_connection(customer, **named)
    make_connection(customer, destination="greenhouse", client_id=at_greenhouse, acting_user_id=str(acting_user))
    for number in range(JOBS):
        requisition = f"REQ-{index}-{number}"
        greenhouse.seed_job(requisition, openings=2, account=at_greenhouse)
        make_job(customer, f"J-{number}", title="0", requisition_id=requisition)
    return Account(customer=customer, organization=named["organization_urn"], client_id=named["client_id"])


def everything(customer: Customer, external_id: str, job: Job) -> dict[str, Any]:
    """A person, with one record of each kind but a resume."""
    candidate = make_candidate(customer, external_id, current_job_title="0")
    application = make_application(candidate, job, f"A-{external_id}", source="0")
    parts: Sequence[Any] = make_parts(application)
    made = [candidate, make_note(candidate, note="0"), application, *parts]
    kinds = [kind for kind in VERSIONED if kind != "job"]
    for kind, record in zip(kinds, made, strict=True):
        MODELS[kind]._default_manager.filter(pk=record.pk).update(**{VERSIONED[kind][0]: "0"})
    return dict(zip(kinds, made, strict=True))


def version_of(kind: str, record: Any) -> int:
    return int(getattr(record, VERSIONED[kind][0]))


def support() -> Any:
    return make_user("support")
