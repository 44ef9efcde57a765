"""A recruiter brings files to LinkedIn in a browser: drops them, watches the four steps, puts right what failed."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from talentsync.candidates.models import Candidate
from talentsync.resumes import checking
from talentsync.resumes.models import Resume
from talentsync.resumes.refusals import Refused
from tests.browser_flows import people
from tests.browser_flows.resumes import of, paper
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, current, customer
from tests.resumes import samples
from tests.resumes.test_checking import REFUSED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DROP = """
(zone, files) => {
  const all = new DataTransfer();
  for (const [name, body] of files) {
    all.items.add(new File([Uint8Array.from(atob(body), (each) => each.charCodeAt(0))], name));
  }
  for (const type of ["dragenter", "dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(type, {dataTransfer: all, bubbles: true, cancelable: true}));
  }
}
"""
STEPS = ("Checked", "Uploaded to LinkedIn", "File reference stored", "Attached to the candidate")


@pytest.fixture
def recruiter(enter: Callable[..., Visit]) -> Visit:
    return enter("recruiter")


@pytest.fixture
def rosa(world: World) -> Candidate:
    return people.entered(8, "Rosa Vorbild")


def open_upload(visit: Visit, candidate: Candidate) -> None:
    """From the candidate's page."""
    visit.open("candidates_candidate_change", candidate.pk)
    visit.page.locator("#upload-resumes").click()
    visit.heading("Upload resumes")


def drop(visit: Visit, *files: tuple[str, bytes]) -> None:
    visit.page.wait_for_load_state()
    encoded = [[name, b64encode(body).decode()] for name, body in files]
    visit.page.locator(".ts-drop").evaluate(DROP, encoded)


def line(visit: Visit, name: str) -> Locator:
    return visit.page.locator(".ts-upload").filter(has_text=name)


def steps(of: Locator) -> Locator:
    return of.locator(".ts-step .ts-badge")


def at_linkedin(world: World, resume: Resume) -> Any:
    organization = current(customer(), "linkedin").organization_urn
    found = world.linkedin.record(
        "tcrmCandidateResumes", resume.external_id, parent=resume.candidate.external_id, organization=organization
    )
    return found["fields"] if found else None


def test_dropped_files_go_their_way_and_bad_ones_are_told(world: World, recruiter: Visit, rosa: Candidate) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")), ("Letter.txt", b"Dear all,\nI drive.\n"))
    drop(recruiter, ("Rosa.docx", samples.docx()), ("Locked.pdf", samples.pdf(encrypt="secret")), ("Empty.pdf", b""))
    recruiter.reads("Rosa.pdf · 2 KB", "Empty.pdf · 0 KB")
    recruiter.page.locator("#upload-button").click()

    expect(line(recruiter, "Rosa.docx")).to_contain_text("This is a Word document of the newer type (DOCX)")
    expect(line(recruiter, "Locked.pdf")).to_contain_text("Save it without password and restrictions")
    expect(line(recruiter, "Empty.pdf")).to_contain_text("The file is empty. Choose the resume itself.")
    for name in ("Rosa.pdf", "Letter.txt"):
        for words in STEPS:
            expect(line(recruiter, name)).to_contain_text(words)
        expect(steps(line(recruiter, name)).first).to_have_text("Done")
    assert all(each.external_id not in {"Rosa.pdf", "Letter.txt"} for each in Resume.objects.all())

    world.work()
    for name in ("Rosa.pdf", "Letter.txt"):
        expect(steps(line(recruiter, name))).to_have_text(["Done"] * 4)
    assert {each.file.name for each in Resume.objects.all() if at_linkedin(world, each)} == {"Rosa.pdf", "Letter.txt"}


def test_every_sort_of_file_that_is_no_resume_is_told_what_to_do(
    world: World, recruiter: Visit, rosa: Candidate
) -> None:
    """One of each sort, all dropped at once."""
    files = {code: (f"{code}.{name.rpartition('.')[2]}", body) for name, body, code in REFUSED.values()}
    open_upload(recruiter, rosa)
    drop(recruiter, *files.values())
    recruiter.page.locator("#upload-button").click()
    for code, (name, body) in files.items():
        with pytest.raises(Refused) as refused:
            checking.check(io.BytesIO(body), name)
        assert refused.value.code == code
        told = recruiter.page.locator(".ts-upload").filter(has=recruiter.page.get_by_text(name, exact=True))
        expect(told.get_by_role("alert")).to_have_text(refused.value.sentence)
    assert not Resume.objects.exists()


def test_a_form_that_brings_too_much_is_told_so_in_the_line_of_each_file(
    world: World, recruiter: Visit, rosa: Candidate
) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")), ("Letter.txt", b"Dear all,\nI drive.\n"))
    recruiter.page.locator("#upload-form [name=token]").evaluate("box => { box.value = 'x'.repeat(3_000_000) }")
    recruiter.page.locator("#upload-button").click()
    for name in ("Rosa.pdf", "Letter.txt"):
        expect(line(recruiter, name).get_by_role("alert")).to_contain_text("more was entered than a form may bring")
        expect(line(recruiter, name)).to_contain_text("Not taken")
    expect(recruiter.page.locator(".ts-upload")).to_have_count(2)
    assert not Resume.objects.exists()


def test_the_second_step_fails_and_is_tried_again(world: World, recruiter: Visit, rosa: Candidate) -> None:
    world.linkedin.next("status", endpoint="ambry", status=413, message="Payload too large")
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")))
    recruiter.page.locator("#upload-button").click()
    expect(steps(line(recruiter, "Rosa.pdf"))).to_have_text(["Done", "Waiting", "Waiting", "Waiting"])
    world.work()
    expect(steps(line(recruiter, "Rosa.pdf"))).to_have_text(["Done", "Needs attention", "Waiting", "Waiting"])
    recruiter.reads("The file is too large for LinkedIn, which takes up to 10 MB.", "Payload too large")

    recruiter.press("Try again…")
    recruiter.page.wait_for_url("**/confirm/")
    recruiter.page.locator("#confirm-button").click()
    recruiter.page.wait_for_url("**/change/")
    world.work()
    recruiter.open("resumes_resume_change", Resume.objects.get().pk)
    expect(steps(recruiter.page.locator(".ts-journey"))).to_have_text(["Done"] * 4)


def test_it_goes_on_when_the_person_leaves(world: World, recruiter: Visit, rosa: Candidate) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")))
    recruiter.page.get_by_label("Let LinkedIn remove the file after some time").check()
    recruiter.page.locator("#upload-button").click()
    expect(steps(line(recruiter, "Rosa.pdf")).first).to_have_text("Done")
    address = recruiter.page.url
    recruiter.open("index")
    world.work()
    recruiter.page.goto(address)
    expect(steps(line(recruiter, "Rosa.pdf"))).to_have_text(["Done"] * 4)
    recruiter.reads("LinkedIn removes the file on 5 Mar 2026")
    recruiter.reads("Then: The resume is deleted from LinkedIn.")


def test_two_tabs_and_a_second_click_make_one_resume(world: World, recruiter: Visit, rosa: Candidate) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")))
    recruiter.page.locator("#upload-button").dblclick()
    expect(steps(line(recruiter, "Rosa.pdf")).first).to_have_text("Done")
    drop(recruiter, ("Rosa.pdf", paper("Rosa")))
    recruiter.page.locator("#upload-button").click()
    recruiter.reads("This very file is here already. Nothing was done twice.")
    expect(line(recruiter, "Rosa.pdf")).to_have_count(1)
    assert Resume.objects.count() == 1


def test_without_its_script_the_form_brings_all_files(
    world: World, enter: Callable[..., Visit], rosa: Candidate
) -> None:
    plain = enter("recruiter")
    plain.page.route("**/resumes/upload.js", lambda route: route.fulfill(body=""))
    plain.open("resumes_resume_add", query=f"?candidate={rosa.pk}")
    plain.page.get_by_label("Files", exact=True).set_input_files([of("Rosa.pdf"), of("Letter.pdf")])
    plain.page.locator("#upload-button").click()
    expect(plain.page.locator(".ts-upload")).to_have_count(2)
    world.work()
    plain.page.reload()
    expect(steps(line(plain, "Letter.pdf"))).to_have_text(["Done"] * 4)


def test_a_file_is_looked_at_downloaded_and_replaced(world: World, recruiter: Visit, rosa: Candidate) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa Größe.pdf", paper("Rosa")))
    recruiter.page.locator("#upload-button").click()
    expect(steps(line(recruiter, "Rosa Größe.pdf")).first).to_have_text("Done")
    world.work()
    resume = Resume.objects.get()
    before = at_linkedin(world, resume)
    recruiter.open("resumes_resume_change", resume.pk)
    recruiter.follow("Look at it")
    expect(recruiter.page.get_by_role("img", name="Page 1")).to_be_visible()
    with recruiter.page.expect_download() as download:
        recruiter.press("Download")
    assert download.value.suggested_filename == "Rosa Größe.pdf"
    assert download.value.path().read_bytes() == paper("Rosa")

    recruiter.follow("Back to the resume")
    recruiter.follow("Replace file…")
    drop(recruiter, ("Better.pdf", paper("Better")))
    recruiter.page.locator("#replace-button").click()
    recruiter.page.wait_for_url(f"**{reverse('admin:resumes_resume_change', args=[resume.pk])}")
    recruiter.reads("The file is replaced.")
    world.work()
    expect(steps(recruiter.page.locator(".ts-journey"))).to_have_text(["Done"] * 4)
    after = at_linkedin(world, resume)
    assert after is not None
    assert after != before


def test_each_file_goes_where_it_was_sent_though_somebody_chooses_on(
    world: World, recruiter: Visit, rosa: Candidate
) -> None:
    tilo = people.entered(9, "Tilo Muster")
    open_upload(recruiter, rosa)
    drop(recruiter, ("First.pdf", paper("First")), ("Second.pdf", paper("Second")))
    page = recruiter.page
    waiting: list[Any] = []
    page.route("**/resumes/resume/add/", lambda route: waiting.append(route) if not waiting else route.continue_())
    page.locator("#upload-button").click()
    expect(line(recruiter, "Second.pdf")).to_contain_text("Waiting for its turn")
    page.locator("#id_candidate").evaluate("(box, key) => box.add(new Option('Tilo', key, true, true))", str(tilo.pk))
    page.get_by_label("Let LinkedIn remove the file after some time").check()
    waiting[0].continue_()
    expect(steps(line(recruiter, "Second.pdf")).first).to_have_text("Done")
    assert {(each.candidate, each.file.keep_for) for each in Resume.objects.all()} == {(rosa, None)}
    assert f"candidate={rosa.pk}&" in page.url


def test_several_files_with_one_id_are_told_before_any_is_taken(
    world: World, recruiter: Visit, rosa: Candidate
) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("First.pdf", paper("First")), ("Second.pdf", paper("Second")))
    recruiter.page.get_by_text("If your ATS has this resume").click()
    recruiter.page.get_by_label("ID in your ATS").fill("R-1")
    recruiter.page.locator("#upload-button").click()
    recruiter.reads("Several files cannot share one ID. Upload them one by one.")
    assert not Resume.objects.exists()


def test_who_was_signed_out_meanwhile_is_told_so(world: World, recruiter: Visit, rosa: Candidate) -> None:
    open_upload(recruiter, rosa)
    drop(recruiter, ("Rosa.pdf", paper("Rosa")))
    recruiter.page.wait_for_load_state()
    recruiter.page.context.clear_cookies(name="sessionid")
    recruiter.page.locator("#upload-button").click()
    expect(line(recruiter, "Rosa.pdf")).to_contain_text("Not taken: you are signed out by now.")
    assert not Resume.objects.exists()
