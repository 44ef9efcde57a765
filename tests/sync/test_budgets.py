"""Limits that are kept: strict LinkedIn in practice, with just as much as we allow ourselves, never says 429.

With a headroom of 99 % a minute is 100 records of people and 20 postings, and a day 1,000 calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import requests
import time_machine
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.base.errors import TokenBusy
from connectors.base.transport import FunctionAdapter
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.customers.models import AccessToken, Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import budgets, driving, engine, kinds, limits, runs, settling
from talentsync.sync.calling import Report
from talentsync.sync.driving import Scope
from talentsync.sync.limits import Share
from talentsync.sync.management.commands.sync_status import status
from talentsync.sync.models import Attempt, Budget, Delivery, Lane, Run
from talentsync.sync.states import Failure, Operation, Priority, State
from tests.candidates.making import ask, change, delivery, make_candidate, make_candidates, make_note
from tests.customers.making import make_connection, make_customer
from tests.sync import driving as hands
from tests.sync.test_at_once import at_once

PEOPLE = "atsCandidates"
MINUTE, DAY = 100, 1_000
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    settings.DAILY_LIMIT_HEADROOM_PERCENT = 99


@pytest.fixture
def strict(linkedin: Linkedin) -> Linkedin:
    """LinkedIn allows what we allow ourselves, and not one more."""
    linkedin.configure(calls_per_day={PEOPLE: DAY}, records_per_minute={PEOPLE: MINUTE})
    return linkedin


def work() -> int:
    return driving.until_idle()


def go_on(*, until: datetime) -> None:
    """Work whenever something can go on, until that moment."""
    work()
    while (moment := driving.next_due(Scope(), timezone.now())) is not None and moment < until:
        hands.clock.move_to(max(moment, timezone.now() + timedelta(milliseconds=1)))
        work()
    hands.clock.move_to(max(until, timezone.now()))


def start(run: Run) -> None:
    """A request for more than a batch is started by a worker."""
    assert runs.carry_on(run, until=timezone.now() + timedelta(minutes=5))


def budget(endpoint: str = PEOPLE) -> Budget:
    return Budget.objects.get(endpoint=endpoint)


def used(connection: Connection, *, calls: int, endpoint: str = PEOPLE, day: datetime = NOON) -> None:
    """Others have used that much of the day."""
    hands.make_budget(connection, endpoint=endpoint, day=day.date(), calls=calls)


def statuses(linkedin: Linkedin) -> set[int]:
    return {call.status for call in linkedin.calls if call.endpoint != "token"}


def backfill(customer: Customer, number: int) -> None:
    """Records that wait as part of a large request."""
    start(ask("send", make_candidates(customer, number, "B")))
    Delivery.objects.filter(entity_key__startswith="B-").update(priority=Priority.BACKFILL)


# the minute


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("priority", [Priority.CLICK, Priority.BACKFILL])
def test_ten_minutes_use_all_there_is_and_never_meet_a_429(
    acme: Customer, at_linkedin: Connection, strict: Linkedin, priority: Priority
) -> None:
    start(ask("send", make_candidates(acme, 600)))  # each travels twice: what LinkedIn holds is asked first
    Delivery.objects.update(priority=priority)
    began = timezone.now()
    go_on(until=began + timedelta(minutes=10))
    assert statuses(strict) == {200}
    calls = strict.calls_to(PEOPLE)
    sent = [(call.at, call.records) for call in calls if call.at < began.timestamp() + 600]
    assert sum(number for _, number in sent) >= 0.98 * 10 * MINUTE
    assert max(sum(number for at, number in sent if begin <= at < begin + 60) for begin, _ in sent) <= MINUTE


@pytest.mark.django_db
def test_a_click_overtakes_a_backfill_within_seconds(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    backfill(acme, 300)
    go_on(until=NOON + timedelta(minutes=2))
    clicked = make_candidate(acme, "CLICKED")
    ask("send", clicked)
    go_on(until=timezone.now() + limits.SPREAD)
    assert strict.record(PEOPLE, "CLICKED")
    assert Delivery.objects.filter(priority=Priority.BACKFILL, state=State.PENDING).exists()
    assert statuses(strict) == {200}


@pytest.mark.django_db
def test_a_batch_is_made_smaller_and_the_rest_follows(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    hands.ask("post", hands.make_jobs(acme, 30))
    work()
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {State.SUBMITTED: 20, State.PENDING: 10}
    assert hands.lane(at_linkedin).not_before > timezone.now() + timedelta(seconds=50)
    go_on(until=timezone.now() + timedelta(seconds=62))
    assert not Delivery.objects.filter(state=State.PENDING).exists()
    assert statuses(strict) == {200}


# the day


@pytest.mark.django_db
def test_each_share_of_a_day_goes_on_when_the_one_before_it_is_used_up(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    clicked, kept, gone = make_candidates(acme, 3)
    ask("send", gone)
    work()
    Budget.objects.update(calls=800)
    backfill(acme, 5)
    ask("send", clicked)
    work()
    assert strict.record(PEOPLE, clicked.external_id)
    assert strict.record(PEOPLE, "B-0") is None

    Budget.objects.update(calls=900)
    ask("send", kept)
    ask("delete", gone)
    work()
    assert strict.record(PEOPLE, gone.external_id) is None
    assert strict.record(PEOPLE, kept.external_id) is None

    Budget.objects.update(calls=1_000)
    ask("delete", clicked)
    work()
    assert strict.record(PEOPLE, clicked.external_id)
    assert driving.next_due(Scope(), timezone.now()) == MIDNIGHT

    go_on(until=MIDNIGHT - timedelta(seconds=1))
    assert budget().calls == 1_000
    go_on(until=MIDNIGHT + timedelta(seconds=10))
    assert strict.record(PEOPLE, clicked.external_id) is None
    assert strict.record(PEOPLE, kept.external_id)
    assert strict.record(PEOPLE, "B-0")
    assert budget().day == MIDNIGHT.date()


@pytest.mark.django_db
def test_the_last_calls_of_a_day_are_all_used_and_no_more(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    """90 % are 900 calls; 7 of them are left, here and at LinkedIn."""
    used(at_linkedin, calls=893)
    strict.configure(calls_per_day={PEOPLE: 7})
    for person in make_candidates(acme, 5):
        ask("send", person)
        work()
    assert len(strict.calls_to(PEOPLE)) == 7
    assert statuses(strict) == {200}
    assert budget().calls == 900


@pytest.mark.django_db
def test_questions_are_counted_where_they_are_asked(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    hands.posted(acme, linkedin, 3)
    counted = {row.endpoint: (row.calls, row.records) for row in Budget.objects.all()}
    assert counted == {"simpleJobPostings": (1, 3), "simpleJobPostingTasks": (1, 3), "jobPostingStatus": (1, 3)}


@pytest.mark.django_db
def test_other_steps_go_on_when_a_day_of_posting_is_used_up(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = hands.make_jobs(acme, 2)
    hands.ask("post", jobs[:1])
    work()
    Budget.objects.filter(endpoint="simpleJobPostings").update(records=540)
    hands.ask("post", jobs[1:])
    hands.settle(linkedin)
    assert hands.delivery(jobs[0], at_linkedin).state == State.SYNCED
    assert hands.delivery(jobs[1], at_linkedin).state == State.PENDING


@pytest.mark.django_db
def test_whoever_comes_a_moment_too_late_looks_again(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    """Two workers see the last call of a day; the second one finds it taken under the lock."""
    used(at_linkedin, calls=900)
    taken = budgets.take(at_linkedin, PEOPLE, share=Share.CLICK, wanted=5)
    assert (taken.records, taken.is_spent, taken.again_at) == (0, True, MIDNIGHT)
    assert budgets.take(at_linkedin, PEOPLE, share=Share.REMOVAL, wanted=5).records == 5


# units that were not used


@pytest.mark.django_db
def test_what_did_not_travel_is_given_back(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = hands.posted(acme, linkedin, 4)
    before = budget("simpleJobPostings")
    for job in jobs:
        hands.edit(job, title="Another one")
    hands.ask("update", jobs)
    Job.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(title="")  # since it was asked
    work()
    assert hands.delivery(jobs[0], at_linkedin).failure == Failure.UNMAPPABLE
    after = budget("simpleJobPostings")
    assert (after.calls - before.calls, after.records - before.records) == (1, 1)
    assert sum(number for _, number in after.bars) <= 5


@pytest.mark.django_db
def test_a_call_that_was_not_made_is_given_back(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = hands.posted(acme, linkedin)
    before = budget("simpleJobPostings")
    hands.edit(job, title="Another one")
    hands.ask("update", [job])
    Job.objects.filter(pk=job.pk).update(title="")  # since it was asked
    work()
    assert hands.delivery(job, at_linkedin).failure == Failure.UNMAPPABLE
    after = budget("simpleJobPostings")
    assert (after.calls, after.records) == (before.calls, before.records)


@pytest.mark.django_db
def test_a_lease_that_is_given_back_uses_nothing(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    ask("send", make_candidates(acme, 3))
    lane = Lane.objects.select_related("connection__customer").get()
    resource = clients.open_client(lane.connection).resources["candidates"]
    batch = engine.lease(lane, resource, now=timezone.now())
    assert (budget().calls, budget().records) == (1, 3)
    engine.give_back(batch)
    assert (budget().calls, budget().records, budget().bars) == (0, 0, [])


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["given back", "dropped"])
def test_a_batch_that_was_not_sent_uses_nothing_though_its_lane_was_taken_over(
    how: str, acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    """Its worker slept beyond the lease: before the call, or when somebody else was just logging in."""
    ask("send", make_candidates(acme, 3))
    lane = Lane.objects.select_related("connection__customer").get()
    resource = clients.open_client(lane.connection).resources["candidates"]
    batch = engine.lease(lane, resource, now=timezone.now())
    Lane.objects.update(lease_name="somebody else's")
    if how == "given back":
        engine.give_back(batch)
    else:
        report = Report(error=TokenBusy("Somebody else is logging in."), travelled=3)
        assert not settling.settle(batch, report, now=timezone.now())
    assert (budget().calls, budget().records, budget().bars) == (0, 0, [])
    assert Lane.objects.get().lease_name == "somebody else's"


@pytest.mark.django_db
def test_a_call_that_is_made_over_midnight_counts_on_the_new_day_too(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    """What LinkedIn counts on a day must not come to more than we know of, even with no headroom at all."""
    ask("send", make_candidates(acme, 3))
    hands.clock.move_to(MIDNIGHT - timedelta(seconds=1))
    lane = Lane.objects.select_related("connection__customer").get()
    resource = clients.open_client(lane.connection).resources["candidates"]
    batch = engine.lease(lane, resource, now=timezone.now())
    hands.clock.move_to(MIDNIGHT + timedelta(seconds=1))
    report = engine.send(batch, resource)
    settling.settle(batch, report, now=timezone.now())
    assert (budget().day, budget().calls, budget().records) == (MIDNIGHT.date(), 1, 3)


@pytest.mark.django_db
def test_a_token_that_was_refused_costs_a_second_call(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    person = make_candidate(acme)
    ask("send", person)
    work()
    before = budget().calls
    strict.revoke_tokens()
    change(person, current_job_title="Gardener")
    ask("send", person)
    work()
    assert budget().calls - before == 2
    assert [call.status for call in strict.calls_to(PEOPLE)[-2:]] == [401, 200]


def calls_counted_and_made(at_linkedin: Connection, strict: Linkedin, person: Candidate) -> tuple[int, int]:
    """Of one change that is sent, and whose first call is refused for its token."""
    n_counted, n_made = budget().calls, len(strict.calls_to(PEOPLE))
    change(person, current_job_title="Gardener")
    ask("send", person)
    batch, report = hands.take_and_send(at_linkedin)
    assert settling.settle(batch, report, now=timezone.now())
    return budget().calls - n_counted, len(strict.calls_to(PEOPLE)) - n_made


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mood", "how"),
    [
        ("status", {"status": 500}),
        ("status", {"status": 429}),
        ("status", {"status": 403}),
        ("status", {"status": 400}),
        ("status", {"status": 401}),
        ("status", {"status": 200}),  # of no record
        ("hang_up", {}),
        ("stall", {"applied": True}),
        ("html", {}),
    ],
)
def test_a_token_that_was_refused_costs_a_call_also_where_the_second_one_fails(
    acme: Customer, at_linkedin: Connection, strict: Linkedin, mood: str, how: dict[str, Any]
) -> None:
    person = make_candidate(acme)
    ask("send", person)
    work()
    strict.next("status", endpoint=PEOPLE, status=401)
    strict.next(mood, endpoint=PEOPLE, **how)
    assert calls_counted_and_made(at_linkedin, strict, person) == (2, 2)
    assert Attempt.objects.latest("pk").n_calls == 2


@pytest.mark.django_db
def test_a_token_that_was_refused_costs_a_call_also_where_another_worker_fetches_the_next(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    person = make_candidate(acme)
    ask("send", person)
    work()
    n_records = budget().records
    strict.revoke_tokens()
    AccessToken.objects.update(lease_name="another worker", lease_ends_at=timezone.now() + timedelta(seconds=40))
    assert calls_counted_and_made(at_linkedin, strict, person) == (1, 1)
    assert budget().records == n_records
    assert Attempt.objects.latest("pk").error == "TokenBusy"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, 429, 401])
def test_a_call_for_a_token_is_no_call_for_people(
    acme: Customer, at_linkedin: Connection, strict: Linkedin, status: int
) -> None:
    person = make_candidate(acme)
    ask("send", person)
    work()
    strict.revoke_tokens()
    strict.next("status", endpoint="token", status=status)
    assert calls_counted_and_made(at_linkedin, strict, person) == (1, 1)


class Unplugged(FunctionAdapter):
    """A network that goes away after so many calls."""

    def __init__(self, base_url: str, handle: Callable[[Any], Any], *, after: int) -> None:
        super().__init__(base_url, handle)
        self._left = after

    def send(self, request: requests.PreparedRequest, *given: Any, **named: Any) -> requests.Response:
        self._left -= 1
        if self._left < 0:
            raise requests.ConnectionError("no route")
        return super().send(request, *given, **named)


@pytest.mark.django_db
@pytest.mark.parametrize("after", [0, 1])
def test_a_token_that_was_refused_costs_a_call_also_where_the_network_goes_away(
    acme: Customer, at_linkedin: Connection, strict: Linkedin, settings: Any, after: int
) -> None:
    person = make_candidate(acme)
    ask("send", person)
    work()
    strict.revoke_tokens()
    url = settings.SIMULATOR_URL + strict.doors["api"].prefix
    clients.mount(url, Unplugged(url, partial(strict.answer, door="api"), after=after))
    assert calls_counted_and_made(at_linkedin, strict, person) == (after, after)
    assert Attempt.objects.latest("pk").error == "Unreachable"


@pytest.mark.django_db
def test_the_vendors_word_beats_our_count(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    person = make_candidate(acme)
    ask("send", person)
    strict.next("status", endpoint=PEOPLE, status=429, retry_after=600)
    work()
    assert budget().calls == 1  # 999 are left, and nobody makes one
    assert work() == 0
    assert len(strict.calls_to(PEOPLE)) == 1
    go_on(until=NOON + timedelta(minutes=11))
    assert strict.record(PEOPLE, person.external_id)


# what it costs


@pytest.mark.django_db
def test_a_batch_costs_two_queries_more(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    """Looking at all budgets and forgetting a throttle were there before: taking is a lock and an update."""
    ask("send", make_candidates(acme, 40))
    lane = Lane.objects.select_related("connection__customer").get()
    resource = clients.open_client(lane.connection).resources["candidates"]
    work_one(lane, resource)
    with time_machine.travel(timezone.now(), tick=False), CaptureQueriesContext(database) as captured:
        work_one(lane, resource)  # an answer that takes half a second or more costs two more
    about = [query["sql"] for query in captured if "sync_budget" in query["sql"]]
    assert len(about) == 4


def work_one(lane: Lane, resource: Any) -> None:
    batch = engine.lease(lane, resource, now=timezone.now())
    assert batch is not None
    report = engine.send(batch, resource)
    assert report is not None
    settling.settle(batch, report, now=timezone.now())


# many at once


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_spend_more_than_there_is(linkedin: Linkedin) -> None:
    """Four customers through one application; a day has 24 calls left, and a minute 100 records."""
    lanes = []
    for name in ("Acme", "Bolt", "Crow", "Dune"):
        customer = make_customer(name)
        at_linkedin = make_connection(customer)
        ask("send", make_candidates(customer, 10))
        Delivery.objects.filter(connection=at_linkedin).update(company=1)  # each alone
        lanes.append(at_linkedin)
    clients.open_client(at_linkedin).test()  # a token for all of them
    used(at_linkedin, calls=876)
    linkedin.configure(calls_per_day={PEOPLE: 24}, records_per_minute={PEOPLE: MINUTE})

    def worker(connection: Connection) -> Callable[[], object]:
        def visits() -> None:
            for _ in range(3):
                lane = Lane.objects.select_related("connection__customer").get(connection=connection)
                engine.run(lane, until=timezone.now() + timedelta(seconds=20))

        return visits

    at_once(*(worker(each) for each in lanes), *(worker(each) for each in lanes))
    assert statuses(linkedin) == {200}
    assert len(linkedin.calls_to(PEOPLE)) == 24 == Attempt.objects.count()
    assert budget().calls == 900


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_share_a_minute(linkedin: Linkedin) -> None:
    connections = [make_connection(make_customer(name)) for name in ("Acme", "Bolt", "Crow")]
    linkedin.configure(records_per_minute={PEOPLE: MINUTE})
    for connection in connections:
        ask("send", make_candidates(connection.customer, 60))
    clients.open_client(connection).test()  # a token for all of them

    def worker(connection: Connection) -> None:
        for _ in range(4):
            lane = Lane.objects.select_related("connection__customer").get(connection=connection)
            engine.run(lane, until=timezone.now() + timedelta(seconds=20))

    at_once(*[lambda connection=connection: worker(connection) for connection in connections])
    assert statuses(linkedin) == {200}
    assert sum(call.records for call in linkedin.calls_to(PEOPLE)) == MINUTE == budget().records


# who is a backfill


@pytest.mark.django_db
def test_a_large_request_is_a_backfill_and_a_click_keeps_its_place(acme: Customer, at_linkedin: Connection) -> None:
    clicked = make_candidate(acme, "CLICKED")
    ask("send", clicked)
    make_candidates(acme, budgets.LARGE + 1, "B")
    start(ask("send", list(Candidate.objects.exclude(pk=clicked.pk))))
    rows = Delivery.objects.exclude(object_id=clicked.pk)
    assert set(rows.values_list("priority", flat=True)) == {Priority.BACKFILL}
    assert delivery("candidate", clicked).priority == Priority.CLICK
    start(ask("send", list(Candidate.objects.all())))
    assert delivery("candidate", clicked).priority == Priority.CLICK
    ask("send", Candidate.objects.get(external_id="B-7"))
    assert rows.get(entity_key="B-7").priority == Priority.CLICK


@pytest.mark.django_db
@pytest.mark.parametrize("share", Share)
def test_the_database_agrees_who_uses_which_share(acme: Customer, at_linkedin: Connection, share: Share) -> None:
    asked = [(priority, operation) for priority in Priority for operation in ["", *Operation]]
    Delivery.objects.bulk_create(
        Delivery(
            connection=at_linkedin,
            kind="candidate",
            object_id=index,
            entity_key=f"C-{index}",
            priority=priority,
            operation=operation,
        )
        for index, (priority, operation) in enumerate(asked)
    )
    found = Delivery.objects.filter(budgets.rows_of(share)).values_list("priority", "operation")
    assert set(found) == {(p, str(o)) for p, o in asked if limits.share_of(p, o) == share}


# what it will cost


@pytest.mark.django_db
def test_a_forecast_counts_one_parent_a_call_and_goes_over_several_days(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, settings: Any
) -> None:
    settings.DAILY_LIMIT_HEADROOM_PERCENT = 10
    route = kinds.get("candidate_note").route("linkedin")
    few = budgets.forecast(at_linkedin, route, records=250, parents=40, now=NOON)
    assert few.calls == 40
    assert few.finishes_at < NOON + timedelta(minutes=2)
    many = budgets.forecast(at_linkedin, route, records=500_000, parents=180_000, now=NOON)
    assert many.calls == 180_000  # 72,000 a day: 80 % of 90,000
    assert MIDNIGHT + timedelta(days=1) < many.finishes_at < MIDNIGHT + timedelta(days=2)
    used(at_linkedin, calls=72_000, endpoint="atsCandidates/notes")
    later = budgets.forecast(at_linkedin, route, records=500_000, parents=180_000, now=NOON)
    assert MIDNIGHT + timedelta(days=2) < later.finishes_at < MIDNIGHT + timedelta(days=3)


@pytest.mark.django_db
def test_a_forecast_counts_what_is_asked_first(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """People are asked about at the endpoint that takes them, jobs at one of their own."""
    candidates, jobs = (kinds.get(name).route("linkedin") for name in ("candidate", "job"))
    plain = budgets.forecast(at_linkedin, candidates, records=250, now=NOON)
    asked = budgets.forecast(at_linkedin, candidates, records=250, asked_first=250, now=NOON)
    assert (plain.calls, asked.calls) == (3, 6)
    assert asked.finishes_at - NOON == 2 * (plain.finishes_at - NOON) == timedelta(minutes=5)
    plain = budgets.forecast(at_linkedin, jobs, records=40, now=NOON)
    asked = budgets.forecast(at_linkedin, jobs, records=40, asked_first=40, now=NOON)
    assert (plain.calls, asked.calls) == (1, 2)
    assert asked.finishes_at == plain.finishes_at == NOON + timedelta(minutes=2)


@pytest.mark.django_db
def test_a_forecast_waits_for_a_vendor_that_has_had_enough(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    used(at_linkedin, calls=0)
    Budget.objects.update(blocked_until=NOON + timedelta(hours=2))
    route = kinds.get("candidate").route("linkedin")
    assert budgets.forecast(at_linkedin, route, records=1, now=NOON).finishes_at > NOON + timedelta(hours=2)


@pytest.mark.django_db
def test_a_forecast_where_nothing_is_counted(acme: Customer, at_greenhouse: Connection) -> None:
    route = kinds.get("job").route("greenhouse")
    found = budgets.forecast(at_greenhouse, route, records=12, now=NOON)
    assert (found.calls, found.finishes_at) == (12, NOON)


@pytest.mark.django_db
def test_notes_of_many_people_take_a_call_for_each_of_them(
    acme: Customer, at_linkedin: Connection, strict: Linkedin
) -> None:
    written = make_candidates(acme, 3)
    for person in written:
        make_note(person, "N-1")
        make_note(person, "N-2")
    ask("send_all", written)
    work()
    assert (budget("atsCandidates/notes").calls, budget("atsCandidates/notes").records) == (6, 12)  # asked, then sent


# what programs are told


@pytest.mark.django_db
def test_the_status_for_programs_says_what_was_used(acme: Customer, at_linkedin: Connection, strict: Linkedin) -> None:
    ask("send", make_candidate(acme))
    work()
    make_connection(make_customer("Bolt"), client_id="another")
    (told,) = status("Acme", now=timezone.now())["limits"]
    assert told["endpoint"] == PEOPLE
    assert (told["calls"], told["calls_per_day"]) == (2, DAY)
    assert (told["records"], told["records_per_day"], told["blocked_until"]) == (2, None, None)
    assert status("Bolt", now=timezone.now())["limits"] == []
    (tomorrow,) = status(None, now=timezone.now() + timedelta(days=1))["limits"]
    assert (tomorrow["calls"], tomorrow["records"]) == (0, 0)
