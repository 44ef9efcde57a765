"""The pages on which files come in: several for a candidate, or one in place of another.

A script sends the files one by one and shows how far each is; without it the form brings all of them at once. Either
way a file that is refused stops no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext

from talentsync.candidates.models import Candidate
from talentsync.core import unread
from talentsync.resumes import scanning, services
from talentsync.resumes.admin import journeys
from talentsync.resumes.admin.forms import ReplaceForm, UploadForm
from talentsync.resumes.admin.journeys import Shown
from talentsync.resumes.checking import LIMIT
from talentsync.resumes.models import Resume
from talentsync.resumes.refusals import Refused
from talentsync.resumes.services import Choice, Uploaded
from talentsync.sync import kinds, presenting
from talentsync.sync.admin.seeing import person
from talentsync.sync.models import Run, RunItem

if TYPE_CHECKING:
    from talentsync.resumes.admin.resumes import Resumes

MOST_SHOWN, LONGEST_KEY = 100, 18
NOBODY = "0"


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one file: refused with a sentence, or on its way."""

    name: str
    refusal: str = ""
    journey: Shown | None = None
    notes: Sequence[str] = ()


def upload_view(admin: Resumes, request: HttpRequest) -> HttpResponse:
    """GET: the form, and how far the resumes are that `uploaded` names. POST: take the files."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    form = _form(admin, request)
    is_by_script = unread.is_by_script(request)
    results: list[Result] = []
    if request.method == "POST" and form.is_valid():
        results = [_upload(form, file, admin, request) for file in form.cleaned_data["file"]]
        if not is_by_script and all(each.journey and not each.notes for each in results):
            return redirect(_address(form.cleaned_data["candidate"], results))
    if is_by_script:
        return _fragment(request, form, results)
    if request.method == "GET":
        results = [
            Result(name=each.resume.file.name, journey=each) for each in journeys.shown(_named(admin, request), request)
        ]
    return _page(admin, request, "upload.html", form=form, results=results, title=gettext("Upload resumes"))


def replace_view(admin: Resumes, request: HttpRequest, object_id: str) -> HttpResponse:
    """GET: which file instead. POST: take it."""
    resume: Resume = admin.found(request, object_id)
    if not admin.has_change_permission(request, resume):
        raise PermissionDenied
    data = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReplaceForm(*data, resume=resume)
    if request.method == "POST" and form.is_valid() and _replace(form, resume, admin, request):
        return redirect("admin:resumes_resume_change", resume.pk)
    return _page(admin, request, "replace.html", form=form, original=resume, title=gettext("Replace file"))


def _form(admin: Resumes, request: HttpRequest) -> UploadForm:
    candidates = admin.formfield_for_dbfield(Resume._meta.get_field("candidate"), request=request)
    given = (request.POST if request.method == "POST" else request.GET).copy()
    key = given.get("candidate", "")
    candidates.widget = candidates.widget.widget  # without the buttons that add and change candidates
    if key and not _is_key(key):
        given["candidate"] = key = NOBODY
    chosen = candidates.queryset.filter(pk=key).select_related("customer").first() if key else None
    data = (given, request.FILES) if request.method == "POST" else ()
    return UploadForm(*data, candidates=candidates, chosen=chosen)


def _is_key(said: str) -> bool:
    """Whether it may be the number of a record: databases and Django stumble over others."""
    return said.isdecimal() and len(said) <= LONGEST_KEY


def _upload(form: UploadForm, file: UploadedFile, admin: Resumes, request: HttpRequest) -> Result:
    candidate: Candidate = form.cleaned_data["candidate"]
    name = file.name or ""
    try:
        done = services.upload(
            candidate,
            file,  # type: ignore[arg-type]
            name,
            by=person(request),
            choice=form.choice(Choice.of(candidate.customer)),
            external_id=form.id_of(file),
            ats_created_at=form.created_at,
            send=admin.has_sync_permission(request),
        )
    except Refused as refused:
        return Result(name=name, refusal=refused.sentence)
    (journey,) = journeys.shown([done.resume], request)
    return Result(name=done.resume.file.name, journey=journey, notes=list(_notes(done, admin, request)))


def _replace(form: ReplaceForm, resume: Resume, admin: Resumes, request: HttpRequest) -> bool:
    file = form.cleaned_data["file"]
    try:
        done = services.replace(
            resume,
            file,
            file.name,
            by=person(request),
            choice=form.choice(None),
            send=admin.has_sync_permission(request),
        )
    except Refused as refused:
        form.add_error("file", refused.sentence)
        return False
    except services.Unsound as unsound:  # somebody has chosen otherwise since the form was looked at
        form.add_error("keep", str(unsound))
        return False
    if not done.was_there:
        messages.success(request, gettext("The file is replaced."))
    for note in _notes(done, admin, request):
        messages.warning(request, note)
    return True


def _notes(done: Uploaded, admin: Resumes, request: HttpRequest) -> Sequence[str]:
    if done.was_there:
        return [_note_of_what_is_here(done)]
    notes = []
    if done.same:
        words = gettext("The candidate has this content already, as %(name)s.")
        notes.append(words % {"name": done.same[0].file.name})
    if done.run is None and not admin.has_sync_permission(request):
        notes.append(gettext("Not sent: you may not send to LinkedIn. Ask somebody who may."))
    elif done.run is None:
        notes.append(gettext("Not sent: the customer is not connected to LinkedIn yet. Support can connect it."))
    elif words := _passed_over(done.run):
        notes.append(words)
    return notes


def _note_of_what_is_here(done: Uploaded) -> str:
    if done.run is None:
        return gettext("This very file is here already. Nothing was done twice.")
    then = _passed_over(done.run) or gettext("It is sent now.")
    return gettext("This very file is here already. %(then)s") % {"then": then}


def _passed_over(run: Run) -> str:
    """Why a request does not send the resume, in words; "" where it does."""
    code = run.items.filter(state=RunItem.State.SKIPPED).values_list("reason", flat=True).first()
    return gettext("Not sent: %(why)s") % {"why": presenting.skipped_words(kinds.get("resume"), code)} if code else ""


def _named(admin: Resumes, request: HttpRequest) -> list[Resume]:
    """The resumes that the address names, as far as the person may see them."""
    named = request.GET.get("uploaded", "").split(",")[:MOST_SHOWN]
    keys = [key for key in named if _is_key(key)]
    return list(admin.get_queryset(request).filter(pk__in=keys).order_by("pk")) if keys else []


def _address(candidate: Candidate, results: Sequence[Result]) -> str:
    keys = ",".join(str(each.journey.resume.pk) for each in results if each.journey)
    return f"{reverse('admin:resumes_resume_add')}?candidate={candidate.pk}&uploaded={keys}"


def _fragment(request: HttpRequest, form: UploadForm, results: Sequence[Result]) -> HttpResponse:
    """What the script puts in place of the file's line. Of a form that was not read nothing is known but why: the
    script enters the file's name.
    """
    names = [file.name for file in request.FILES.getlist("file")]
    wrong = [str(sentence) for errors in form.errors.values() for sentence in errors]
    shown = results or [Result(name=name or "", refusal=" ".join(wrong)) for name in names]
    if sentence := unread.why(request):
        shown = [Result(name="", refusal=sentence)]
    return TemplateResponse(request, "admin/resumes/_results.html", {"results": shown})


def _page(admin: Resumes, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    shown = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "media": admin.media + context["form"].media,
        "removal": [context["form"][name] for name in ("keep_for", "keep_unit", "on_expiry")],
        "scanning": scanning.notice(),
        "limit": LIMIT,
        "too_large": Refused("too_large", limit=LIMIT // 1024**2).sentence,
        **context,
    }
    return TemplateResponse(request, f"admin/resumes/{template}", shown)
