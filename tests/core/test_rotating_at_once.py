"""A rotation while people click and workers send, each with a connection of their own: nobody waits for it."""

from __future__ import annotations

from threading import Event

import pytest
from cryptography.fernet import Fernet
from django.db import connection as database
from django.db import transaction

from connectors.linkedin.simulator import Linkedin
from talentsync.core import rotation
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery, Snapshot
from tests.core.test_rotation import opened_by
from tests.sync.conftest import acme, at_linkedin, linkedin, ticking, unmounted  # noqa: F401  (fixtures)
from tests.sync.driving import ask, edit, posted, settle, work
from tests.sync.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_write_while_keys_are_rotated(
    acme: Customer,  # noqa: F811
    at_linkedin: Connection,  # noqa: F811
    linkedin: Linkedin,  # noqa: F811
    settings: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rotation, "CHUNK", 2)
    monkeypatch.setattr(rotation, "PASSES", 1_000)
    jobs = posted(acme, linkedin, 12)
    old = settings.FIELD_ENCRYPTION_KEYS[0]
    new = Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    results: list[rotation.Result] = []

    def person() -> None:
        for job in jobs:
            edit(job, title=f"Another {job.external_id}")
            ask("update", [job])

    at_once(person, work, work, lambda: results.append(rotation.rotate()))
    work()
    settle(linkedin)
    assert results[0].is_finished
    assert opened_by(old) == 0
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert {(linkedin.posting(job.external_id) or {})["title"] for job in jobs} == {
        f"Another {job.external_id}" for job in jobs
    }
    assert Snapshot.objects.filter(accepted__isnull=False).count() == len(list(Snapshot.objects.all())) == 12


def test_a_row_that_somebody_holds_is_left_to_the_next_pass(at_linkedin: Connection, settings: object) -> None:  # noqa: F811
    """On SQLite a writer holds everything for its moment, and there is nothing to pass over."""
    if database.vendor == "sqlite":
        return
    row = Delivery.objects.create(connection=at_linkedin, kind="job", object_id=1, entity_key="1", words="theirs")
    old = settings.FIELD_ENCRYPTION_KEYS[0]
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), old]
    locked, tried = Event(), Event()
    results: list[rotation.Result] = []

    def worker() -> None:
        with transaction.atomic():
            list(Delivery.objects.select_for_update().filter(pk=row.pk))
            locked.set()
            assert tried.wait(30)

    def operator() -> None:
        assert locked.wait(30)
        results.append(rotation.rotate())
        tried.set()

    at_once(worker, operator)
    assert not results[0].is_finished
    assert rotation.rotate().is_finished
    row.refresh_from_db()
    assert row.words == "theirs"
