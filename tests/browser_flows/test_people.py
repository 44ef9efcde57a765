"""A recruiter sends people to LinkedIn and takes them back, in a real browser: looks first, agrees, undoes, erases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from talentsync.sync.models import Run
from tests.browser_flows import people
from tests.browser_flows.pages_of_people import change, one, several
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, current, customer
from tests.candidates.making import make_candidates

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IDA, OTTO, LENA, KARL, MIA = (f"PP-C{number}" for number in range(1, 6))
AGREE = "Erase at LinkedIn what is empty here"


@pytest.fixture
def recruiter(enter: Callable[..., Visit]) -> Visit:
    return enter("recruiter")


def at_linkedin(world: World, external_id: str) -> Any:
    """What LinkedIn itself has of a candidate, None where it has nothing."""
    organization = current(customer(), "linkedin").organization_urn
    found = world.linkedin.record("atsCandidates", external_id, organization=organization)
    return found["fields"] if found else None


def held_already(world: World, external_id: str, **fields: str) -> None:
    """LinkedIn has it from elsewhere, or from before our time."""
    client_id = current(customer(), "linkedin").client_id
    world.linkedin.seed_record("atsCandidates", external_id, client_id=client_id, fields=fields)


def sent(world: World, *external_ids: str) -> None:
    people.ask("send_all", several(*external_ids))
    world.work()


def open_list(visit: Visit, search: str = "") -> None:
    visit.open("candidates_candidate_changelist", query=f"?customer__id__exact={customer().pk}&q={search}")


def choose_all(visit: Visit, action: str, number: int) -> None:
    """Everybody on all pages of the list."""
    visit.page.locator("#action-toggle").check()
    visit.page.get_by_role("link", name=f"Select all {number} candidates").click()
    visit.choose(action)


def open_person(visit: Visit, external_id: str) -> None:
    visit.open("candidates_candidate_change", one(external_id).get().pk)


def tile(visit: Visit, label: str) -> Locator:
    return visit.page.locator(".ts-tile").filter(has=visit.page.get_by_text(label, exact=True)).locator("dd")


def card(visit: Visit, name: str) -> Locator:
    return visit.page.get_by_role("region", name=name, exact=True)


def test_what_would_be_sent_is_looked_at_and_nothing_is_erased_unasked(world: World, recruiter: Visit):
    people.a_full_life()
    make_candidates(customer(), 60)
    held_already(world, KARL, firstName="Karl", lastName="Vorlage", suffix="MSc")
    sent(world, IDA, OTTO, LENA)
    change(IDA, current_job_title="")
    change(LENA, current_job_title="Team leader")

    open_list(recruiter)
    choose_all(recruiter, "Send with everything that hangs on it…", 72)
    recruiter.heading("Send 72 candidates with everything that hangs on them?")
    recruiter.reads(
        "What LinkedIn holds of some of them is not known yet: it is read first.",
        "Something that LinkedIn asks for is missing or wrong.",
        "calls to LinkedIn.",
    )
    asked = Run.objects.get(state=Run.State.DRAFT)
    recruiter.follow("Look at what would be sent, value by value")
    _read_the_preview(recruiter)
    _put_right_what_cannot_be_sent(recruiter)

    recruiter.open("sync_run_confirm", asked.pk)
    recruiter.page.locator("#confirm-button").click()
    recruiter.page.wait_for_url("**/change/")
    world.work()
    assert at_linkedin(world, LENA)["currentJobTitle"] == "Team leader"
    assert at_linkedin(world, MIA)["emailAddresses"] == ["mia@example.com"]
    assert at_linkedin(world, "C-59") is not None
    recruiter.open("sync_run_change", asked.pk)
    recruiter.reads("Would be erased: Current job title.", "Would be erased: Suffix.")
    _agree_to_what_would_be_erased(world, recruiter)


def _read_the_preview(recruiter: Visit) -> None:
    for label, number in (
        ("Would erase something", "1"),
        ("Cannot be sent as it is", "2"),
        ("Changed", "1"),
        ("Passed over", "2"),
    ):
        expect(tile(recruiter, label)).to_have_text(number)
    recruiter.reads("The candidate is marked to be kept out of LinkedIn.", "What stands in red is at LinkedIn")
    expect(card(recruiter, "Ida Beispiel").locator(".ts-lost")).to_have_text("Clerk")
    expect(card(recruiter, "Ida Beispiel")).to_contain_text("would be erased")
    expect(card(recruiter, "Lena Probe")).to_contain_text("before: Clerk")
    expect(card(recruiter, "Otto Muster")).to_contain_text("Nothing has changed since it was last sent.")
    expect(card(recruiter, "Karl Vorlage")).to_contain_text("LinkedIn is asked first what it holds")


def _put_right_what_cannot_be_sent(recruiter: Visit) -> None:
    card(recruiter, "Mia Exempel").get_by_role("link", name="E-mail addresses: Enter an e-mail address").click()
    box = recruiter.page.get_by_label("E-mail addresses")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    box.fill("mia@example.com")
    recruiter.press("Save")
    recruiter.reads("was changed successfully")


def _agree_to_what_would_be_erased(world: World, recruiter: Visit) -> None:
    """One of them was sent before, the other one LinkedIn has from before our time."""
    assert at_linkedin(world, IDA)["currentJobTitle"] == "Clerk"
    assert at_linkedin(world, KARL)["suffix"] == "MSc"
    open_person(recruiter, IDA)
    recruiter.reads("LinkedIn holds, or may hold, values that this update would erase, and nobody has agreed to that.")

    open_list(recruiter, "PP-C")
    recruiter.choose("Send to LinkedIn…", *several(IDA, KARL))
    recruiter.page.get_by_label(AGREE).check()
    recruiter.press("Send 2 candidates to LinkedIn")
    recruiter.heading("Send 2 candidates to LinkedIn")
    world.work()
    assert "currentJobTitle" not in at_linkedin(world, IDA)
    assert "suffix" not in at_linkedin(world, KARL)


def test_people_are_taken_out_brought_back_compared_and_erased(world: World, recruiter: Visit):
    people.a_full_life()
    world.linkedin.seed_posting("PP-001", client_id=current(customer(), "linkedin").client_id)
    sent(world, IDA, LENA)
    _ask_to_delete(recruiter)
    recruiter.page.get_by_role("button", name="Undo").click()
    recruiter.reads("Undone. Nothing was sent.")
    world.work(seconds=61)
    assert at_linkedin(world, IDA)
    assert at_linkedin(world, LENA)

    _ask_to_delete(recruiter)
    world.work(seconds=61)
    assert at_linkedin(world, IDA) is at_linkedin(world, LENA) is None
    recruiter.open("sync_run_change", Run.objects.latest("pk").pk)
    recruiter.reads("Finished.")
    for name in ("Ida Beispiel", "Lena Probe", "Speaks three languages.", "PP-A1"):
        expect(recruiter.page.get_by_role("row").filter(has_text=name)).to_contain_text("Deleted")

    open_person(recruiter, IDA)
    recruiter.reads("Removed from LinkedIn")
    recruiter.press("Send again…")
    recruiter.reads("1 candidate: sent to LinkedIn again, as if for the first time.")
    recruiter.press("Send 1 candidate to LinkedIn again")
    recruiter.heading("Send 1 candidate to LinkedIn again")
    world.work()
    assert at_linkedin(world, IDA)["firstName"] == "Ida"
    _compare_side_by_side(world, recruiter)
    _erase(world, recruiter)


def _ask_to_delete(recruiter: Visit) -> None:
    open_list(recruiter, "PP-C")
    recruiter.choose("Delete from LinkedIn…", *several(IDA, LENA))
    recruiter.heading("Delete 2 candidates from LinkedIn?")
    recruiter.reads(
        "Deleted from LinkedIn: 2 candidates, 3 candidate notes, 1 application, 1 application note, "
        "3 application stages, 1 interview feedback.",
        "LinkedIn removes every copy. That cannot be undone there.",
        "Everything stays here and in your ATS, and stays out of LinkedIn until somebody uses Send again.",
        "You can undo it for 60 seconds.",
    )
    recruiter.press("Delete 2 candidates from LinkedIn")
    recruiter.reads("Until then it can be undone.")


def _compare_side_by_side(world: World, recruiter: Visit) -> None:
    change(IDA, current_job_title="Dispatcher")
    held_already(world, IDA, firstName="Ida", lastName="Beispiel", currentJobTitle="Sculptor")
    open_person(recruiter, IDA)
    recruiter.follow("Here, last sent, LinkedIn says: side by side")
    side_by_side = recruiter.page.url
    recruiter.reads("not asked yet")
    recruiter.press("Ask LinkedIn…")
    recruiter.reads("LinkedIn is asked which of its members the candidate is, and what it holds.")
    recruiter.press("Fetch matches of 1 candidate")
    recruiter.heading("Fetch matches of 1 candidate")
    world.work()

    recruiter.page.goto(side_by_side)
    row = recruiter.page.get_by_role("row").filter(has_text="Current job title")
    for column, value in enumerate(("differs", "Dispatcher", "Clerk", "Sculptor")):
        expect(row.get_by_role("cell").nth(column)).to_contain_text(value)


def _erase(world: World, recruiter: Visit) -> None:
    open_person(recruiter, IDA)
    recruiter.press("Delete from LinkedIn and TalentSync…")
    recruiter.heading("Delete 1 candidate from LinkedIn and TalentSync?")
    recruiter.reads("Everything stays in your ATS. Once it has started, nothing of this can be undone.")
    recruiter.press("Delete 1 candidate from LinkedIn and TalentSync")
    recruiter.reads("Until then it can be undone.")
    world.work(seconds=61)
    assert not one(IDA).exists()

    recruiter.open("sync_run_change", Run.objects.latest("pk").pk)
    recruiter.reads("Removed here: 10 of 10.")
    recruiter.follow("Receipt")
    recruiter.reads("All 10 records are removed here and from LinkedIn.")
    recruiter.reads_not("Beispiel")
    row = recruiter.page.get_by_role("row").filter(has=recruiter.page.get_by_role("cell", name="Candidate", exact=True))
    expect(row).to_contain_text("204: accepted")
    expect(row).to_contain_text("Erased")
    expect(row.get_by_role("cell").filter(has_text="2 Mar 2026, 12:")).to_have_count(4)  # asked, accepted, absent, here
    with recruiter.page.expect_download() as download:
        recruiter.follow("Save as PDF")
    _is_a_pdf_of_one_page(download.value.path().read_bytes())


def _is_a_pdf_of_one_page(content: bytes) -> None:
    """It begins, and ends with the place of its table of objects, as a reader looks for them."""
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") == 1
    place = int(content.rpartition(b"startxref")[2].split()[0])
    assert content[place:].startswith(b"xref")


def test_automatic_sync_sends_an_edit_once_its_page_was_confirmed(
    world: World, recruiter: Visit, enter: Callable[..., Visit]
):
    people.a_full_life()
    sent(world, IDA)
    administrator = enter("administrator")
    administrator.open("customers_customer_change", customer().pk)
    administrator.reads("Automatic sync is off: changes wait for somebody who sends them.")
    administrator.follow("Change…")
    administrator.heading("Switch automatic sync on for Parcel & Post?")
    administrator.reads(
        "Switching it on sends nothing.",
        "An update that would erase something at LinkedIn is not sent: it needs attention.",
        "Unchanged: 1",
    )
    _edit_the_title(recruiter, "Team leader")
    world.work()
    assert at_linkedin(world, IDA)["currentJobTitle"] == "Clerk"
    recruiter.reads("Changed since")

    administrator.press("Switch it on")
    administrator.reads("Automatic sync is on. What is saved or imported from now on is sent by itself.")
    _edit_the_title(recruiter, "Dispatcher")
    world.work()
    assert at_linkedin(world, IDA)["currentJobTitle"] == "Dispatcher"
    _edit_the_title(recruiter, "")
    world.work()
    assert at_linkedin(world, IDA)["currentJobTitle"] == "Dispatcher"
    open_person(recruiter, IDA)
    recruiter.reads("Would be erased: Current job title.")


def _edit_the_title(recruiter: Visit, title: str) -> None:
    open_person(recruiter, IDA)
    recruiter.page.get_by_label("Current job title").fill(title)
    recruiter.press("Save and continue editing")
    recruiter.reads("was changed successfully")
