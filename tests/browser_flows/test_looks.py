"""Every main page on a wide screen and on a phone, light and dark: it fits, it can be read, its controls have names.

WRITE_SCREENSHOTS=1 writes the pictures of the README; WRITE_SCREENSHOTS=all writes every page into var/screenshots, for
people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser_flows import looks, scenes
from tests.browser_flows.looks import SIZES, THEMES
from tests.browser_flows.scenes import Scene
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITE = os.environ.get("WRITE_SCREENSHOTS", "")
FOR_README = {"start-full", "jobs", "job-failed", "confirm-close", "run-waiting"}


@pytest.fixture
def shown(world: World, enter: Callable[..., Visit], visit: Callable[..., Page]) -> Iterator[tuple[Scene, Page]]:
    """Each scene as it stands in the browser of the one who sees it."""

    def show() -> Iterator[tuple[Scene, Page]]:
        visits: dict[str, Visit] = {}
        for scene in scenes.all_of_them(world):
            if scene.who not in visits:
                visits[scene.who] = enter(scene.who) if scene.who else Visit(visit())
            visits[scene.who].page.goto(scene.path)
            if scene.act:
                scene.act(visits[scene.who])
            yield scene, visits[scene.who].page

    return show()


def test_every_page_fits_can_be_read_and_names_its_controls(shown: Iterator[tuple[Scene, Page]]):
    troubles = []
    for scene, page in shown:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            troubles += [f"{scene.name} {size}: too wide: {each}" for each in looks.too_wide(page)]
            troubles += [f"{scene.name} {size}: no name: {each}" for each in looks.nameless(page)]
            keep(page, scene.name, size)
        for theme in THEMES:
            wear(page, theme)
            troubles += [f"{scene.name} {theme}: faint: {each}" for each in looks.faint(page)]
        wear(page, "light")
    assert not troubles, "\n".join(troubles)


def wear(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.evaluate("theme => document.documentElement.className = theme", theme)


def keep(page: Page, name: str, size: str) -> None:
    if WRITE == "all":
        for theme in THEMES:
            wear(page, theme)
            picture(page, settings.VAR_DIR / "screenshots" / f"{name}-{size}-{theme}.png", full=True)
        wear(page, "light")
    elif WRITE and name in FOR_README and size == "wide":
        picture(page, settings.BASE_DIR / "docs" / "screenshots" / f"{name}.png", full=False)


def picture(page: Page, path: Path, *, full: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full)
