"""The six resources of the Middleware Platform that simulated LinkedIn keeps, each as a declaration (linkedin.md 4, 5).

A resource below another one has simple keys; the others have composite ones. What a deletion takes along follows from
who stands below whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.linkedin.simulator.people import candidate_faults
from connectors.linkedin.simulator.proceedings import application_faults, feedback_faults, note_faults, stage_faults

DATA_PROVIDER = "ATS"


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One endpoint: `endpoint` is its path without keys, `id_name` the part of a composite key that is the id."""

    endpoint: str
    title: str  # of its table on the page
    collection: str
    faults: Callable[[Mapping[str, Any]], Iterator[str]]
    id_name: str = ""
    parent: Resource | None = None

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.endpoint.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a record stands: its organization, its own id and, below another record, that one's id."""

    organization: str
    external_id: str
    parent_id: str = ""

    def composite(self, resource: Resource) -> dict[str, str]:
        return {
            resource.id_name: self.external_id,
            "dataProvider": DATA_PROVIDER,
            "integrationContext": self.organization,
        }

    @property
    def key(self) -> str:
        """The key of the store; records below another one share the beginning that `below` names."""
        above = f"{_plain(self.parent_id)}|" if self.parent_id else ""
        return f"{self.organization}|{above}{_plain(self.external_id)}"

    @property
    def below(self) -> str:
        return f"{self.key}|"


CANDIDATES = Resource(
    endpoint="atsCandidates",
    title="Candidates",
    collection="candidates",
    faults=candidate_faults,
    id_name="atsCandidateId",
)
CANDIDATE_NOTES = Resource(
    endpoint="atsCandidates/notes",
    title="Candidate notes",
    collection="candidate_notes",
    faults=note_faults,
    parent=CANDIDATES,
)
APPLICATIONS = Resource(
    endpoint="atsApplications",
    title="Job applications",
    collection="job_applications",  # `applications` are those of developers
    faults=application_faults,
    id_name="atsJobApplicationId",
)
APPLICATION_NOTES = Resource(
    endpoint="atsApplications/notes",
    title="Application notes",
    collection="application_notes",
    faults=note_faults,
    parent=APPLICATIONS,
)
STAGES = Resource(
    endpoint="atsApplications/stages",
    title="Application stages",
    collection="application_stages",
    faults=stage_faults,
    parent=APPLICATIONS,
)
FEEDBACK = Resource(
    endpoint="atsApplications/interviewFeedback",
    title="Interview feedback",
    collection="interview_feedback",
    faults=feedback_faults,
    parent=APPLICATIONS,
)

RESOURCES = {
    resource.endpoint: resource
    for resource in (CANDIDATES, CANDIDATE_NOTES, APPLICATIONS, APPLICATION_NOTES, STAGES, FEEDBACK)
}


def children_of(resource: Resource) -> list[Resource]:
    return [one for one in RESOURCES.values() if one.parent is resource]


def endpoint_in(route: str) -> str:
    """The endpoint that a path below `/v2/` means: a key in the middle is left out."""
    parts = route.split("/")
    shortened = f"{parts[0]}/{parts[-1]}"
    return shortened if len(parts) == 3 and shortened in RESOURCES else route


def _plain(external_id: str) -> str:
    return quote(external_id, safe="")
