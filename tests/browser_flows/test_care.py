"""Clicks that must not do harm: twice, in two tabs, by somebody else, by following links; and work without a mouse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import resolve, reverse
from playwright.sync_api import Page, expect

from talentsync.sync.models import Run
from tests.browser_flows import scenes
from tests.browser_flows.visiting import JOBS, Visit
from tests.browser_flows.world import World, job, jobs, newcomer
from tests.core.rows import dump

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_double_click_is_one_request(world: World, enter: Callable[..., Visit]):
    recruiter = enter("recruiter")
    run = scenes.draft("post", jobs("PP-001"))
    recruiter.open("sync_run_confirm", run.pk)
    recruiter.page.get_by_role("button", name="Post 1 job").dblclick(no_wait_after=True)
    recruiter.heading("Post 1 job")

    world.work()
    world.linkedin_finishes()
    assert Run.objects.count() == 1
    assert len(world.linkedin.tasks_of("PP-001")) == 1


def test_two_tabs_with_the_same_question_are_one_request(world: World, enter: Callable[..., Visit]):
    first = enter("recruiter")
    second = Visit(first.page.context.new_page())
    run = scenes.draft("close", jobs("PP-001", "PP-002"))
    for tab in (first, second):
        tab.open("sync_run_confirm", run.pk)
    first.press("Close 2 jobs")
    first.reads("Until then it can be undone.")
    second.press("Close 2 jobs")
    second.reads("Until then it can be undone.")

    second.page.get_by_role("button", name="Undo").click()
    second.reads("Undone. Nothing was sent.")
    first.reads("Undone before it started. Nothing was sent.")
    assert Run.objects.get().state == Run.State.UNDONE


def test_undo_that_comes_too_late_says_so(world: World, enter: Callable[..., Visit], complaints: list[str]):
    recruiter = enter("recruiter")
    run = scenes.ask("close", jobs("PP-001", "PP-002"), at_once=False)
    recruiter.open("sync_run_change", run.pk)
    undo = recruiter.page.get_by_role("button", name="Undo").element_handle()
    recruiter.page.route("**/change/", lambda route: route.abort("aborted"))  # this tab no longer refreshes
    world.wait(seconds=61)
    undo.click()
    recruiter.page.unroute("**/change/")
    recruiter.page.wait_for_url("**/change/")
    recruiter.reads("Too late for Undo")
    assert set(complaints) <= {"htmx:afterRequest", "htmx:sendAbort"}
    complaints.clear()  # a slow machine refreshes once more before Undo is pressed, and that was cut off above


def test_a_stranger_to_a_customer_sees_nothing_of_it(world: World, enter: Callable[..., Visit], complaints: list[str]):
    run = scenes.ask("post", jobs("PP-001"))
    newcomer("stranger", "Support", of="Kiosk at the Quay")
    stranger = enter("stranger")
    for page in ("index", JOBS, "sync_run_changelist", "sync_delivery_changelist", "customers_customer_changelist"):
        stranger.open(page)
        stranger.reads_not("Parcel & Post")
        stranger.reads_not("Shift lead")
    for name, pk in (
        ("jobs_job_preview", job("PP-001").pk),
        ("sync_run_change", run.pk),
        ("sync_run_confirm", run.pk),
    ):
        stranger.open(name, pk)
        stranger.heading("There is no such page")
    assert {words for words in complaints if "404" not in words} == set()
    complaints.clear()  # a refusal is an error to the browser


def test_who_may_look_but_not_send_is_told_so(world: World, enter: Callable[..., Visit], complaints: list[str]):
    newcomer("office", "Administrator", of="Parcel & Post")
    office = enter("office")
    office.open(JOBS)
    office.heading("You may not do this")
    assert {words for words in complaints if "403" not in words} == set()
    complaints.clear()


@pytest.mark.slow
def test_following_every_link_changes_nothing(world: World, enter: Callable[..., Visit]):
    """As a browser that reads ahead would: every address that any page of an administrator names is opened."""
    scenes.ask("post", jobs("PP-001", "PP-004"))
    world.work()
    world.linkedin_finishes()
    scenes.draft("close", jobs("PP-001"))
    page = enter("administrator").page
    page.goto(reverse("admin:index"))
    before = dump()

    opened = walk(page)

    assert dump() == before
    assert len(opened) > 40
    assert {path: status for path, status in opened.items() if status not in {200, 403}} == {}


LINKS = """
html => [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("a[href], [hx-get]")]
  .map((each) => each.getAttribute("href") || each.getAttribute("hx-get"))
"""
OF_EACH = 2  # pages of one kind: what one job's page links to, another's does too


def walk(page: Page) -> dict[str, int]:
    """Open what the pages link to, breadth first; by address the status."""
    waiting, opened, kinds = [page.url], {page.url: 200}, Counter[str]()
    while waiting:
        url = waiting.pop(0)
        response = page.request.get(url)
        opened[url] = response.status
        for link in page.evaluate(LINKS, response.text()):
            target = urldefrag(urljoin(url, link)).url
            kind = kind_of(target, page.url)
            if kind and target not in opened and kinds[kind] < OF_EACH:
                kinds[kind] += 1
                opened[target] = 0
                waiting.append(target)
    return opened


def kind_of(url: str, home: str) -> str:
    """The name of the page behind an address, and whether it has a query; "" for what is not ours."""
    there = urlsplit(url)
    if there.netloc != urlsplit(home).netloc or there.path.startswith("/static/"):
        return ""
    return f"{resolve(there.path).view_name} {bool(there.query)}"


def test_a_keyboard_is_enough(page: Page, world: World):
    visit = Visit(page)
    page.goto("/")
    tab_to(page, "Username")
    page.keyboard.type("recruiter")
    tab_to(page, "Password")
    page.keyboard.type(world.passwords["recruiter"])
    page.keyboard.press("Enter")
    expect(page).to_have_title("Start | TalentSync")
    page.wait_for_load_state()

    tab_to(page, "Jobs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/job/")
    row = visit.row("PP-001").locator("input.action-select")
    tab_until(page, lambda: row.evaluate("each => each === document.activeElement"))
    page.keyboard.press("Space")
    expect(row).to_be_checked()
    tab_until(page, lambda: page.evaluate("document.activeElement.name === 'action'"))
    page.keyboard.type("Post")
    tab_to(page, "Run")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/")
    tab_to(page, "Post 1 job")
    page.keyboard.press("Enter")

    visit.heading("Post 1 job")
    assert Run.objects.get().state == Run.State.RUNNING


FOCUSED = """
() => {
  const each = document.activeElement;
  const copy = (each.labels?.[0] || each).cloneNode(true);
  copy.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.remove());
  return copy.textContent.replace("*", "").trim();
}
"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus, and shows it."""
    tab_until(page, lambda: page.evaluate(FOCUSED) == name)
    assert page.evaluate("document.activeElement.matches(':focus-visible')")


def tab_until(page: Page, arrived: Callable[[], bool], *, at_most: int = 120) -> None:
    for _ in range(at_most):
        if arrived():
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")
