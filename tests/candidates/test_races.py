"""A child on its way while its parent is deleted: what was deleted must not come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.sync import engine, settling
from talentsync.sync.calling import Batch, Report
from talentsync.sync.models import Lane
from tests.candidates.making import ENDPOINTS, ask, change, held, make_everything
from tests.sync import driving
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    made = make_everything(acme, linkedin)
    ask("send_all", made["candidate"])
    work()
    return made


def take(kind: str, connection: Connection) -> tuple[Batch, Any]:
    """A worker that has leased what is due of a kind, and has not sent it yet."""
    lane = Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)
    resource = clients.open_client(connection).resources[lane.route.resource]
    batch = engine.lease(lane, resource, now=timezone.now())
    assert batch is not None
    return batch, resource


def sent(batch: Batch, resource: Any) -> Report:
    report = engine.send(batch, resource)
    assert report is not None
    return report


@pytest.mark.parametrize("kind", ["candidate_note", "application", "application_stage"])
def test_a_parent_is_not_deleted_while_a_child_is_on_its_way(
    kind: str, everything: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    change(everything[kind])
    ask("send", everything[kind])
    batch, resource = take(kind, at_linkedin)
    ask("delete", everything["candidate"])
    work()
    assert held(linkedin, "candidate", everything["candidate"])
    settling.settle(batch, sent(batch, resource), now=timezone.now())
    driving.clock.shift(timedelta(seconds=6))
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_a_worker_that_dies_with_a_child_holds_the_delete_up_no_longer_than_its_lease(
    everything: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    change(everything["candidate_note"])
    ask("send", everything["candidate_note"])
    sent(*take("candidate_note", at_linkedin))
    ask("delete", everything["candidate"])
    work()
    assert held(linkedin, "candidate", everything["candidate"])
    driving.clock.shift(timedelta(seconds=130))
    work()
    driving.clock.shift(timedelta(seconds=6))
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_a_child_that_is_asked_for_while_its_parent_goes_is_not_sent(
    everything: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.next("status", endpoint="atsApplications", status=503)
    ask("delete", everything["candidate"])
    work()
    change(everything["candidate_note"])
    ask("send", everything["candidate_note"])
    driving.clock.shift(timedelta(minutes=10))
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6
