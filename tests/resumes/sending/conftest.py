"""One customer in practice at LinkedIn, at a time that can be moved, with a candidate who has a resume."""

from __future__ import annotations

import pytest

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from tests.candidates.making import make_candidate
from tests.customers.conftest import greenhouse, linkedin, unmounted  # noqa: F401  (fixtures)
from tests.sync.conftest import acme, at_linkedin, ticking  # noqa: F401  (fixtures)


@pytest.fixture
def candidate(acme: Customer, at_linkedin: Connection) -> Candidate:  # noqa: F811
    return make_candidate(acme)
