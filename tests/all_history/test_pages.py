"""The pages of a history: the button, the page that asks, the page of its progress, and who may use them."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer, Membership
from talentsync.sync import history, standing
from talentsync.sync.models import Hold, Run
from tests.all_history.making import ask_for_all, finish, fresh, go, make_history
from tests.candidates.making import ask, make_candidate, make_candidates, make_note
from tests.customers.making import make_user
from tests.sync import driving as hands
from tests.sync.driving import work
from tests.sync_admin.clicking import page, press, words
from tests.sync_admin.conftest import alive  # noqa: F401  (fixture)

MAY = (
    *("jobs.view_job", "jobs.sync_job", "candidates.view_candidate", "candidates.sync_candidate"),
    *("sync.view_run", "customers.view_customer"),
)


@pytest.fixture
def rosa(acme: Customer) -> User:
    return make_user("rosa", of=(acme,), may=MAY)


@pytest.fixture
def client(rosa: User) -> Client:
    return logged_in(rosa)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def drafted(client: Client, customer: Customer) -> Run:
    press(client, "customers_customer_send_history", customer.pk, follow=False)
    return Run.objects.latest("pk")


def started(client: Client, customer: Customer, **answers: Any) -> Run:
    run = drafted(client, customer)
    press(client, "sync_run_confirm", run.pk, **answers)
    return fresh(run)


# the way there


def test_from_the_customers_page_to_the_page_that_asks(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    make_history(acme)
    make_note(make_candidate(acme, "C-OUT", do_not_send=True), "N-OUT")
    assert "Send all history…" in page(client, "customers_customer_change", acme.pk)

    asked = words(press(client, "customers_customer_send_history", acme.pk).content.decode())

    assert "Send all history of Acme to LinkedIn?" in asked
    assert "1. Jobs 2 0 0" in asked
    assert "2. Candidates 3 0 1" in asked
    assert "3. Candidate notes 3 0 1" in asked
    assert "1 open job: posted, unless LinkedIn has it already." in asked
    assert "1 job that is closed in your ATS: made known to LinkedIn as closed." in asked
    assert "This is the first post for Acme from here." in asked
    assert "(2 records)" in asked
    assert "at most 80 %" in asked
    assert "At most" in asked
    assert "calls to LinkedIn." in asked
    assert Run.objects.get().state == Run.State.DRAFT
    assert not AuditEvent.objects.exists()


def test_without_a_connection_in_use_there_is_no_button(client: Client, acme: Customer) -> None:
    assert "Send all history…" not in page(client, "customers_customer_change", acme.pk)
    assert "Connect the customer to LinkedIn first." in words(
        press(client, "customers_customer_send_history", acme.pk).content.decode()
    )
    assert not Run.objects.exists()


@pytest.mark.parametrize("right", ["jobs.sync_job", "candidates.sync_candidate"])
def test_it_takes_the_right_to_send_jobs_and_people(right: str, acme: Customer, at_linkedin: Connection) -> None:
    client = logged_in(make_user("less", of=(acme,), may=tuple(name for name in MAY if name != right)))

    assert "Send all history…" not in page(client, "customers_customer_change", acme.pk)
    assert press(client, "customers_customer_send_history", acme.pk).status_code == 403
    assert not Run.objects.exists()


def test_what_nobody_is_asked_has_no_label(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    make_history(acme)
    asked = client.get(reverse("admin:sync_run_confirm", args=[drafted(client, acme).pk])).content.decode()
    assert "Erase at LinkedIn" in asked
    assert 'name="seen_at"' in asked
    assert "Seen at" not in asked


def test_confirming_starts_it_with_what_was_decided(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    make_history(acme)

    run = started(client, acme, may_erase="on")

    assert (run.state, run.options) == (Run.State.WAITING, {"may_erase": True})
    event = AuditEvent.objects.get()
    assert (event.verb, event.customer, event.count) == ("send all history", acme, 14)


def test_of_two_tabs_one_starts_it_and_the_other_leads_there(
    client: Client, acme: Customer, at_linkedin: Connection
) -> None:
    make_history(acme)
    first, second = drafted(client, acme), drafted(client, acme)

    press(client, "sync_run_confirm", first.pk)
    late = press(client, "sync_run_confirm", second.pk)

    assert late.redirect_chain[-1][0] == reverse("admin:sync_run_change", args=[first.pk])
    assert "this is under way already" in words(late.content.decode())
    assert "All history of this customer is being sent already." in page(client, "sync_run_confirm", second.pk)
    assert "All history is being sent to LinkedIn." in page(client, "customers_customer_change", acme.pk)


# its progress


def test_each_kind_has_a_row_and_the_end_compares_here_and_there(
    client: Client, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    make_history(acme)
    make_candidate(acme, "C-OUT", do_not_send=True)
    linkedin.next("reject", endpoint="atsCandidates/notes", match="N-1", times=1, message="No such note")
    run = started(client, acme)
    assert "It is about to start." in page(client, "sync_run_change", run.pk)
    go(run)
    shown = page(client, "sync_run_change", run.pk)
    assert "0 of 15 finished" in shown or "1 of 15 finished" in shown
    assert "Here and at LinkedIn" not in shown

    run = finish(run, linkedin)
    shown = page(client, "sync_run_change", run.pk)

    assert "Finished. Of 15 records 1 needs attention." in shown
    assert "Candidates 3 2 1 1 · The candidate is marked to be kept out of LinkedIn." in shown
    assert "Candidate notes 2 1 1 1 · Needs attention; why stands below." in shown
    assert "Jobs 2 2 0 –" in shown
    assert "RSC-201" in shown
    assert "Try what failed again…" in shown


def test_why_it_does_not_go_on_is_said(client: Client, acme: Customer, at_linkedin: Connection) -> None:
    make_candidates(acme, 3)
    run = started(client, acme)
    go(run)
    Hold.objects.create(customer=acme, reason="An audit.")

    assert "Stopped: An audit." in page(client, "sync_run_change", run.pk)


def test_a_daily_limit_that_is_used_up_names_the_hour(
    client: Client, acme: Customer, at_linkedin: Connection, settings: Any
) -> None:
    settings.DAILY_LIMIT_HEADROOM_PERCENT = 99
    make_candidates(acme, 3)
    hands.make_budget(at_linkedin, endpoint="atsCandidates", day=timezone.now().date(), calls=800)
    run = started(client, acme)
    go(run)

    shown = page(client, "sync_run_change", run.pk)

    assert "LinkedIn's daily limit for candidates is used up; it goes on at 00:00." in shown
    assert "Its limits allow the last of them at 3 March, 00:00." in shown


def test_pausing_going_on_and_cancelling_by_its_buttons(
    client: Client, acme: Customer, at_linkedin: Connection, settings: Any
) -> None:
    settings.HISTORY_WINDOW = 200
    make_candidates(acme, 250)
    run = started(client, acme)
    go(run)

    said = words(press(client, "sync_run_pause", run.pk).content.decode())
    assert "Paused. 200 were asked for before and still go; 50 wait until it goes on." in said
    again = words(press(client, "sync_run_pause", run.pk).content.decode())
    assert "There is nothing to pause. It is: Paused." in again
    assert "It goes on." in words(press(client, "sync_run_resume", run.pk).content.decode())
    said = words(press(client, "sync_run_cancel", run.pk).content.decode())
    assert "Cancelled. 50 were left out; 200 were asked for before and still go." in said
    assert "There is nothing to cancel. It is: Cancelled." in words(
        press(client, "sync_run_cancel", run.pk).content.decode()
    )
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert [verb.split()[0] for verb in verbs] == ["send", "pause", "resume", "cancel"]


def test_the_page_says_that_another_connection_ended_it(
    client: Client, acme: Customer, at_linkedin: Connection
) -> None:
    make_candidates(acme, 3)
    run = started(client, acme)
    go(run)
    Connection.objects.filter(pk=at_linkedin.pk).update(is_current=False)
    go(run)

    said = page(client, "sync_run_change", run.pk)

    assert "Cancelled, because another connection was taken into use. 0 were left out" in said
    assert "3 were asked for before; what of them has not gone yet stays here while this one is out of use." in said
    assert "still go" not in said


@pytest.mark.parametrize("how", ["pause", "resume", "cancel"])
def test_a_get_turns_nothing(how: str, client: Client, acme: Customer, at_linkedin: Connection) -> None:
    make_history(acme)
    run = started(client, acme)

    assert client.get(reverse(f"admin:sync_run_{how}", args=[run.pk])).status_code == 405
    assert client.get(reverse("admin:customers_customer_send_history", args=[acme.pk])).status_code == 405
    assert fresh(run).state == Run.State.WAITING


# others


def test_a_stranger_finds_none_of_it(acme: Customer, at_linkedin: Connection) -> None:
    make_history(acme)
    run = ask_for_all(at_linkedin)
    other = Customer.objects.create(name="Umbrella")
    stranger = logged_in(make_user("sven", of=(other,), may=(*MAY, "sync.view_delivery")))

    answers = [
        press(stranger, "customers_customer_send_history", acme.pk, follow=False),
        *(press(stranger, f"sync_run_{how}", run.pk, follow=False) for how in ("pause", "resume", "cancel", "confirm")),
        stranger.get(reverse("admin:sync_run_change", args=[run.pk])),
    ]

    assert all("Acme" not in answer.content.decode() for answer in answers)
    assert {answer.status_code for answer in answers} <= {302, 404}
    assert fresh(run).state == Run.State.WAITING
    assert Run.objects.count() == 1


def test_who_has_lost_the_customer_meanwhile_decides_nothing(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    make_history(acme)
    draft, running = drafted(client, acme), started(client, acme)
    Membership.objects.filter(user=rosa).delete()

    assert press(client, "sync_run_confirm", draft.pk).status_code == 404
    assert press(client, "sync_run_pause", running.pk).status_code == 404
    assert (fresh(draft).state, fresh(running).state) == (Run.State.DRAFT, Run.State.WAITING)


def test_support_looks_at_it_and_leaves_it_to_whoever_asked(
    client: Client, acme: Customer, at_linkedin: Connection
) -> None:
    make_history(acme)
    run = started(client, acme)
    support = logged_in(make_user("sam", of=(acme,), may=(*MAY, "sync.view_delivery")))

    assert "It is about to start." in page(support, "sync_run_change", run.pk)
    assert press(support, "sync_run_pause", run.pk).status_code == 403
    assert fresh(run).state == Run.State.WAITING


@pytest.mark.parametrize("number", [3, 30])
def test_its_page_asks_the_database_as_often_for_few_as_for_many(
    number: int, client: Client, acme: Customer, at_linkedin: Connection, django_assert_max_num_queries: Any
) -> None:
    make_candidates(acme, number)
    run = history.draft(at_linkedin, by=User.objects.get(username="rosa"), now=timezone.now())
    history.confirm(run, options={}, by=None, now=timezone.now())
    go(run)

    with django_assert_max_num_queries(75):
        page(client, "sync_run_change", run.pk)


def test_no_credential_is_kept_with_the_numbers(
    client: Client, acme: Customer, at_linkedin: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "LARGE", 1)
    make_candidates(acme, 3)
    run = started(client, acme)
    go(run)
    page(client, "sync_run_change", run.pk)

    kept = cache.get(f"standing:{run.pk}:{Run.State.RUNNING}")

    assert kept["candidate"]["here"] == 3
    assert at_linkedin.client_secret.encode() not in pickle.dumps(kept)


def test_who_is_erased_here_meanwhile_explains_no_difference(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    people = [make_candidate(acme, f"C-{number}", do_not_send=number == 1) for number in range(4)]
    run = ask_for_all(at_linkedin)
    go(run)
    ask("erase", people[:2])
    work()
    run = finish(run, linkedin)
    told = next(each for each in standing.of(run) if each.kind.name == "candidate")
    assert (told.here, told.there, told.unexplained) == (2, 2, 0)
    assert (told.lost.total(), told.not_there) == (0, {})
    assert (told.skipped, told.settled) == ({"kept_out": 1}, 4)
