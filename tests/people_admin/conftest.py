"""One customer in practice at LinkedIn, and a recruiter who looks after it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from talentsync.customers.models import Customer
from tests.customers.making import make_user
from tests.sync.conftest import acme, at_linkedin, greenhouse, linkedin, ticking, unmounted  # noqa: F401  (fixtures)


@pytest.fixture
def rosa(client: Client, acme: Customer) -> User:  # noqa: F811
    """A recruiter of Acme, logged in."""
    user = make_user("rosa", of=(acme,))
    user.groups.add(Group.objects.get(name="Recruiter"))
    client.force_login(user)
    return user
