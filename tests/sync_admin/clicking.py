"""What page tests say: draft a request as a person, press a button, read a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.models import Run


def drafted(action: str, jobs: Iterable[Job], *, by: User | None) -> Run:
    kind = kinds.get("job")
    chosen = Job.objects.filter(pk__in=[job.pk for job in jobs])
    return runs.draft(kind, kind.action(action), chosen, by=by, now=timezone.now())


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    """The words of an admin page that opens."""
    response = client.get(reverse(f"admin:{name}", args=args), query)
    assert response.status_code == 200, f"{name}: {response.status_code}"
    return words(response.content.decode())


def words(html: str) -> str:
    """What a person reads: no tags, no scripts, single spaces."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def press(client: Client, name: str, *args: Any, follow: bool = True, **form: Any) -> Any:
    """Press a button of an admin page."""
    return client.post(reverse(f"admin:{name}", args=args), form, follow=follow)
