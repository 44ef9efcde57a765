"""A file whose name and content cannot be mistaken travels in fair weather and foul: neither they nor signed addresses
nor where LinkedIn keeps it turn up anywhere else, and of whoever is erased nothing is found at all (DESIGN 8).
"""

from __future__ import annotations

import io
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_celery_results.models import TaskResult

from connectors.base.errors import ConnectorError
from connectors.base.resource import Entry
from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.customers.models import AccessToken, Connection
from talentsync.resumes import services
from talentsync.resumes.models import FileReference, Resume
from talentsync.sync import driving, kinds
from talentsync.sync.models import Attempt, AttemptItem, Delivery, Erasure, Hold, Lane
from talentsync.sync.states import Operation, State
from tests.canary import searching
from tests.canary.flying import SECRET
from tests.canary.vendors import ListeningLinkedin
from tests.candidates.making import ask, make_candidate
from tests.crash.processes import Process
from tests.crash.world import World
from tests.customers.making import LINKEDIN, make_connection, make_customer
from tests.resumes.samples import small_pdf

pytestmark = pytest.mark.slow

NAME, CONTENT = "namecanary", "contentcanary"
PLACES = ("hireMediaUrl", "ambry", "tcrmCandidateResumes")
WEATHER = [(place, status, form) for place in PLACES for status in (401, 403, 422, 500) for form in ("html", "json")]
AT_HOME = {("resumes_resumefile", "name"), ("resumes_filereference", "urn"), ("resumes_replacedfile", "urn")}
"""The only columns in which a file's name and its place at LinkedIn stand for people to read."""


@pytest.fixture
def resume(world: World, linkedin: ListeningLinkedin, settings: Any) -> Resume:
    """Asked for, and not sent yet."""
    settings.MEDIA_ROOT = world.folder / "media"
    world.environ["DJANGO_SETTINGS_MODULE"] = "tests.canary.settings"
    credential = {"client_id": "canaries", "client_secret": SECRET}
    contract = LINKEDIN["recruiter_contract_urn"]
    organization = LINKEDIN["organization_urn"]
    linkedin.seed_application(**credential, organizations=[organization], contracts=[contract])
    make_connection(make_customer("Acme"), **credential)
    return services.upload(make_candidate(make_customer("Acme")), file_of("first"), f"{NAME}.pdf", by=None).resume


def file_of(words: str) -> io.BytesIO:
    return io.BytesIO(small_pdf(front=f"%{CONTENT} {words}\n".encode()))


