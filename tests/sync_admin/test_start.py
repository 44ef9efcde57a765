"""The start page: what needs me, what I asked for, what ends soon, and connections that need care."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from talentsync.customers.models import Connection, Health
from talentsync.jobs.models import Job
from talentsync.sync import stopping
from tests.customers.making import make_user
from tests.sync.driving import ask, make_job, make_jobs, posted, work
from tests.sync_admin.clicking import drafted, page, press
from tests.sync_admin.conftest import logged_in

pytestmark = pytest.mark.django_db
WORDS = "ERROR :: /title :: field is required but not found and has no default value"


@pytest.fixture
def failed(acme, at_linkedin, linkedin):
    """Two jobs are refused; the older one is rosa's."""
    for number, owner in ((1, "Rosa@acme.example"), (2, "else@acme.example")):
        linkedin.next("reject", match=f"TS-{number}", status=422, message=WORDS)
        ask("post", [make_job(acme, f"TS-{number}", owner_email=owner)])
        work()


def test_an_empty_start_page_says_what_to_do_next(acme, rosa):
    text = page(logged_in(rosa), "index")

    assert "Nothing needs you." in text
    assert "You have not asked for anything yet." in text
    assert "Open jobs" in text
    assert "Nothing ends within a week." in text
    assert "Site administration" not in text


def test_what_needs_me_has_my_own_jobs_first_with_meaning_and_remedy(failed, rosa):
    text = page(logged_in(rosa), "index")

    assert text.index("Gardener TS-1") < text.index("Gardener TS-2")
    assert "A field that LinkedIn requires is empty." in text
    assert "Fill in the field, then use Try again." in text
    assert text.count("Try again…") == 2


def test_whoever_may_not_sync_is_not_offered_to_try_again(failed, acme):
    reader = make_user("rita", of=(acme,), may=("jobs.view_job", "sync.view_run"))

    assert "Gardener TS-1" in page(logged_in(reader), "index")
    assert "Try again…" not in page(logged_in(reader), "index")


def test_a_stranger_is_not_needed(failed, stranger):
    assert "Nothing needs you." in page(logged_in(stranger), "index")


def test_whoever_may_not_see_jobs_meets_none(failed, acme):
    nobody = make_user("norbert", of=(acme,))

    assert "Gardener" not in page(logged_in(nobody), "index")


def test_what_i_asked_for_shows_its_progress(acme, at_linkedin, rosa, sam):
    run = drafted("post", make_jobs(acme, 2), by=rosa)
    press(logged_in(rosa), "sync_run_confirm", run.pk)

    assert "Post 2 jobs Running" in page(logged_in(rosa), "index")
    assert "Post 2 jobs" not in page(logged_in(sam), "index")


def test_what_ends_within_a_week_stands_soonest_first(acme, at_linkedin, linkedin, rosa, stranger):
    jobs = posted(acme, linkedin, 3)
    for job, days in zip(jobs, (6, 2, 30), strict=True):
        Job.objects.filter(pk=job.pk).update(posting_until=timezone.now() + timedelta(days=days, hours=1))
    text = page(logged_in(rosa), "index")

    assert text.index("Gardener TS-2") < text.index("Gardener TS-1")
    assert "in 2 days" in text
    assert "Gardener TS-3" not in text
    assert "Gardener" not in page(logged_in(stranger), "index")


def test_support_sees_connections_that_need_care(acme, at_linkedin, at_greenhouse, sam, rosa):
    assert "All connections work, and nothing is waiting to be sent." in page(logged_in(sam), "index")
    Connection.objects.filter(pk=at_greenhouse.pk).update(health=Health.FAILING, health_words="No network.")
    stopping.stop(connection=at_linkedin, reason="Asked for.", by=sam)
    ask("post", make_jobs(acme, 2))

    text = page(logged_in(sam), "index")

    assert "Does not work No network." in text
    assert "Stopped Asked for. 2 due" in text
    assert "Connections" not in page(logged_in(rosa), "index")


def test_the_page_costs_the_same_however_much_there_is(acme, at_linkedin, linkedin, sam, django_assert_max_num_queries):
    client, counted = logged_in(sam), []
    for letter, number in (("A", 8), ("B", 60)):
        linkedin.next("reject", times=number, match=f"{letter}-", status=422, message=WORDS)
        ask("post", [make_job(acme, f"{letter}-{index}", owner_email="sam@acme.example") for index in range(number)])
        work()
        with django_assert_max_num_queries(45) as queries:
            page(client, "index")
        counted.append(len(queries))

    assert counted[0] == counted[1]
