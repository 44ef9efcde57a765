"""A pytest plugin: a page in the machine's own Chromium, before a live server. It fails on what a person would not see.

That is: an error in the page's scripts, a breach of the page's own policy (CSP), a request that leaves the machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",  # CI is root, for whom Chromium has no sandbox
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # nothing leaves the machine
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    # Playwright keeps an event loop in this thread, beside which Django refuses to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=OPTIONS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about so far; a test that expects a complaint clears it."""
    return []


@pytest.fixture
def visit(chromium: Browser, live_server, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Makes fresh visitors, each with a browser of their own. Addresses are relative to the live server."""
    contexts: list[BrowserContext] = []

    def watch(request: Request) -> None:  # looks on: to stand in the way would switch off the browser's cache
        if not request.url.startswith((live_server.url, "data:")):
            complaints.append(f"asked for {request.url}")

    def arrive(**options: Any) -> Page:
        options = {"base_url": live_server.url, "viewport": {"width": 1280, "height": 900}, **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.on("request", watch)
        context.on("weberror", lambda error: complaints.append(f"script: {error.error}"))
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        return context.new_page()

    yield arrive
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """A fresh visitor."""
    return visit()
