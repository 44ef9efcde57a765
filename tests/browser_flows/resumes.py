"""Resumes in the states that people meet them in; scenes as in `scenes`. Their candidates are those of `people`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect
from reportlab.pdfgen.canvas import Canvas

from talentsync.candidates.models import Candidate
from talentsync.resumes import services
from talentsync.resumes.models import Resume
from talentsync.resumes.services import Choice
from talentsync.sync import kinds, runs
from talentsync.sync.models import Run
from tests.browser_flows import people
from tests.browser_flows.scene import RECRUITER, Scene, scene
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, current, customer, person
from tests.resumes import samples

SEVENTY_TWO_HOURS = Choice(keep_for=72, keep_unit="HOUR")
LINES = ("Forklift driver", "Ten years in warehouses of parcels", "Speaks German, Slovenian and Italian")


def none_yet(who: str) -> Iterator[Scene]:
    yield scene("resumes-empty", who, "resumes_resume_changelist")
    yield scene("resume-upload-empty", who, "resumes_resume_add")


def on_their_way(world: World) -> Iterator[Scene]:
    rosa, tilo = people.entered(8, "Rosa Vorbild"), people.entered(9, "Tilo Muster")
    yield scene("resume-upload", RECRUITER, "resumes_resume_add", query=f"?candidate={rosa.pk}", act=_choose_and_keep)
    yield scene("resume-uploading", RECRUITER, "resumes_resume_add", query=f"?candidate={rosa.pk}", act=_upload_several)
    waiting = uploaded(rosa, "Rosa Vorbild, in short.pdf")
    yield scene("resume-waiting", RECRUITER, "resumes_resume_change", waiting.pk)
    attached = uploaded(rosa, "Rosa Vorbild 2026.pdf", choice=SEVENTY_TWO_HOURS)
    world.work()
    yield scene("resume-attached", RECRUITER, "resumes_resume_change", attached.pk)
    yield from failed(world, tilo)
    yield from looked_at_here(rosa, attached)
    yield scene("resume-replace", RECRUITER, "resumes_resume_replace", attached.pk, act=_choose_one)
    yield scene("resumes", RECRUITER, "resumes_resume_changelist")
    yield scene("candidate-with-resumes", RECRUITER, "candidates_candidate_change", rosa.pk)
    yield confirm("confirm-start-over", "start_over", attached)
    yield confirm("confirm-delete-resume", "delete", attached)
    yield confirm("confirm-erase-resume", "erase", attached)
    ask("delete", attached)
    world.work(minutes=2)
    yield scene("resume-removed", RECRUITER, "resumes_resume_change", attached.pk)
    Run.objects.filter(state=Run.State.DRAFT).delete()


def failed(world: World, tilo: Candidate) -> Iterator[Scene]:
    world.linkedin.next("status", endpoint="ambry", status=413, message="Payload too large")
    refused = uploaded(tilo, "Tilo Muster.pdf")
    world.work()
    yield scene("resume-upload-failed", RECRUITER, "resumes_resume_change", refused.pk)
    yield scene("resume-upload-again", RECRUITER, "resumes_resume_add", query=f"?uploaded={refused.pk}")
    organization = current(customer(), "linkedin").organization_urn
    world.linkedin.tell_tcrm_candidate(tilo.external_id, known=False, organization=organization)
    unknown = uploaded(tilo, "Tilo Muster, letter.pdf")
    world.work()
    yield scene("resume-not-attached", RECRUITER, "resumes_resume_change", unknown.pk)
    yield scene("start-with-resumes", RECRUITER, "index")


def looked_at_here(rosa: Candidate, attached: Resume) -> Iterator[Scene]:
    yield scene("resume-look-pdf", RECRUITER, "resumes_resume_look", attached.pk)
    text = uploaded(rosa, "Rosa Vorbild.txt", content="\n".join(["Rosa Vorbild", *LINES] * 9).encode(), send=False)
    yield scene("resume-look-text", RECRUITER, "resumes_resume_look", text.pk)
    yield scene("resume-not-sent", RECRUITER, "resumes_resume_change", text.pk)
    word = uploaded(rosa, "Rosa Vorbild.doc", content=samples.doc(), send=False)
    yield scene("resume-look-doc", RECRUITER, "resumes_resume_look", word.pk)


# what brings the world forward


def uploaded(candidate: Candidate, name: str, *, content: bytes = b"", **options: Any) -> Resume:
    body = content or paper(name)
    return services.upload(candidate, io.BytesIO(body), name, by=person(RECRUITER), **options).resume


def paper(title: str) -> bytes:
    """A resume to be seen, another one for each title."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for number, line in enumerate((title, "", *LINES)):
        canvas.drawString(72, 760 - 20 * number, line)
    canvas.save()
    return file.getvalue()


def ask(action: str, resume: Resume) -> None:
    services.ask(Resume.objects.filter(pk=resume.pk), action, by=person(RECRUITER))


def confirm(name: str, action: str, resume: Resume) -> Scene:
    kind = kinds.get("resume")
    chosen = Resume.objects.filter(pk=resume.pk)
    drafted = runs.draft(kind, kind.action(action), chosen, by=person(RECRUITER), now=timezone.now())
    return scene(name, RECRUITER, "sync_run_confirm", drafted.pk)


# what people do there


def of(name: str, body: bytes | None = None) -> Any:
    """A file as the browser's dialog gives it."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": paper(name) if body is None else body}


def _choose_and_keep(visit: Visit) -> None:
    visit.page.get_by_label("Files", exact=True).set_input_files([of("Rosa Vorbild.pdf"), of("Letter.pdf")])
    visit.page.get_by_label("Let LinkedIn remove the file after some time").check()


def _choose_one(visit: Visit) -> None:
    visit.page.get_by_label("File", exact=True).set_input_files(of("Rosa Vorbild, new.pdf"))


def _upload_several(visit: Visit) -> None:
    files = [of("Rosa Vorbild.pdf"), of("Rosa Vorbild.docx", samples.docx()), of("Empty.pdf", b"")]
    visit.page.get_by_label("Files", exact=True).set_input_files(files)
    visit.page.locator("#upload-button").click()
    expect(visit.page.locator("#uploads .ts-upload")).to_have_count(3)
    expect(visit.page.get_by_text("Not taken", exact=True)).to_have_count(2)
    expect(visit.page.get_by_text("Attached to the candidate")).to_be_visible()
