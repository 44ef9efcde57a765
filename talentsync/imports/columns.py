"""Which columns a file of each kind may have. They carry LinkedIn's names in snake_case (linkedin.md 3.3-3.5, 4.2-4.5),
and most of them are read as the field of that name says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core.columns import LowerCaseEmailField
from talentsync.customers.models import Availability
from talentsync.imports import cells, job_cells
from talentsync.imports.cells import KEEP, Cell
from talentsync.imports.models import Kind
from talentsync.jobs.models import Job
from talentsync.jobs.services import NOT_SENT
from talentsync.resumes.models import Resume

CREATED = "2026-03-02T09:30:00+01:00"
ADDRESS = ("line1", "line2", "city", "geographic_area", "geographic_area_type", "postal_code", "country")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a file and the fields that it fills."""

    name: str
    fields: tuple[str, ...]
    read: Cell  # gives one value, or as many as there are fields
    example: Any
    required: bool = False
    label: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """How a file of one kind is read. `under` is that below which an ID is unique; `parents` are named in the file by
    their own external IDs. Changing `unsent` fields makes nothing outdated that LinkedIn was told. `in_zip`: each row
    names a file, and the files come with the table in one zip.
    """

    kind: str
    model: type[models.Model]
    columns: Mapping[str, Column]
    under: str = "customer"
    parents: Mapping[str, type[models.Model]] = field(default_factory=dict)
    unsent: frozenset[str] = frozenset()
    in_zip: bool = False

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns.values() if column.required]

    def column_of(self, name: str) -> str:
        """The column that fills a field; the field's own name where none does."""
        return next((each.name for each in self.columns.values() if name in each.fields), name)


def of_field(model: type[models.Model], name: str, example: Any, *, required: bool = False, **more: Any) -> Column:
    found = model._meta.get_field(name)
    assert isinstance(found, models.Field)
    details = {"read": None, **more}
    read = details.pop("read") or _read_as(found)
    return Column(
        name=details.pop("called", name),
        fields=(name,),
        read=read,
        example=example,
        required=required,
        label=found.verbose_name,
    )


def _read_as(column: models.Field[Any, Any]) -> Cell:
    match column:
        case models.CharField() if column.choices:
            return cells.choice({str(value): str(value) for value, words in column.flatchoices})
        case models.URLField():
            return cells.address(limit=column.max_length or 200)
        case models.EmailField():
            return cells.email(limit=column.max_length or 254, lower=isinstance(column, LowerCaseEmailField))
        case models.CharField():
            return cells.text(limit=column.max_length)
        case models.TextField():
            return cells.text(strip=False)
        case models.DateTimeField():
            return cells.moment(empty=None if column.null else KEEP)
        case models.BooleanField():
            return cells.flag()
        case models.BigIntegerField():
            return cells.number()
    raise AssertionError(f"{column} needs a reader of its own")


def _id(model: type[models.Model], example: str) -> Column:
    return of_field(model, "external_id", example, required=True)


def parent_column(name: str, parent: type[models.Model], example: str) -> Column:
    limit = parent._meta.get_field("external_id").max_length  # type: ignore[union-attr]
    label = _("ID of the %(parent)s") % {"parent": parent._meta.verbose_name}
    return Column(name=name, fields=(name,), read=cells.text(limit=limit), example=example, required=True, label=label)


def _person(prefix: str, label: str | Promise) -> Column:
    both = (f"{prefix}_first_name", f"{prefix}_last_name")
    example = {"firstName": "Noor", "lastName": "Example"}
    return Column(name=prefix, fields=both, read=cells.person(limit=200), example=example, label=label)


def _sheet(kind: str, model: type[models.Model], columns: Iterable[Column], **more: Any) -> Sheet:
    return Sheet(kind=kind, model=model, columns={column.name: column for column in columns}, **more)


# Jobs

