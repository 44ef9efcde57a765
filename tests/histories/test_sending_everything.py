"""A customer's whole history as one request: what goes, in which order, and how it ends."""

from __future__ import annotations

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import PostingStatus
from talentsync.sync.models import Run
from tests.candidates.making import held
from tests.histories.making import ORDER, ask_for_all, counts, finish, make_history, sent_in_order
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
