"""Stops: made with a reason, seen on every page, released, written down."""

from __future__ import annotations

import pytest
from django.urls import reverse

from talentsync.core.models import AuditEvent
from talentsync.customers.models import Customer
from talentsync.sync import holds, stopping
from talentsync.sync.banners import AT_MOST
from talentsync.sync.models import Delivery, Hold
from tests.candidates import making as people
from tests.chaos import cast
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import ask, make_job, make_jobs, posted, work
from tests.sync_admin.clicking import page, press
from tests.sync_admin.conftest import SUPPORT, logged_in

pytestmark = pytest.mark.django_db
REASON = "The audit runs until Monday."


def test_support_stops_one_customer(acme, at_linkedin, sam):
    press(logged_in(sam), "sync_hold_add", customer=acme.pk, reason=REASON)
    ask("post", [make_job(acme)])

    assert work() == 0
    assert Delivery.objects.get().state == "pending"
    event = AuditEvent.objects.get(verb="stop")
    assert (event.actor, event.customer, event.label) == (sam, acme, "Acme")


def test_support_stops_one_connection(acme, at_linkedin, at_greenhouse, sam):
    press(logged_in(sam), "sync_hold_add", connection=at_linkedin.pk, reason=REASON)

    hold = Hold.objects.get()
    assert (hold.connection, hold.customer, hold.by, hold.probed) == (at_linkedin, None, sam, False)


def test_a_stop_by_hand_outlives_a_connection_test_that_succeeds(acme, at_linkedin, sam):
    stopping.stop(connection=at_linkedin, reason=REASON, by=sam)

    holds.release_probed(at_linkedin)

    assert Hold.objects.get().reason == REASON


def test_support_does_not_stop_everybody(sam, root):
    response = press(logged_in(sam), "sync_hold_add", reason=REASON)
    assert "Only administrators stop all sending for everybody." in response.content.decode()
    assert not Hold.objects.exists()

    press(logged_in(root), "sync_hold_add", reason=REASON)
    assert (Hold.objects.get().customer, Hold.objects.get().connection) == (None, None)


def test_a_reason_is_required(acme, sam):
    response = press(logged_in(sam), "sync_hold_add", customer=acme.pk, reason=" ")

    assert "This field is required." in response.content.decode()
    assert not Hold.objects.exists()


def test_customer_and_connection_are_not_mixed(acme, at_linkedin, sam):
    response = press(logged_in(sam), "sync_hold_add", customer=acme.pk, connection=at_linkedin.pk, reason=REASON)

    assert "not both" in response.content.decode()
    assert not Hold.objects.exists()


def test_stopping_twice_is_one_stop(acme, sam):
    for _ in range(2):
        press(logged_in(sam), "sync_hold_add", customer=acme.pk, reason=REASON)

    assert Hold.objects.count() == 1


def test_another_customer_cannot_be_stopped(acme, sam):
    other = make_customer("Beta")

    press(logged_in(sam), "sync_hold_add", customer=other.pk, reason=REASON)

    assert not Hold.objects.exists()


def test_every_page_says_that_it_is_stopped_to_those_it_concerns(acme, at_linkedin, sam, rosa, stranger):
    stopping.stop(customer=acme, reason=REASON, by=sam)

    for name in ("index", "sync_run_changelist"):
        assert f"Stopped: Acme. What you ask for is kept and sent later. Reason: {REASON}" in page(
            logged_in(rosa), name
        )
        assert REASON not in page(logged_in(stranger), name)
    assert "Look at it" not in page(logged_in(rosa), "index")
    assert "Look at it" in page(logged_in(sam), "index")


def test_all_sending_stopped_is_told_to_everybody(root, stranger):
    stopping.stop(reason=REASON, by=root)

    assert "All sending is stopped." in page(logged_in(stranger), "index")


def test_many_stops_do_not_fill_the_page(root):
    for number in range(AT_MOST + 2):
        stopping.stop(customer=make_customer(f"C{number}"), reason=f"Reason {number}.", by=root)

    assert "2 more stops are in force." in page(logged_in(root), "index")


def test_a_held_operation_is_named(acme, at_linkedin, linkedin, sam):
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    ask("post", [make_job(acme)])
    work()

    assert "Send or update" in page(logged_in(sam), "sync_hold_changelist")
    assert "TalentSync itself" in page(logged_in(sam), "sync_hold_changelist")


def test_releasing_lets_it_go_on(acme, at_linkedin, linkedin, sam):
    hold = stopping.stop(customer=acme, reason=REASON, by=sam)
    ask("post", [make_job(acme)])
    assert work() == 0

    press(logged_in(sam), "sync_hold_release", hold.pk)

    assert not Hold.objects.exists()
    assert AuditEvent.objects.get(verb="release").actor == sam
    assert work() > 0


