"""How each endpoint is spoken to, as data: path, protocol, version and the fields of its keys.

Switching a customer to `/rest` is a second table (linkedin.md 2.4): other paths and names, a version, no
dataProvider, and notes whose key names their candidate instead of standing below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.linkedin.keys import PROTOCOL_2, CompositeKey, Key

PARENT = "{parent}"  # where the parent's key stands in a path


@dataclass(frozen=True, kw_only=True)
class KeyShape:
    """Which fields make a composite key; every one names the customer's organization too."""

    own: str
    parent: str = ""  # the field that names the parent, where the key does
    data_provider: str = ""  # "ATS" or "PARTNER", where it is sent

    def key(self, own_id: str, *, organization: str, parent: str = "") -> CompositeKey:
        parts = {self.own: own_id, "integrationContext": organization}
        if self.parent:
            parts[self.parent] = parent
        if self.data_provider:
            parts["dataProvider"] = self.data_provider
        return CompositeKey.of(parts)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint. Its keys are simple when it has no `key`; `parent` is the key in the place of `{parent}`."""

    path: str
    version: str = ""  # LinkedIn-Version, wanted under /rest only
    protocol: str = ""  # X-RestLi-Protocol-Version; none sent means 1.0.0 (linkedin.md 2.1)
    key: KeyShape | None = None
    parent: KeyShape | None = None

    @property
    def headers(self) -> dict[str, str]:
        sent = {"LinkedIn-Version": self.version, "X-RestLi-Protocol-Version": self.protocol}
        return {name: value for name, value in sent.items() if value}

    @property
    def hangs_on_parent(self) -> bool:
        return bool(self.parent or (self.key and self.key.parent))

    def key_of(self, own_id: str, *, organization: str, parent: str = "") -> Key:
        return self.key.key(own_id, organization=organization, parent=parent) if self.key else own_id

    def parent_key(self, parent: str, *, organization: str) -> Key | None:
        return self.parent.key(parent, organization=organization) if self.parent else None


_CANDIDATE = KeyShape(own="atsCandidateId", data_provider="ATS")
_APPLICATION = KeyShape(own="atsJobApplicationId", data_provider="ATS")
_RESUME = KeyShape(own="tcrmResumeId", parent="tcrmCandidateId", data_provider="PARTNER")

V2: Mapping[str, Endpoint] = {
    "simpleJobPostings": Endpoint(path="/v2/simpleJobPostings"),
    "simpleJobPostingTasks": Endpoint(path="/v2/simpleJobPostingTasks"),
    "jobPostingStatus": Endpoint(path="/v2/jobPostingStatus"),
    "atsCandidates": Endpoint(path="/v2/atsCandidates", key=_CANDIDATE),
    "atsCandidates/notes": Endpoint(path=f"/v2/atsCandidates/{PARENT}/notes", parent=_CANDIDATE),
    "atsApplications": Endpoint(path="/v2/atsApplications", key=_APPLICATION),
    "atsApplications/notes": Endpoint(path=f"/v2/atsApplications/{PARENT}/notes", parent=_APPLICATION),
    "atsApplications/stages": Endpoint(path=f"/v2/atsApplications/{PARENT}/stages", parent=_APPLICATION),
    "atsApplications/interviewFeedback": Endpoint(
        path=f"/v2/atsApplications/{PARENT}/interviewFeedback", parent=_APPLICATION
    ),
    # The page names a protocol on both, and not the same one (linkedin.md 10.1, row 27).
    "hireMediaUrl": Endpoint(path="/v2/hireMediaUrl", protocol=PROTOCOL_2),
    "tcrmCandidateResumes": Endpoint(path="/v2/tcrmCandidateResumes", protocol="1.0.0", key=_RESUME),
}
