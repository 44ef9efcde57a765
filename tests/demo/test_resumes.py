"""The resumes of the demo world: uploaded within moments, all but those that show what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import call_command
from django.utils import timezone

from connectors.base.simulation import Store
from connectors.base.simulation.serving import served
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import LinkedInStatus
from talentsync.customers.models import Connection
from talentsync.resumes import expiry, steps, storage
from talentsync.resumes.models import Resume
from talentsync.sync import driving
from talentsync.sync.models import Run, RunItem
from tests.customers.conftest import unmounted  # noqa: F401  (fixture)

pytestmark = pytest.mark.django_db(transaction=True)

DONE = ["done"] * 4


@pytest.fixture
def linkedin(settings: Any, tmp_path: Path) -> Iterator[Linkedin]:
    """Practice as `bin/run` has it, on a socket."""
    settings.MEDIA_ROOT = tmp_path / "media"
    store = Store()
    simulator = Linkedin(store)
    with served([simulator, Greenhouse(store)]) as url:
        settings.SIMULATOR_URL = url
        yield simulator


def demo() -> None:
    call_command("demo", verbosity=0)


def journeys() -> dict[str, steps.Journey]:
    resumes = list(Resume.objects.select_related("candidate"))
    found = steps.of(resumes, now=timezone.now())
    return {resume.candidate.external_id: found[resume.pk] for resume in resumes}


def how(journey: steps.Journey) -> list[str]:
    return [step.how.value for step in journey.steps]


def test_most_are_attached_and_two_show_why_not(linkedin: Linkedin) -> None:
    demo()
    driving.until_idle()
    found = journeys()
    unusual = {key: how(journey) for key, journey in found.items() if how(journey) != DONE}
    assert len(found) == 7
    assert unusual == {
        "PP-C-004": ["done", "done", "done", "failed"],
        "PP-C-006": ["done", "not_asked", "not_asked", "not_asked"],
    }
    trouble = found["PP-C-004"].steps[3].trouble
    assert trouble is not None
    assert trouble.meaning.startswith("LinkedIn's CRM Connect does not know the candidate.")
    assert RunItem.objects.exclude(reason="").get().reason == "kept_out"
    assert len(linkedin.files) == 6


def test_one_is_removed_before_the_eyes_of_whoever_watches_and_one_is_uploaded_again(linkedin: Linkedin) -> None:
    demo()
    driving.until_idle()
    kept = {key: journey.expires_at - timezone.now() for key, journey in journeys().items() if journey.expires_at}
    assert {key: round(span / timedelta(minutes=1)) for key, span in kept.items()} == {
        "PP-C-003": 72 * 60,
        "SC-C-002": 10,
    }
    assert expiry.carry_on(timezone.now() + timedelta(minutes=10)) == 1
    driving.until_idle()
    assert journeys()["SC-C-002"].status == LinkedInStatus.REMOVING


def test_a_second_time_uploads_nothing(linkedin: Linkedin) -> None:
    demo()
    names = list(storage.store().names())
    demo()
    assert list(storage.store().names()) == names
    assert Run.objects.count() == 2  # one for each customer


def test_a_connection_from_before_gets_the_contract_that_resumes_need(linkedin: Linkedin) -> None:
    demo()
    Connection.objects.update(recruiter_contract_urn="")
    demo()
    contracts = Connection.objects.filter(destination="linkedin").values_list("recruiter_contract_urn", flat=True)
    assert all(contracts)


def test_a_scanner_that_cannot_be_reached_leaves_them_to_the_next_time(
    linkedin: Linkedin, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody")
    demo()
    assert "A resume was not taken. The file could not be scanned" in capsys.readouterr().err
    assert not Resume.objects.exists()
    settings.CLAMAV_SOCKET = ""
    demo()
    assert Resume.objects.count() == 7


def test_the_files_say_whose_they_are(linkedin: Linkedin) -> None:
    demo()
    for resume in Resume.objects.select_related("candidate", "file"):
        with storage.opened(resume.file.stored_as) as file:
            content = file.read()
        is_pdf = resume.file.content_type == "application/pdf"
        words = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded() if is_pdf else content.decode()
        assert words.startswith(f"{resume.candidate.first_name} {resume.candidate.last_name}")
        assert str(resume) == f"{resume.candidate.first_name} {resume.candidate.last_name}.{'pdf' if is_pdf else 'txt'}"
