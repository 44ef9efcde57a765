"""A person who asks to be erased is obeyed also where no connection to LinkedIn is in use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer, Membership
from talentsync.sync import erasures, kinds, runs
from talentsync.sync.admin import asking
from talentsync.sync.models import Delivery, Erasure, Hold, Run, RunItem
from talentsync.sync.states import Failure, State
from tests.candidates.making import ask, make_candidate, make_candidates, make_everything, make_note
from tests.candidates.test_removed import take_another
from tests.customers.making import make_customer
from tests.erasing.test_erasing import at_linkedins, left_here
from tests.erasing.test_receipt import clicked, in_role
from tests.sync.driving import pass_by, work
from tests.sync_admin.clicking import page, press, words

pytestmark = pytest.mark.django_db


def test_where_no_connection_was_ever_in_use_it_goes_here_and_the_receipt_says_so(
    client: Client, acme: Customer, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    rosa = in_role("rosa", "Recruiter", acme)
    client.force_login(rosa)
    answer = clicked(client, everything["candidate"])
    asked = words(client.get(answer.url).content.decode())
    assert "Deleted from LinkedIn and from TalentSync: 1 candidate, 1 candidate note, 1 application" in asked
    assert "1 belongs to a customer without a connection to LinkedIn in use" in asked
    client.post(answer.url, {"answered": "1"})
    pass_by(seconds=61)
    run = Run.objects.latest("pk")
    assert left_here() == {}
    assert (run.state, run.n_done, run.total) == (Run.State.DONE, 6, 6)
    receipt = page(client, "sync_run_erasure", run.pk)
    assert "All 6 records are removed here. LinkedIn was not told of 6" in receipt
    assert "Not told: nothing is known to be there, and no connection is in use" in receipt
    assert "and from LinkedIn." not in receipt
    assert client.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk])).content.startswith(b"%PDF-")
    assert "deleted here" in page(client, "sync_run_change", run.pk)
    assert erasures.was_erased(acme, "candidate", [("", "C-1")])
    told = set(AuditEvent.objects.filter(run_id=run.pk).values_list("verb", "kind", "customer"))
    assert {("erase", "candidate", acme.pk), ("erase here", "candidate", acme.pk)} <= told


def test_a_connection_that_is_no_longer_in_use_is_asked_and_what_is_outstanding_is_told(
    client: Client, person: dict[str, Any], acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    Connection.objects.update(is_current=False)
    stop = Hold.objects.create(connection=at_linkedin, reason="Nobody pays.")
    run = ask("erase", person["candidate"])
    work()
    assert run.items.filter(state=RunItem.State.ASKED).count() == 6
    assert "candidate" in left_here()
    rosa = in_role("rosa", "Recruiter", acme)
    client.force_login(rosa)
    Run.objects.filter(pk=run.pk).update(by=rosa)
    assert "0 of 6 records are removed here." in page(client, "sync_run_erasure", run.pk)
    pass_by(days=31)
    client.force_login(rosa)
    assert left_here() == {}
    assert "LinkedIn is still asked for the rest." in page(client, "sync_run_erasure", run.pk)
    stop.delete()
    for _ in range(4):
        pass_by(minutes=6)
    assert at_linkedins(linkedin) == {}
    assert not Delivery.objects.exists()
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, 6)
    assert "All 6 records are removed here and from LinkedIn." in page(client, "sync_run_erasure", run.pk)


@pytest.mark.parametrize("is_replaced", [True, False])
def test_what_was_refused_at_a_connection_out_of_use_can_be_tried_again(
    is_replaced: bool,
    admin_client: Client,
    acme: Customer,
    person: dict[str, Any],
    at_linkedin: Connection,
    linkedin: Linkedin,
) -> None:
    if is_replaced:
        take_another(acme, linkedin)
    else:
        Connection.objects.update(is_current=False)
    linkedin.always("reject", match="A-1", status=422, message="It is frozen.")
    run = ask("erase", person["candidate"])
    work()
    refused = run.erasures.get(kind="application", connection=at_linkedin)
    assert refused.state == Erasure.State.REFUSED
    linkedin.calm()
    assert "Try again…" in page(admin_client, "sync_delivery_change", refused.delivery_id)

    asked = words(press(admin_client, "sync_delivery_again", refused.delivery_id).content.decode())
    assert "Try 1 application again" in asked
    again = Run.objects.latest("pk")
    press(admin_client, "sync_run_confirm", again.pk, answered="1")
    pass_by(minutes=6)

    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    again.refresh_from_db()
    assert (again.state, again.n_done) == (Run.State.DONE, again.total)
    assert {row.state for row in run.erasures.all()} == {Erasure.State.DONE}


def test_what_was_to_be_sent_through_a_connection_out_of_use_is_not_tried_again_there(
    acme: Customer, person: dict[str, Any], linkedin: Linkedin
) -> None:
    Delivery.objects.filter(kind="application").update(state=State.FAILED, failure=Failure.REJECTED)
    take_another(acme, linkedin)
    run = ask("try_again", person["application"])
    assert {item.connection.is_current for item in run.items.all()} == {True}


def test_each_customer_is_obeyed_by_its_own_means(acme: Customer, person: dict[str, Any], linkedin: Linkedin) -> None:
    other = make_candidate(make_customer("Bolt"), "C-1")
    make_note(other)
    run = ask("erase", [person["candidate"], other])
    work()
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    assert run.erasures.filter(connection=None).count() == 2
    assert {row.state for row in run.erasures.all()} == {Erasure.State.DONE}
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, 8)


def test_what_is_added_meanwhile_goes_with_the_rest(acme: Customer, linkedin: Linkedin) -> None:
    candidate = make_candidate(acme)
    run = ask("erase", candidate)
    make_note(candidate)
    work()
    assert not Candidate.objects.exists()
    assert run.erasures.count() == 2


def test_nothing_else_is_asked_for_without_a_connection(acme: Customer, linkedin: Linkedin) -> None:
    candidate = make_candidate(acme)
    assert [ask(action, candidate).total for action in ("delete", "send", "send_all")] == [0, 0, 0]


def drafted(candidate: Candidate) -> Run:
    kind = kinds.get("candidate")
    rows = Candidate.objects.filter(pk=candidate.pk)
    return runs.draft(kind, kind.action("erase"), rows, by=None, now=timezone.now())


def confirmed(run: Run) -> Run:
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), at_once=True)
    work()
    run.refresh_from_db()
    return run


def test_a_connection_that_falls_out_of_use_after_the_click_keeps_nobody_here(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    make_note(candidate)
    run = drafted(candidate)
    Connection.objects.update(is_current=False)
    run = confirmed(run)
    assert left_here() == {}
    assert (run.state, run.n_done, run.total) == (Run.State.DONE, 2, 2)
    assert set(run.erasures.values_list("connection", flat=True)) == {None}


@pytest.mark.parametrize("is_connected", [True, False])
def test_a_connection_that_is_taken_into_use_after_the_click_is_asked(
    is_connected: bool, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    make_note(candidate)
    Connection.objects.update(is_current=is_connected)
    run = drafted(candidate)
    another = take_another(acme, linkedin)
    ask("send_all", candidate)
    work()
    assert at_linkedins(linkedin) == {"candidate": 1, "candidate_note": 1}
    run = confirmed(run)
    assert (left_here(), at_linkedins(linkedin)) == ({}, {})
    assert (run.state, run.n_done) == (Run.State.DONE, 2)
    assert set(run.erasures.values_list("connection", flat=True)) == {another.pk}


def test_its_page_counts_what_waits(
    client: Client, person: dict[str, Any], acme: Customer, at_linkedin: Connection
) -> None:
    Connection.objects.update(is_current=False)
    Hold.objects.create(connection=at_linkedin, reason="Nobody pays.")
    run = ask("erase", person["candidate"])
    Run.objects.update(by=in_role("rosa", "Recruiter", acme))
    for name, role in (("rosa", None), ("sue", "Support")):
        client.force_login(in_role(name, role, acme) if role else User.objects.get(username=name))
        told = page(client, "sync_run_change", run.pk)
        assert "0 of 6 finished." in told
        assert "Ada Sample C-1" in told


def test_who_has_lost_the_customer_meanwhile_erases_nobody_and_reads_no_names(
    client: Client, acme: Customer, linkedin: Linkedin
) -> None:
    rosa = in_role("rosa", "Recruiter", acme)
    client.force_login(rosa)
    candidate = make_candidate(acme)
    answer = clicked(client, candidate)
    Membership.objects.all().delete()
    assert client.get(answer.url).status_code == 403
    assert client.post(answer.url, {"answered": "1"}).status_code == 403
    pass_by(seconds=61)
    assert Candidate.objects.get() == candidate
    Run.objects.update(state=Run.State.WAITING, starts_at=timezone.now() + timedelta(days=1))
    client.force_login(rosa)
    assert "Sample" not in page(client, "sync_run_change", Run.objects.get().pk)


def test_the_receipt_of_whom_linkedin_has_deleted_before_does_not_say_never_sent(
    client: Client, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    ask("delete", candidate)
    work()
    Connection.objects.update(is_current=False)
    run = ask("erase", candidate)
    work()
    Run.objects.update(by=in_role("rosa", "Recruiter", acme))
    client.force_login(User.objects.get(username="rosa"))
    told = page(client, "sync_run_erasure", run.pk)
    assert "no connection to it is in use, and TalentSync knows of nothing there." in told
    assert "sent" not in told.split("Receipt:")[1]


def test_a_large_request_says_of_how_many_it_speaks(
    client: Client, acme: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LOOKED_AT", 14)  # two of each of the seven kinds
    make_candidates(acme, 15)
    rosa = in_role("rosa", "Recruiter", acme)
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action("erase"), Candidate.objects.all(), by=rosa, now=timezone.now())
    client.force_login(rosa)
    told = page(client, "sync_run_confirm", run.pk)
    assert "There are 15 candidates. The first 2 were looked at here, and 2 of these are not passed over." in told
