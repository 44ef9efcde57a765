"""A customer's whole history as one request: what goes, in which order, and how it ends."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import PostingStatus
from talentsync.sync.models import Run
from tests.all_history.making import (
    ORDER,
    ask_for_all,
    counts,
    finish,
    go,
    make_history,
    reasons,
    sent_in_order,
    sent_to,
)
from tests.candidates.making import held, make_candidate
from tests.sync import driving as hands


def test_everything_arrives_and_what_others_wait_for_goes_first(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_history(acme)

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert run.state == Run.State.DONE
    assert counts(run) == {kind: {"done": 2} for kind in everything}
    for kind, records in everything.items():
        if kind != "job":
            assert all(held(linkedin, kind, record) for record in records), kind
    assert tuple(sent_in_order(linkedin)) == ORDER


def test_a_job_that_was_closed_before_anybody_posted_it_is_known_as_closed_and_never_shown(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    closed = make_history(acme)["job"][1]

    finish(ask_for_all(at_linkedin), linkedin)

    posting = linkedin.posting(closed.external_id)
    assert posting is not None
    assert (posting["status"], posting["fields"]["state"]) == ("CLOSED", "CLOSED")
    assert posting["fields"]["jobPostingOperationType"] == "CREATE"
    assert hands.fresh(closed).posting_status == PostingStatus.CLOSED


def test_what_is_over_is_recorded_without_slot_end_or_second_place(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Only a basic job in one place can say that it is closed (linkedin.md 3.4)."""
    hands.make_job(
        acme,
        "J-OLD",
        status="closed",
        availability="",
        listing_type="PREMIUM",
        show_poster_info=True,
        budget_amount="100.00",
        budget_currency="EUR",
        partner_job_campaign_id="CAMPAIGN",
        expire_at=timezone.now() - timedelta(days=400),
        alternate_locations=["Linz, Austria"],
    )

    finish(ask_for_all(at_linkedin), linkedin)

    fields = (linkedin.posting("J-OLD") or {})["fields"]
    assert fields["availability"] == "PRIVATE_TO_ATS_INTEGRATION", "as the customer chose"
    left_out = {"contract", "budget", "partnerJobCampaignId", "expireAt", "alternateLocations", "showPosterInfo"}
    assert not left_out & fields.keys()


def test_a_recorded_job_that_is_opened_again_is_posted_anew(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = hands.make_job(acme, "J-OLD", status="closed")
    finish(ask_for_all(at_linkedin), linkedin)
    hands.edit(job, status="open")

    hands.ask("post", [job])
    hands.work()
    hands.settle(linkedin)

    assert (linkedin.posting("J-OLD") or {})["status"] == "LISTED"


def test_a_job_that_is_closed_here_before_its_turn_comes_is_not_posted(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """A history may wait for days until the limits let it go on."""
    job = hands.make_job(acme, "J-1")
    run = ask_for_all(at_linkedin)
    go(run)
    hands.edit(job, status="closed")

    run = finish(run, linkedin)

    assert linkedin.posting("J-1") is None
    assert counts(run)["job"] == {"failed": 1}
    assert hands.delivery(job, at_linkedin).failure == "unmappable"
    assert reasons(hands.ask("try_again", [job])) == {("job", "closed_in_ats"): 1}

    finish(ask_for_all(at_linkedin), linkedin)

    assert (linkedin.posting("J-1") or {})["status"] == "CLOSED", "the next history records it"


def test_a_job_that_is_opened_here_before_its_turn_comes_is_not_recorded_as_closed(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = hands.make_job(acme, "J-1", status="closed")
    run = ask_for_all(at_linkedin)
    go(run)
    hands.edit(job, status="open")

    run = finish(run, linkedin)

    assert linkedin.posting("J-1") is None
    assert counts(run)["job"] == {"failed": 1}
    assert reasons(hands.ask("try_again", [job])) == {("job", "opened_again"): 1}

    hands.ask("post", [job])
    hands.work()
    hands.settle(linkedin)

    assert (linkedin.posting("J-1") or {})["status"] == "LISTED"


def test_an_answer_that_was_lost_records_a_closed_job_all_the_same(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = hands.make_job(acme, "J-OLD", status="closed")
    linkedin.next("hang_up", endpoint="simpleJobPostings", applied=True)
    run = ask_for_all(at_linkedin)
    hands.work()
    for _ in range(4):
        hands.pass_by(minutes=6)
        linkedin.finish_tasks()

    run = finish(run, linkedin)

    assert (linkedin.posting("J-OLD") or {})["status"] == "CLOSED"
    assert hands.fresh(job).posting_status == PostingStatus.CLOSED
    assert run.state == Run.State.DONE


def test_asked_for_again_it_sends_only_what_is_new(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    make_history(acme)
    finish(ask_for_all(at_linkedin), linkedin)
    make_candidate(acme, "C-NEW")
    before = len(sent_to(linkedin))

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert (run.state, run.n_done, run.n_skipped) == (Run.State.DONE, 1, 14)
    assert sent_to(linkedin)[before:] == ["atsCandidates"]