DESCRIPTION = (
    "<p>You look after the gardens of a hospital: trees, beds, paths and a greenhouse.</p>"
    "<p>You plan the year with two colleagues and know what grows where.</p>"
)
PAY = {
    "compensations": [
        {
            "type": "BASE_SALARY",
            "period": "YEARLY",
            "value": {
                "range": {
                    "start": {"amount": "42000", "currencyCode": "EUR"},
                    "end": {"amount": "48000", "currencyCode": "EUR"},
                }
            },
        }
    ]
}
VISIBLE = {value: value for value in Availability.values} | {"PRIVATE_TO_ATS_INTEGRATION": Availability.PRIVATE.value}
STATES = {"LISTED": "open", "CLOSED": "closed", "open": "open"}


def _job(name: str, example: Any, **more: Any) -> Column:
    return of_field(Job, name, example, **more)


WORKPLACE = cells.only_one(_read_as(Job._meta.get_field("workplace_type")))

JOBS = (
    _id(Job, "J-1"),
    _job("title", "Gardener", required=True),
    _job("description", DESCRIPTION),
    _job("company_apply_url", "https://jobs.example.com/J-1"),
    _job("listed_at", CREATED, required=True),
    _job("expire_at", ""),
    _job("location", "Graz, Austria"),
    _job("alternate_locations", [], read=cells.texts(limit=300)),
    _job("country_code", ""),
    _job("postal_code", ""),
    _job("workplace_type", ["On-site"], read=WORKPLACE, called="workplace_types"),
    _job("categories", ["eng"], read=cells.texts()),
    _job("industries", ["urn:li:industry:55"], read=cells.texts()),
    _job("employment_status", "FULL_TIME"),
    _job("experience_level", "ASSOCIATE"),
    _job("skills_description", ""),
    _job("company_description", ""),
    _job("company_job_code", ""),
    _job("tracking_pixel_url", ""),
    _job("poster_email", "recruiter@example.com"),
    _job("compensation", PAY, read=job_cells.pay),
    _job("listing_type", "BASIC"),
    _job("show_poster_info", False),
    Column(
        name="budget",
        fields=("budget_amount", "budget_currency"),
        read=job_cells.budget,
        example="",
        label=_("budget"),
    ),
    _job("partner_job_campaign_id", ""),
    Column(
        name="onsite_apply_configuration",
        fields=("job_application_webhook_url", "application_questions"),
        read=job_cells.onsite_apply,
        example="",
        label=_("applying at LinkedIn"),
    ),
    _job("availability", "PUBLIC", read=cells.choice(VISIBLE)),
    _job("status", "LISTED", read=cells.choice(STATES), called="state"),
    _job("access_restricted", False),
    _job("requisition_owner_email", ""),
    _job("requisition_owner_first_name", ""),
    _job("requisition_owner_last_name", ""),
    _job("requisition_id", "REQ-1"),
    _job("greenhouse_job_id", ""),
    _job("close_reason_id", ""),
    _job("owner_email", ""),
)

# Candidates and what hangs on them

POSTAL_ADDRESS = {
    "line1": "1 Garden Lane",
    "city": "Graz",
    "geographicArea": "ST",
    "geographicAreaType": "STATE",
    "postalCode": "8010",
    "country": "at",
}


def _candidate(name: str, example: Any, **more: Any) -> Column:
    return of_field(Candidate, name, example, **more)


CANDIDATES = (
    _id(Candidate, "C-1"),
    _candidate("first_name", "Kim"),
    _candidate("last_name", "Example"),
    _candidate("middle_initial", ""),
    _candidate("prefix", ""),
    _candidate("suffix", ""),
    _candidate("email_addresses", ["kim@example.com"], read=cells.texts(limit=cells.MAX_EMAIL)),
    _candidate(
        "phone_numbers",
        [{"number": "+43 316 555 0100", "extension": "12"}],
        read=cells.objects({"number": "number", "extension": "extension"}),
    ),
    _candidate("addresses", [POSTAL_ADDRESS], read=cells.objects(cells.spellings(ADDRESS))),
    _candidate("external_profile_url", "https://ats.example.com/candidates/C-1"),
    _candidate("linked_in_profile_url", ""),
    _candidate("current_company_name", "Example Gardens"),
    _candidate("current_job_title", "Gardener"),
    _candidate("manual_matched_member", "", read=cells.kept_if_empty(cells.text(limit=100))),
    _candidate("ats_created_at", CREATED, required=True),
    _candidate("ats_last_modified_at", CREATED, required=True),
    _candidate("do_not_contact", False),
    _candidate("do_not_send", False),
)


