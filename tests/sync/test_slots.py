"""The slots of files: half of the threads, and whoever waits is called in turn."""

from __future__ import annotations

import io
from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.resumes import services
from talentsync.sync import slots, tasks
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.slots import Slots
from tests.candidates.making import ask, make_candidate
from tests.resumes.samples import small_pdf


@pytest.mark.parametrize(("threads", "number"), [(8, 4), (9, 4), (2, 1), (1, 1)])
def test_files_have_half_of_the_threads_and_at_least_one(threads: int, number: int) -> None:
    assert Slots(threads).number == number


def test_who_waits_is_called_in_turn_and_once() -> None:
    two = Slots(4)
    assert [two.take(lane) for lane in (1, 2, 3, 4, 3)] == [True, True, False, False, False]
    assert [two.give_back(), two.give_back()] == [3, 4]
    assert two.take(3)
    assert two.give_back() is None


def test_who_was_nudged_by_somebody_else_is_not_called_again() -> None:
    one = Slots(1)
    assert one.take(1)
    assert not one.take(2)
    assert one.give_back() == 2
    assert one.take(2)
    assert one.give_back() is None


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lanes that were nudged after a visit, instead of a broker."""
    found: list[int] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **_: found.extend(args))
    return found


@pytest.fixture
def one_slot(monkeypatch: pytest.MonkeyPatch) -> Slots:
    slots_of_test = Slots(1)
    monkeypatch.setattr(slots, "of_this_worker", slots_of_test)
    return slots_of_test


@pytest.mark.django_db(transaction=True)
def test_a_lane_of_files_waits_for_a_slot_and_is_nudged_when_one_is_free(
    acme: Customer,
    at_linkedin: Connection,
    linkedin: Linkedin,
    nudged: list[int],
    one_slot: Slots,
    settings: Any,
    tmp_path: Any,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    person = make_candidate(acme)
    services.upload(person, io.BytesIO(small_pdf()), "Ada.pdf", by=None)
    (file,) = Delivery.objects.filter(kind="resume_file")
    lane = next(each for each in Lane.objects.filter(kind="resume_file") if each.shard == file.object_id % 4)
    other = Lane.objects.filter(kind="resume_file").exclude(pk=lane.pk)[0]
    with slots.held(other) as is_free:
        assert is_free
        assert tasks.deliver(lane.pk) == {"batches": 0, "records": 0}
        ask("send", person)
        assert tasks.deliver(Lane.objects.get(kind="candidate").pk)["records"]  # no file: it needs no slot
        nudged.clear()
    assert nudged == [lane.pk]
    assert tasks.deliver(lane.pk)["records"] == 1
