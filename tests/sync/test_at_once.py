"""People and workers at the same moment, each with a connection of their own: nobody fails, and all numbers add up.

On PostgreSQL this is where a wrong order of locks shows as a deadlock.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from connectors.base.errors import Forbidden, Throttled, Unauthorized
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import services
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.sync import engine, holds, kinds, runs, stopping
from talentsync.sync.models import Budget, Delivery, Hold, Run, RunItem
from talentsync.sync.states import State
from tests.customers.making import LINKEDIN, make_customer, make_user
from tests.sync import driving
from tests.sync.driving import ask, edit, lane, make_jobs, posted, settle, take_and_send, work

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread of its own; the first error is raised here."""

    def closing(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            database.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(closing, work) for work in works]:
            done.result()


def test_clicks_edits_and_workers_at_once(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    jobs = posted(acme, linkedin, 12)
    linkedin.configure(task_seconds=0)

    def person(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(8):
            some = dice.sample(jobs, 6)
            edit(some[0], title=f"Title {dice.random()}")
            ask(dice.choice(["update", "renew", "close", "post", "check_now"]), some)

    def worker() -> None:
        for _ in range(25):
            engine.run(lane(at_linkedin), until=timezone.now() + timedelta(seconds=5))

    at_once(lambda: person(1), lambda: person(2), worker, worker)
    for _ in range(12):
        driving.clock.shift(timedelta(minutes=10))
        work()
    assert not Delivery.objects.filter(state__in=[State.PENDING, State.SUBMITTED]).exists()
    for run in Run.objects.all():
        found = Counter(run.items.values_list("state", flat=True))
        numbers = (run.n_done, run.n_failed, run.n_skipped, run.n_superseded)
        assert numbers == (found["done"], found["failed"], found["skipped"], found["superseded"])
        assert run.n_settled == run.total


def test_the_same_click_confirmed_twice_at_once_is_one(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 5)
    kind = kinds.get("job")
    run = runs.draft(kind, kind.action("close"), Job.objects.all(), by=None, now=timezone.now())
    answers: list[bool] = []

    def confirm() -> None:
        mine = Run.objects.get(pk=run.pk)
        now = timezone.now()
        answers.append(runs.confirm(mine, destinations=["linkedin"], options={}, now=now, at_once=True))

    at_once(confirm, confirm, confirm)
    assert sorted(answers) == [False, False, True]
    work()
    settle(linkedin)
    run.refresh_from_db()
    assert (run.n_done, run.total) == (len(jobs), len(jobs))


def test_two_workers_start_one_large_request(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    make_jobs(acme, 450)
    run = ask("post", list(Job.objects.all()))
    until = timezone.now() + timedelta(minutes=5)
    at_once(*[lambda: runs.carry_on(Run.objects.get(pk=run.pk), until=until)] * 3)
    assert Counter(run.items.values_list("state", flat=True)) == {RunItem.State.ASKED: 450}
    assert Delivery.objects.count() == 450


def test_a_lane_is_taken_by_one_of_many(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    ask("post", make_jobs(acme, 3))
    taken: list[object] = []

    def take() -> None:
        try:
            taken.append(take_and_send(at_linkedin))
        except AssertionError:  # nothing to take
            return

    at_once(take, take, take, take)
    assert len(taken) == 1


def overtaken(slow: Callable[[], object], quick: Callable[[], object], *, table: str) -> None:
    """`slow` has looked for a row of that table and found none; before it writes one, `quick` does."""
    has_looked, has_written = Event(), Event()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql and not has_looked.is_set():
            has_looked.set()
            assert has_written.wait(20)
        return found

    def watched() -> None:
        with database.execute_wrapper(watch):
            slow()

    def overtakes() -> None:
        assert has_looked.wait(20)
        quick()
        has_written.set()

    at_once(watched, overtakes)


def test_two_workers_that_stop_the_same_operation_at_once_leave_one_stop(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", make_jobs(acme, 1))
    place, answers = lane(at_linkedin), []

    def stop() -> None:
        answers.append(holds.hold_operation(place, "upsert", Forbidden("no")))

    overtaken(stop, stop, table="sync_hold")
    assert Hold.objects.count() == 1
    assert answers == [True, False]


def test_two_workers_that_stop_the_same_connection_at_once_leave_one_stop(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    def stop() -> None:
        holds.hold_connection(at_linkedin, Unauthorized("no"))

    overtaken(stop, stop, table="sync_hold")
    assert Hold.objects.count() == 1
    assert holds.release_probed(at_linkedin) == 1


def test_people_who_stop_everything_at_once_leave_one_stop(acme: Customer) -> None:
    user = make_user("support")
    overtaken(
        lambda: holds.stop(customer=None, reason="Audit", by=user),
        lambda: holds.stop(customer=None, reason="Outage", by=user),
        table="sync_hold",
    )
    assert Hold.objects.get().reason == "Outage"


def test_people_who_stop_the_same_connection_at_once_leave_one_stop(acme: Customer, at_linkedin: Connection) -> None:
    user = make_user("support")
    at_once(*[lambda: stopping.stop(connection=at_linkedin, reason="Audit", by=user)] * 4)
    assert Hold.objects.count() == 1


def test_one_application_goes_to_one_of_the_customers_that_are_connected_at_once() -> None:
    customers = [make_customer(name) for name in ("First", "Second", "Third", "Fourth")]
    refused: list[list[str]] = []

    def connect(customer: Customer) -> None:
        connection = Connection(customer=customer, destination="linkedin", environment="live", **LINKEDIN)
        try:
            services.add_connection(connection, by=None)
        except ValidationError as error:
            refused.append(list(error.message_dict))

    at_once(*[partial(connect, customer) for customer in customers])
    assert Connection.objects.count() == 1
    assert refused == [["client_id"]] * 3


def test_of_two_refusals_at_once_the_longer_one_counts(acme: Customer, at_linkedin: Connection) -> None:
    """An hour and a minute: whoever writes last has seen what the other one wrote."""
    now, is_written = timezone.now(), Event()

    def for_an_hour() -> None:
        with transaction.atomic():
            holds.block(at_linkedin, "atsCandidates", Throttled(retry_after=3600), now)
            is_written.set()
            sleep(0.5)  # the other one is about to read

    def for_a_minute() -> None:
        assert is_written.wait(20)
        with transaction.atomic():
            holds.block(at_linkedin, "atsCandidates", Throttled(retry_after=60), now)

    holds.budget_of(at_linkedin, "atsCandidates")
    at_once(for_an_hour, for_a_minute)
    assert Budget.objects.get().blocked_until == now + timedelta(hours=1)


def test_a_secret_is_changed_while_another_connection_of_the_credential_is_added(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    posted(acme, linkedin, 1)  # so that the credential has a token
    changed, added = Connection.objects.get(pk=at_linkedin.pk), Connection.objects.get(pk=at_linkedin.pk)
    changed.client_secret = "another"
    added.pk, added.organization_urn = None, "urn:li:organization:77"
    one_is_at_the_token, other_is_at_the_connection = Event(), Event()

    def paused(says: Event, waits_for: Event, statement: str) -> Any:
        def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(statement):
                says.set()
                waits_for.wait(1)  # where they keep each other out it waits in vain
            return execute(sql, params, many, context)

        return database.execute_wrapper(wrapper)

    def change() -> None:
        with paused(one_is_at_the_token, other_is_at_the_connection, 'UPDATE "customers_accesstoken"'):
            services.change_connection(changed, fields=["client_secret"], by=None)

    def add() -> None:
        assert one_is_at_the_token.wait(20)
        with paused(other_is_at_the_connection, one_is_at_the_token, 'UPDATE "customers_connection"'):
            services.add_connection(added, by=None)

    at_once(change, add)
    assert Connection.objects.get(pk=changed.pk).client_secret == "another"
    assert Connection.objects.filter(customer=acme).count() == 2