def test_several_are_released_from_the_list(acme, at_linkedin, sam):
    held = [
        stopping.stop(customer=acme, reason=REASON, by=sam),
        stopping.stop(connection=at_linkedin, reason=REASON, by=sam),
    ]

    press(
        logged_in(sam),
        "sync_hold_changelist",
        action="let_go_on",
        index="0",
        select_across="0",
        _selected_action=[hold.pk for hold in held],
    )

    assert not Hold.objects.exists()


def test_only_who_may_stop_everybody_lets_everybody_go_on(sam, root):
    hold = stopping.stop(reason=REASON, by=root)

    response = press(logged_in(sam), "sync_hold_release", hold.pk)

    assert "Only administrators let all sending go on." in response.content.decode()
    assert Hold.objects.exists()
    press(logged_in(root), "sync_hold_release", hold.pk)
    assert not Hold.objects.exists()


def test_releasing_by_get_releases_nothing(acme, sam):
    hold = stopping.stop(customer=acme, reason=REASON, by=sam)

    assert logged_in(sam).get(reverse("admin:sync_hold_release", args=[hold.pk])).status_code == 405
    assert Hold.objects.exists()


def test_releasing_needs_permission_and_the_customer(acme, sam, stranger):
    hold = stopping.stop(customer=acme, reason=REASON, by=sam)
    may = tuple(name for name in SUPPORT if name != "sync.delete_hold")
    nina = make_user("nina", of=(acme,), may=may)

    assert press(logged_in(nina), "sync_hold_release", hold.pk).status_code == 403
    assert press(logged_in(stranger), "sync_hold_release", hold.pk).status_code == 404
    assert Hold.objects.exists()


def test_a_stop_cannot_be_rewritten_or_deleted_without_a_trace(acme, root):
    hold = stopping.stop(customer=acme, reason=REASON, by=root)
    client = logged_in(root)

    press(client, "sync_hold_change", hold.pk, reason="Another reason.")
    press(client, "sync_hold_delete", hold.pk, post="yes")

    assert Hold.objects.get().reason == REASON


def test_the_customers_page_leads_there(acme, at_linkedin, sam):
    client = logged_in(sam)

    address = f"{reverse('admin:sync_hold_add')}?customer={acme.pk}"
    assert address in client.get(reverse("admin:customers_customer_change", args=[acme.pk])).content.decode()
    assert f'<option value="{acme.pk}" selected>Acme</option>' in client.get(address).content.decode()
    stopping.stop(connection=at_linkedin, reason=REASON, by=sam)
    assert REASON in page(client, "customers_customer_change", acme.pk)


def test_the_form_offers_only_ones_own_customers(acme, at_linkedin, sam):
    make_connection(make_customer("Beta"))
    text = page(logged_in(sam), "sync_hold_add")

    assert "Acme" in text
    assert "Beta" not in text


def test_the_empty_list_says_what_to_do(sam):
    assert "Nothing is stopped" in page(logged_in(sam), "sync_hold_changelist")
    assert Customer.objects.exists()


def test_the_banner_says_how_much_waits_and_that_nothing_is_lost(acme, at_linkedin, sam, rosa, stranger):
    stopping.stop(customer=acme, reason=REASON, by=sam)
    assert "nothing is lost" not in page(logged_in(rosa), "index")
    ask("post", make_jobs(acme, 3))
    work()
    assert "3 records wait, nothing is lost." in page(logged_in(rosa), "index")
    assert "nothing is lost" not in page(logged_in(stranger), "index")


def test_what_is_only_looked_at_now_and_then_does_not_wait(acme, at_linkedin, linkedin, sam, rosa):
    """A live job is asked about every day; nobody has asked for anything."""
    posted(acme, linkedin, 3)
    stopping.stop(customer=acme, reason="Audit.", by=sam)
    html = page(logged_in(rosa), "index")
    assert "Stopped: Acme" in html
    assert "nothing is lost" not in html


def test_what_waits_for_another_record_waits(acme, at_linkedin, linkedin, sam, rosa):
    (job,) = posted(acme, linkedin)
    everything = cast.everything(acme, "C-1", job)
    stopping.stop(customer=acme, reason="Audit.", by=sam)
    people.ask("send_all", everything["candidate"])
    asked = Delivery.objects.unfinished()
    assert asked.filter(due_at=None).exists()
    assert f"{asked.count()} records wait, nothing is lost." in page(logged_in(rosa), "index")


def test_a_stop_of_everything_counts_ones_own_customers(acme, at_linkedin, root, rosa, stranger):
    ask("post", make_jobs(acme, 2))
    stopping.stop(reason=REASON, by=root)
    assert "2 records wait, nothing is lost." in page(logged_in(rosa), "index")
    assert "nothing is lost" not in page(logged_in(stranger), "index")


def test_a_message_to_the_customer_is_ready(acme, at_linkedin, sam):
    hold = stopping.stop(connection=at_linkedin, reason=REASON, by=sam)
    ask("post", [make_job(acme)])
    told = page(logged_in(sam), "sync_hold_change", hold.pk)
    assert "What TalentSync sends to LinkedIn for you has been stopped since" in told
    assert "1 record waits, nothing is lost." in told
