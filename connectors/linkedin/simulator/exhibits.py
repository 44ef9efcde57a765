"""What controls and page show of the Middleware records that simulated LinkedIn holds: numbers and the newest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from connectors.base.simulation import Document, Table
from connectors.linkedin.simulator.holdings import Holdings
from connectors.linkedin.simulator.matches import Matches
from connectors.linkedin.simulator.people import LINK
from connectors.linkedin.simulator.resources import (
    APPLICATION_NOTES,
    APPLICATIONS,
    CANDIDATE_NOTES,
    CANDIDATES,
    FEEDBACK,
    RESOURCES,
    RESUMES,
    STAGES,
    Address,
    Resource,
)

LONGEST_CELL = 80
Cells = Callable[[Document], tuple[str, ...]]


class Exhibits:
    """Never more than the newest: a hundred thousand candidates do not make the page unusable."""

    def __init__(self, holdings: Holdings, matches: Matches) -> None:
        self._holdings = holdings
        self._matches = matches

    def state(self, limit: int) -> Document:
        """`{endpoint: {"count": n, "latest": […]}}`, newest first."""
        return {
            endpoint: {"count": self._holdings.count(resource), "latest": self._latest(resource, limit)}
            for endpoint, resource in RESOURCES.items()
        }

    def tables(self, limit: int) -> list[Table]:
        return [self._table(resource, limit) for resource in RESOURCES.values()]

    def shown(self, resource: Resource, kept: Document) -> Document:
        """A record with what LinkedIn knows about it beside the fields that were sent."""
        names = ("organization", "parent", "external_id", "client_id", "sent_at", "fields")
        return {**{name: kept[name] for name in names}, **self._known(resource, kept)}

    def _known(self, resource: Resource, kept: Document) -> Document:
        if resource is CANDIDATES:
            return {"matched_members": self._matches.of(kept)}
        if resource is APPLICATIONS:
            return {"candidate_is_known": self._has_candidate(kept)}
        return {}

    def _has_candidate(self, application: Document) -> bool:
        """Deleting a candidate leaves its applications (5 does not say): they are seen here."""
        external_id = application["fields"].get("atsCandidateId", "")
        address = Address(organization=application["organization"], external_id=external_id)
        return bool(external_id) and self._holdings.get(CANDIDATES, address) is not None

    def _latest(self, resource: Resource, limit: int) -> list[Document]:
        return [self.shown(resource, kept) for kept in self._holdings.latest(resource, limit)]

    def _table(self, resource: Resource, limit: int) -> Table:
        columns, cells = VIEWS[resource.endpoint]
        count = self._holdings.count(resource)
        rows = [(*map(_short, cells(one)), _minute(one["sent_at"])) for one in self._latest(resource, limit)]
        newest = f", the newest {limit:,}" if count > limit else ""
        return Table(
            title=f"{resource.title} ({count:,}{newest})" if count else resource.title,
            columns=(*columns, "Sent"),
            rows=rows,
            empty="Nothing has been sent yet.",
        )


def _short(text: str) -> str:
    """The page is for looking at; the whole text is in the state."""
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _minute(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M")


def _candidate(one: Document) -> tuple[str, ...]:
    fields = one["fields"]
    work = ", ".join(filter(None, (fields.get("currentJobTitle"), fields.get("currentCompanyName"))))
    linked = fields.get(LINK, "")
    return (one["external_id"], _name(fields), work, ", ".join(one["matched_members"]), linked)


def _application(one: Document) -> tuple[str, ...]:
    fields = one["fields"]
    candidate = fields.get("atsCandidateId", "none")
    who = candidate if one["candidate_is_known"] else f"{candidate} (not here)"
    job = f"{fields.get('atsJobPostingName', '')} ({fields.get('atsJobPostingId', '')})"
    return (one["external_id"], _name(fields), who, job, fields.get("dispositionReason", ""))


def _note(one: Document) -> tuple[str, ...]:
    return (one["external_id"], one["parent"], _name(one["fields"].get("author", {})), one["fields"].get("note", ""))


def _stage(one: Document) -> tuple[str, ...]:
    return (one["external_id"], one["parent"], one["fields"].get("stage", ""))


def _feedback(one: Document) -> tuple[str, ...]:
    fields = one["fields"]
    who, kind = _name(fields.get("interviewer", {})), fields.get("interviewType", "")
    return (one["external_id"], one["parent"], who, kind, fields.get("feedback", ""))


def _resume(one: Document) -> tuple[str, ...]:
    return (one["external_id"], one["parent"], one["fields"].get("resumeFile", ""))


def _name(fields: Document) -> str:
    return " ".join(filter(None, (fields.get("firstName"), fields.get("lastName"))))


VIEWS: dict[str, tuple[tuple[str, ...], Cells]] = {
    CANDIDATES.endpoint: (("External id", "Name", "Work", "Matched with", "Linked to"), _candidate),
    CANDIDATE_NOTES.endpoint: (("External id", "Candidate", "Author", "Note"), _note),
    APPLICATIONS.endpoint: (("External id", "Name", "Candidate", "Job", "Disposition"), _application),
    APPLICATION_NOTES.endpoint: (("External id", "Application", "Author", "Note"), _note),
    STAGES.endpoint: (("External id", "Application", "Stage"), _stage),
    FEEDBACK.endpoint: (("External id", "Application", "Interviewer", "Type", "Feedback"), _feedback),
    RESUMES.endpoint: (("External id", "Candidate", "File"), _resume),
}
