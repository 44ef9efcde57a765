"""A history keeps few records on their way: it can be paused, goes on where it was, and clicks overtake it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.db import connection as database
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.core.models import AuditEvent
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.sync import engine, history, housekeeping, settling
from talentsync.sync.models import AttemptItem, Budget, Delivery, Lane, Run, RunItem, RunPart
from talentsync.sync.states import Priority
from tests.all_history.making import ask_for_all, counts, finish, fresh, go, reasons
from tests.candidates.making import ask, change, held, make_application, make_candidate, make_candidates, make_note
from tests.sync import driving as hands
from tests.sync.driving import make_job, pass_by, work

WINDOW = 400  # two chunks


@pytest.fixture(autouse=True)
def small_window(settings: Any) -> None:
    settings.HISTORY_WINDOW = WINDOW


def lane(connection: Connection, kind: str = "candidate") -> Lane:
    return Lane.objects.select_related("connection__customer").get(connection=connection, kind=kind)


def next_batch(connection: Connection, kind: str = "candidate") -> engine.Batch:
    """A worker takes what is first, sends and settles it."""
    place = lane(connection, kind)
    resource = clients.open_client(connection).resources[place.route.resource]
    batch = engine.lease(place, resource, now=timezone.now())
    assert batch is not None
    report = engine.send(batch, resource)
    assert report is not None
    assert settling.settle(batch, report, now=timezone.now())
    return batch


def keys(batch: engine.Batch) -> list[str]:
    return [row.entity_key for row in batch.rows]


def asked(run: Run) -> int:
    return run.items.filter(state=RunItem.State.ASKED).count()


# the window


def test_only_a_window_of_records_is_on_its_way(acme: Customer, at_linkedin: Connection) -> None:
    make_candidates(acme, WINDOW + 250)
    run = ask_for_all(at_linkedin)

    assert go(run), "nothing is left to do before the lane has taken some"

    assert asked(run) == WINDOW
    assert run.items.count() == WINDOW
    assert fresh(run).state == Run.State.RUNNING


def test_settling_a_batch_has_more_asked_for_before_the_lane_runs_dry(
    acme: Customer, at_linkedin: Connection, django_capture_on_commit_callbacks: Any
) -> None:
    make_candidates(acme, WINDOW + 250)
    run = ask_for_all(at_linkedin)
    go(run)
    nudged = []

    for _ in range(4):  # four questions, and then what is sent
        with django_capture_on_commit_callbacks() as callbacks:
            next_batch(at_linkedin)
        nudged.append(bool(callbacks))
    while _due() >= WINDOW // 2:
        assert not any(nudged)
        with django_capture_on_commit_callbacks() as callbacks:
            next_batch(at_linkedin)
        nudged.append(bool(callbacks))

    assert nudged[-1]
    assert _due() > 0


def _due() -> int:
    return Delivery.objects.filter(kind="candidate", due_at__lte=timezone.now()).count()


def test_the_sweep_finds_a_history_that_nobody_carries_on(acme: Customer, at_linkedin: Connection) -> None:
    make_candidates(acme, WINDOW + 250)
    go(ask_for_all(at_linkedin))

    assert housekeeping.sweep(timezone.now())["runs"] == 1


def test_children_of_parents_that_failed_do_not_stop_it(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Three windows of notes wait for people whom LinkedIn refuses; what comes behind goes all the same."""
    refused = make_candidate(acme, "C-BAD")
    for number in range(WINDOW + 150):
        make_note(refused, f"N-{number}")
    good = make_candidate(acme, "C-GOOD")
    note = make_note(good, "N-LAST")
    linkedin.next("reject", endpoint="atsCandidates", match="C-BAD", times=None)

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert counts(run)["candidate"] == {"done": 1, "failed": 1}
    assert counts(run)["candidate_note"] == {"skipped": WINDOW + 150, "done": 1}
    assert reasons(run) == {("candidate_note", "waits_for_another"): WINDOW + 150}
    assert run.state == Run.State.DONE, "what waits for somebody does not keep it from ending"
    assert held(linkedin, "candidate_note", note)
    assert not RunPart.objects.filter(run=run, asked_at=None).exists()

    linkedin.world.moods.clear()
    ask("try_again", refused)
    work()
    assert held(linkedin, "candidate_note", refused.notes.first()), "and it goes by itself"


