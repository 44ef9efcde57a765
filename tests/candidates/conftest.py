"""One customer in practice at LinkedIn, at a time that can be moved."""

from __future__ import annotations

from tests.customers.conftest import greenhouse, linkedin, unmounted  # noqa: F401  (fixtures)
from tests.sync.conftest import acme, at_linkedin, ticking  # noqa: F401  (fixtures)
