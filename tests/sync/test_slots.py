"""The slots of long work: how many there are, that whoever waits has its turn, and what needs none."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest
from celery.exceptions import Ignore

from connectors.base.transport import FunctionAdapter
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.imports import tasks as imports
from talentsync.imports.models import Import
from talentsync.imports.models import State as ImportState
from talentsync.resumes import services
from talentsync.sync import budgets, nudges, runs, slots, tasks
from talentsync.sync.models import Delivery, Lane, Run, RunItem
from talentsync.sync.slots import Slots, Work
from talentsync.sync.states import Priority, State
from tests.candidates.making import ask, make_candidate, make_candidates
from tests.resumes.samples import small_pdf

waits = partial(pytest.raises, Ignore)  # it is visited when it is its turn


def nothing() -> slots.Did:
    return {}


def lane(key: int) -> Work:
    return Work(nudges.DELIVER, key)


def files(key: int) -> Work:
    return Work(nudges.DELIVER, key, carries_files=True)


def taken(some: Slots, works: Iterable[Work]) -> list[bool]:
    return [some.take(work, nothing) for work in works]


def after(some: Slots, work: Work) -> Work | None:
    """Who has the slot of this work next."""
    following = some.pass_on(work)
    return following and following[0]


@pytest.mark.parametrize(
    ("threads", "number", "of_files"), [(8, 6, 4), (9, 7, 4), (4, 3, 2), (3, 2, 1), (2, 1, 1), (1, 1, 1)]
)
def test_a_quarter_of_the_threads_is_left_to_clicks_and_half_may_carry_files(
    threads: int, number: int, of_files: int
) -> None:
    assert taken(Slots(threads), map(lane, range(threads))) == [n < number for n in range(threads)]
    assert taken(Slots(threads), map(files, range(threads))) == [n < of_files for n in range(threads)]


def test_who_waits_has_its_turn_once_and_keeps_it_whoever_comes() -> None:
    three = Slots(4)
    assert taken(three, map(lane, (1, 2, 3, 4, 5, 4))) == [True, True, True, False, False, False]
    assert after(three, lane(1)) == lane(4)
    assert taken(three, [lane(1)]) == [False], "it waits behind those who came before"
    assert [after(three, lane(2)), after(three, lane(3))] == [lane(5), lane(1)]
    assert [after(three, lane(key)) for key in (4, 5, 1)] == [None] * 3


def test_the_same_work_is_done_once_at_a_time_and_then_once_more() -> None:
    three = Slots(4)
    assert taken(three, [lane(1), lane(1), lane(1), lane(2)]) == [True, False, False, True]
    assert after(three, lane(1)) == lane(1), "what came meanwhile may be news"
    assert after(three, lane(1)) is None


def test_files_have_their_turn_only_where_they_may() -> None:
    three = Slots(4)
    assert taken(three, [lane(1), files(2), files(3), files(5), lane(4)]) == [True, True, True, False, False]
    assert after(three, lane(1)) == lane(4)
    assert after(three, files(2)) == files(5)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_neither_files_nor_others_take_every_turn(threads: int) -> None:
    """Each comes again after its visit, as those do that have more."""
    some = Slots(threads)
    works = [*map(files, range(6)), *map(lane, range(10, 16))]
    inside = [work for work in works if some.take(work, nothing)]
    turns = Counter(inside)
    for _ in range(60):
        done = inside.pop(0)
        following = after(some, done)
        inside += [following] if following else []
        inside += [done] if some.take(done, nothing) else []
        turns.update(filter(None, [following]))
    assert turns.keys() == set(works)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_begins_nothing_more(
    nudged: list[int], one_slot: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile() -> slots.Did:
        assert slots.in_turn(lane(2), nothing) is None
        monkeypatch.setattr("celery.worker.state.should_stop", 0)  # by a signal: with exit code 0
        return {}

    slots.in_turn(lane(1), meanwhile)
    assert nudged == [2], "another worker is told"


@pytest.mark.django_db
def test_one_that_fails_takes_nobody_along(one_slot: Slots, caplog: pytest.LogCaptureFixture) -> None:
    visited: list[int] = []

    def fails(key: int) -> slots.Did:
        visited.append(key)
        raise ValueError("no")

    def meanwhile() -> slots.Did:
        assert slots.in_turn(lane(2), partial(fails, 2)) is None
        assert slots.in_turn(lane(3), partial(fails, 3)) is None
        return fails(1)

    with pytest.raises(ValueError, match="no"):
        slots.in_turn(lane(1), meanwhile)
    assert visited == [1, 2, 3]
    assert caplog.messages == [f"sync.deliver of {key} failed" for key in (1, 2, 3)]


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lanes that were nudged, instead of a broker."""
    found: list[int] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **_: found.extend(args))
    return found


