"""A world for each scenario; the migrated database is made once and copied."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from connectors.base.simulation.serving import served
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.crash import places
from tests.crash.world import World, on_broker, on_database
from tests.customers.making import GREENHOUSE, GREENHOUSE_V1, LINKEDIN

# Without servers there is none to be restarted; `bin/test` says that they were not named.
collect_ignore = [] if places.is_on_postgres() else ["test_servers_gone.py"]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a database to be copied."""
    with places.template(tmp_path_factory.mktemp("migrated")) as url:
        with django_db_blocker.unblock(), on_database(url):
            call_command("migrate", verbosity=0)
        yield url


@pytest.fixture(params=places.first())
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def linkedin() -> Linkedin:
    vendor = Linkedin(task_seconds=0.0, calls_per_day={}, records_per_minute={}, records_per_day={})
    vendor.seed_application(
        client_id=LINKEDIN["client_id"],
        client_secret=LINKEDIN["client_secret"],
        organizations=[LINKEDIN["organization_urn"]],
        contracts=[LINKEDIN["recruiter_contract_urn"]],
    )
    return vendor


@pytest.fixture
def greenhouse() -> Greenhouse:
    vendor = Greenhouse(v3_limit=1_000_000, v1_limit=1_000_000)
    vendor.seed_credential(client_id=GREENHOUSE["client_id"], client_secret=GREENHOUSE["client_secret"])
    vendor.seed_key(api_key=GREENHOUSE_V1["api_key"])
    return vendor


@pytest.fixture
def world(
    tmp_path: Path,
    migrated: str,
    place: str,
    linkedin: Linkedin,
    greenhouse: Greenhouse,
    settings: object,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[World]:
    with (
        places.copy(migrated, tmp_path) as database,
        places.broker(place, tmp_path) as (broker, queue),
        django_db_blocker.unblock(),
        on_database(database),
        on_broker(broker, queue),
        served([linkedin, greenhouse]) as url,
        ExitStack() as stack,
    ):
        settings.SIMULATOR_URL, settings.UNDO_SECONDS = url, 0
        named = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker, "TEST_QUEUE": queue}
        yield World(tmp_path, named, linkedin=linkedin, greenhouse=greenhouse, url=url, stack=stack)
