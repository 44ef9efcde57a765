"""What once went silently wrong: answers that were lost, deletes that were refused, agreements that lived on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import linking
from talentsync.candidates.models import Candidate
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.sync import automatic, kinds, presenting, runs, settling, summary, why
from talentsync.sync.models import Delivery
from talentsync.sync.states import Failure
from tests.candidates.making import ask, change, delivery, fresh, held, make_application, make_candidate, make_note
from tests.candidates.test_races import sent, take
from tests.customers.making import make_connection
from tests.sync import driving
from tests.sync.driving import make_job, work

pytestmark = pytest.mark.django_db


def some_hours_pass() -> None:
    for _ in range(6):
        driving.clock.shift(timedelta(minutes=30))
        work()


def saved(record: Any, **columns: Any) -> int:
    """As a form saves."""
    change(record, **columns)
    kind = kinds.get("candidate")
    return automatic.follow(kind, summary.lock(kind, [record.pk]), now=timezone.now())


def switch_on(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(sends_changes=True)


def title_there(linkedin: Linkedin, candidate: Candidate) -> Any:
    return held(linkedin, "candidate", candidate).get("currentJobTitle")


def test_who_may_have_arrived_can_be_deleted(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """The first send arrived, its answer was lost, and then nothing more could be sent."""
    candidate = make_candidate(acme)
    ask("send", candidate)
    batch, resource = take("candidate", at_linkedin)
    settling.settle(batch, sent(batch, resource), now=timezone.now())  # the first look
    linkedin.next("hang_up", endpoint="atsCandidates", applied=True)
    work()
    assert held(linkedin, "candidate", candidate)
    change(candidate, do_not_send=True)
    some_hours_pass()
    ask("delete", candidate)
    work()
    assert held(linkedin, "candidate", candidate) is None


def test_a_worker_that_died_after_sending_leaves_nobody_unfindable(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    batch, resource = take("candidate", at_linkedin)
    settling.settle(batch, sent(batch, resource), now=timezone.now())
    sent(*take("candidate", at_linkedin))
    change(candidate, do_not_send=True)
    driving.clock.shift(timedelta(seconds=130))
    some_hours_pass()
    ask("delete", candidate)
    work()
    assert held(linkedin, "candidate", candidate) is None


@pytest.mark.parametrize("seconds", [40, 3_600])
def test_who_linkedin_keeps_silent_about_is_not_replaced_unasked(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, seconds: int
) -> None:
    """Twice in a minute, or for hours: a silence is no word."""
    candidate = make_candidate(acme)
    linkedin.seed_record("atsCandidates", "C-1", fields={"firstName": "Ada", "currentJobTitle": "Painter"})
    linkedin.always("forget", endpoint="atsCandidates", match="C-1")
    ask("send", candidate)
    for _ in range(6):
        work()
        driving.clock.shift(timedelta(seconds=seconds))
    assert title_there(linkedin, candidate) == "Painter"
    row = delivery("candidate", candidate)
    assert row.failure == Failure.UNCONFIRMED
    said = presenting.trouble(row)
    assert said is not None
    assert said.detail == "LinkedIn was asked twice what it holds, and did not say."


def test_who_linkedin_keeps_silent_about_is_sent_once_somebody_has_agreed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """It may be LinkedIn's way of saying that it knows nobody of that ID."""
    linkedin.configure(unknown_record="missing")
    candidate = make_candidate(acme)
    ask("send", candidate)
    some_hours_pass()
    assert held(linkedin, "candidate", candidate) is None
    ask("send", candidate, may_erase=True)
    some_hours_pass()
    assert held(linkedin, "candidate", candidate)


@pytest.mark.parametrize("status", [403, 503])
def test_who_linkedin_does_not_show_is_neither_replaced_nor_taken_for_gone(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, status: int
) -> None:
    candidate = make_candidate(acme)
    linkedin.seed_record("atsCandidates", "C-1", fields={"firstName": "Ada", "currentJobTitle": "Painter"})
    linkedin.always("refuse_read", endpoint="atsCandidates", match="C-1", status=status)
    ask("send", candidate)
    some_hours_pass()
    row = delivery("candidate", candidate)
    assert (row.state, row.remote_state) == ("pending", "unknown")
    assert "permissions" in row.words
    assert title_there(linkedin, candidate) == "Painter"
    linkedin.calm()
    for _ in range(4):
        driving.clock.shift(timedelta(hours=6))
        work()
    assert delivery("candidate", candidate).words == "currentJobTitle"


