"""A renewal is kept by later updates, a live job is not held up by its old end, and an update says what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs import records
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.admin import asking
from tests.sync.driving import ask, edit, fresh, posted, settle, work

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def end_of(linkedin: Linkedin, job: Job) -> int:
    posting = linkedin.posting(job.external_id)
    assert posting is not None
    return int(posting["expire_at"])


def asked(action: str, job: Job) -> list[str]:
    """What the page says that will happen."""
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action(action), Job.objects.filter(pk=job.pk), by=None, now=timezone.now())
    return [str(sentence) for panel in asking.page(run, None)["panels"] for sentence in panel.sentences]


def carried_out(action: str, job: Job, linkedin: Linkedin) -> None:
    ask(action, [job])
    work()
    settle(linkedin)


@pytest.fixture
def job(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> Job:
    (job,) = posted(acme, linkedin, expire_at=timezone.now() + 20 * DAY)
    return job


@pytest.mark.parametrize("ends", [True, False])
def test_an_update_keeps_what_a_renewal_has_added(
    ends: bool, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, **({"expire_at": timezone.now() + 20 * DAY} if ends else {}))
    before = end_of(linkedin, job)
    carried_out("renew", job, linkedin)
    assert end_of(linkedin, job) - before == 30 * 86_400_000
    for title in ("Head gardener", "Gardener in chief"):
        edit(job, title=title)
        carried_out("update", job, linkedin)
        assert end_of(linkedin, job) - before == 30 * 86_400_000
    posting = linkedin.posting(job.external_id)
    assert posting is not None
    assert posting["title"] == "Gardener in chief"


def test_an_end_that_somebody_changes_is_sent_and_said(job: Job, linkedin: Linkedin) -> None:
    wanted = timezone.now().replace(microsecond=0) + 60 * DAY
    edit(job, expire_at=wanted)
    assert "The end of 1 moves to what the job says now." in asked("update", job)
    carried_out("update", job, linkedin)
    assert end_of(linkedin, job) == int(wanted.timestamp() * 1000)


def test_a_live_job_may_be_renewed_on_its_last_day_and_updated_afterwards(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, expire_at=timezone.now() + 2 * DAY)
    Job.objects.filter(pk=job.pk).update(expire_at=timezone.now() + timedelta(hours=20))
    assert not list(records.problems(fresh(job), at_linkedin, now=timezone.now()))
    carried_out("renew", job, linkedin)
    Job.objects.filter(pk=job.pk).update(expire_at=timezone.now() - DAY)
    edit(job, title="Head gardener")
    assert runs.survey(_drafted("update", job))["linkedin"].n_applies == 1


def test_an_update_without_more_says_that_the_rest_stays(job: Job) -> None:
    edit(job, title="Head gardener")
    assert "Their visibility and their end stay as they are." in asked("update", job)


def test_an_update_that_uses_a_slot_says_so(job: Job, at_linkedin: Connection) -> None:
    Connection.objects.filter(pk=at_linkedin.pk).update(job_contract_urn="urn:li:contract:1")
    edit(job, listing_type="PREMIUM", availability="")
    told = asked("update", job)
    assert any("1 becomes premium: it uses one slot of the contract" in sentence for sentence in told), told
    assert "Their visibility and their end stay as they are." not in told


def test_an_update_that_makes_public_says_so(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin, availability="private")
    edit(job, availability="public")
    assert "1 becomes public: listed on LinkedIn for everyone." in asked("update", job)


@pytest.mark.parametrize("columns", [{"listing_type": "PREMIUM", "availability": ""}, {"availability": "public"}])
def test_automatic_sync_leaves_slots_and_visibility_to_a_person(
    columns: dict[str, Any], acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin, availability="private" if "listing_type" not in columns else "public")
    Customer.objects.filter(pk=acme.pk).update(sends_changes=True)
    Connection.objects.filter(pk=at_linkedin.pk).update(job_contract_urn="urn:li:contract:1")
    edit(job, **columns)
    work()
    settle(linkedin)
    posting = linkedin.posting(job.external_id)
    assert posting is not None
    assert posting["listing_type"] == "BASIC"
    assert fresh(job).changed_at > job.changed_at


def test_a_post_of_a_premium_job_says_what_it_uses(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    Connection.objects.filter(pk=at_linkedin.pk).update(job_contract_urn="urn:li:contract:1")
    (job,) = posted(acme, linkedin)
    ask("close", [job])
    work()
    settle(linkedin)
    edit(job, listing_type="PREMIUM", availability="")
    told = asked("post", job)
    assert "It is premium: it uses one slot of the contract and is public." in told
    assert "1 was closed or has expired at LinkedIn: it becomes a new post with a new address." in told


def test_a_renewal_and_the_close_of_a_premium_job_are_told(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    Job.objects.filter(pk=job.pk).update(listing_type="PREMIUM", availability="")
    Connection.objects.filter(pk=at_linkedin.pk).update(job_contract_urn="urn:li:contract:1")
    assert "1 live post at LinkedIn stays 30 days longer." in asked("renew", job)
    assert "1 is premium: its slot of the contract is free again." in asked("close", job)


def _drafted(action: str, job: Job) -> Any:
    kind = kinds.get("job")
    return runs.draft(kind, kind.action(action), Job.objects.filter(pk=job.pk), by=None, now=timezone.now())
