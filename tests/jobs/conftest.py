"""One customer in practice at both vendors; the world of the engine's own tests."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from talentsync.customers.models import Customer
from tests.customers.conftest import greenhouse, linkedin, unmounted  # noqa: F401  (fixtures)
from tests.customers.making import make_user
from tests.sync.conftest import acme, at_greenhouse, at_linkedin, ticking  # noqa: F401  (fixtures)

RECRUITER = ("jobs.view_job", "jobs.add_job", "jobs.change_job", "jobs.sync_job", "sync.view_run")


@pytest.fixture
def rosa(client: Client, acme: Customer) -> User:  # noqa: F811
    """A recruiter of Acme, logged in."""
    user = make_user("rosa", of=(acme,), may=RECRUITER, email="Rosa@example.com")
    client.force_login(user)
    return user
