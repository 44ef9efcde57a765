"""What the engine is measured with: customers in practice, records that are due, the knobs of the simulators."""

from __future__ import annotations

import json
import os
import urllib.request
from datetime import timedelta
from typing import Any

from django.utils import timezone

from connectors.linkedin.client import LinkedInClient
from talentsync.candidates.models import Candidate
from talentsync.customers import practice
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import RemoteState, Why
from tests.bench import crowd
from tests.customers.making import make_connection, make_customer
from tests.sync.driving import make_job

AT_ONCE = 100  # records of a call


def control(what: str, content: dict[str, Any] | None = None) -> Any:
    """Turn a knob of the simulators of this stage."""
    request = urllib.request.Request(f"{os.environ['SIMULATOR_URL']}/_control/{what}")
    if content is not None:
        request.data = json.dumps(content).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def without_limits() -> None:
    """The vendors' quotas are lifted, there and in our own count of them: what is measured is us."""
    LinkedInClient.quotas = {}
    control("seed", {"linkedin": {"settings": {"records_per_minute": {}, "records_per_day": {}}}})


def practising(name: str) -> Connection:
    """A customer with a connection to simulated LinkedIn, and a credential of its own."""
    connection = make_connection(make_customer(name), client_id=name.lower().replace(" ", "-"))
    practice.seed_application(connection)
    return connection


def many_jobs(customer: Customer, number: int, prefix: str) -> list[Job]:
    pattern = make_job(customer, f"{prefix}-pattern", status="closed")
    columns = {column.attname: getattr(pattern, column.attname) for column in Job._meta.concrete_fields}
    del columns["id"]
    rows = [Job(**{**columns, "external_id": f"{prefix}-{index}", "status": "open"}) for index in range(number)]
    Job.objects.bulk_create(rows)
    return list(Job.objects.filter(external_id__startswith=f"{prefix}-").exclude(pk=pattern.pk))


def candidates_asked_for(connection: Connection, number: int, prefix: str) -> Lane:
    """Candidates that somebody clicked to send, of whom LinkedIn is known to have nothing: one step each."""
    crowd.of_candidates(connection.customer, number, prefix)
    Candidate.objects.filter(customer=connection.customer).update(do_not_send=False)
    return _asked_for("candidate", "send", connection, prefix)


def jobs_asked_for(connection: Connection, number: int, prefix: str) -> Lane:
    many_jobs(connection.customer, number, prefix)
    return _asked_for("job", "post", connection, prefix)


def _asked_for(name: str, action: str, connection: Connection, prefix: str) -> Lane:
    lane = ask_for(name, action, connection, prefix)
    asked = Delivery.objects.filter(connection=connection, kind=name, settled_revision=0)
    asked.update(step="send", why=Why.NONE, remote_state=RemoteState.ABSENT)  # the first look is another step
    crowd.analyze()
    return lane


def ask_for(name: str, action: str, connection: Connection, prefix: str) -> Lane:
    """A click on all of the customer's records with this prefix."""
    kind, now = kinds.get(name), timezone.now()
    chosen = kind.model._default_manager.filter(customer=connection.customer, external_id__startswith=f"{prefix}-")
    chosen = chosen.exclude(external_id=f"{prefix}-pattern")
    run = runs.draft(kind, kind.action(action), chosen, by=None, now=now)
    runs.confirm(run, destinations=["linkedin"], options={}, now=now, at_once=True)
    while not runs.carry_on(run, until=timezone.now() + timedelta(minutes=1)):
        run.refresh_from_db()
    return lane_of(connection, name)


def lane_of(connection: Connection, kind: str) -> Lane:
    return Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)
