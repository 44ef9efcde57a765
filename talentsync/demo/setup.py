"""Sets the invented world up. Doing it again leaves what is there, and gives the simulators what they have lost."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone

from connectors.base.errors import Unreachable
from connectors.base.simulation.simulator import Simulator
from connectors.base.transport import FunctionAdapter
from connectors.simulators import practice_vendors
from talentsync.applications.models import Application, ApplicationStage, InterviewFeedback
from talentsync.candidates import services as people_services
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core import roles
from talentsync.customers import clients, connecting, practice, services
from talentsync.customers.models import Availability, Connection, Customer, Destination, Environment, Membership
from talentsync.demo import papers
from talentsync.demo.offers import CLINICS, RECRUITER, WAREHOUSES, Offer
from talentsync.demo.people import DRIVERS, NURSES, Applicant, Paper
from talentsync.jobs.models import Job
from talentsync.resumes import services as resume_services
from talentsync.resumes.models import Resume
from talentsync.resumes.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class Company:
    """An invented customer and its accounts at the vendors of practice."""

    name: str
    prefix: str  # of its ids
    number: int
    availability: Availability
    offers: Sequence[Offer]
    applicants: Sequence[Applicant] = ()

    @property
    def organization(self) -> str:
        return f"urn:li:organization:{self.number}"

    @property
    def recruiter_contract(self) -> str:
        return f"urn:li:contract:{self.number}02"

    def candidate_id(self, index: int) -> str:
        return f"{self.prefix}-C-{index:03d}"

    def details(self, destination: str) -> dict[str, str]:
        secret = secrets.token_urlsafe(24)
        if destination == Destination.GREENHOUSE:
            client = {"client_id": f"greenhouse-{self.prefix.lower()}", "client_secret": secret}
            return {**client, "api_version": "v3", "acting_user_id": "4410027"}
        return {
            "client_id": f"linkedin-{self.prefix.lower()}",
            "client_secret": secret,
            "organization_urn": self.organization,
            "recruiter_contract_urn": self.recruiter_contract,
            "job_contract_urn": f"urn:li:contract:{self.number}01",
        }


COMPANIES = (
    Company(
        name="Parcel & Post",
        prefix="PP",
        number=7701,
        availability=Availability.PUBLIC,
        offers=WAREHOUSES,
        applicants=DRIVERS,
    ),
    Company(
        name="Salzach Clinics",
        prefix="SC",
        number=7702,
        availability=Availability.PRIVATE,
        offers=CLINICS,
        applicants=NURSES,
    ),
)

PEOPLE = {
    "administrator": (),
    "support": (roles.SUPPORT,),
    "recruiter": (roles.RECRUITER,),
}


def people() -> dict[str, str]:
    """Make the users that are missing; their names with the passwords that nobody will see again."""
    made = {}
    for name, groups in PEOPLE.items():
        if User.objects.filter(username=name).exists():
            continue
        made[name] = secrets.token_urlsafe(12)
        email = RECRUITER if name == "recruiter" else f"{name}@demo.example"
        rights = {"is_staff": True, "is_superuser": not groups}
        user = User.objects.create_user(name, email, made[name], **rights)
        user.groups.set(Group.objects.filter(name__in=groups))
    return made


def companies() -> list[Customer]:
    """Make the customers that are missing, with their connections, members and jobs."""
    return [_company(company) for company in COMPANIES]


def resumes() -> set[str]:
    """Upload the resumes that are missing, and ask for them to be sent. What a file was refused for is returned (that
    the scanner cannot be reached, say): it is tried again the next time.
    """
    refused = set()
    for company in COMPANIES:
        made = []
        for index, applicant in enumerate(company.applicants, start=1):
            try:
                made += _resume(company, index, applicant)
            except Refused as refusal:
                refused.add(refusal.sentence)
        resume_services.ask(Resume.objects.filter(pk__in=made), "send", by=None)
    return refused


def at_the_vendors() -> None:
    """Tell the simulators of credentials, jobs and whom the CRM does not know, and test the connections (close reasons
    come with it).

    Works beside running simulators as well as before they are started: both keep the same file.
    """
    connections = list(Connection.objects.filter(customer__name__in=[company.name for company in COMPANIES]))
    connections = [each for each in connections if each.is_practice]
    content = _content(connections)
    try:
        practice.seed(content)
        _test(connections)
    except Unreachable:
        _seed_file(content, connections)


@transaction.atomic
def _company(company: Company) -> Customer:
    customer, _ = Customer.objects.get_or_create(
        name=company.name, defaults={"default_availability": company.availability}
    )
    for destination in Destination.values:
        if not customer.connections.filter(destination=destination).exists():
            connecting.connect(
                company.name,
                destination=destination,
                environment=Environment.SIMULATOR,
                details=company.details(destination),
                make_new=False,
            )
    _add_contract(company, customer)
    for user in User.objects.filter(username__in=PEOPLE, is_superuser=False):
        Membership.objects.get_or_create(customer=customer, user=user)
    for index, offer in enumerate(company.offers, start=1):
        _job(company, customer, index, offer)
    for index, applicant in enumerate(company.applicants, start=1):
        _candidate(company, customer, index, applicant)
    return customer


def _add_contract(company: Company, customer: Customer) -> None:
    """To a connection from before there were resumes: without the contract none could be uploaded."""
    details = company.details(Destination.LINKEDIN)
    for connection in customer.connections.filter(client_id=details["client_id"], recruiter_contract_urn=""):
        connection.recruiter_contract_urn = company.recruiter_contract
        services.change_connection(connection, fields=["recruiter_contract_urn"], by=None)


def _job(company: Company, customer: Customer, index: int, offer: Offer) -> None:
    columns: dict[str, Any] = {
        "title": offer.title,
        "description": offer.description(company.name),
        "location": offer.location,
        "workplace_type": offer.workplace,
        "employment_status": offer.employment,
        "experience_level": offer.level,
        "categories": [offer.function],
        "company_apply_url": f"https://careers.demo.example/{company.prefix.lower()}/{index}",
        "listed_at": timezone.now() - offer.age,
        "owner_email": offer.owner,
        "poster_email": offer.owner or RECRUITER,
        "requisition_id": _requisition(company, index),
    }
    Job.objects.get_or_create(
        customer=customer, external_id=f"{company.prefix}-{index:03d}", defaults={**columns, **offer.more}
    )


def _candidate(company: Company, customer: Customer, index: int, applicant: Applicant) -> None:
    """The person with all that hangs on them; one that is there already stays as it is."""
    key, began = company.candidate_id(index), timezone.now() - timedelta(days=20 - index)
    columns: dict[str, Any] = {
        "first_name": applicant.first_name,
        "last_name": applicant.last_name,
        "email_addresses": [applicant.email.replace(".@", "@")],
        "phone_numbers": [{"number": f"+43 732 555 {100 + index}", "extension": ""}],
        "current_job_title": applicant.title,
        "current_company_name": applicant.employer,
        "external_profile_url": f"https://ats.demo.example/{company.prefix.lower()}/candidates/{index}",
        "ats_created_at": began,
        "ats_last_modified_at": began,
    }
    if Candidate.objects.filter(customer=customer, external_id=key).exists():
        return
    candidate = Candidate(customer=customer, external_id=key, **columns, **dict(applicant.more))
    people_services.add_candidate(candidate, by=None)
    if applicant.note:
        note = CandidateNote(candidate=candidate, external_id="1", note=applicant.note, ats_created_at=began)
        people_services.add_record("candidate_note", note, by=None)
    if applicant.job:
        _application(company, candidate, applicant, began)


def _application(company: Company, candidate: Candidate, applicant: Applicant, began: datetime) -> None:
    job = Job.objects.get(customer=candidate.customer, external_id=f"{company.prefix}-{applicant.job:03d}")
    application = Application(
        customer=candidate.customer,
        candidate=candidate,
        job=job,
        external_id=candidate.external_id.replace("-C-", "-A-"),
        source=applicant.source,
        ats_created_at=began,
        ats_last_modified_at=began,
    )
    people_services.add_record("application", application, by=None)
    for place, words in enumerate(applicant.stages, start=1):
        reached = began + timedelta(days=place)
        stage = ApplicationStage(application=application, external_id=str(place), stage=words, ats_created_at=reached)
        people_services.add_record("application_stage", stage, by=None)
    if applicant.feedback:
        feedback = InterviewFeedback(
            application=application,
            external_id="1",
            feedback=applicant.feedback,
            interview_type="ONSITE",
            evaluations=[{"attribute": "Overall", "result": applicant.rating}],
            ats_created_at=began + timedelta(days=3),
        )
        people_services.add_record("interview_feedback", feedback, by=None)


def _resume(company: Company, index: int, applicant: Applicant) -> list[int]:
    """The resume that was just made; nothing for who has one already."""
    candidate = Candidate.objects.get(customer__name=company.name, external_id=company.candidate_id(index))
    if applicant.paper is None or candidate.resumes.exists():
        return []
    name, content = papers.made(applicant, applicant.paper)
    options: dict[str, Any] = {"choice": _choice(applicant.paper), "external_id": "1", "send": False}
    return [resume_services.upload(candidate, BytesIO(content), name, by=None, **options).resume.pk]


def _choice(paper: Paper) -> resume_services.Choice:
    return resume_services.Choice(keep_for=paper.keep_for, keep_unit=paper.keep_unit, on_expiry=paper.on_expiry)


def _requisition(company: Company, index: int) -> str:
    return f"REQ-{company.prefix}-{index:03d}"


def _content(connections: Sequence[Connection]) -> dict[str, Any]:
    """Everything the simulators are to know, as their `seed` takes it."""
    content: dict[str, Any] = {Destination.LINKEDIN.value: {}, Destination.GREENHOUSE.value: {}}
    for connection in connections:
        for name, entries in practice.content_of(connection).items():
            content[connection.destination].setdefault(name, []).extend(entries)
    content[Destination.LINKEDIN]["tcrm_candidates"] = [
        {"external_id": company.candidate_id(index), "known": False, "organization": company.organization}
        for company in COMPANIES
        for index, applicant in enumerate(company.applicants, start=1)
        if not applicant.in_crm
    ]
    content[Destination.GREENHOUSE]["jobs"] = [
        {
            "requisition_id": _requisition(company, index),
            "name": offer.title,
            "openings": offer.openings,
            "unless_known": True,
        }
        for company in COMPANIES
        for index, offer in enumerate(company.offers, start=1)
    ]
    return content


def _test(connections: Sequence[Connection]) -> None:
    for connection in connections:
        services.test_connection(connection, by=None)


def _seed_file(content: dict[str, Any], connections: Sequence[Connection]) -> None:
    """The simulators do not run yet: their file is filled from here, and the connections are tested in process."""
    vendors = practice_vendors(settings.VAR_DIR / "simulator.sqlite3")
    for vendor in vendors:
        vendor.seed(content[vendor.name])
        _mount(vendor)
    try:
        _test(connections)
    finally:
        clients.unmount_all()


def _mount(vendor: Simulator) -> None:
    for name, door in vendor.doors.items():
        url = settings.SIMULATOR_URL.rstrip("/") + door.prefix
        clients.mount(url, FunctionAdapter(url, partial(vendor.answer, door=name)))
