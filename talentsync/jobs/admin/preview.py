"""What would be sent, as labelled fields: look before you send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from connectors.linkedin import choices, rules
from connectors.linkedin.records import Budget, Compensation, JobPosting
from talentsync.customers.models import Connection, Destination
from talentsync.jobs import records
from talentsync.jobs.models import Job

Sentence = str | Promise

CHOICES: Mapping[str, Mapping[str, str]] = {
    "availability": choices.AVAILABILITIES,
    "employment_status": choices.EMPLOYMENT_STATUSES,
    "experience_level": choices.EXPERIENCE_LEVELS,
    "listing_type": choices.LISTING_TYPES,
    "categories": choices.JOB_FUNCTIONS,
    "workplace_types": choices.WORKPLACE_TYPES,
}
MOMENTS = {"listed_at", "expire_at"}
TEXTS = {"description", "skills_description", "company_description"}
LONG = TEXTS | {"questions"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One field: its label, what it says, and whether it is a long text."""

    label: str
    value: str
    is_text: bool = False


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one vendor would get; `technical` is the same as JSON."""

    vendor: str
    lines: list[Line]
    problems: list[str]
    technical: str


def of(job: Job, connections: Mapping[str, Connection]) -> list[Preview]:
    found = []
    if connection := connections.get(Destination.LINKEDIN):
        found.append(_linkedin(job, connection))
    if connection := connections.get(Destination.GREENHOUSE):
        found.append(_greenhouse(job, connection))
    return found


def _linkedin(job: Job, connection: Connection) -> Preview:
    posting = records.posting_of(job, connection)
    wire = posting.to_wire()
    problems = records.problems(job, connection, now=timezone.now()) if job.is_open else ()
    return Preview(
        vendor="LinkedIn",
        lines=[line for line in _lines(posting, connection) if line.value],
        problems=[records.sentence(problem) for problem in problems],
        technical=_json(wire),
    )


def _greenhouse(job: Job, connection: Connection) -> Preview:
    """Greenhouse is only ever told to close."""
    reference = records.greenhouse_job(job, connection, None, {})
    reasons = {reason["id"]: reason["name"] for reason in connection.close_reasons}
    reason = reference["close_reason_id"]
    lines = [
        Line(label=records.label_of("requisition_id"), value=reference["requisition_id"]),
        Line(label=records.label_of("greenhouse_job_id"), value=str(reference["greenhouse_job_id"] or "")),
        Line(label=records.label_of("close_reason_id"), value=reasons.get(reason, str(reason or ""))),
    ]
    return Preview(
        vendor="Greenhouse", lines=[line for line in lines if line.value], problems=[], technical=_json(reference)
    )


def _lines(posting: JobPosting, connection: Connection) -> list[Line]:
    """In the order of LinkedIn's schema; of what people apply with at LinkedIn, each part."""
    sent = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
    if apply := sent.pop("onsite_apply_configuration"):
        sent |= {name: getattr(apply, name) for name in apply.__dataclass_fields__}
    return [
        Line(label=_label(name), value=_named(name, connection) or _in_words(name, value), is_text=name in LONG)
        for name, value in sent.items()
        if value not in (None, "", (), {})
    ]


def _named(name: str, connection: Connection) -> str:
    """What LinkedIn is told by a number, and a person by a name."""
    match name:
        case "integration_context":
            return records.page_of(connection)
        case "contract":
            return gettext("Number %(number)s at LinkedIn") % {"number": connection.job_contract_urn.rpartition(":")[2]}
        case _:
            return ""


def _label(name: str) -> str:
    """Ours where the field is ours; else a name of its own."""
    own = {
        "integration_context": gettext("Company page"),
        "contract": gettext("Contract"),
        "budget": gettext("Budget"),
    }
    return own.get(name) or records.label_of(records.FIELDS.get(name, name))


def _in_words(name: str, value: Any) -> str:
    if name in MOMENTS:
        return formats.date_format(timezone.localtime(records.moment(value)), "j F Y, H:i")
    if name in TEXTS:
        return _plain(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Budget):
        total = value.pay_for_performance_total_budget
        return f"{total.amount} {total.currency_code}"
    if name == "questions":
        return _questions(value)
    if isinstance(value, tuple):
        return ", ".join(_pay(each) if isinstance(each, Compensation) else _choice(name, each) for each in value)
    return _choice(name, str(value))


def _plain(html: str) -> str:
    """The text as it reads: paragraphs and list items on lines of their own."""
    lines = re.sub(r"(?i)<(?:br|/p|/ul)[^>]*>", "\n", re.sub(r"(?i)<li[^>]*>", "\n• ", html))
    return re.sub(r"\n\s*\n+", "\n", rules.visible(lines))


def _choice(name: str, value: str) -> str:
    words = CHOICES.get(name, {}).get(value)
    return gettext(words) if words else value


def _questions(questions: Any) -> str:
    """The sections that are asked, and each question of the customer's own."""
    known = choices.APPLICATION_QUESTIONS
    sections = [gettext(known[name]) for name in known if isinstance(questions, dict) and name in questions]
    return "\n".join([", ".join(sections), *map(str, rules.asked(questions, "questionText"))])


def _pay(pay: Compensation) -> str:
    kind, period = gettext(choices.COMPENSATION_TYPES.get(pay.type, pay.type)), pay.period
    amount = pay.exact or " – ".join(end for end in (pay.start, pay.end) if end)
    return f"{kind}: {amount} {pay.currency} {gettext(choices.COMPENSATION_PERIODS.get(period, period))}"


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False)