@pytest.fixture
def one_slot(monkeypatch: pytest.MonkeyPatch) -> Slots:
    slots_of_test = Slots(1)
    monkeypatch.setattr(slots, "of_this_worker", slots_of_test)
    return slots_of_test


@pytest.mark.django_db(transaction=True)
def test_a_lane_of_files_waits_for_a_slot_and_is_visited_when_one_is_free(
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

    def meanwhile() -> slots.Did:
        with waits():
            tasks.deliver(mine.pk)
        file.refresh_from_db()
        assert file.state == State.PENDING
        return {}

    slots.in_turn(slots.of_lane(other), meanwhile)
    file.refresh_from_db()
    assert file.state == State.SYNCED


@pytest.mark.django_db(transaction=True)
def test_a_lane_without_a_slot_sends_what_people_asked_for_and_nothing_else(
    acme: Customer, at_linkedin: Connection, nudged: list[int], one_slot: Slots
) -> None:
    ask("send", make_candidates(acme, 2, "CROWD"))
    Delivery.objects.update(priority=Priority.BACKFILL)
    mine = Lane.objects.get(kind="candidate")

    def meanwhile() -> slots.Did:
        with waits():
            tasks.deliver(mine.pk)
        ask("send", make_candidate(acme, "CLICKED"))
        assert tasks.deliver(mine.pk)["records"]
        assert {row.entity_key for row in Delivery.objects.filter(state=State.SYNCED)} == {"CLICKED"}
        return {}

    slots.in_turn(lane(0), meanwhile)
    assert not Delivery.objects.exclude(state=State.SYNCED).exists()


@pytest.mark.django_db(transaction=True)
def test_a_lane_whose_turn_comes_while_a_click_of_its_own_is_sent_has_another(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, nudged: list[int], one_slot: Slots, settings: Any
) -> None:
    """The lane is leased by then, for the click alone."""
    ask("send", make_candidates(acme, 2, "CROWD"))
    Delivery.objects.update(priority=Priority.BACKFILL)
    mine = Lane.objects.get(kind="candidate")
    ask("send", make_candidate(acme, "CLICKED"))
    assert one_slot.take(lane(0), nothing)

    url = f"{settings.SIMULATOR_URL}/linkedin"

    def answers(request: Any) -> Any:
        following = one_slot.pass_on(lane(0))
        if following:
            mine_again, visit = following
            assert visit()["batches"] == 0
            one_slot.pass_on(mine_again)
        return linkedin.answer(request, door="api")

    clients.mount(url, FunctionAdapter(url, answers))
    nudged.clear()
    tasks.deliver(mine.pk)
    assert mine.pk in nudged


@pytest.mark.django_db(transaction=True)
def test_large_requests_and_imports_wait_for_a_slot_and_small_requests_do_not(
    acme: Customer, at_linkedin: Connection, nudged: list[int], one_slot: Slots
) -> None:
    small, large = (ask("send", make_candidates(acme, runs.AT_ONCE + 1, prefix)) for prefix in ("SMALL", "LARGE"))
    Run.objects.filter(pk=large.pk).update(total=budgets.LARGE + 1)
    file = Import.objects.create(customer=acme, kind="candidate", stored_as="gone.csv", size=1)

    def states() -> set[str]:
        return set(large.items.values_list("state", flat=True))

    def meanwhile() -> slots.Did:
        assert tasks.start_run(small.pk) == {"started": True}
        with waits():
            tasks.start_run(large.pk)
        with waits():
            imports.carry_on(file.pk)
        assert states() == {RunItem.State.DRAFTED}
        return {}

    slots.in_turn(lane(0), meanwhile)
    assert RunItem.State.DRAFTED not in states()
    file.refresh_from_db()
    assert file.state == ImportState.FAILED, "its file is gone"
