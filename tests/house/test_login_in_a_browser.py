"""The first thing everyone sees, in a real browser and under the real policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a-long-password-of-this-test"


def log_in(page: Page, *, password: str) -> None:
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_person_logs_in_from_the_bare_address_and_lands_on_the_start_page(page, admin_user):
    admin_user.set_password(PASSWORD)
    admin_user.save(update_fields=["password"])
    page.goto("/")
    expect(page).to_have_title("Log in | TalentSync")
    log_in(page, password=PASSWORD)
    page.wait_for_url("**/admin/")
    expect(page.get_by_role("link", name="Jobs").first).to_be_visible()


def test_after_too_many_wrong_passwords_even_the_right_one_must_wait(page, admin_user, complaints, settings):
    admin_user.set_password(PASSWORD)
    admin_user.save(update_fields=["password"])
    for _ in range(settings.AXES_FAILURE_LIMIT):
        page.goto("/admin/login/")
        log_in(page, password="wrong")
    page.goto("/admin/login/")
    log_in(page, password=PASSWORD)
    expect(page.get_by_role("heading", name="Too many wrong passwords")).to_be_visible()
    assert [words for words in complaints if "429" not in words] == []
    complaints.clear()  # the refusal itself is an error to the browser
