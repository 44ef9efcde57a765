"""A recruiter imports a file in a browser: upload, errors, confirm, report; every page fits, can be read, has names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from playwright.sync_api import Page, expect

from talentsync.candidates.models import Candidate
from talentsync.imports import services
from talentsync.imports.models import Import
from talentsync.jobs.models import Job
from talentsync.resumes.models import Resume
from tests.browser_flows import people
from tests.browser_flows.test_looks import looked_at
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, customer, person
from tests.candidates.making import make_candidate
from tests.imports.making import as_csv, candidate, job
from tests.imports.zips import a_zip, pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rows() -> list[dict[str, Any]]:
    good = [job(number, listed_at="2026-02-01T08:00:00", expire_at="") for number in range(900, 903)]
    bad = [job(number, title="x" * 201, expire_at="soon", description="Short.") for number in range(903, 963)]
    return good + bad


def choose(page: Page, path: Path, kind: str = "job", *, brings_back: bool = False) -> None:
    page.get_by_label("What the file holds").select_option(kind)
    if brings_back:
        page.get_by_label("Bring back records").check()
    page.get_by_label("Customer", exact=True).select_option(label=customer().name)
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload and check").click()


def test_from_a_file_to_records(
    world: World, enter: Callable[..., Visit], settings: Any, tmp_path: Path, complaints: list[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    path = tmp_path / "jobs.csv"
    path.write_bytes(as_csv(rows()))
    visit = enter("recruiter")
    page, troubles = visit.page, []

    visit.open("imports_import_changelist")
    visit.reads("Nothing was imported in the last seven days.")
    troubles += looked_at(page, "imports-empty")
    visit.follow("Import a file…")
    page.locator("#columns-job").click()
    troubles += looked_at(page, "import-upload")
    choose(page, path)
    visit.reads("Checked. Nothing is loaded until you confirm it.", "This is no date.", "Page 1 of")
    error = page.get_by_role("row").filter(has_text="bad_date").first
    for column, text in enumerate(("5", "expire_at", "This is no date.", "bad_date")):
        expect(error.get_by_role("cell").nth(column)).to_contain_text(text)
    first = page.get_by_role("region", name="The first rows").get_by_role("row").filter(has_text="external_id")
    expect(first.get_by_role("cell")).to_have_text(["J-900", "J-901", "J-902"])
    troubles += looked_at(page, "import-checked")
    assert Job.objects.filter(external_id__startswith="J-9").count() == 0

    visit.press("Load 3, leave out 60 with errors")
    visit.reads("Loaded. Nothing was sent to a vendor.", "3 records are new or changed and not yet sent.")
    troubles += looked_at(page, "import-done")
    assert Job.objects.filter(external_id__startswith="J-9").count() == 3
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "bad_date" in download.value.path().read_text()

    visit.open("imports_import_add")
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"name\nGardener\n")
    choose(page, broken)
    visit.reads("The file could not be read. Nothing was loaded.")
    troubles += looked_at(page, "import-failed")
    visit.press("Delete this file")
    visit.reads("The file is deleted.")
    visit.open("imports_import_changelist")
    troubles += looked_at(page, "imports")
    assert Import.objects.count() == 1
    assert not troubles, "\n".join(troubles)
    assert complaints == []


def test_a_sample_can_be_loaded_and_an_erased_person_comes_back_only_if_asked(
    world: World, enter: Callable[..., Visit], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    visit = enter("recruiter")
    page = visit.page
    visit.open("imports_import_add")
    page.locator("#columns-candidate").click()
    with page.expect_download() as download:
        page.locator("#sample-csv-candidate").click()
    sample = tmp_path / "sample.csv"
    download.value.save_as(sample)
    choose(page, sample, "candidate")
    visit.press("Load 1 record")
    visit.reads("Loaded. Nothing was sent to a vendor.")
    loaded = Candidate.objects.latest("pk")

    people.ask("erase", Candidate.objects.filter(pk=loaded.pk))
    world.work()
    visit.open("imports_import_add")
    choose(page, sample, "candidate")
    visit.reads(
        "There is nothing to load", "It was deleted from LinkedIn and TalentSync on 2 Mar 2026, and is left out"
    )
    troubles = looked_at(page, "import-erased")
    assert not Candidate.objects.filter(external_id=loaded.external_id).exists()
    visit.open("imports_import_add")
    choose(page, sample, "candidate", brings_back=True)
    visit.press("Load 1 record")
    visit.reads("Loaded. Nothing was sent to a vendor.")
    assert Candidate.objects.filter(external_id=loaded.external_id).exists()
    assert not troubles, "\n".join(troubles)


def test_the_page_of_a_long_import_goes_on_by_itself(
    world: World, enter: Callable[..., Visit], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = ContentFile(as_csv([candidate(number) for number in range(1_001)]), name="people.csv")
    run = services.upload(file, kind="candidate", customer=customer(), by=person("recruiter"))
    visit = enter("recruiter")
    visit.open("imports_import_change", run.pk)
    visit.reads("The file is being checked. Nothing is loaded yet.")
    troubles = looked_at(visit.page, "import-running")
    services.visit(run.pk, until=timezone.now())  # as a worker does, for one chunk
    expect(visit.page.get_by_role("progressbar")).not_to_have_attribute("aria-valuenow", "0")
    services.visit(run.pk, until=timezone.now())
    services.visit(run.pk, until=timezone.now())
    visit.reads("Checked. Nothing is loaded until you confirm it.", "Load 1,001 records")
    assert not troubles, "\n".join(troubles)


def test_resumes_come_as_a_zip(
    world: World, enter: Callable[..., Visit], settings: Any, tmp_path: Path, complaints: list[str]
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    who = Candidate.objects.filter(customer=customer()).first() or make_candidate(customer())
    members = {f"{number}.pdf": pdf(str(number)) for number in range(3)} | {"photo.pdf": b"\x89PNG\r\n\x1a\n"}
    table, zipped = tmp_path / "table.csv", tmp_path / "resumes.zip"
    table.write_text(f"candidate,file\n{who.external_id},0.pdf\n")
    zipped.write_bytes(a_zip([f"{who.external_id},{name}," for name in members], members))
    visit = enter("recruiter")
    page, troubles = visit.page, []

    visit.open("imports_import_add", query="?kind=resume")
    page.locator("#columns-resume").click()
    visit.reads("Sample file for Resumes: ZIP", "A zip holds one CSV at its top")
    choose(page, table, "resume")
    visit.reads("Resumes come as a zip.")
    page.locator("#columns-resume").click()
    troubles += looked_at(page, "import-resumes-no-zip")
    choose(page, zipped, "resume")
    visit.reads("Checked. Nothing is loaded until you confirm it.", "This is a picture. Save it as PDF")
    first = page.get_by_role("region", name="The first rows").get_by_role("row").filter(has_text="file")
    expect(first.get_by_role("cell")).to_have_text(["0.pdf", "1.pdf", "2.pdf"])
    troubles += looked_at(page, "import-resumes-checked")
    assert not Resume.objects.filter(candidate=who, file__name="0.pdf").exists()

    visit.press("Load 3, leave out 1 with errors")
    visit.reads("Loaded. Nothing was sent to a vendor.", "3 records are new or changed and not yet sent.")
    troubles += looked_at(page, "import-resumes-done")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert "5,file,resume,This is a picture." in download.value.path().read_text()
    loaded = Resume.objects.filter(candidate=who, file__name__in=members)
    assert sorted(loaded.values_list("file__name", flat=True)) == ["0.pdf", "1.pdf", "2.pdf"]
    assert not troubles, "\n".join(troubles)
    assert complaints == []
