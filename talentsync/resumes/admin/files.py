"""A stored file, to be looked at in a page or to be kept by whoever downloads it. Neither has an address that works for
anybody else, and neither is kept by a browser.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousFileOperation
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from talentsync.core.csp import HEADER
from talentsync.resumes import preview, services
from talentsync.resumes.models import Resume
from talentsync.resumes.preview import Preview
from talentsync.sync.admin.seeing import person

if TYPE_CHECKING:
    from talentsync.resumes.admin.resumes import Resumes

DOWNLOADS = "resumes.download_resume"
GONE = (OSError, SuspiciousFileOperation)
PRIVATE = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def download_view(admin: Resumes, request: HttpRequest, object_id: str) -> HttpResponse | FileResponse:
    """POST: the file as an attachment. It is written down who took it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    resume = _allowed(admin, request, object_id)
    try:
        file = services.take_out(resume, by=person(request))
    except GONE:
        messages.error(request, gettext("The file is not in the storage. Tell whoever looks after TalentSync."))
        return redirect("admin:resumes_resume_change", resume.pk)
    headers = {**PRIVATE, HEADER: "sandbox; default-src 'none'"}
    return FileResponse(
        file, as_attachment=True, filename=resume.file.name, content_type=resume.file.content_type, headers=headers
    )


def look_view(admin: Resumes, request: HttpRequest, object_id: str) -> HttpResponse:
    """GET: what can be shown of the file in a page."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    resume = _allowed(admin, request, object_id)
    seen = _preview(resume)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": resume,
        "title": resume.file.name,
        "seen": seen,
        "pages": [b64encode(page).decode() for page in seen.pages],
    }
    return TemplateResponse(request, "admin/resumes/look.html", context, headers=PRIVATE)


def _allowed(admin: Resumes, request: HttpRequest, object_id: str) -> Resume:
    resume: Resume = admin.found(request, object_id)
    if not request.user.has_perm(DOWNLOADS):
        raise PermissionDenied
    return resume


def _preview(resume: Resume) -> Preview:
    try:
        with services.opened(resume) as file:
            return preview.preview(cast(BinaryIO, file), resume.file.content_type)
    except GONE:
        return Preview(sentence=preview.CANNOT)
