"""The process that answers a form with a file is killed: whoever sends the form again makes no second resume, and what
was committed goes its way though nobody does.
"""

from __future__ import annotations

import re
from http.client import HTTPConnection
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from talentsync.candidates.models import Candidate
from talentsync.resumes import orphans, storage
from talentsync.resumes.models import FileReference, Resume, ResumeFile
from talentsync.sync.models import Delivery, Run
from tests.candidates.making import make_candidate
from tests.crash.processes import Process
from tests.crash.world import WITHIN_SECONDS, World
from tests.customers.making import make_connection, make_customer, make_user
from tests.resumes.pages.posting import BY_SCRIPT
from tests.resumes.samples import small_pdf
from tests.sync_admin.conftest import logged_in

pytestmark = pytest.mark.slow

CSRF = "x" * 32
COMMITTED = "before a request begins"


@pytest.fixture
def candidate(world: World, settings: object) -> Candidate:
    settings.MEDIA_ROOT = world.folder / "media"
    make_connection(make_customer("Acme"))
    return make_candidate(make_customer("Acme"))


@pytest.fixture
def root(candidate: Candidate) -> User:
    return make_user("root", is_superuser=True)


def form(candidate: Candidate) -> bytes:
    """As one opened page sends it, however often."""
    file = SimpleUploadedFile("Ada.pdf", small_pdf())
    answers = {"csrfmiddlewaretoken": CSRF, "candidate": candidate.pk, "keep": "usual", "token": uuid4(), "file": file}
    return encode_multipart(BOUNDARY, answers)


def send(web: Process, body: bytes, *, by: User) -> int:
    session = logged_in(by).cookies["sessionid"].value
    headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": f"sessionid={session}; csrftoken={CSRF}", **BY_SCRIPT}
    connection = HTTPConnection("127.0.0.1", port(web), timeout=WITHIN_SECONDS)
    try:
        connection.request("POST", reverse("admin:resumes_resume_add"), body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def port(web: Process) -> int:
    return int(re.findall(r"Listening at: http://127\.0\.0\.1:(\d+)", web.output)[0])


def served(world: World, at: str) -> Process:
    web = world.run_web(**world.deadly(at))
    world.until(lambda: "Listening at" in web.output, "pages are served")
    return web


def die_of(web: Process, body: bytes, world: World, *, by: User) -> None:
    with pytest.raises(ConnectionError):
        send(web, body, by=by)
    assert (world.folder / "killed").exists(), world.report()


def is_attached_once(world: World, candidate: Candidate) -> None:
    resume = Resume.objects.get()
    held = world.linkedin.record("tcrmCandidateResumes", resume.external_id, parent=candidate.external_id)
    assert held["fields"]["resumeFile"] == FileReference.objects.get().urn
    assert world.linkedin.count("tcrmCandidateResumes") == len(world.linkedin.files) == ResumeFile.objects.count() == 1


@pytest.mark.parametrize(
    ("at", "n_resumes", "n_orphans"),
    [
        ("after a file is stored", 0, 1),
        ("while a resume is written", 0, 1),
        (COMMITTED, 1, 0),
    ],
)
def test_a_form_that_is_sent_again_makes_one_resume(
    world: World, candidate: Candidate, root: User, at: str, n_resumes: int, n_orphans: int
) -> None:
    web, body = served(world, at), form(candidate)
    die_of(web, body, world, by=root)
    assert (Resume.objects.count(), Run.objects.count()) == (n_resumes, n_resumes)
    assert send(web, body, by=root) == 200, world.report()  # by the process that took the place of the dead one
    world.run_worker()
    world.until_finished()
    is_attached_once(world, candidate)
    assert [each.missing for each in orphans.find(storage.store())] == [orphans.Missing.ROW] * n_orphans


def test_what_was_committed_goes_its_way_though_nobody_sends_it_again(
    world: World, candidate: Candidate, root: User
) -> None:
    die_of(served(world, COMMITTED), form(candidate), world, by=root)
    assert (Resume.objects.count(), Delivery.objects.count()) == (1, 0)
    world.run_worker()
    world.until_finished()
    is_attached_once(world, candidate)
    assert list(orphans.find(storage.store())) == []
