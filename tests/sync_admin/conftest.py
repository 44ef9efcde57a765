"""One customer in practice at both vendors, and the people who look after it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from talentsync.core import heartbeats
from talentsync.customers.models import Customer
from tests.customers.making import make_user
from tests.sync.conftest import (  # noqa: F401
    acme,
    at_greenhouse,
    at_linkedin,
    greenhouse,
    linkedin,
    ticking,
    unmounted,
)

RECRUITER = ("jobs.view_job", "jobs.sync_job", "candidates.sync_candidate", "sync.view_run")
SUPPORT = (
    *RECRUITER,
    *("sync.view_delivery", "sync.view_attempt", "sync.view_hold", "sync.add_hold", "sync.delete_hold"),
    *("customers.view_customer", "customers.view_connection"),
)


@pytest.fixture(autouse=True)
def alive(db: None, ticking: None) -> None:  # noqa: F811
    """Worker and beat were seen just now: no banner, no reason to wait."""
    show_signs_of_life()


def show_signs_of_life() -> None:
    for part in ("worker", "beat"):
        heartbeats.beat(part, now=timezone.now())


@pytest.fixture
def rosa(acme: Customer) -> User:  # noqa: F811
    return make_user("rosa", of=(acme,), may=RECRUITER, email="rosa@acme.example")


@pytest.fixture
def sam(acme: Customer) -> User:  # noqa: F811
    return make_user("sam", of=(acme,), may=SUPPORT)


@pytest.fixture
def root(db: None) -> User:
    return make_user("root", is_superuser=True)


@pytest.fixture
def stranger(db: None) -> User:
    return make_user("sven", of=(Customer.objects.create(name="Umbrella"),), may=SUPPORT)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
