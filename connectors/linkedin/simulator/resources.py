"""The resources that simulated LinkedIn keeps by key, each as a declaration (linkedin.md 4, 5, 6).

A resource below another one has simple keys; the others have composite ones, and those of resumes name
the candidate. What a deletion takes along follows from who stands below whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.linkedin.simulator.applications import CRM, RSC
from connectors.linkedin.simulator.people import candidate_faults
from connectors.linkedin.simulator.proceedings import application_faults, feedback_faults, note_faults, stage_faults
from connectors.linkedin.simulator.resumes import resume_faults


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One endpoint: `endpoint` is its path without keys, `id_name` the part of a composite key that is the id."""

    endpoint: str
    title: str  # of its table on the page
    collection: str
    faults: Callable[[Mapping[str, Any]], Iterator[str]]
    id_name: str = ""
    parent: Resource | None = None
    parent_name: str = ""  # the part of a composite key that names the record above
    data_provider: str = "ATS"
    product: str = RSC

    @property
    def key_parts(self) -> set[str]:
        return {"dataProvider", "integrationContext", *filter(None, (self.id_name, self.parent_name))}

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
        above = {resource.parent_name: self.parent_id} if resource.parent_name else {}
        return {
            resource.id_name: self.external_id,
            "dataProvider": resource.data_provider,
            "integrationContext": self.organization,
            **above,
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
RESUMES = Resource(
    endpoint="tcrmCandidateResumes",
    title="Resumes",
    collection="resumes",
    faults=resume_faults,
    id_name="tcrmResumeId",
    parent_name="tcrmCandidateId",
    data_provider="PARTNER",
    product=CRM,
)

RESOURCES = {
    resource.endpoint: resource
    for resource in (CANDIDATES, CANDIDATE_NOTES, APPLICATIONS, APPLICATION_NOTES, STAGES, FEEDBACK, RESUMES)
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
