"""`sync_run` and `sync_status`: a worker's work and the numbers of it, for shells and other programs (DESIGN 9)."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.sync import driving
from talentsync.sync.models import Hold
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import ask, delivery, make_job, make_jobs, pass_by

pytestmark = pytest.mark.django_db


def said(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def code_of(command: str, *arguments: str) -> int:
    with pytest.raises(CommandError) as caught:
        said(command, *arguments)
    return int(caught.value.returncode)


def status(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said("sync_status", "--json", *arguments))
    return found


def test_until_idle_sends_all_that_is_due_and_leaves_what_linkedin_works_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", make_jobs(acme, 2))
    assert said("sync_run", "--until-idle") == "4 records travelled, 0 need attention.\n"  # asked about, then sent
    assert status()["deliveries"] == {"linkedin": {"job": {"submitted": 2}}}


def test_until_settled_waits_for_linkedin_too(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any
) -> None:
    settings.LINKEDIN_TASK_FIRST_POLL_SECONDS = 0
    linkedin.configure(task_seconds=0)
    job = make_job(acme)
    ask("post", [job])
    said("sync_run", "--until-settled")
    assert delivery(job, at_linkedin).state == "synced"
    assert (linkedin.posting("TS-1") or {})["status"] == "LISTED"


def test_until_settled_does_not_wait_for_what_a_connection_no_longer_in_use_owes(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", [make_job(acme)])
    customers.use_connection(make_connection(acme, client_id="another", is_current=False), by=make_user("rosa"))
    said("sync_run", "--until-idle")  # what is there is asked about all the same
    assert driving.next_due(driving.Scope(), timezone.now()) is None  # else the next line would not end
    assert said("sync_run", "--until-settled").startswith("0 records")


def test_whatever_ends_as_needing_attention_is_exit_1_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.next("reject", match="TS-1")
    ask("post", make_jobs(acme, 2))
    assert code_of("sync_run", "--until-idle") == 1
    pass_by(seconds=1)
    assert "0 need attention" in said("sync_run", "--until-idle")


def test_a_run_can_be_kept_to_one_customer(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin, greenhouse: Greenhouse
) -> None:
    other = make_customer("Bolt")
    make_connection(other, client_id="another")
    ask("post", [make_job(acme)])
    assert said("sync_run", "--customer=Bolt", "--until-idle").startswith("0 records")
    assert said("sync_run", "--customer=Acme", "--kind=job").startswith("2 records")
    assert status("--customer=Bolt")["deliveries"] == {}


def test_the_status_has_the_shape_that_other_programs_rely_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", make_jobs(acme, 3))
    Hold.objects.create(customer=acme, kind="job", operation="close", reason="An audit.")
    found = status()
    assert set(found) == {"deliveries", "due", "oldest_due_seconds", "held", "limits"}
    assert found["deliveries"] == {"linkedin": {"job": {"pending": 3}}}
    assert (found["due"], found["held"]) == (3, ["Acme · job · close"])
    words = said("sync_status")
    assert "due now: 3" in words
    assert "stopped: Acme · job · close" in words


@pytest.mark.parametrize("command", ["sync_run", "sync_status"])
def test_a_customer_that_is_not_there_is_a_usage_error(command: str) -> None:
    assert code_of(command, "--customer=Nobody") == 2
