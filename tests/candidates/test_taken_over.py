"""What an application leaves empty is the candidate's and the job's: when they change, it changes with them, whichever
door the change comes through.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application
from talentsync.candidates import services as candidates
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.imports.columns import SHEETS
from talentsync.jobs import services as jobs
from talentsync.jobs.models import Job
from talentsync.sync import kinds
from tests.candidates.making import (
    ask,
    delivery,
    fresh,
    held,
    make_application,
    make_candidate,
    make_everything,
    unsaved_candidate,
)
from tests.imports.making import as_csv, filed, stored
from tests.sync.driving import make_job, work

pytestmark = pytest.mark.django_db

Door = Callable[[Customer, Path, dict[str, Any]], None]


def by_form(customer: Customer, folder: Path, change: dict[str, Any]) -> None:
    record = Job.objects.get() if "title" in change else Candidate.objects.get()
    for name, value in change.items():
        setattr(record, name, value)
    if isinstance(record, Job):
        jobs.change_job(record, fields=change, by=None)
    else:
        candidates.change_candidate(record, fields=change, by=None)


def by_import(customer: Customer, folder: Path, change: dict[str, Any]) -> None:
    """The command goes through the same door. What the file does not name stays as it is."""
    kind, record = ("job", Job.objects.get()) if "title" in change else ("candidate", Candidate.objects.get())
    required = ["external_id", *(name for name, column in SHEETS[kind].columns.items() if column.required)]
    stands = {name: getattr(record, name) for name in required}
    row = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in stands.items()}
    (read,) = filed(stored(folder, as_csv([row | change])), kind, customer)
    assert read.changed == list(change)


DOORS = pytest.mark.parametrize("door", [by_form, by_import])
CHANGES = pytest.mark.parametrize(
    ("change", "there", "hides"),
    [
        ({"title": "Head gardener"}, ("atsJobPostingName", "Head gardener"), {"ats_job_posting_name": "Mine"}),
        ({"first_name": "Kim-Lee"}, ("firstName", "Kim-Lee"), {"first_name": "Mine"}),
        ({"last_name": "Other"}, ("lastName", "Other"), {"last_name": "Mine"}),
        (
            {"email_addresses": ["new@example.com"]},
            ("candidateEmail", "new@example.com"),
            {"candidate_email": "a@b.cd"},
        ),
    ],
    ids=["title", "first name", "last name", "e-mail"],
)


@pytest.fixture
def application(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> Application:
    """At LinkedIn, and so is its candidate; the job is LinkedIn's from elsewhere."""
    linkedin.seed_posting("J-1")
    application = make_application(make_candidate(acme), make_job(acme, "J-1"), "A-1")
    ask("send_all", application.candidate)
    work()
    return application


def is_changed_since(application: Application) -> bool:
    sent_at = delivery("application", application).sent_at
    assert sent_at is not None
    return fresh(application).changed_at > sent_at


@DOORS
@CHANGES
def test_an_application_has_changed_with_what_it_takes_over(
    door: Door, change: dict[str, Any], there: Any, hides: Any, application: Application, tmp_path: Path
) -> None:
    door(application.customer, tmp_path, change)
    assert is_changed_since(application)
    assert delivery("application", application).due_at is None  # nobody has asked for it


@DOORS
@CHANGES
def test_what_stands_in_its_own_field_hides_the_change(
    door: Door, change: dict[str, Any], there: Any, hides: Any, application: Application, tmp_path: Path
) -> None:
    Application.objects.update(**hides)
    door(application.customer, tmp_path, change)
    assert not is_changed_since(application)


@DOORS
@CHANGES
def test_under_automatic_sync_it_is_sent_with_what_it_takes_over(
    door: Door,
    change: dict[str, Any],
    there: tuple[str, str],
    hides: Any,
    application: Application,
    linkedin: Linkedin,
    tmp_path: Path,
) -> None:
    Customer.objects.update(sends_changes=True)
    door(application.customer, tmp_path, change)
    work()
    assert held(linkedin, "application", application)[there[0]] == there[1]


def test_the_id_of_a_job_that_was_never_posted_from_here_is_taken_over_as_well(application: Application) -> None:
    jobs.change_job(_with(application.job, external_id="J-2"), fields=["external_id"], by=None)
    assert is_changed_since(application)


def test_what_nobody_takes_over_changes_nobody_else(application: Application) -> None:
    jobs.change_job(_with(application.job, location="Vienna, Austria"), fields=["location"], by=None)
    candidates.change_candidate(_with(application.candidate, prefix="Dr."), fields=["prefix"], by=None)
    assert not is_changed_since(application)


def test_every_field_that_a_payload_takes_over_is_declared(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Each field of a parent is changed in turn: where a child's payload changes with it, the declaration names it."""
    everything = make_everything(acme, linkedin)
    for child in kinds.all_kinds():
        if child.name not in everything:
            continue
        route = child.route("linkedin")
        for above, foreign_key in child.needs.items():
            record = child.rows().get(pk=everything[child.name].pk)
            before = route.record(record, at_linkedin, "upsert", {})
            parent = getattr(record, foreign_key)
            for name, value in _other_values(parent).items():
                was, _ = getattr(parent, name), setattr(parent, name, value)
                taken = route.record(record, at_linkedin, "upsert", {}) != before
                assert taken == (name in child.takes_over.get(above, {})), f"{child.name} of {above}: {name}"
                setattr(parent, name, was)


def _other_values(parent: Any) -> dict[str, Any]:
    """Something else for each field of text and each list; what is not told to LinkedIn is no payload."""
    texts = {"CharField": "Something else", "TextField": "Something else", "EmailField": "else@example.com"}
    other: dict[str, Any] = {}
    for field in parent._meta.concrete_fields:
        if field.generated or field.name in {"sync_state", "sync_trouble"}:
            continue
        if field.get_internal_type() in texts:
            other[field.name] = texts[field.get_internal_type()]
    return other | ({"email_addresses": ["else@example.com"]} if hasattr(parent, "email_addresses") else {})


def _with(record: Any, **columns: Any) -> Any:
    found = fresh(record)
    for name, value in columns.items():
        setattr(found, name, value)
    return found


def test_a_new_person_changes_no_application(acme: Customer, application: Application) -> None:
    candidates.add_candidate(unsaved_candidate(acme, "C-2"), by=None)
    assert not is_changed_since(application)
