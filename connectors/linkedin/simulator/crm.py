"""What CRM Connect of simulated LinkedIn must know before it takes a resume: its candidate and its file (linkedin.md
6.4).

The candidates of the CRM come to LinkedIn by another way than TalentSync's. In practice every id is known, unless the
setting `tcrm_candidates` or a control says otherwise.
"""

from __future__ import annotations

from connectors.base.simulation import Document, World
from connectors.linkedin.simulator.ambry import Ambry
from connectors.linkedin.simulator.outcomes import Outcome, failed, worded
from connectors.linkedin.simulator.resources import RESUMES, Address


class Crm:
    """What has to be there before a resume is attached."""

    def __init__(self, world: World, files: Ambry) -> None:
        self._world = world
        self._files = files
        self._known = world.collection("tcrm_candidates")

    def tell(self, organization: str, external_id: str, *, known: bool) -> None:
        self._known.put(f"{organization}|{external_id}", {"known": known})

    def missing_link(self, address: Address, content: Document, client_id: str) -> Outcome | None:
        if not self._is_known(address):
            return failed(404, f"Entity tcrmCandidate {address.parent_id} does not exist")
        is_lost = self._world.record_mood("file_gone", RESUMES.endpoint, external_id=address.external_id) is not None
        if is_lost or not self._files.has(content["resumeFile"], client_id):
            fault = f"/resumeFile :: {content['resumeFile']} does not exist"
            return failed(int(self._world.settings["unknown_file_status"]), worded([fault]))
        return None

    def _is_known(self, address: Address) -> bool:
        mood = self._world.record_mood("unknown_tcrm_candidate", RESUMES.endpoint, external_id=address.parent_id)
        if mood is not None:
            return False
        told = self._known.get(f"{address.organization}|{address.parent_id}")
        return bool(told["known"]) if told else self._world.settings["tcrm_candidates"] == "known"