def test_no_canary_of_a_file_is_seen_outside_of_its_cage(
    world: World, linkedin: ListeningLinkedin, resume: Resume, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for weather in WEATHER:
        meet(weather, linkedin, resume)
    fly(world, resume)
    secrets, people, places = signed(linkedin) | {SECRET}, {NAME, CONTENT}, located(linkedin)
    assert_that_they_flew(linkedin, world.folder, places)

    searching.let_go_of_file()
    assert searching.in_files(world.folder, secrets) == {}
    columns = searching.in_columns(secrets | people | places)
    assert {place: around for place, around in columns.items() if place not in AT_HOME} == {}
    assert searching.found(logs(world, caplog), secrets | people | places) == []
    assert searching.found("\n".join(told_to_support()), secrets) == []

    erase(world, resume.candidate)
    searching.let_go_of_file()
    assert searching.in_files(world.folder, secrets | people | places) == {}
    assert searching.in_columns(secrets | people | places) == {}
    assert searching.found("\n".join(read()), secrets | people | places) == []
    assert searching.found(logs(world, caplog), secrets | people | places) == []


def meet(weather: tuple[str, int, str], linkedin: ListeningLinkedin, resume: Resume) -> None:
    """The file is uploaded and attached once more, and LinkedIn throws back what it was sent."""
    place, status, form = weather
    ask("start_over", resume)
    make_due()
    linkedin.next("mirror", status=status, message=form, endpoint=place, times=2 if status == 401 else 1)
    driving.until_idle()
    assert not linkedin.world.moods.waiting(), weather


def make_due() -> None:
    """What waits for a time or for somebody goes on now."""
    Hold.objects.all().delete()
    Lane.objects.update(not_before=None)
    Delivery.objects.unfinished().exclude(due_at=None).update(due_at=timezone.now())


def fly(world: World, resume: Resume) -> None:
    """In fair weather, by a worker; then another file takes its place."""
    worker = world.run_worker()
    ask("start_over", resume)
    make_due()
    world.until_finished()
    services.replace(Resume.objects.get(), file_of("second"), f"{NAME} second.pdf", by=None)
    world.until_finished()
    assert Delivery.objects.get(kind="resume").state == State.SYNCED
    stop(worker)


def erase(world: World, candidate: Candidate) -> None:
    worker = world.run_worker()
    ask("erase", candidate)
    world.until(lambda: not Candidate.objects.exists(), "the person is erased", sweeping=True)
    world.until_finished()
    assert Erasure.objects.filter(kind="resume_file").exists()
    stop(worker)


def stop(worker: Process) -> None:
    """So that the broker's messages hold still while they are searched."""
    worker.kill()
    worker.wait()


def assert_that_they_flew(linkedin: ListeningLinkedin, folder: Path, places: set[str]) -> None:
    """Otherwise it would be no wonder that nobody has seen them."""
    assert len(places) > len(WEATHER) / len(PLACES)
    assert len(signed(linkedin)) > len(places)
    assert any(NAME in unquote(call.path) for call in linkedin.heard)
    assert searching.in_files(folder / "media", {CONTENT})
    assert TaskResult.objects.filter(task_name="sync.deliver").exists()
    assert FileReference.objects.exists()
    assert "usageParameters" in "\n".join(told_to_support()), "what was thrown back is kept for people"


def signed(linkedin: ListeningLinkedin) -> set[str]:
    """What is secret of every signed address, and every token."""
    found = {match[1] for call in linkedin.heard if (match := re.search(r"x-li-ambry-ep=([^&]+)", call.path))}
    tokens = {call.header("authorization").removeprefix("Bearer ") for call in linkedin.heard}
    return found | tokens - {""}


def located(linkedin: ListeningLinkedin) -> set[str]:
    return {file["location"].strip("/").rpartition(".")[0] for file in linkedin.files}


def told_to_support() -> Iterator[str]:
    """What is encrypted and shown to people: the vendor's words, requests and answers."""
    yield from Attempt.objects.values_list("words", flat=True)
    yield from Delivery.objects.values_list("words", flat=True)
    for item in AttemptItem.objects.all():
        yield f"{item.words} {item.request} {item.answer}"


def logs(world: World, caplog: pytest.LogCaptureFixture) -> str:
    """Of the worker all that it can say, of this process all but the statements that Django's debugging prints."""
    here = (each.getMessage() for each in caplog.records if not each.name.startswith("django.db"))
    return "\n".join([*here, *(path.read_text() for path in world.folder.glob("*.log"))])


def read() -> Iterator[str]:
    """Every row as it is read by whoever has the keys, but for those that are there to keep a secret."""
    for model in apps.get_models():
        if model not in {Session, Connection, AccessToken}:
            for row in model._base_manager.all():
                yield repr([getattr(row, field.attname) for field in model._meta.fields])


@pytest.mark.parametrize("endpoint", PLACES)
def test_no_canary_of_a_file_is_in_the_text_of_an_exception(
    endpoint: str, linkedin: ListeningLinkedin, resume: Resume
) -> None:
    driving.until_idle()
    kind = kinds.get("resume" if endpoint == PLACES[-1] else "resume_file")
    connection, route = Connection.objects.get(), kind.route("linkedin")
    record = kind.rows().get()
    above, key = kind.key_of(record)
    payload = route.record(record, connection, Operation.UPSERT, {})
    content = route.content(record) if route.content else None
    verb = route.verb("upsert", "absent")
    entry = Entry(key=key, parent=above, verb=verb, payload=payload, content=content)
    resource = clients.open_client(connection).resources[route.resource]
    for status in (401, 403, 422, 500):
        linkedin.next("mirror", status=status, message="json", endpoint=endpoint, times=2 if status == 401 else 1)
        try:
            told = repr(resource.send([entry]).outcomes[key].code)
        except ConnectorError as error:
            told = "".join([f"{error} {error!r} {error.exchange}", *traceback.format_exception(error)])
        assert searching.found(told, signed(linkedin) | located(linkedin) | {SECRET, NAME, CONTENT}) == [], status
    assert not linkedin.world.moods.waiting()
