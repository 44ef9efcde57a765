"""A live server over the invented world, its vendors on a socket of their own, and a clock that can be moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from connectors.base.simulation import Store
from connectors.base.simulation.serving import served
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, person

expect.set_options(timeout=15_000)  # a busy machine is no failure


@pytest.fixture
def world(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[World]:
    """A Monday at noon in the first run of TalentSync, everything alive and nothing posted."""
    store = Store()
    linkedin, greenhouse = Linkedin(store), Greenhouse(store)
    with (
        time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=True) as clock,
        served([linkedin, greenhouse]) as url,
    ):
        settings.SIMULATOR_URL, settings.MEDIA_ROOT = url, tmp_path / "media"
        made = World(linkedin=linkedin, greenhouse=greenhouse, practice_url=url, clock=clock)
        made.fill()
        yield made
        clients.unmount_all()


@pytest.fixture
def enter(visit: Callable[..., Page], world: World, client: Any, live_server: Any) -> Callable[..., Visit]:
    """A visit of somebody who is logged in already; each has a browser of their own."""

    def entered(name: str, **options: Any) -> Visit:
        page = visit(**options)
        client.force_login(person(name))
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        client.cookies.clear()
        return Visit(page)

    return entered