def _note(model: type[models.Model], parent: Column) -> tuple[Column, ...]:
    return (
        parent,
        _id(model, "N-1"),
        of_field(model, "note", "Called; is free from May."),
        of_field(model, "ats_created_at", CREATED),
        _person("author", _("author")),
        of_field(model, "author_first_name", ""),
        of_field(model, "author_last_name", ""),
    )


def _application(name: str, example: Any, **more: Any) -> Column:
    return of_field(Application, name, example, **more)


APPLICATIONS = (
    _id(Application, "A-1"),
    parent_column("candidate", Candidate, "C-1"),
    parent_column("job", Job, "J-1"),
    _application("first_name", ""),
    _application("last_name", ""),
    _application("candidate_email", ""),
    _application("ats_job_posting_name", ""),
    _application("source", "Referral"),
    _application("disposition_reason", ""),
    _application("ats_created_at", CREATED, required=True),
    _application("ats_last_modified_at", CREATED, required=True),
)
OF_APPLICATION = parent_column("application", Application, "A-1")
STAGES = (
    OF_APPLICATION,
    _id(ApplicationStage, "S-1"),
    of_field(ApplicationStage, "stage", "Interview", required=True),
    of_field(ApplicationStage, "ats_created_at", CREATED, required=True),
)
FEEDBACK = (
    OF_APPLICATION,
    _id(InterviewFeedback, "F-1"),
    of_field(InterviewFeedback, "feedback", "Knows her trees."),
    of_field(InterviewFeedback, "interview_type", "ONSITE"),
    _person("interviewer", _("interviewer")),
    of_field(InterviewFeedback, "interviewer_first_name", ""),
    of_field(InterviewFeedback, "interviewer_last_name", ""),
    of_field(
        InterviewFeedback,
        "evaluations",
        [{"attribute": "Communication", "result": "4/5"}],
        read=cells.objects({"attribute": "attribute", "result": "result"}),
    ),
    of_field(InterviewFeedback, "ats_created_at", CREATED),
)

RESUMES = (
    parent_column("candidate", Candidate, "C-1"),
    Column(
        name="file",
        fields=("file",),
        read=cells.text(limit=1_000),
        example="kim-example.txt",
        required=True,
        label=_("file, by its name in the zip"),
    ),
    of_field(Resume, "external_id", "R-1"),
    of_field(Resume, "ats_created_at", CREATED),
)

MODIFIED = frozenset({"ats_last_modified_at"})  # says when, not what: alone it makes nothing outdated
BELOW_APPLICATION: dict[str, Any] = {"under": "application", "parents": {"application": Application}}

SHEETS: Mapping[str, Sheet] = {
    sheet.kind: sheet
    for sheet in (
        _sheet(Kind.JOB, Job, JOBS, unsent=frozenset(NOT_SENT)),
        _sheet(Kind.CANDIDATE, Candidate, CANDIDATES, unsent=MODIFIED | {"do_not_send"}),
        _sheet(
            Kind.CANDIDATE_NOTE,
            CandidateNote,
            _note(CandidateNote, parent_column("candidate", Candidate, "C-1")),
            under="candidate",
            parents={"candidate": Candidate},
        ),
        _sheet(
            Kind.APPLICATION,
            Application,
            APPLICATIONS,
            parents={"candidate": Candidate, "job": Job},
            unsent=MODIFIED,
        ),
        _sheet(Kind.APPLICATION_NOTE, ApplicationNote, _note(ApplicationNote, OF_APPLICATION), **BELOW_APPLICATION),
        _sheet(Kind.APPLICATION_STAGE, ApplicationStage, STAGES, **BELOW_APPLICATION),
        _sheet(Kind.INTERVIEW_FEEDBACK, InterviewFeedback, FEEDBACK, **BELOW_APPLICATION),
        _sheet(Kind.RESUME, Resume, RESUMES, under="candidate", parents={"candidate": Candidate}, in_zip=True),
    )
}
