"""The page of a request: how far it is, and Undo while there is time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from talentsync.core.models import AuditEvent
from talentsync.customers.models import Membership
from talentsync.sync import kinds, runs
from talentsync.sync.admin.progress import OVERTAKEN, PER_PAGE
from talentsync.sync.models import Delivery, Run, RunItem
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync import driving
from tests.sync.driving import ask, make_job, make_jobs, posted, settle, work
from tests.sync_admin.clicking import drafted, page, press
from tests.sync_admin.conftest import RECRUITER, logged_in, show_signs_of_life

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(acme, at_linkedin, linkedin):
    return posted(acme, linkedin, 3)


@pytest.fixture
def closing(live, rosa):
    """Confirmed, and in its time for Undo."""
    run = drafted("close", live, by=rosa)
    press(logged_in(rosa), "sync_run_confirm", run.pk)
    return run


def state_of(run):
    return Run.objects.get(pk=run.pk).state


def start(run):
    """The time for Undo passes."""
    driving.clock.shift(timedelta(seconds=settings.UNDO_SECONDS + 1))
    show_signs_of_life()
    runs.carry_on(Run.objects.get(pk=run.pk), until=timezone.now() + timedelta(minutes=1))


def test_the_time_for_undo_is_counted_and_every_record_says_when_it_closes(closing, rosa):
    text = page(logged_in(rosa), "sync_run_change", closing.pk)
    starts_at = timezone.localtime(Run.objects.get(pk=closing.pk).starts_at)

    assert "seconds. Until then it can be undone." in text
    assert "Undo (" in text
    assert text.count(f"Closes at {starts_at:%H:%M}.") == 3


def test_a_record_says_so_too_while_a_close_of_it_waits(closing, sam):
    delivery = Delivery.objects.first()

    assert "Why not yet? Closes at" in page(logged_in(sam), "sync_delivery_change", delivery.pk)


def test_undo_after_the_start_is_refused_with_a_sentence(closing, rosa):
    start(closing)

    response = press(logged_in(rosa), "sync_run_undo", closing.pk)

    assert "Too late for Undo" in response.content.decode()
    assert state_of(closing) == Run.State.RUNNING


def test_undo_is_written_down(closing, rosa):
    press(logged_in(rosa), "sync_run_undo", closing.pk)

    event = AuditEvent.objects.get(verb="undo close")
    assert (event.actor, event.count, event.run_id) == (rosa, 3, closing.pk)


def test_undo_by_get_is_no_undo(closing, rosa):
    assert logged_in(rosa).get(reverse("admin:sync_run_undo", args=[closing.pk])).status_code == 405
    assert state_of(closing) == Run.State.WAITING


def test_support_sees_a_recruiters_request_and_cannot_undo_it(closing, sam):
    client = logged_in(sam)

    assert "Close 3 jobs" in page(client, "sync_run_change", closing.pk)
    assert "Undo (" not in page(client, "sync_run_change", closing.pk)
    assert press(client, "sync_run_undo", closing.pk).status_code == 403
    assert state_of(closing) == Run.State.WAITING


def test_a_running_request_refreshes_itself_and_a_finished_one_rests(closing, rosa, linkedin):
    client = logged_in(rosa)
    address = reverse("admin:sync_run_change", args=[closing.pk])

    assert 'hx-trigger="every 2s"' in client.get(address).content.decode()
    start(closing)
    work()
    assert "LinkedIn is working on it." in page(client, "sync_run_change", closing.pk)
    settle(linkedin)

    assert state_of(closing) == Run.State.DONE
    assert "every 2s" not in client.get(address).content.decode()
    assert "Finished." in page(client, "sync_run_change", closing.pk)


def test_failures_stand_first_with_their_meaning_remedy_and_words(acme, at_linkedin, linkedin, rosa):
    linkedin.next("task_failed", match="TS-3", message="Invalid Field: /description must be at least 100 characters")
    run = drafted("post", make_jobs(acme, 4), by=rosa)
    press(logged_in(rosa), "sync_run_confirm", run.pk)
    work()
    settle(linkedin)

    text = page(logged_in(rosa), "sync_run_change", run.pk)

    assert "Finished; 1 needs attention." in text
    assert text.index("Gardener TS-3") < text.index("Gardener TS-1")
    assert "The description is too short or too long for LinkedIn." in text
    assert "Write between 100 and 25,000 characters." in text
    assert "Field: Description." in text
    assert "Invalid Field: /description must be at least 100 characters" in text


def test_what_failed_can_be_tried_again_from_the_page(acme, at_linkedin, linkedin, rosa):
    linkedin.next("task_failed", match="TS-1", message="Something new")
    run = drafted("post", make_jobs(acme, 2), by=rosa)
    client = logged_in(rosa)
    press(client, "sync_run_confirm", run.pk)
    work()
    settle(linkedin)

    response = press(client, "sync_run_again", run.pk)
    again = Run.objects.latest("pk")

    assert response.redirect_chain == [(reverse("admin:sync_run_confirm", args=[again.pk]), 302)]
    assert "Try 1 job again" in page(client, "sync_run_confirm", again.pk)
    press(client, "sync_run_confirm", again.pk)
    work()
    settle(linkedin)
    assert "It has been put right since." in page(client, "sync_run_change", run.pk)


def test_an_overtaken_record_says_what_happened(acme, at_linkedin, linkedin, rosa):
    job = make_job(acme)
    run = drafted("post", [job], by=rosa)
    client = logged_in(rosa)
    press(client, "sync_run_confirm", run.pk)

    ask("close", [job])

    assert RunItem.objects.get(run=run).state == RunItem.State.SUPERSEDED
    assert str(OVERTAKEN) in page(client, "sync_run_change", run.pk)


def test_a_skipped_record_says_why(live, rosa):
    run = drafted("close", [*live, make_job(live[0].customer, "TS-9")], by=rosa)
    ask("close", live[:1])
    press(logged_in(rosa), "sync_run_confirm", run.pk)
    start(run)

    assert str(kinds.get("job").sentences["being_closed"]) in page(logged_in(rosa), "sync_run_change", run.pk)


def test_a_draft_leads_its_owner_to_the_page_that_asks(live, rosa):
    run = drafted("close", live, by=rosa)
    response = logged_in(rosa).get(reverse("admin:sync_run_change", args=[run.pk]))

    assert response.url == reverse("admin:sync_run_confirm", args=[run.pk])


def test_the_list_has_ones_own_requests(live, rosa, acme, sam, root, stranger):
    run = drafted("close", live, by=rosa)
    colleague = make_user("carl", of=(acme,), may=RECRUITER)
    press(logged_in(rosa), "sync_run_confirm", run.pk)

    seen = {
        user.username: "Close 3 jobs" in page(logged_in(user), "sync_run_changelist")
        for user in (rosa, colleague, sam, root, stranger)
    }

    assert seen == {"rosa": True, "carl": False, "sam": True, "root": True, "sven": False}


def test_support_does_not_see_drafts_of_others(live, rosa, sam):
    drafted("close", live, by=rosa)

    assert "Close 3 jobs" not in page(logged_in(sam), "sync_run_changelist")


def test_a_stranger_meets_nothing_of_it(closing, stranger):
    client = logged_in(stranger)

    assert client.get(reverse("admin:sync_run_change", args=[closing.pk])).status_code == 404
    assert press(client, "sync_run_undo", closing.pk).status_code == 404
    assert press(client, "sync_run_again", closing.pk).status_code == 404


def test_support_sees_only_the_records_of_its_own_customers(live, rosa, sam, root):
    other = make_customer("Beta")
    make_connection(other)
    Membership.objects.create(customer=other, user=rosa)
    run = drafted("close", [*live, make_job(other, "B-1", title="Secret of Beta")], by=rosa)
    press(logged_in(rosa), "sync_run_confirm", run.pk)

    assert "Secret of Beta" in page(logged_in(rosa), "sync_run_change", run.pk)
    assert "Secret of Beta" not in page(logged_in(sam), "sync_run_change", run.pk)


def test_long_requests_are_shown_page_by_page(acme, at_linkedin, rosa):
    run = drafted("close", make_jobs(acme, PER_PAGE + 1), by=rosa)
    client = logged_in(rosa)
    press(client, "sync_run_confirm", run.pk)

    assert "Page 1 of 2" in page(client, "sync_run_change", run.pk)
    assert "Page 2 of 2" in page(client, "sync_run_change", run.pk, page=2)


def test_the_number_of_queries_does_not_grow(acme, at_linkedin, rosa, django_assert_max_num_queries):
    client = logged_in(rosa)
    counted = []
    for name, number in (("A", 10), ("B", 1000)):
        jobs = [make_job(acme, f"{name}-{index}") for index in range(number)]
        run = drafted("close", jobs, by=rosa)
        press(client, "sync_run_confirm", run.pk)
        with django_assert_max_num_queries(40) as queries:
            page(client, "sync_run_change", run.pk)
        counted.append(len(queries))

    assert counted[0] == counted[1]
