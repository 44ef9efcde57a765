"""`request_sync`: the same requests as a click, with exit codes for programs."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync.models import Delivery, Run, RunItem
from tests.sync.driving import delivery, make_job, make_jobs, posted, work

pytestmark = pytest.mark.django_db

ONHOLD = 514


def request(*arguments: str) -> str:
    out = StringIO()
    call_command("request_sync", "job", "--customer=Acme", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        request(*arguments)
    return caught.value.returncode, str(caught.value)


def test_the_close_reason_reaches_greenhouse(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, greenhouse: Greenhouse
) -> None:
    number = greenhouse.seed_job("REQ-1", openings=2)
    make_job(acme, requisition_id="REQ-1")
    request("--external-id=TS-1", "--operation=close", "--destination=greenhouse", f"--close-reason={ONHOLD}")
    work()
    assert {opening["close_reason_id"] for opening in greenhouse.openings(number)} == {ONHOLD}


def test_a_close_reason_that_greenhouse_does_not_offer_is_a_usage_error(
    acme: Customer, at_greenhouse: Connection
) -> None:
    at_greenhouse.close_reasons = [{"id": ONHOLD, "name": "On Hold"}]
    at_greenhouse.save(update_fields=["close_reasons"])
    make_job(acme, requisition_id="REQ-1")
    code, words = refused("--external-id=TS-1", "--operation=close", "--close-reason=9")
    assert code == 2
    assert "514 On Hold" in words
    assert not Run.objects.exists()


def test_only_a_close_takes_a_close_reason(acme: Customer, at_linkedin: Connection) -> None:
    make_job(acme)
    code, _ = refused("--external-id=TS-1", "--operation=upsert", f"--close-reason={ONHOLD}")
    assert code == 2


def test_an_upsert_posts_what_is_not_there_and_updates_what_is_and_never_both(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (live,) = posted(acme, linkedin)
    Job.objects.filter(pk=live.pk).update(changed_at=timezone.now())
    make_job(acme, "TS-2")
    Run.objects.all().delete()
    request("--external-id", "TS-1", "TS-2", "--operation=upsert")
    asked = RunItem.objects.filter(state=RunItem.State.ASKED).values_list("run__action", "delivery__entity_key")
    assert set(asked) == {("update", "TS-1"), ("post", "TS-2")}
    assert len(asked) == 2


def test_closing_all_needs_the_number_of_records(acme: Customer, at_linkedin: Connection) -> None:
    jobs = make_jobs(acme, 3)
    assert refused("--all", "--operation=close")[0] == 2
    assert refused("--all", "--operation=close", "--yes-count=2")[0] == 2
    assert not Delivery.objects.exists()
    request("--all", "--operation=close", "--yes-count=3")
    assert {delivery(job, at_linkedin).operation for job in jobs} == {"close"}


def test_a_dry_run_tells_and_changes_nothing(acme: Customer, at_linkedin: Connection) -> None:
    make_jobs(acme, 2)
    assert "close at linkedin: 2" in request("--all", "--operation=close", "--dry-run")
    assert not Run.objects.exists()
    assert not Delivery.objects.exists()


def test_what_does_not_apply_is_exit_1_and_what_is_not_there_exit_2(acme: Customer, at_linkedin: Connection) -> None:
    make_job(acme)
    assert refused("--external-id=TS-1", "--operation=renew")[0] == 1
    assert refused("--external-id=TS-9", "--operation=close") == (2, "Not found: TS-9.")
    with pytest.raises(CommandError) as caught:
        call_command("request_sync", "job", "--customer=Nobody", "--all", "--operation=close")
    assert caught.value.returncode == 2
