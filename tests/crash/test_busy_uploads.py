"""Many customers upload at once over slow lines: a click of somebody else finds a thread of the worker all the same."""

from __future__ import annotations

import io

import pytest

from connectors.base.simulation.serving import LONGEST_STALL_SECONDS
from talentsync.resumes import services
from talentsync.sync.models import Delivery
from talentsync.sync.states import State
from tests.candidates.making import ask, make_candidate
from tests.crash.world import World
from tests.customers.making import LINKEDIN, make_connection, make_customer
from tests.resumes.samples import small_pdf

pytestmark = pytest.mark.slow

CUSTOMERS, FILES_OF_EACH, THREADS = 3, 4, 8


def test_a_click_need_not_wait_for_anybodys_file(world: World, settings: object) -> None:
    settings.MEDIA_ROOT = world.folder / "media"
    world.linkedin.always("slow", endpoint="ambry", seconds=LONGEST_STALL_SECONDS)
    for number in range(CUSTOMERS):
        upload_many(world, f"urn:li:organization:{number + 1}")
    world.run_worker()
    uploading = Delivery.objects.filter(kind="resume_file").exclude(lease="")
    world.until(lambda: uploading.count() >= THREADS // 2, "half of the threads upload", sweeping=True)
    person = make_candidate(make_customer("Acme"), "C-clicked")
    make_connection(person.customer)
    ask("send", person)
    sent = Delivery.objects.filter(kind="candidate", state=State.SYNCED)
    world.until(sent.exists, "the click is done", sweeping=True)
    assert uploading.count() <= THREADS // 2
    assert Delivery.objects.filter(kind="resume_file", state=State.PENDING).exists(), "all uploads had to end first"


def upload_many(world: World, organization: str) -> None:
    customer = make_customer(organization)
    client_id = f"client-of-{organization}"
    made = {"client_id": client_id, "client_secret": LINKEDIN["client_secret"]}
    contract = LINKEDIN["recruiter_contract_urn"]
    world.linkedin.seed_application(**made, organizations=[organization], contracts=[contract])
    make_connection(customer, **made, organization_urn=organization)
    for number in range(FILES_OF_EACH):
        candidate = make_candidate(customer, f"C-{number}")
        services.upload(candidate, io.BytesIO(small_pdf()), "Resume.pdf", by=None)
