"""Both vendors in practice, mounted in front of their addresses: no socket is opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from django.conf import settings

from connectors.base.transport import FunctionAdapter
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from tests.customers.making import GREENHOUSE, GREENHOUSE_V1, LINKEDIN


@pytest.fixture(autouse=True)
def unmounted() -> Iterator[None]:
    yield
    clients.unmount_all()


@pytest.fixture
def linkedin() -> Linkedin:
    simulator = Linkedin()
    simulator.seed_application(
        client_id=LINKEDIN["client_id"],
        client_secret=LINKEDIN["client_secret"],
        organizations=[LINKEDIN["organization_urn"]],
        contracts=[LINKEDIN["recruiter_contract_urn"]],
    )
    return mounted(taking_files(simulator))


@pytest.fixture
def greenhouse() -> Greenhouse:
    simulator = Greenhouse()
    simulator.seed_credential(client_id=GREENHOUSE["client_id"], client_secret=GREENHOUSE["client_secret"])
    simulator.seed_key(api_key=GREENHOUSE_V1["api_key"])
    return mounted(simulator)


def taking_files(simulator: Linkedin) -> Linkedin:
    """No door can tell where files go: nothing is served."""
    url = settings.SIMULATOR_URL
    simulator.configure(upload_url=url)
    clients.mount(url, FunctionAdapter(url, partial(simulator.answer, door="www")))
    return simulator


def mounted(simulator):
    for name, door in simulator.doors.items():
        url = settings.SIMULATOR_URL + door.prefix
        clients.mount(url, FunctionAdapter(url, partial(simulator.answer, door=name)))
    return simulator
