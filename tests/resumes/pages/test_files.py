"""A file is downloaded by whoever may, which is written down, and looked at in a page that no browser keeps."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from talentsync.candidates.models import Candidate
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Customer
from talentsync.resumes import services, storage
from talentsync.resumes.models import Resume
from tests.customers.making import make_user
from tests.resumes import samples
from tests.resumes.pages.posting import text
from tests.resumes.sending.making import content, resume_of

pytestmark = pytest.mark.django_db


def a_resume(candidate: Candidate, body: bytes, name: str) -> Resume:
    return services.upload(candidate, io.BytesIO(body), name, by=None, send=False).resume


def download(client: Client, resume: Resume) -> Any:
    return client.post(reverse("admin:resumes_resume_download", args=[resume.pk]))


def look(client: Client, resume: Resume) -> Any:
    return client.get(reverse("admin:resumes_resume_look", args=[resume.pk]))


def test_a_download_is_an_attachment_that_nobody_keeps(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate, name="Ada Größe.pdf")
    answer = download(client, resume)
    assert b"".join(answer.streaming_content) == content()
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''Ada%20Gr%C3%B6%C3%9Fe.pdf"
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_it_is_written_down_who_took_it(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    assert list(download(client, resume).streaming_content)
    event = AuditEvent.objects.get(verb="download")
    assert (event.actor, event.kind, event.label) == (rosa, "resume", str(resume.pk))


def test_looking_changes_nothing_and_a_link_downloads_nothing(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    before = AuditEvent.objects.count()
    assert look(client, resume).status_code == 200
    assert client.get(reverse("admin:resumes_resume_download", args=[resume.pk])).status_code == 405
    assert AuditEvent.objects.count() == before


def test_without_the_right_nobody_reads_a_file(client: Client, acme: Customer, candidate: Candidate) -> None:
    clerk = make_user("clerk", of=(acme,))
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_resume", "view_candidate"]))
    client.force_login(clerk)
    resume = resume_of(candidate)
    assert (download(client, resume).status_code, look(client, resume).status_code) == (403, 403)
    page = text(client.get(reverse("admin:resumes_resume_change", args=[resume.pk])))
    assert "Look at it" not in page
    assert "Replace file…" not in page


def test_a_text_is_shown_and_never_taken_for_html(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = a_resume(candidate, b"Ada <script>alert(1)</script>\nGardener\n", "Ada.txt")
    answer = look(client, resume)
    assert "Ada &lt;script&gt;alert(1)&lt;/script&gt;" in text(answer)
    assert "no-store" in answer["Cache-Control"]


def test_a_long_text_is_said_to_be_cut(client: Client, rosa: User, candidate: Candidate) -> None:
    page = text(look(client, a_resume(candidate, b"word " * 20_000, "Ada.txt")))
    assert "Only the beginning is shown." in page


def test_pages_of_a_pdf_are_images_in_the_page(client: Client, rosa: User, candidate: Candidate) -> None:
    page = text(look(client, a_resume(candidate, samples.pdf(2), "Ada.pdf")))
    assert page.count('src="data:image/png;base64,') == 2
    assert 'alt="Page 2"' in page


def test_a_word_document_says_that_it_is_not_shown(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = a_resume(candidate, samples.doc(), "Ada.doc")
    assert "Word documents cannot be shown here. Download it." in text(look(client, resume))


def test_a_file_that_is_gone_is_no_traceback(client: Client, rosa: User, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    storage.forget(resume.file.stored_as)
    assert "This file cannot be shown here." in text(look(client, resume))
    answer = client.post(reverse("admin:resumes_resume_download", args=[resume.pk]), follow=True)
    assert "The file is not in the storage." in text(answer)
    assert not AuditEvent.objects.filter(verb="download").exists()
