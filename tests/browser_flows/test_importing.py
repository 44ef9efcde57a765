"""A recruiter imports a file in a browser: upload, errors, confirm, report; every page fits, can be read, has names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from talentsync.imports.models import Import
from talentsync.jobs.models import Job
from tests.browser_flows.test_looks import looked_at
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import World, customer
from tests.imports.making import as_csv, job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rows() -> list[dict[str, Any]]:
    good = [job(number, listed_at="2026-02-01T08:00:00", expire_at="") for number in range(900, 903)]
    bad = [job(number, title="x" * 201, expire_at="soon", description="Short.") for number in range(903, 963)]
    return good + bad


def choose(page: Page, path: Path) -> None:
    page.get_by_label("What the file holds").select_option("job")
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
