"""The vendor says no to everybody: what stops, for how long, and what goes on all the same."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from connectors.base.errors import Throttled, Unauthorized
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import services
from talentsync.customers.models import Connection, Customer
from talentsync.sync import holds, housekeeping, stopping
from talentsync.sync.models import Budget, Delivery, Hold
from talentsync.sync.states import State
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import (
    ask,
    delivery,
    held_open,
    later,
    make_job,
    make_jobs,
    posted,
    settle,
    work,
)

pytestmark = pytest.mark.django_db


# too many calls


def test_a_throttle_stops_the_credential_and_uses_up_no_attempt(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 3)
    linkedin.next("status", endpoint="simpleJobPostings", status=429, retry_after=90)
    ask("close", jobs)
    work()
    rows = Delivery.objects.all()
    assert {(row.state, row.attempts) for row in rows} == {(State.PENDING, 0)}
    blocked = Budget.objects.get(blocked_until__isnull=False).blocked_until
    assert timedelta(seconds=80) < blocked - timezone.now() < timedelta(seconds=91)
    with later(seconds=95):
        work()
    settle(linkedin)
    assert held_open(linkedin, jobs) == set()


def test_throttles_without_retry_after_wait_1_2_4_8_minutes(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.always("status", endpoint="simpleJobPostings", status=429, message="Slow down")
    ask("close", [job])
    waits, shift = [], 0.0
    for _ in range(5):
        with later(seconds=shift):
            work()
            wait = (Budget.objects.get(blocked_until__isnull=False).blocked_until - timezone.now()).total_seconds()
        waits.append(wait / 60)
        shift += wait + 1
    assert waits == [pytest.approx(minutes, rel=0.25) for minutes in (1, 2, 4, 8, 8)]
    assert delivery(job, at_linkedin).attempts == 0


def test_lanes_that_are_refused_beside_each_other_are_refused_once(at_linkedin: Connection) -> None:
    """They had called before anybody was told; eight of them do not make it eight refusals in a row."""
    now = timezone.now()
    with transaction.atomic():
        waits = [holds.block(at_linkedin, "atsCandidates", Throttled(), now) - now for _ in range(8)]
        later_on = max(waits) + timedelta(seconds=1)
        again = holds.block(at_linkedin, "atsCandidates", Throttled(), now + later_on) - now - later_on
    assert max(waits) < timedelta(minutes=1.25)
    assert timedelta(minutes=2) <= again < timedelta(minutes=2.5)


@pytest.mark.parametrize(("at", "minutes"), [("00:00:02", 1), ("00:04:00", 1), ("00:06:00", 24 * 60 - 6)])
def test_a_day_that_has_just_begun_here_may_be_yesterday_by_the_vendors_clock(at: str, minutes: int) -> None:
    """Its clock is a little late, and the day that is used up is the one before: nobody waits until tomorrow."""
    now = datetime.fromisoformat(f"2026-03-02T{at}+00:00")
    until = holds.blocked_until(Throttled(daily=True), throttles=0, now=now)
    assert (until - now).total_seconds() / 60 == pytest.approx(minutes, abs=1.1)


# what is not allowed


def test_a_missing_permission_holds_that_operation_and_closes_go_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    live, new = posted(acme, linkedin, 1)[0], make_job(acme, "TS-900")
    ask("post", [new])
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    work()
    assert Hold.objects.get().operation == "upsert"
    ask("close", [live])
    work()
    settle(linkedin)
    assert linkedin.posting(live.external_id)["status"] == "CLOSED"
    assert delivery(new, at_linkedin).state == State.PENDING
    Hold.objects.all().delete()
    work()
    settle(linkedin)
    assert delivery(new, at_linkedin).state == State.SYNCED


def test_a_wrong_contract_rejects_only_the_record_that_names_it(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 8)
    ask("post", jobs)
    linkedin.always("wrong_contract", endpoint="simpleJobPostings", match='"externalJobPostingId":"TS-5"')
    work()
    linkedin.calm()
    settle(linkedin)
    failed = {row.entity_key for row in Delivery.objects.failed()}
    assert failed == {"TS-5"}
    assert not Hold.objects.exists()


@pytest.mark.parametrize(("status", "limit"), [(400, 3), (404, 3), (413, 3), (414, 3), (402, 10), (409, 10), (422, 10)])
def test_the_same_refusal_for_one_record_after_the_other_holds_the_operation(
    status: int, limit: int, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """DESIGN 5: three in a row, each alone, of 400, 404, 413, 414; ten of 402, 409, 422."""
    jobs = make_jobs(acme, limit + 2)
    ask("post", jobs)
    linkedin.always(
        "status", endpoint="simpleJobPostings", status=status, message="Something is wrong with all of them"
    )
    work()
    assert Hold.objects.get().operation == "upsert"
    assert Delivery.objects.failed().count() == limit
    assert Delivery.objects.unfinished().count() == 2


# credentials


def test_revoked_credentials_hold_the_connection_until_its_test_succeeds(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 2)
    linkedin.always("status", endpoint="token", status=401, message="invalid_client")
    linkedin.revoke_tokens()
    ask("close", jobs)
    work()
    assert Hold.objects.get().connection == at_linkedin
    assert {row.attempts for row in Delivery.objects.all()} == {0}
    in_time = timezone.now() + timedelta(hours=1)
    assert housekeeping.probe_held(until=in_time) == {"works": 0, "fails": 1}
    linkedin.calm()
    assert housekeeping.probe_held(until=in_time) == {"works": 1, "fails": 0}
    work()
    settle(linkedin)
    assert held_open(linkedin, jobs) == set()


def test_connections_that_there_is_no_time_to_test_are_tested_by_the_next_visit(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """A vendor that says nothing costs half a minute for each, and beat asks again and again."""
    others = [make_connection(make_customer(name), is_current=True) for name in ("Bolt", "Umbrella")]
    for number in range(1, 4):
        assert housekeeping.test_connections(until=timezone.now()) == {"works": 1, "fails": 0}
        assert Connection.objects.filter(last_tested_at__isnull=False).count() == number
    first = Connection.objects.order_by("last_tested_at").first()
    assert first in [at_linkedin, *others]
    housekeeping.test_connections(until=timezone.now())
    assert Connection.objects.order_by("-last_tested_at").first() == first


def test_a_token_that_was_revoked_is_replaced_once(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.revoke_tokens()
    ask("close", [job])
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"
    assert not Hold.objects.exists()


def test_a_person_who_tests_a_connection_that_works_again_lets_it_go_on(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    linkedin.always("status", endpoint="token", status=401, message="invalid_client")
    linkedin.revoke_tokens()
    ask("close", [job])
    work()
    assert Hold.objects.exists()
    linkedin.calm()
    services.test_connection(at_linkedin, by=None)
    assert not Hold.objects.exists()
    work()
    settle(linkedin)
    assert linkedin.posting("TS-1")["status"] == "CLOSED"


def test_a_stop_by_somebody_who_left_does_not_mix_with_one_that_ends_by_itself(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 1)
    user = make_user("support")
    stopping.stop(connection=at_linkedin, reason="Audit", by=user)
    Hold.objects.update(by=None)  # as when the user is deleted
    for _ in range(2):
        holds.hold_connection(at_linkedin, Unauthorized("no"))
    assert Hold.objects.count() == 2
    services.test_connection(at_linkedin, by=None)
    assert Hold.objects.get().reason == "Audit"
    ask("close", jobs)
    work()
    assert held_open(linkedin, jobs) == {"TS-1"}
    stopping.stop(connection=at_linkedin, reason="Again", by=make_user("other"))
    assert Hold.objects.count() == 1
