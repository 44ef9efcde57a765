"""What a vendor says is stored whole, summed up, and looked at again in good time, in a constant number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talentsync.customers.models import Connection, Customer
from talentsync.jobs import looks
from talentsync.jobs.models import GreenhouseJob, Job, Posting
from talentsync.sync.models import Delivery
from tests.sync.driving import make_job, make_jobs

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def said(**changes: Any) -> dict[str, Any]:
    """LinkedIn's word of a live posting."""
    nothing = dict.fromkeys(("listing_detail", "apply_detail", "promotion_detail"))
    return {
        **nothing,
        "listing_status": "LISTED",
        "apply_status": "ENABLED",
        "promotion_status": "NOT_PROMOTED",
        "listed_at": at(NOW),
        "expire_at": at(NOW + timedelta(days=30)),
        "url": "https://www.linkedin.com/jobs/view/1",
        "job_urn": "urn:li:jobPosting:1",
        "visibility": "PUBLIC",
        "location": "Graz, Austria",
        "company_name": "",
        "company_url": "",
        **changes,
    }


@pytest.mark.parametrize(
    ("facts", "wait"),
    [
        ({}, timedelta(seconds=60)),
        ({"job_urn": "urn:li:jobPosting:1"}, timedelta(seconds=60)),
        (said(), timedelta(days=1)),
        (said(expire_at=None), timedelta(days=1)),
        (said(expire_at=at(NOW + timedelta(days=7, minutes=1))), timedelta(days=1)),
        (said(expire_at=at(NOW + timedelta(days=7))), timedelta(hours=1)),
        (said(expire_at=at(NOW - timedelta(days=1))), timedelta(hours=1)),
    ],
)
def test_a_live_posting_is_looked_at_daily_and_hourly_in_its_last_week(facts: Any, wait: timedelta) -> None:
    assert looks.next_look(facts, NOW) == wait


def test_nothing_makes_us_look_at_greenhouse_by_ourselves() -> None:
    assert looks.never({}, NOW) is None


def test_a_later_word_replaces_an_earlier_one_and_silence_replaces_nothing(
    acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme)
    looks.absorb(at_linkedin, {job.pk: said()}, NOW)
    silent = said(listing_status="NOT_LISTED", url="", job_urn="", expire_at=None, listed_at=None, visibility="")
    why = {"error_code": "1", "error_type": "LINKEDIN_ERROR", "message": "Taken down"}
    looks.absorb(at_linkedin, {job.pk: {**silent, "listing_detail": why}}, NOW + timedelta(hours=1))
    posting = Posting.objects.get()
    assert (posting.listing_status, posting.urn, posting.visibility) == ("NOT_LISTED", "urn:li:jobPosting:1", "PUBLIC")
    assert posting.expire_at == NOW + timedelta(days=30)
    assert posting.details["listing_detail"] == why
    assert posting.checked_at == NOW + timedelta(hours=1)


def test_a_task_that_names_a_new_posting_forgets_what_was_known_of_the_old_one(
    acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme)
    looks.absorb(at_linkedin, {job.pk: said()}, NOW)
    looks.absorb(at_linkedin, {job.pk: {"job_urn": "urn:li:jobPosting:2"}}, NOW)
    posting = Posting.objects.get()
    assert (posting.urn, posting.listing_status, posting.expire_at, posting.checked_at) == (
        "urn:li:jobPosting:2", "", None, None,
    )  # fmt: skip


def test_greenhouses_word(acme: Customer, at_greenhouse: Connection) -> None:
    one, none, several = make_jobs(acme, 3)
    found = {"found": True, "job_id": 71, "name": "Gardener", "status": "closed", "open_openings": 0}
    found |= {"total_openings": 3, "closed_at": "2026-03-01T08:00:00+00:00", "opening_ids_closed_now": [1]}
    told = {one.pk: found, none.pk: {"found": False}, several.pk: {"found": True, "job_ids": [71, 72]}}
    looks.absorb(at_greenhouse, told, NOW)
    rows = GreenhouseJob.objects.order_by("pk")
    assert [(row.status, row.greenhouse_id, row.open_openings, row.candidates) for row in rows] == [
        ("closed", 71, 0, []),
        ("not_found", None, None, []),
        ("several", None, None, [71, 72]),
    ]
    assert rows[0].closed_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_many_words_cost_no_more_queries_than_one(acme: Customer, at_linkedin: Connection) -> None:
    jobs = make_jobs(acme, 60)
    costs = []
    for number in (1, 60):
        chosen = jobs[:number]
        with CaptureQueriesContext(database) as absorbing:
            looks.absorb(at_linkedin, {job.pk: said() for job in chosen}, NOW)
        rows = {
            job.pk: [Delivery(connection=at_linkedin, kind="job", object_id=job.pk, remote_state="live")]
            for job in chosen
        }
        with CaptureQueriesContext(database) as summing_up:
            looks.summarise(chosen, rows)
        costs.append((len(absorbing), len(summing_up)))
    (absorbed_one, summed_one), (absorbed_all, summed_all) = costs
    assert summed_all == summed_one
    assert absorbed_all <= absorbed_one + 1  # SQLite takes 999 parameters a statement


def test_the_summary_of_a_live_job(acme: Customer, at_linkedin: Connection) -> None:
    job = make_job(acme)
    looks.absorb(at_linkedin, {job.pk: said()}, timezone.now())
    live = Delivery(connection=at_linkedin, kind="job", object_id=job.pk, state="synced", remote_state="live")
    assert set(looks.summarise([job], {job.pk: [live]})) <= {field.name for field in Job._meta.get_fields()}
    assert (job.posting_status, job.posting_until, job.sync_trouble) == ("live", NOW + timedelta(days=30), "")


def test_linkedins_word_on_visibility_counts_more_than_what_was_asked_for(
    acme: Customer, at_linkedin: Connection
) -> None:
    job = make_job(acme, availability="public")
    live = Delivery(connection=at_linkedin, kind="job", object_id=job.pk, state="synced", remote_state="live")
    looks.absorb(at_linkedin, {job.pk: said(visibility="PRIVATE")}, NOW)
    looks.summarise([job], {job.pk: [live]})
    assert job.posting_status == "private_live"


def test_trouble_at_either_vendor_marks_the_job(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection
) -> None:
    job = make_job(acme)
    rows = [
        Delivery(connection=at_linkedin, kind="job", object_id=job.pk, state="synced", remote_state="live"),
        Delivery(connection=at_greenhouse, kind="job", object_id=job.pk, state="failed", failure="rejected"),
    ]
    looks.summarise([job], {job.pk: rows})
    assert job.sync_trouble == "rejected"
