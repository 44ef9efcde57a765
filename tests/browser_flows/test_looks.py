"""Every main page on a wide screen and on a phone, light and dark: it fits, it can be read, its controls have names.

CI looks at each in all four ways. Elsewhere, and for the sake of ten minutes, at two: wide and light, small and dark.

WRITE_SCREENSHOTS=1 writes the pictures of the README; WRITE_SCREENSHOTS=all writes every page into var/screenshots, for
people to look at.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from talentsync.sync.models import Hold
from tests.browser_flows import looks, scenes
from tests.browser_flows.looks import ROUND, SIZES
from tests.browser_flows.scene import Scene
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, jobs, newcomer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WRITE = os.environ.get("WRITE_SCREENSHOTS", "")
FOR_README = {
    "start-full": "start",
    "jobs-of-one": "jobs",
    "job-failed": "job",
    "confirm-close-two": "close",
    "run-waiting": "undo",
    "preview-one": "preview",
    "erasure": "receipt",
    "resume-uploading": "upload",
}


WAYS = ROUND if WRITE or os.environ.get("CI_NO_SKIPS") == "1" else ROUND[::2]
HALVES = 2  # two browsers may share the scenes


@pytest.fixture(params=range(HALVES))
def shown(
    request: pytest.FixtureRequest, world: World, enter: Callable[..., Visit], visit: Callable[..., Page]
) -> Iterator[tuple[Scene, Page]]:
    """Every second scene as it stands in the browser of the one who sees it."""

    def show() -> Iterator[tuple[Scene, Page]]:
        visits: dict[str, Visit] = {}
        for scene in islice(scenes.all_of_them(world), request.param, None, HALVES):
            if scene.who not in visits:
                visits[scene.who] = enter(scene.who) if scene.who else Visit(visit())
            visits[scene.who].page.goto(scene.path)
            if scene.act:
                scene.act(visits[scene.who])
            yield scene, visits[scene.who].page

    return show()


@pytest.mark.slow
def test_every_page_fits_can_be_read_and_names_its_controls(shown: Iterator[tuple[Scene, Page]]):
    troubles = [trouble for scene, page in shown for trouble in looked_at(page, scene.name)]
    assert not troubles, "\n".join(troubles)


def test_pages_outside_the_admin_are_held_to_the_same(
    world: World, enter: Callable[..., Visit], complaints: list[str], settings: Any
):
    settings.ROOT_URLCONF = "tests.browser_flows.broken"
    newcomer("office", "Administrator")
    page = enter("office").page
    troubles = []
    hold = Hold.objects.create(reason="An audit.")
    button = reverse("admin:sync_hold_release", args=[hold.pk])
    addresses = {"403": "/admin/jobs/job/", "404": "/nowhere/", "405": button, "500": "/broken/"}
    for name, path in addresses.items():
        page.goto(path)
        troubles += looked_at(page, name)
    page.context.clear_cookies()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        page.goto("/admin/login/")
        page.get_by_label("Username").fill("office")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_load_state()
    expect(page.get_by_role("heading", name="Too many wrong passwords")).to_be_visible()
    troubles += looked_at(page, "locked-out")
    assert not troubles, "\n".join(troubles)
    assert [words for words in complaints if "Failed to load resource" not in words] == []
    complaints.clear()  # refusals are errors to the browser


def test_the_page_of_the_practice_vendors_is_held_to_the_same(world: World, chromium: Browser):
    world.linkedin.next("task_failed", match="PP-002", message="[INVALID_TITLE] the title is too loud")
    scenes.ask("post", jobs("PP-001", "PP-002"))
    world.work()
    world.linkedin_finishes()
    scenes.ask("close", jobs("PP-001"))
    world.work()
    page = chromium.new_context().new_page()
    page.goto(world.practice_url)
    page.get_by_label("External id or title").first.fill("PP-003")
    page.get_by_label("Message", exact=True).first.fill("No.")
    page.get_by_role("combobox", name="What it does").first.select_option("reject")
    page.get_by_role("button", name="Set the mood").first.click()
    expect(page.get_by_text("reject for PP-003 (1 more)")).to_be_visible()
    troubles = looked_at(page, "practice")
    page.context.close()
    assert not troubles, "\n".join(troubles)


def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a page's looks, in every size and theme. It comes light and is left light."""
    troubles = []
    worn = "light"
    seen = set()
    for size, theme in WAYS:
        page.set_viewport_size(SIZES[size])
        if theme != worn:
            wear(page, theme)
            worn = theme
        if size not in seen:
            seen.add(size)
            troubles += [f"{name} {size}: too wide: {each}" for each in looks.too_wide(page)]
            troubles += [f"{name} {size}: no name: {each}" for each in looks.nameless(page)]
            troubles += [f"{name} {size}: named as a box: {each}" for each in looks.mislabelled(page)]
            if size == "wide":  # on a phone heads of columns are not shown
                troubles += [f"{name}: torn: {each}" for each in looks.torn(page)]
        troubles += [f"{name} {size} {theme}: faint: {each}" for each in looks.faint(page)]
        keep(page, name, size, theme)
    if worn != "light":
        wear(page, "light")
    return troubles


def wear(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)
    page.evaluate("theme => document.documentElement.className = theme", theme)


def keep(page: Page, name: str, size: str, theme: str) -> None:
    if WRITE == "all":
        picture(page, settings.VAR_DIR / "screenshots" / f"{name}-{size}-{theme}.png", full=True)
    elif WRITE and name in FOR_README and (size, theme) == ("wide", "light"):
        picture(page, settings.BASE_DIR / "docs" / "screenshots" / f"{FOR_README[name]}.png", full=False)


def picture(page: Page, path: Path, *, full: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full)
