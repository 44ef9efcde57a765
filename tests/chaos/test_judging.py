"""The judge finds what is planted: a chaos run that finds nothing has looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.resumes.models import FileReference
from talentsync.sync.models import Delivery, Run
from tests.candidates.making import ENDPOINTS, ask
from tests.chaos import cast, judging
from tests.chaos.judging import Told
from tests.resumes.sending.making import resume_of
from tests.sync.conftest import acme, at_linkedin, greenhouse, linkedin, ticking, unmounted  # noqa: F401  (fixtures)
from tests.sync.driving import make_job, posted, work

pytestmark = pytest.mark.django_db
Changed = Callable[["Scene"], object]


class Scene:
    """A person with everything, and a job: all of them sent, and both sides agree."""

    def __init__(self, customer: Customer, linkedin: Linkedin, greenhouse: Greenhouse) -> None:  # noqa: F811
        (job,) = posted(customer, linkedin, title="0")
        self.linkedin = linkedin
        self.everything: dict[str, Any] = {**cast.everything(customer, "C-1", job), "job": job}
        run = ask("send_all", self.candidate)
        work()
        resume_of(self.candidate)
        work()
        versions = {(kind, record.pk): 0 for kind, record in self.everything.items()}
        self.told = Told(linkedin=linkedin, greenhouse=greenhouse, asked={run.pk: versions}, contents={})

    @property
    def candidate(self) -> Candidate:
        return self.everything["candidate"]

    def seed(self, **fields: Any) -> None:
        """LinkedIn holds something else than it was told."""
        found = self.linkedin.record(ENDPOINTS["candidate"], "C-1") or {}
        self.linkedin.seed_record(ENDPOINTS["candidate"], "C-1", fields={**found["fields"], **fields})

    def asked_for(self, version: int) -> None:
        (run_id,) = self.told.asked
        self.told.asked[run_id]["candidate", self.candidate.pk] = version  # type: ignore[index]

    def rows(self, kind: str = "candidate_note") -> Any:
        return Delivery.objects.filter(kind=kind)

    def told_by_itself(self) -> None:
        Customer.objects.update(sends_changes=True)
        Candidate.objects.update(current_job_title="5")

    def sent_in_the_wrong_order(self) -> None:
        for version in ("3", "2"):
            Candidate.objects.update(current_job_title=version, changed_at=timezone.now())
            ask("send", self.candidate)
            work()

    def throttled(self) -> None:
        self.linkedin.configure(records_per_minute={"atsCandidates": 0})
        Candidate.objects.update(current_job_title="1", changed_at=timezone.now())
        ask("send", self.candidate)
        work()
        self.rows("candidate").update(state="synced", due_at=None)


@pytest.fixture
def scene(acme: Customer, at_linkedin: Connection, linkedin: Linkedin, greenhouse: Greenhouse) -> Scene:  # noqa: F811
    return Scene(acme, linkedin, greenhouse)


def test_where_everything_is_true_nothing_is_found(scene: Scene) -> None:
    assert judging.findings(scene.told) == []
    assert set(Delivery.objects.values_list("kind", flat=True)) == {*cast.MODELS, "resume_file"}


PLANTED: dict[str, Changed] = {
    "other values at LinkedIn": lambda scene: scene.seed(firstName="Bea"),
    "LinkedIn holds 2 of candidate, and 1": lambda scene: scene.linkedin.seed_record("atsCandidates", "C-9"),
    "believed to be deleted, and is there": lambda scene: scene.rows().update(remote_state="deleted"),
    "believed to be closed, and is there": lambda scene: scene.rows("job").update(remote_state="closed"),
    "believed to be live, and is not there": lambda scene: scene.linkedin.remove("TS-1"),
    "step=send why= due_at=None": lambda scene: scene.rows().update(state="pending", step="send", why="", due_at=None),
    "is still leased": lambda scene: scene.rows().update(lease="somebody"),
    "is running, 6 of 6": lambda scene: Run.objects.filter(total=6).update(state="running"),
    "says {'done': 5": lambda scene: Run.objects.filter(total=6).update(n_done=5),
    "is another one at LinkedIn": lambda scene: FileReference.objects.update(urn="urn:li:ambryBlob:/other"),
    "version 0 at LinkedIn; version 4 was sent at last": lambda scene: scene.asked_for(4),
    "version 2 came to LinkedIn after version 3": lambda scene: scene.sent_in_the_wrong_order(),
    "changed by itself to 5": lambda scene: scene.told_by_itself(),
    "refused 1 calls to atsCandidates: too many": lambda scene: scene.throttled(),
    "failed, and nobody says why": lambda scene: scene.rows().update(state="failed", failure=""),
    "failed by our own mistake": lambda scene: scene.rows().update(state="failed", failure="internal"),
    "was refused without a word": lambda scene: scene.rows().update(state="failed", failure="rejected", words=""),
}


@pytest.mark.parametrize("said", PLANTED)
def test_what_is_planted_is_found(scene: Scene, said: str) -> None:
    PLANTED[said](scene)
    assert any(said in finding for finding in judging.findings(scene.told)), judging.findings(scene.told)


def test_what_waits_for_somebody_who_was_never_sent_is_not_stuck(scene: Scene) -> None:
    other = cast.everything(scene.candidate.customer, "C-2", make_job(scene.candidate.customer, "TS-2"))
    ask("send", other["candidate_note"])
    work()
    assert list(judging.stuck()) == []
