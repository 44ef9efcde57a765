"""A job's form as a browser sends it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from tests.sync.driving import DESCRIPTION


def typed(customer: Customer, **changes: Any) -> dict[str, Any]:
    """A complete and faultless job; `changes` overwrite what is typed."""
    good = {
        "customer": customer.pk,
        "external_id": "TS-1",
        "status": "open",
        "title": "Gardener",
        "description": DESCRIPTION,
        "location": "Graz, Austria",
        "company_apply_url": "https://jobs.example.com/apply",
        "poster_email": "poster@example.com",
        "listed_at_0": "2026-03-01",
        "listed_at_1": "08:00:00",
        "listing_type": "BASIC",
        "availability": "public",
    }
    return {**good, **changes}


def add(client: Client, data: dict[str, Any]) -> Any:
    return client.post(reverse("admin:jobs_job_add"), data)


def change(client: Client, job: Job, data: dict[str, Any]) -> Any:
    return client.post(reverse("admin:jobs_job_change", args=[job.pk]), data)


def errors(answer: Any) -> dict[str, list[str]]:
    """By field, what the page that came back complains about; nothing when it was saved."""
    if answer.status_code == 302:
        return {}
    return {name: list(map(str, found)) for name, found in answer.context["adminform"].form.errors.items()}
