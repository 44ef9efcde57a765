"""A worker is killed between any two of the steps of a resume: it is attached once, whatever was lost on the way."""

from __future__ import annotations

import io

import pytest
from django.utils import timezone

from talentsync.resumes import services
from talentsync.resumes.models import FileReference, Resume
from talentsync.sync.models import Lane
from tests.candidates.making import make_candidate
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer
from tests.resumes.samples import small_pdf

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("kind", "at", "files"),
    [
        ("resume_file", "after the lease", 1),  # checked, nothing is uploaded
        ("resume_file", "before the upload", 1),
        ("resume_file", "after the vendor's answer", 2),  # uploaded, the reference is not stored
        ("resume_file", "inside settle", 2),
        ("resume_file", "after settle", 1),  # the reference is stored, nobody was told
        ("resume", "after the lease", 1),
        ("resume", "after the vendor's answer", 1),  # attached, nobody knows
        ("resume", "inside settle", 1),
        ("resume", "after settle", 1),
    ],
)
def test_a_killed_upload_is_completed(world: World, settings: object, kind: str, at: str, files: int) -> None:
    settings.MEDIA_ROOT = world.folder / "media"
    make_connection(make_customer("Acme"))
    candidate = make_candidate(make_customer("Acme"))
    dying = world.run_worker(**world.deadly(at, kind=kind))
    resume = services.upload(candidate, io.BytesIO(small_pdf()), "Ada.pdf", by=None).resume
    world.until(lambda: dying.has_ended, "the worker kills itself", sweeping=True)
    assert dying.was_killed, world.report()
    # the lease of an upload is longer than a test may wait for
    Lane.objects.exclude(lease_name="").update(lease_ends_at=timezone.now())
    world.run_worker()
    world.until_finished()
    held = world.linkedin.record("tcrmCandidateResumes", resume.external_id, parent=candidate.external_id)
    assert held["fields"]["resumeFile"] == FileReference.objects.get().urn
    assert world.linkedin.count("tcrmCandidateResumes") == Resume.objects.count() == 1
    assert len(world.linkedin.files) == files
