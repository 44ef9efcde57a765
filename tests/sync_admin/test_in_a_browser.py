"""The pages around requests in a browser: asked, confirmed, undone, refreshed; by keyboard, small and dark."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from talentsync.sync import runs, stopping
from talentsync.sync.models import Attempt, Delivery, Hold, Run
from tests.sync import driving
from tests.sync.driving import make_jobs, posted, settle, work
from tests.sync_admin.clicking import drafted
from tests.sync_admin.conftest import logged_in, show_signs_of_life

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whatever can be pressed has a name and a place in the order of Tab. Hidden things count for nobody.
NAMELESS = """
() => [...document.querySelectorAll(
    "a, button, input, select, textarea, summary, [role=button], [\\\\@click], [x-on\\\\:click]"
  )]
  .filter(each => each.checkVisibility({visibilityProperty: true}) && each.type !== "hidden" && !each.disabled)
  .filter(each => {
    const labels = [...(each.labels || [])].map(label => label.innerText).join(" ");
    const named = id => document.getElementById(id)?.innerText || "";
    const by = (each.getAttribute("aria-labelledby") || "").split(" ").map(named);
    const words = each.cloneNode(true);
    words.querySelectorAll(".material-symbols-outlined").forEach(icon => icon.remove());
    const text = each.matches(".material-symbols-outlined") ? "" : words.textContent;
    const name = [each.getAttribute("aria-label"), text, each.title, each.placeholder, labels, ...by].join("").trim();
    const reachable = each.tabIndex >= 0 && !each.matches("a:not([href]):not([tabindex])");
    return !name || !reachable;
  })
  .map(each => each.outerHTML.slice(0, 200))
"""
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def opened(page, live_server):
    """Opens an address as a person."""

    def open_as(user, name, *args):
        cookie = logged_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page.goto(reverse(f"admin:{name}", args=args))
        return page

    return open_as


def test_a_close_is_asked_confirmed_and_undone(acme, at_linkedin, linkedin, rosa, opened):
    run = drafted("close", posted(acme, linkedin, 3), by=rosa)
    page = opened(rosa, "sync_run_confirm", run.pk)

    page.get_by_role("button", name="Close 3 jobs").click()
    expect(page.get_by_role("heading", name="Close 3 jobs")).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Undone before it started. Nothing was sent.")).to_be_visible()
    assert Run.objects.get(pk=run.pk).state == Run.State.UNDONE


def test_unticking_a_vendor_changes_what_the_page_foresees_and_nothing_else(
    acme, at_linkedin, at_greenhouse, linkedin, rosa, opened
):
    jobs = posted(acme, linkedin, 2)
    jobs[0].requisition_id = "R-1"
    jobs[0].save(update_fields=["requisition_id"])
    run = drafted("close", jobs, by=rosa)
    page = opened(rosa, "sync_run_confirm", run.pk)

    with page.expect_request(lambda request: "answered=1" in request.url) as asked:
        page.get_by_role("checkbox", name="LinkedIn").uncheck()

    assert "csrf" not in asked.value.url
    page.get_by_role("button", name="Close 1 job", exact=True).click()
    expect(page.get_by_role("heading", name="Close 2 jobs")).to_be_visible()
    assert Run.objects.get(pk=run.pk).destinations == ["greenhouse"]


def test_the_page_follows_its_request_by_itself(acme, at_linkedin, linkedin, rosa, opened):
    run = drafted("close", posted(acme, linkedin, 2), by=rosa)
    page = opened(rosa, "sync_run_confirm", run.pk)
    page.get_by_role("button", name="Close 2 jobs").click()
    expect(page.get_by_text("Until then it can be undone.")).to_be_visible()

    driving.clock.shift(timedelta(seconds=settings.UNDO_SECONDS + 1))
    runs.carry_on(Run.objects.get(pk=run.pk), until=timezone.now() + timedelta(minutes=1))
    work()
    settle(linkedin)

    expect(page.get_by_text("Finished.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_keyboard_reaches_undo_while_the_page_refreshes(acme, at_linkedin, linkedin, rosa, opened):
    run = drafted("close", posted(acme, linkedin, 2), by=rosa)
    page = opened(rosa, "sync_run_confirm", run.pk)
    page.get_by_role("button", name="Close 2 jobs").click()

    page.get_by_role("button", name="Undo").focus()
    with page.expect_response(lambda answer: answer.url.endswith("/change/")):
        pass
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Undone before it started.")).to_be_visible()


@pytest.fixture
def world(acme, at_linkedin, at_greenhouse, linkedin, rosa, sam):
    """Something of everything: done, failed, waiting, stopped, ending soon."""
    linkedin.next(
        "reject", match="TS-2", status=422, message="ERROR :: /title :: field is required " + "but not found" * 9
    )
    jobs = make_jobs(acme, 4, owner_email="rosa@acme.example")
    done = drafted("post", jobs, by=rosa)
    runs.confirm(done, destinations=["linkedin"], options={}, now=timezone.now())
    work()
    settle(linkedin)
    draft = drafted("close", jobs, by=rosa)
    closing = drafted("close", jobs, by=rosa)
    runs.confirm(closing, destinations=["linkedin"], options={}, now=timezone.now())
    hold = stopping.stop(connection=at_greenhouse, reason="The audit runs until Monday.", by=sam)
    show_signs_of_life()
    return {
        "rosa": [("index",), ("sync_run_changelist",), ("sync_run_confirm", draft.pk), ("sync_run_change", closing.pk)],
        "sam": [
            *[("index",), ("sync_run_change", done.pk), ("sync_delivery_changelist",), ("sync_attempt_changelist",)],
            ("sync_delivery_change", Delivery.objects.get(entity_key="TS-2").pk),
            ("sync_attempt_change", Attempt.objects.get(step="send").pk),
            *[("sync_hold_changelist",), ("sync_hold_add",), ("sync_hold_change", hold.pk)],
            ("customers_customer_change", acme.pk),
        ],
    }


@pytest.mark.parametrize(("width", "height", "scheme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_every_page_fits_the_screen_and_every_control_has_a_name_and_a_place(
    world, rosa, sam, opened, page, width, height, scheme, tmp_path
):
    shots = os.environ.get("SHOTS", str(tmp_path))
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for user in (rosa, sam):
        for name, *args in world[user.username]:
            opened(user, name, *args)
            page.wait_for_function("() => window.Alpine !== undefined")
            page.screenshot(path=f"{shots}/{name}-{user.username}-{width}.png", full_page=True)
            found = page.evaluate(NAMELESS) + (["too wide"] if page.evaluate(WIDE) else [])
            wrong |= {f"{name}: {each}": user.username for each in found}

    assert wrong == {}
    assert Hold.objects.exists()


def test_a_new_request_is_stopped_and_released_with_buttons(acme, at_linkedin, sam, opened):
    page = opened(sam, "customers_customer_change", acme.pk)

    page.get_by_role("link", name="Stop all sending…").click()
    page.get_by_label("Reason").fill("The audit runs until Monday.")
    page.get_by_role("button", name="Stop sending").click()
    expect(page.get_by_text("Stopped: Acme.").first).to_be_visible()
    page.get_by_role("link", name="Look at it").first.click()
    page.get_by_role("button", name="Let it go on").click()

    expect(page.get_by_text("It goes on: Acme.")).to_be_visible()
    assert not Hold.objects.exists()


def test_the_keyboard_opens_what_unfold_opens_by_mouse_alone(acme, sam, opened):
    page = opened(sam, "sync_delivery_changelist")
    filters = page.get_by_role("button", name="Filters")

    filters.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#changelist-filter")).to_be_visible()
