"""One customer in practice at LinkedIn, with something of every kind."""

from __future__ import annotations

from tests.customers.conftest import greenhouse, linkedin, unmounted  # noqa: F401  (fixtures)
from tests.sync.conftest import acme, at_linkedin, ticking  # noqa: F401  (fixtures)
