"""One customer in practice at both vendors, the simulators mounted in front of their addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from talentsync.customers.models import Connection, Customer
from tests.customers.conftest import greenhouse, linkedin, unmounted  # noqa: F401  (fixtures)
from tests.customers.making import make_connection, make_customer
from tests.sync import driving


@pytest.fixture
def acme(db: None) -> Customer:
    return make_customer("Acme")


@pytest.fixture
def at_linkedin(acme: Customer, linkedin: object) -> Connection:  # noqa: F811
    return make_connection(acme)


@pytest.fixture
def at_greenhouse(acme: Customer, greenhouse: object) -> Connection:  # noqa: F811
    return make_connection(acme, destination="greenhouse")


@pytest.fixture(autouse=True)
def ticking() -> Iterator[None]:
    """Noon, so that no test depends on the hour it runs at."""
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=True) as clock:
        driving.clock = clock
        yield
