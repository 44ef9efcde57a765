"""What somebody does in the browser, in the words of the people who use it."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from talentsync.sync.models import SyncedModel

JOBS = "jobs_job_changelist"


class Visit:
    """One person at one tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, name: str, *args: object, query: str = "") -> None:
        self.page.goto(reverse(f"admin:{name}", args=args) + query)

    def log_in(self, name: str, password: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page).to_have_title("Start | TalentSync")

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=re.compile(rf"(^|\s){re.escape(name)}$")).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def reads(self, *sentences: str) -> None:
        """Each of these stands on the page, or will in a moment."""
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).first).to_be_visible()

    def reads_not(self, sentence: str) -> None:
        expect(self.page.get_by_text(sentence)).to_have_count(0)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", name=words, exact=True).first).to_be_visible()

    # the list

    def row(self, title: str) -> Locator:
        return self.page.locator("#result_list tr").filter(has_text=title)

    def row_says(self, title: str, *words: str) -> None:
        for each in words:
            expect(self.row(title)).to_contain_text(each)

    def titles(self) -> list[str]:
        """Of the jobs on the list, in its order."""
        links = self.page.locator("#result_list tbody th a")
        return [each.splitlines()[0].strip() for each in links.all_inner_texts()]

    def tick(self, *chosen: SyncedModel) -> None:
        for record in chosen:
            self.row(record.external_id).locator("input.action-select").check()

    def choose(self, action: str, *chosen: SyncedModel) -> None:
        """Select records on the list that is open, and what is to be done with them."""
        self.tick(*chosen)
        self.page.locator("select[name=action]").select_option(label=action)
        self.page.get_by_role("button", name="Run", exact=True).click()
        self.page.wait_for_url("**/confirm/")

    def search(self, words: str) -> None:
        box = self.page.locator("#searchbar")
        box.fill(words)
        with self.page.expect_navigation():
            box.press("Enter")

    def filter(self, heading: str, choice: str, *, apply: bool = False) -> None:
        """Choose in the sheet of filters; `apply` closes it."""
        if not self.page.get_by_role("button", name="Apply Filters").is_visible():
            self.page.get_by_role("button", name="Filters").click()
        self.page.get_by_role("combobox", name=heading, exact=True).click()
        self.page.get_by_role("option", name=choice, exact=True).click()
        if apply:
            with self.page.expect_navigation():
                self.press("Apply Filters")
