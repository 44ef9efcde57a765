"""Every kind sent and deleted over a socket, as a worker does it: the door that people in practice use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.base.simulation.serving import served
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import LinkedInStatus
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Run
from tests.candidates.making import ENDPOINTS, ask, fresh, held, make_everything
from tests.customers.making import LINKEDIN
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def linkedin(settings: Any) -> Iterator[Linkedin]:
    """Not mounted: what is sent to it travels over loopback."""
    simulator = Linkedin()
    simulator.seed_application(
        client_id=LINKEDIN["client_id"],
        client_secret=LINKEDIN["client_secret"],
        organizations=[LINKEDIN["organization_urn"]],
    )
    with served([simulator]) as url:
        settings.SIMULATOR_URL = url
        yield simulator


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    records = make_everything(acme, linkedin)
    ask("send_all", records["candidate"])
    work()
    return records


def test_every_kind_is_sent(everything: dict[str, Any], linkedin: Linkedin) -> None:
    for kind, record in everything.items():
        assert held(linkedin, kind, record), kind
        assert fresh(record).linkedin_status == LinkedInStatus.SENT


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_every_kind_is_deleted(kind: str, everything: dict[str, Any], linkedin: Linkedin) -> None:
    """linkedin.md 5: six deletes."""
    run = ask("delete", everything[kind])
    work()
    assert held(linkedin, kind, everything[kind]) is None
    assert fresh(everything[kind]).linkedin_status == LinkedInStatus.REMOVED
    assert Run.objects.get(pk=run.pk).n_failed == 0
