"""One customer in practice at LinkedIn, and a person that LinkedIn holds with all that hangs on it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from tests.candidates.making import ask, make_everything
from tests.sync.conftest import acme, at_linkedin, greenhouse, linkedin, ticking, unmounted  # noqa: F401  (fixtures)
from tests.sync.driving import work


@pytest.fixture
def person(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:  # noqa: F811
    """One record of each kind, by kind; all of them were sent."""
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    work()
    return everything