def test_an_update_whose_answer_was_lost_is_not_erased_unasked(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    change(candidate, current_job_title="Painter")
    linkedin.next("hang_up", endpoint="atsCandidates", applied=True)
    ask("send", candidate)
    work()
    switch_on(acme)
    saved(candidate, current_job_title="")
    some_hours_pass()
    assert title_there(linkedin, candidate) == "Painter"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED


def test_a_save_does_not_bring_back_whom_somebody_wished_gone(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    linkedin.next("reject", match="C-1", status=422, message="not now")
    ask("delete", candidate)
    work()
    switch_on(acme)
    assert saved(candidate, current_job_title="Gardener") == 0
    work()
    assert title_there(linkedin, candidate) is None


def test_an_agreement_is_about_one_request(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """Agreed to lose the employer, and refused; the next click agreed to nothing."""
    candidate = make_candidate(acme, current_job_title="Painter", current_company_name="Old & Sons")
    ask("send", candidate)
    work()
    change(candidate, current_company_name="")
    linkedin.next("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    ask("send", candidate, may_erase=True)
    work()
    change(candidate, current_job_title="", first_name="Ida")
    ask("send", candidate)
    work()
    assert title_there(linkedin, candidate) == "Painter"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED


def test_what_was_added_since_the_click_is_deleted_with_the_rest(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("TS-1")
    candidate, job = make_candidate(acme), make_job(acme)
    ask("send", candidate)
    work()
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action("delete"), Candidate.objects.all(), by=None, now=timezone.now())
    application, note = make_application(candidate, job), make_note(candidate)
    ask("send", [application])
    ask("send", [note])
    runs.confirm(run, destinations=["linkedin"], options={}, now=timezone.now(), at_once=True)
    work()
    for name, record in (("candidate", candidate), ("application", application), ("candidate_note", note)):
        assert held(linkedin, name, record) is None, name


def test_a_link_does_not_hide_what_is_unsettled(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """An update that needs attention, or an edit that was not sent, comes first."""
    candidate = make_candidate(acme, current_job_title="Painter")
    ask("send", candidate)
    work()
    change(candidate, current_job_title="Gardener")
    linking.link(Candidate.objects.all(), "urn:li:person:Ab12")
    assert ask("link", candidate).items.get().reason == "send_first"
    ask("send", candidate)  # carries the link, too
    work()
    assert held(linkedin, "candidate", candidate)["manualMatchedMember"] == "urn:li:person:Ab12"
    assert title_there(linkedin, candidate) == "Gardener"


def test_nothing_new_goes_through_a_connection_that_is_no_longer_in_use(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    other = make_connection(acme, client_id="linkedin-2", organization_urn="urn:li:organization:2", is_current=False)
    customers.use_connection(other, by=None)
    work()
    assert held(linkedin, "candidate", candidate) is None
    row = Delivery.objects.select_related("connection__customer").get(pk=delivery("candidate", candidate).pk)
    said = str(why.gather([row], now=timezone.now()).of(row))
    assert said == "Another connection is in use by now: through this one nothing new is sent."


# what somebody agreed to erase: these values, and no others


def refused_once(linkedin: Linkedin) -> None:
    linkedin.next("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")


def agreed_and_refused(linkedin: Linkedin) -> Candidate:
    """Somebody agreed to lose the employer, and LinkedIn refused the update for another reason."""
    candidate = make_candidate(Customer.objects.get(), current_job_title="Painter", current_company_name="Old & Sons")
    ask("send", candidate)
    work()
    change(candidate, current_company_name="")
    refused_once(linkedin)
    ask("send", candidate, may_erase=True)
    work()
    assert fresh(candidate).sync_trouble == Failure.REJECTED
    return candidate


def test_trying_again_erases_what_was_agreed_to(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    candidate = agreed_and_refused(linkedin)
    ask("try_again", candidate)
    work()
    assert fresh(candidate).sync_trouble == ""
    assert "currentCompanyName" not in held(linkedin, "candidate", candidate)


def test_trying_again_erases_nothing_that_was_emptied_since(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = agreed_and_refused(linkedin)
    change(candidate, current_job_title="")
    ask("try_again", candidate)
    work()
    assert title_there(linkedin, candidate) == "Painter"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    assert delivery("candidate", candidate).words == "currentJobTitle"


def test_another_value_in_the_same_place_is_not_agreed_to(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Agreed to lose the first address; LinkedIn names them the other way round by now."""
    first, second = "ada@old.example.com", "ada@new.example.com"
    candidate = make_candidate(acme, email_addresses=[first, second])
    ask("send", candidate)
    work()
    change(candidate, email_addresses=[second])
    refused_once(linkedin)
    ask("send", candidate, may_erase=True)
    work()
    there = held(linkedin, "candidate", candidate)
    linkedin.seed_record("atsCandidates", "C-1", fields={**there, "emailAddresses": [second, first]})
    ask("fetch", candidate)
    work()
    change(candidate, email_addresses=[first])
    ask("try_again", candidate)
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    assert set(held(linkedin, "candidate", candidate)["emailAddresses"]) == {first, second}


def test_what_was_emptied_after_the_click_is_not_agreed_to(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """A large request turns into wishes little by little."""
    candidate = make_candidate(acme, current_job_title="Painter")
    ask("send", candidate)
    work()
    change(candidate, first_name="Ida")
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action("send"), Candidate.objects.all(), by=None, now=timezone.now())
    runs.confirm(run, destinations=["linkedin"], options={"may_erase": True}, now=timezone.now(), start=False)
    change(candidate, current_job_title="")
    runs.start_small(run)
    work()
    assert title_there(linkedin, candidate) == "Painter"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED


def test_what_is_not_known_to_be_there_is_not_agreed_to(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Nobody can agree to lose what nobody has seen: it is read first, and named."""
    candidate = make_candidate(acme)
    linkedin.seed_record("atsCandidates", "C-1", fields={"firstName": "Ada", "currentJobTitle": "Painter"})
    ask("send", candidate, may_erase=True)
    work()
    assert title_there(linkedin, candidate) == "Painter"
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    ask("send", candidate, may_erase=True)
    work()
    assert title_there(linkedin, candidate) is None


def test_an_agreement_says_nothing_of_the_person(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """It stands in the clear beside the delivery: the place, and a hash that nobody can try values on."""
    candidate = agreed_and_refused(linkedin)
    agreed = delivery("candidate", candidate).params["may_erase"]
    assert list(agreed) == ["currentCompanyName"]
    assert "Old" not in str(agreed)
