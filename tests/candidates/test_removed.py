"""What somebody removed from LinkedIn stays out until somebody sends it again, whichever connection is in use."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import services
from talentsync.candidates.models import LinkedInStatus
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery, Hold, RunItem
from talentsync.sync.states import State
from tests.candidates.making import ENDPOINTS, ask, delivery, fresh, make_candidate, make_everything
from tests.customers.making import LINKEDIN
from tests.sync.driving import work

pytestmark = pytest.mark.django_db

ANOTHER = {"client_id": "new", "client_secret": "new", "organization_urn": "urn:li:organization:78"}


@pytest.fixture
def removed(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    """A person with everything, sent and deleted again."""
    made = make_everything(acme, linkedin)
    ask("send_all", made["candidate"])
    work()
    ask("delete", made["candidate"])
    work()
    return made


def take_another(customer: Customer, linkedin: Linkedin, **columns: Any) -> Connection:
    """A connection of another organization, which is in use from now on."""
    linkedin.seed_application(client_id="new", client_secret="new", organizations=[ANOTHER["organization_urn"]])
    connection = Connection(
        customer=customer, **{"destination": "linkedin", "environment": "simulator", **LINKEDIN, **ANOTHER, **columns}
    )
    customers.add_connection(connection, by=None)
    assert connection.is_current
    return connection


def test_it_stays_out_at_a_connection_that_is_taken_into_use_later(
    acme: Customer, removed: dict[str, Any], linkedin: Linkedin
) -> None:
    take_another(acme, linkedin)
    assert {fresh(record).linkedin_status for record in removed.values()} == {LinkedInStatus.REMOVED}
    for action in ("send", "send_all"):
        run = ask(action, removed["candidate"])
        assert set(run.items.values_list("reason", flat=True)) == {"removed"}
    Customer.objects.update(sends_changes=True)
    candidate = fresh(removed["candidate"])
    candidate.prefix = "Dr."
    services.change_candidate(candidate, fields=["prefix"], by=None)
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_send_again_has_the_new_organization_asked_first(
    acme: Customer, removed: dict[str, Any], linkedin: Linkedin
) -> None:
    connection = take_another(acme, linkedin)
    ask("send_again", removed["candidate"])
    assert delivery("candidate", removed["candidate"], connection).step == "check"
    work()
    assert fresh(removed["candidate"]).linkedin_status == LinkedInStatus.SENT
    run = ask("send", removed["candidate_note"])
    assert run.items.get().reason == "removed"  # each by its own click


def test_what_was_sent_again_is_not_out_when_the_first_connection_comes_back(
    acme: Customer, at_linkedin: Connection, removed: dict[str, Any], linkedin: Linkedin
) -> None:
    take_another(acme, linkedin)
    ask("send_again", removed["candidate"])
    work()
    customers.use_connection(at_linkedin, by=None)
    assert fresh(removed["candidate"]).linkedin_status == LinkedInStatus.NOT_SENT
    assert fresh(removed["candidate_note"]).linkedin_status == LinkedInStatus.REMOVED
    ask("send", removed["candidate"])
    work()
    assert fresh(removed["candidate"]).linkedin_status == LinkedInStatus.SENT


def test_what_waited_at_a_connection_is_not_sent_when_it_was_removed_meanwhile(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    stop = Hold.objects.create(connection=at_linkedin, reason="Wait.")
    run = ask("send", candidate)
    take_another(acme, linkedin)
    ask("send", candidate)
    work()
    ask("delete", candidate)
    work()
    stop.delete()
    customers.use_connection(at_linkedin, by=None)
    work()
    assert linkedin.count("atsCandidates") == 0
    assert fresh(candidate).linkedin_status == LinkedInStatus.REMOVED
    assert run.items.get().state == RunItem.State.SUPERSEDED


def test_what_is_still_to_be_deleted_stays_out_as_well(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    linkedin.always("reject", match="C-1", status=422, message="It is frozen.")
    ask("delete", candidate)
    work()
    assert delivery("candidate", candidate).state == State.FAILED
    take_another(acme, linkedin)
    assert ask("send", candidate).items.get().reason == "removed"


def test_what_is_there_says_so(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """Removed from one organization, it is still at the other one: its status is no lie, and it can be deleted."""
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    take_another(acme, linkedin)
    ask("delete", candidate)
    work()
    customers.use_connection(at_linkedin, by=None)
    assert fresh(candidate).linkedin_status == LinkedInStatus.SENT


def test_practice_keeps_nobody_out_of_the_live_vendor(
    acme: Customer, removed: dict[str, Any], linkedin: Linkedin
) -> None:
    take_another(acme, linkedin, environment="live")
    assert fresh(removed["candidate"]).linkedin_status == LinkedInStatus.NOT_SENT


def test_it_costs_the_same_for_one_and_for_many(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        candidate = make_candidate(acme, f"C-{number}")
        gone = {"connection": at_linkedin, "kind": "candidate", "object_id": candidate.pk, "state": State.SYNCED}
        Delivery.objects.create(**gone, entity_key=f"C-{number}", remote_state="deleted", settled_at=timezone.now())
    with django_assert_max_num_queries(75):
        take_another(acme, linkedin)
    assert Delivery.objects.filter(settled_operation="delete").count() == 30
