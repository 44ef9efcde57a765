"""The slots of long work: how many there are, that whoever waits is called in turn, and what needs none."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from celery.exceptions import Ignore

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.imports import tasks as imports
from talentsync.imports.models import Import
from talentsync.resumes import services
from talentsync.sync import budgets, nudges, runs, slots, tasks
from talentsync.sync.models import Delivery, Lane, Run, RunItem
from talentsync.sync.slots import Slots, Work
from talentsync.sync.states import Priority, State
from tests.candidates.making import ask, make_candidate, make_candidates
from tests.resumes.samples import small_pdf

waiting = partial(pytest.raises, Ignore)  # it is nudged when it is its turn


def lane(key: int) -> Work:
    return Work(nudges.DELIVER, key)


def files(key: int) -> Work:
    return Work(nudges.DELIVER, key, carries_files=True)


def taken(some: Slots, works: Iterable[Work]) -> list[bool]:
    return [some.take(work) for work in works]


@pytest.mark.parametrize(
    ("threads", "number", "of_files"), [(8, 6, 4), (9, 7, 4), (4, 3, 2), (3, 2, 1), (2, 1, 1), (1, 1, 1)]
)
def test_a_quarter_of_the_threads_is_left_to_clicks_and_half_may_carry_files(
    threads: int, number: int, of_files: int
) -> None:
    assert taken(Slots(threads), map(lane, range(threads))) == [n < number for n in range(threads)]
    assert taken(Slots(threads), map(files, range(threads))) == [n < of_files for n in range(threads)]


def test_who_waits_is_called_in_turn_and_once() -> None:
    three = Slots(4)
    assert taken(three, map(lane, (1, 2, 3, 4, 5, 4))) == [True, True, True, False, False, False]
    assert [three.give_back(lane(1)), three.give_back(lane(2))] == [lane(4), lane(5)]
    assert three.take(lane(4))
    assert three.give_back(lane(3)) is None


def test_who_was_nudged_by_somebody_else_is_not_called_again() -> None:
    one = Slots(1)
    assert taken(one, [lane(1), lane(2)]) == [True, False]
    assert one.give_back(lane(1)) == lane(2)
    assert one.take(lane(2))
    assert one.give_back(lane(2)) is None


def test_files_come_first_but_only_where_they_may() -> None:
    three = Slots(4)
    assert taken(three, [lane(1), files(2), files(3), lane(4), files(5)]) == [True, True, True, False, False]
    assert three.give_back(lane(1)) == lane(4)
    assert three.take(lane(4))
    assert taken(three, [lane(6)]) == [False]
    assert three.give_back(files(2)) == files(5)


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
    mine = next(each for each in Lane.objects.filter(kind="resume_file") if each.shard == file.object_id % 4)
    other = Lane.objects.filter(kind="resume_file").exclude(pk=mine.pk)[0]
    with slots.held(slots.of_lane(other)) as is_free:
        assert is_free
        with waiting():
            tasks.deliver(mine.pk)
        nudged.clear()
    assert nudged == [mine.pk]
    assert tasks.deliver(mine.pk)["records"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_lane_without_a_slot_sends_what_people_asked_for_and_nothing_else(
    acme: Customer, at_linkedin: Connection, nudged: list[int], one_slot: Slots
) -> None:
    ask("send", make_candidates(acme, 2, "CROWD"))
    Delivery.objects.update(priority=Priority.BACKFILL)
    mine = Lane.objects.get(kind="candidate")
    with slots.held(lane(0)):
        with waiting():
            tasks.deliver(mine.pk)
        ask("send", make_candidate(acme, "CLICKED"))
        assert tasks.deliver(mine.pk)["records"]
        assert {row.entity_key for row in Delivery.objects.filter(state=State.SYNCED)} == {"CLICKED"}
        nudged.clear()
    assert nudged == [mine.pk]
    tasks.deliver(mine.pk)
    assert not Delivery.objects.exclude(state=State.SYNCED).exists()


@pytest.mark.django_db(transaction=True)
def test_large_requests_and_imports_wait_for_a_slot_and_small_requests_do_not(
    acme: Customer, at_linkedin: Connection, nudged: list[int], one_slot: Slots
) -> None:
    small, large = (ask("send", make_candidates(acme, runs.AT_ONCE + 1, prefix)) for prefix in ("SMALL", "LARGE"))
    Run.objects.filter(pk=large.pk).update(total=budgets.LARGE + 1)
    file = Import.objects.create(customer=acme, kind="candidate", stored_as="gone.csv", size=1)
    with slots.held(lane(0)):
        assert tasks.start_run(small.pk) == {"started": True}
        with waiting():
            tasks.start_run(large.pk)
        with waiting():
            imports.carry_on(file.pk)
        assert set(large.items.values_list("state", flat=True)) == {RunItem.State.DRAFTED}
        nudged.clear()
    assert nudged == [large.pk]
    assert tasks.start_run(large.pk) == {"started": True}
    assert nudged[-1] == file.pk