# pausing


def test_pausing_asks_for_nothing_more_and_going_on_loses_nothing(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    people = make_candidates(acme, WINDOW + 250)
    run = ask_for_all(at_linkedin)
    go(run)

    assert history.pause(run, by=None)
    work()
    pass_by(seconds=30)  # an even pace may keep the last batch back for a moment
    work()
    assert fresh(run).state == Run.State.PAUSED
    assert fresh(run).n_done == WINDOW, "what was on its way has arrived"
    assert run.items.count() == WINDOW

    assert history.resume(run, by=None, now=timezone.now())
    run = finish(run, linkedin)
    assert run.state == Run.State.DONE
    assert run.n_done == run.total == len(people)
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == [
        *("send all history", "pause all history", "resume all history"),
    ]


def test_what_is_paused_after_its_last_record_is_done_when_it_goes_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    make_candidates(acme, 3)
    run = ask_for_all(at_linkedin)
    go(run)
    history.pause(run, by=None)
    finish(run, linkedin)

    history.resume(run, by=None, now=timezone.now())

    assert fresh(run).state == Run.State.DONE


def test_cancelling_leaves_out_the_rest_and_what_is_on_its_way_arrives(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    make_candidates(acme, WINDOW + 250)
    run = ask_for_all(at_linkedin)
    go(run)

    assert history.cancel(run, by=None, now=timezone.now())
    run = finish(run, linkedin)

    assert run.state == Run.State.CANCELLED
    assert (run.n_done, run.n_skipped, run.n_settled) == (WINDOW, 250, run.total)
    assert linkedin.count("atsCandidates") == WINDOW


@pytest.mark.parametrize("state", [Run.State.DONE, Run.State.CANCELLED, Run.State.DRAFT, Run.State.UNDONE])
def test_what_is_over_is_neither_paused_nor_cancelled(acme: Customer, at_linkedin: Connection, state: str) -> None:
    run = history.draft(at_linkedin, by=None, now=timezone.now())
    Run.objects.filter(pk=run.pk).update(state=state)

    did = [
        history.pause(run, by=None),
        history.resume(run, by=None, now=timezone.now()),
        history.cancel(run, by=None, now=timezone.now()),
    ]

    assert did == [False, False, False]
    assert fresh(run).state == state
    assert not AuditEvent.objects.exists()


def test_another_request_is_none_of_its_business(acme: Customer, at_linkedin: Connection) -> None:
    run = ask("send", make_candidates(acme, 3))
    Run.objects.update(state=Run.State.RUNNING)

    assert not history.pause(run, by=None)
    assert not history.cancel(run, by=None, now=timezone.now())
    assert fresh(run).state == Run.State.RUNNING


def test_a_second_click_pauses_nothing_twice(acme: Customer, at_linkedin: Connection) -> None:
    run = ask_for_all(at_linkedin)

    assert [history.pause(run, by=None), history.pause(run, by=None)] == [True, False]
    assert AuditEvent.objects.filter(verb="pause all history").count() == 1


def test_of_two_tabs_one_sends_everything(acme: Customer, at_linkedin: Connection) -> None:
    make_candidates(acme, 3)
    first, second = (history.draft(at_linkedin, by=None, now=timezone.now()) for _ in range(2))

    confirmed = [history.confirm(run, options={}, by=None, now=timezone.now()) for run in (first, second, first)]

    assert confirmed == [True, False, False]
    assert fresh(second).state == Run.State.DRAFT
    assert list(history.under_way(at_linkedin)) == [fresh(first)]


def test_another_connection_in_use_ends_it(acme: Customer, at_linkedin: Connection) -> None:
    make_candidates(acme, WINDOW + 250)
    run = ask_for_all(at_linkedin)
    go(run)
    Connection.objects.filter(pk=at_linkedin.pk).update(is_current=False)
    Delivery.objects.update(due_at=timezone.now() + timedelta(hours=1))  # the window is empty

    go(run)

    assert fresh(run).state == Run.State.CANCELLED
    assert fresh(run).n_skipped == 250
    assert fresh(run).options[history.ENDED_BY] == history.NOT_IN_USE


@pytest.mark.parametrize(("number", "left_out"), [(3, 0), (WINDOW + 250, 250)])
def test_another_connection_in_use_ends_it_also_while_what_was_asked_for_waits(
    number: int, left_out: int, acme: Customer, at_linkedin: Connection
) -> None:
    make_candidates(acme, number)
    run = ask_for_all(at_linkedin)
    go(run)
    Connection.objects.filter(pk=at_linkedin.pk).update(is_current=False)
    work()

    assert go(run), "there is nothing to come back for"

    run = fresh(run)
    assert (run.state, run.n_skipped) == (Run.State.CANCELLED, left_out)
    assert run.finished_at is not None
    assert asked(run) == number - left_out, "it would go if the connection came into use again"
    assert not history.under_way(at_linkedin).exists()


# crashes


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_while_it_asks_loses_and_doubles_nothing(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """At the last write of a chunk: the whole chunk is asked for again, by whoever comes next."""
    people = make_candidates(acme, 250)
    run = ask_for_all(at_linkedin)
    writes = 0

    def dies(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal writes
        writes += sql.startswith('UPDATE "candidates_candidate"')
        if writes == 2:
            raise DatabaseError("gone")
        return execute(sql, params, many, context)

    with database.execute_wrapper(dies), pytest.raises(DatabaseError):
        go(run)

    part = RunPart.objects.get(run=run, kind="candidate")
    assert run.items.count() == Delivery.objects.count() == 200
    assert part.last_id == sorted(each.pk for each in people)[199]
    run = finish(run, linkedin)
    assert (run.state, run.n_done) == (Run.State.DONE, 250)
    assert run.items.count() == 250


# clicks


def test_a_click_overtakes_it_and_is_sent_once(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """What is asked about first goes before the rest, and so does what is sent then."""
    people = make_candidates(acme, WINDOW)
    run = ask_for_all(at_linkedin)
    go(run)
    before = keys(next_batch(at_linkedin))
    ask("send", [make_candidate(acme, "C-CLICK"), people[-1]])  # the history has asked for the second one, too

    clicked = [set(keys(next_batch(at_linkedin))) for _ in ("asked about", "sent")]
    after = keys(next_batch(at_linkedin))

    mine = {"C-CLICK", f"C-{WINDOW - 1}"}
    assert clicked == [mine, mine]
    assert not mine & {*before, *after}
    run = finish(run, linkedin)
    assert (run.state, counts(run)["candidate"]) == (Run.State.DONE, {"done": WINDOW})
    assert _times_sent(people[-1]) == 1


def _times_sent(record: Any) -> int:
    sent = AttemptItem.objects.filter(delivery__kind="candidate", delivery__object_id=record.pk)
    return sent.filter(attempt__step="send").count()


def test_what_somebody_has_asked_for_is_left_to_them(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """With what they agreed to: the history would take that back."""
    person = make_candidate(acme, "C-1", current_job_title="Painter")
    ask("send", person)
    work()
    change(person, current_job_title="")
    person.refresh_from_db()
    clicked = ask("send", person, may_erase=True)

    run = ask_for_all(at_linkedin)
    go(run)

    row = Delivery.objects.get(kind="candidate")
    assert (set(row.params["may_erase"]), row.priority) == ({"currentJobTitle"}, Priority.CLICK)
    assert reasons(run) == {("candidate", "being_sent"): 1}
    assert finish(run, linkedin).state == Run.State.DONE
    assert counts(clicked)["candidate"] == {"done": 1}


# limits


def test_it_uses_four_fifths_of_a_day_and_goes_on_the_next(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any
) -> None:
    """With a headroom of 99 % a day is 1,000 calls. Others have used 798 of them."""
    settings.DAILY_LIMIT_HEADROOM_PERCENT = 99
    hands.make_budget(at_linkedin, endpoint="atsCandidates", day=timezone.now().date(), calls=798)
    make_candidates(acme, 50)
    run = ask_for_all(at_linkedin)

    _minutes(20)
    assert Budget.objects.get(endpoint="atsCandidates").calls == 800
    assert fresh(run).n_done < 50

    clicked = make_candidate(acme, "C-CLICK")
    ask("send", clicked)
    work()
    assert held(linkedin, "candidate", clicked), "a click still finds room"

    hands.clock.shift(timedelta(hours=12))
    _minutes(20)
    assert fresh(run).n_done == 50


def _minutes(number: int) -> None:
    for _ in range(number):
        hands.pass_by(minutes=1)


# what is passed over


def test_who_is_kept_out_or_was_removed_stays_out_and_what_is_the_same_is_not_sent_again(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    kept_out = make_candidate(acme, "C-OUT", do_not_send=True)
    make_note(kept_out)
    removed, same, touched = (make_candidate(acme, f"C-{name}") for name in ("GONE", "SAME", "TOUCHED"))
    ask("send", [removed, same, touched])
    work()
    ask("delete", removed)
    hands.pass_by(minutes=1)
    change(touched)  # saved once more, with nothing new in it
    before = len(linkedin.calls)

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert run.state == Run.State.DONE
    assert reasons(run) == {
        ("candidate", "kept_out"): 1,
        ("candidate_note", "kept_out"): 1,
        ("candidate", "removed"): 1,
        ("candidate", "nothing_changed"): 2,
    }
    assert len(linkedin.calls) == before


def test_what_would_be_erased_at_linkedin_needs_somebody_unless_it_was_agreed_to(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    person = make_candidate(acme, "C-1", current_job_title="Painter")
    ask("send", person)
    work()
    change(person, current_job_title="")

    run = finish(ask_for_all(at_linkedin), linkedin)
    assert counts(run)["candidate"] == {"failed": 1}
    assert Delivery.objects.get(kind="candidate").failure == "unconfirmed"

    run = finish(ask_for_all(at_linkedin, may_erase=True), linkedin)
    assert counts(run)["candidate"] == {"done": 1}


def test_what_was_emptied_after_it_was_confirmed_is_not_agreed_to(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """It may go on for days: what somebody saves meanwhile was seen by nobody who agreed."""
    person = make_candidate(acme, "C-1", current_job_title="Painter")
    ask("send", person)
    work()
    run = ask_for_all(at_linkedin, may_erase=True)
    hands.clock.shift(timedelta(hours=2))
    change(person, current_job_title="")

    run = finish(run, linkedin)

    assert counts(run)["candidate"] == {"failed": 1}
    assert held(linkedin, "candidate", person)["currentJobTitle"] == "Painter"


def test_jobs_that_linkedin_knows_stay_as_they_are(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """Live, closed by us, and live there though the ATS says that it is closed."""
    live, closed, odd = (make_job(acme, f"J-{name}") for name in ("LIVE", "CLOSED", "ODD"))
    hands.ask("post", [live, closed, odd])
    work()
    hands.settle(linkedin)
    hands.ask("close", [closed], at=["linkedin"])
    work()
    hands.settle(linkedin)
    for job in (closed, odd):
        hands.edit(job, status="closed")

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert reasons(run) == {("job", "known_there"): 2, ("job", "live_there"): 1}
    assert hands.held_open(linkedin, [live, odd]) == {"J-LIVE", "J-ODD"}


def test_a_closed_job_that_turns_out_to_be_live_needs_somebody(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_posting("J-1")
    job = make_job(acme, "J-1", status="closed")

    run = finish(ask_for_all(at_linkedin), linkedin)

    assert counts(run)["job"] == {"failed": 1}
    assert hands.delivery(job, at_linkedin).error_code == "live_there"
    assert hands.held_open(linkedin, [job]) == {"J-1"}


def test_records_that_vanish_here_meanwhile_are_counted_no_longer(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    people = make_candidates(acme, 250)
    run = ask_for_all(at_linkedin)
    for person in people[200:]:
        person.delete()

    run = finish(run, linkedin)

    assert (run.state, run.total, run.n_done) == (Run.State.DONE, 200, 200)


def test_applications_wait_for_their_job_and_fill_no_window(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    job, person = make_job(acme, "J-1"), make_candidate(acme, "C-1")
    applications: Sequence[Any] = [make_application(person, job, f"A-{number}") for number in range(3)]
    run = ask_for_all(at_linkedin)
    work()

    assert counts(run)["application"] == {"asked": 3}, "LinkedIn has not finished the job"

    assert finish(run, linkedin).state == Run.State.DONE
    assert all(held(linkedin, "application", each) for each in applications)
