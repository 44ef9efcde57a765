"""The forms of records about people as a browser sends them: complete and faultless, but for what a test changes."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from talentsync.applications.models import Application
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.jobs.models import Job

WRITTEN = {"ats_created_at_0": "2026-01-07", "ats_created_at_1": "09:00:00"}
DATES = {**WRITTEN, "ats_last_modified_at_0": "2026-01-07", "ats_last_modified_at_1": "09:00:00"}
INLINES = {
    Candidate: ("notes",),
    Application: ("stages", "notes", "feedback"),
}


def a_candidate(customer: Customer, **changes: Any) -> dict[str, Any]:
    good = {
        "customer": customer.pk,
        "external_id": "C-1",
        "first_name": "Ada",
        "last_name": "Sample",
        "email_addresses": "ada@example.com",
        "external_profile_url": "https://ats.example.com/candidates/C-1",
        **DATES,
    }
    return {**good, **changes}


def a_note(parent: Model, **changes: Any) -> dict[str, Any]:
    """About a candidate or an application."""
    return {parent._meta.model_name: parent.pk, "external_id": "N-1", "note": "Speaks softly.", **WRITTEN, **changes}


def an_application(candidate: Candidate, job: Job, **changes: Any) -> dict[str, Any]:
    return {"candidate": candidate.pk, "job": job.pk, "external_id": "A-1", **DATES, **changes}


def a_stage(application: Application, **changes: Any) -> dict[str, Any]:
    return {"application": application.pk, "external_id": "S-1", "stage": "Interview", **WRITTEN, **changes}


def some_feedback(application: Application, **changes: Any) -> dict[str, Any]:
    good = {"application": application.pk, "external_id": "F-1", "feedback": "Knows the trade.", **WRITTEN}
    return {**good, **changes}


def inline(prefix: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Rows below a record; those with an `id` are there already and stand first."""
    known = sum("id" in row for row in rows)
    counts = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": known}
    return counts | {f"{prefix}-{index}-{name}": value for index, row in enumerate(rows) for name, value in row.items()}


def add(client: Client, model: type[Model], data: dict[str, Any]) -> Any:
    return client.post(reverse(_named(model, "add")), data)


def change(client: Client, record: Any, data: dict[str, Any]) -> Any:
    """With no rows below it, unless `data` has some."""
    empty: dict[str, Any] = {}
    for prefix in INLINES.get(type(record), ()):
        empty |= inline(prefix)
    return client.post(reverse(_named(type(record), "change"), args=[record.pk]), {**empty, **data})


def errors(answer: Any) -> dict[str, list[str]]:
    """By field, what the page that came back complains about; nothing when it was saved."""
    if answer.status_code == 302:
        return {}
    found = dict(answer.context["adminform"].form.errors)
    for formset in answer.context["inline_admin_formsets"]:
        for index, row in enumerate(formset.formset.errors):
            found |= {f"{formset.formset.prefix}-{index}-{name}": words for name, words in row.items()}
        for words in formset.formset.non_form_errors():
            found.setdefault(formset.formset.prefix, []).append(words)
    return {name: list(map(str, words)) for name, words in found.items()}


def _named(model: type[Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
