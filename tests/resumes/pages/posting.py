"""The forms about files as a browser sends them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talentsync.candidates.models import Candidate
from talentsync.resumes.models import Resume
from tests.resumes.sending.making import content

ADD = "admin:resumes_resume_add"
BY_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def a_file(name: str = "Ada.pdf", body: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content() if body is None else body)


def upload(client: Client, whose: Candidate, /, *files: SimpleUploadedFile, headers: Any = None, **answers: Any) -> Any:
    given = {"candidate": whose.pk, "keep": "usual", "token": uuid4(), "file": list(files), **answers}
    return client.post(reverse(ADD), given, headers=headers)


def replace(client: Client, resume: Resume, file: SimpleUploadedFile, **answers: Any) -> Any:
    address = reverse("admin:resumes_resume_replace", args=[resume.pk])
    return client.post(address, {"file": file, "keep": "usual", **answers})


def text(answer: Any) -> str:
    """As people read it, without the breaks of the template."""
    return " ".join(answer.content.decode().split())
