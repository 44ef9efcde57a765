"""From the click to what the vendor holds, through the simulators."""

from __future__ import annotations

import pytest

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import services
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery, Run
from talentsync.sync.states import State
from tests.customers.making import make_connection
from tests.sync.driving import ask, delivery, fresh, make_job, posted, settle, work

pytestmark = pytest.mark.django_db


def test_a_post_goes_from_waiting_to_submitted_to_live(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job = make_job(acme)
    run = ask("post", [job])
    assert fresh(job).sync_state == State.PENDING
    work()
    assert fresh(job).sync_state == State.SUBMITTED
    settle(linkedin)
    assert fresh(job).sync_state == State.SYNCED
    assert linkedin.posting("TS-1")["status"] == "LISTED"
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, 1)


def test_a_close_of_a_hundred_posts(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = posted(acme, linkedin, 100)
    ask("close", jobs)
    work()
    settle(linkedin)
    assert {linkedin.posting(job.external_id)["status"] for job in jobs} == {"CLOSED"}
    assert {fresh(job).posting_status for job in jobs} == {"closed"}


def test_closing_reaches_both_sides(
    acme: Customer, at_linkedin: Connection, at_greenhouse: Connection, linkedin: Linkedin, greenhouse: Greenhouse
) -> None:
    greenhouse.seed_job("REQ-1", openings=3)
    (job,) = posted(acme, linkedin)
    job.requisition_id = "REQ-1"
    job.save()
    ask("close", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert {row.state for row in Delivery.objects.all()} == {State.SYNCED}
    assert fresh(job).greenhouse_status == "closed"
    assert delivery(job, at_greenhouse).remote_state == "closed"


def test_going_live_shows_everything_as_not_sent_and_going_back_shows_what_was(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    other = make_connection(acme, client_id="another", is_current=False)
    services.use_connection(other, by=None)
    assert (fresh(job).sync_state, fresh(job).posting_status) == (State.IDLE, "not_posted")
    services.use_connection(at_linkedin, by=None)
    assert (fresh(job).sync_state, fresh(job).posting_status) == (State.SYNCED, "live")
