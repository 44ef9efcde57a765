"""What tests about resumes on their way say: take a file, upload, look at the four steps and at what LinkedIn has."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from connectors.base.resource import Resource
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.resumes import expiry, services, steps
from talentsync.resumes.models import FileReference, Resume
from talentsync.resumes.services import Uploaded
from talentsync.resumes.steps import Journey
from talentsync.sync import engine
from talentsync.sync.calling import Batch
from talentsync.sync.models import Lane
from tests.resumes.samples import small_pdf
from tests.sync import driving

ENDPOINT = "tcrmCandidateResumes"
SEVENTY_TWO_HOURS = services.Choice(keep_for=72, keep_unit="HOUR")


def content(text: str = "Ada") -> bytes:
    """A good file; another text is another file."""
    return small_pdf(front=f"%{text}\n".encode())


def upload(candidate: Candidate, text: str = "Ada", *, name: str = "Ada.pdf", **options: Any) -> Uploaded:
    return services.upload(candidate, io.BytesIO(content(text)), name, by=options.pop("by", None), **options)


def resume_of(candidate: Candidate, text: str = "Ada", **options: Any) -> Resume:
    return upload(candidate, text, **options).resume


def replace(resume: Resume, text: str = "Another", **options: Any) -> Uploaded:
    return services.replace(fresh(resume), io.BytesIO(content(text)), "Another.pdf", by=None, **options)


def ask(action: str, resume: Resume) -> None:
    services.ask(Resume.objects.filter(pk=resume.pk), action, by=None)


def fresh(resume: Resume) -> Resume:
    return Resume.objects.get(pk=resume.pk)


def journey(resume: Resume) -> Journey:
    return steps.of([fresh(resume)], now=timezone.now())[resume.pk]


def how(resume: Resume) -> list[str]:
    """How each of the four steps stands."""
    return [step.how.value for step in journey(resume).steps]


def held(linkedin: Linkedin, resume: Resume) -> Any:
    """What LinkedIn holds of a resume, None where it holds nothing."""
    found = linkedin.record(ENDPOINT, resume.external_id, parent=resume.candidate.external_id)
    return None if found is None else found["fields"]


def reference(resume: Resume) -> FileReference:
    return FileReference.objects.get(file=fresh(resume).file_id)


def leased_file() -> tuple[Batch, Resource]:
    """What a worker has taken to upload next."""
    for lane in Lane.objects.filter(kind="resume_file").select_related("connection__customer"):
        resource = clients.open_client(lane.connection).resources[lane.route.resource]
        if (batch := engine.lease(lane, resource, now=timezone.now())) is not None:
            return batch, resource
    raise AssertionError("no file is due")


def after(**span: float) -> int:
    """Time goes on, beat asks for what is due, and the engine works; returns for how many resumes was asked."""
    driving.clock.shift(timedelta(**span))
    asked = expiry.carry_on(timezone.now())
    driving.work()
    return asked


def lose_files() -> None:
    """The storage has none of them any more."""
    for name in stored():
        (Path(settings.MEDIA_ROOT) / "resumes" / name).unlink()


def stored() -> list[str]:
    """The files in private storage."""
    folder = Path(settings.MEDIA_ROOT) / "resumes"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
