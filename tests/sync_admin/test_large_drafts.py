"""The page that asks before a large request: it looks at the first records, says so, and promises nothing of others."""

from __future__ import annotations

import pytest

from talentsync.jobs.models import Job
from talentsync.jobs.sentences import REASONS
from talentsync.sync.admin import asking
from talentsync.sync.models import Run
from tests.sync.driving import make_job, make_jobs
from tests.sync_admin.clicking import drafted, page, press
from tests.sync_admin.conftest import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_are_large(monkeypatch):
    monkeypatch.setattr(asking, "LOOKED_AT", 2)


def test_it_says_of_how_many_it_speaks(acme, at_linkedin, rosa):
    run = drafted("post", make_jobs(acme, 13), by=rosa)
    text = page(logged_in(rosa), "sync_run_confirm", run.pk)

    assert "There are 13 jobs. The first 2 were looked at here, and 2 of these are not passed over." in text
    assert "what is skipped is counted on the request's page" in text
    assert "2 jobs are posted at LinkedIn." in text
    assert "Post 13 jobs" in text
    assert "and 11 more" in text


def test_a_first_look_that_finds_nothing_to_do_does_not_stand_in_the_way(acme, at_linkedin, rosa):
    jobs = [*make_jobs(acme, 2, status="closed"), make_job(acme, "TS-9")]
    run = drafted("post", jobs, by=rosa)
    client = logged_in(rosa)
    text = page(client, "sync_run_confirm", run.pk)

    assert "The first 2 were looked at here, and 0 of these are not passed over." in text
    assert "Of the rest, at most: 1 job is posted at LinkedIn." in text
    assert "Nothing to do" not in text
    assert "Post 3 jobs" in text
    press(client, "sync_run_confirm", run.pk)
    run.refresh_from_db()
    assert run.state != Run.State.DRAFT
    assert run.n_skipped == 2


def test_what_the_rest_may_hold_is_said_without_having_been_seen(acme, at_linkedin, rosa):
    """The warning before a customer's first post does not depend on whom the look has met."""
    jobs = [*make_jobs(acme, 2, status="closed"), make_job(acme, "TS-9", listing_type="PREMIUM")]
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", jobs, by=rosa).pk)

    assert "premium jobs use one slot of the contract each" in text
    assert "This is the first post for Acme from here." in text


def test_it_costs_the_same_however_large_the_request_is(acme, at_linkedin, rosa, django_assert_max_num_queries):
    jobs = make_jobs(acme, 12)
    few, many = drafted("post", jobs[:3], by=rosa), drafted("post", jobs, by=rosa)
    client, counted = logged_in(rosa), []
    for run in (few, few, many):  # the first one warms what is remembered
        with django_assert_max_num_queries(60) as queries:
            page(client, "sync_run_confirm", run.pk)
        counted.append(len(queries))

    assert counted[1] == counted[2]


def test_what_was_put_right_meanwhile_is_seen_when_it_is_opened_again(acme, at_linkedin, rosa):
    jobs = make_jobs(acme, 3, title="")
    client, run = logged_in(rosa), drafted("post", jobs, by=rosa)
    assert str(REASONS["incomplete"]) in page(client, "sync_run_confirm", run.pk)
    Job.objects.update(title="Gardener")

    assert str(REASONS["incomplete"]) not in page(client, "sync_run_confirm", run.pk)
