"""`/metrics`: numbers that are true whichever process is asked, for whoever has the token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.core import heartbeats
from talentsync.customers.models import Connection, Customer
from talentsync.monitoring import census, lateness, metrics, tallies, watching
from talentsync.monitoring.metrics import Family
from talentsync.monitoring.models import Watch
from talentsync.sync import stopping
from talentsync.sync.models import Attempt, Budget, Delivery, Lane
from talentsync.sync.states import Priority
from tests import plans
from tests.customers.making import make_user
from tests.monitoring import reading
from tests.sync import driving
from tests.sync.driving import ask, edit, make_budget, make_jobs, posted, work

PERIOD = timedelta(seconds=30)
TOKEN = "a-token-of-prometheus"

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client, settings: object):
    """What Prometheus reads: the value of a sample by its name and some of its labels."""
    settings.METRICS_TOKEN = TOKEN

    def value(name: str, **labels: str) -> float | None:
        answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        found = [
            sample.value
            for sample in reading.read(answer.content.decode())
            if sample.name == f"talentsync_{name}" and labels.items() <= dict(sample.labels).items()
        ]
        assert len(found) <= 1, found
        return found[0] if found else None

    return value


def look(**later: float) -> None:
    """A look of whoever keeps watch, so much later."""
    driving.clock.shift(timedelta(**later) if later else PERIOD)
    if not watching.look(timezone.now()):  # the very first time there is no row yet
        driving.clock.shift(PERIOD)
        assert watching.look(timezone.now())


# who may read


def test_without_a_token_there_is_no_such_page(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("given", [None, "", TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN[:-1]}", "Bearer ", "Bearer ü"])
def test_whoever_lacks_the_token_reads_nothing(client: Client, settings: object, given: str | None) -> None:
    settings.METRICS_TOKEN = TOKEN
    answer = client.get("/metrics", headers={} if given is None else {"authorization": given})
    assert (answer.status_code, answer.content) == (401, b"unauthorized\n")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_login_is_not_enough(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = TOKEN
    client.force_login(make_user("root", is_superuser=True))
    assert client.get("/metrics").status_code == 401


# what it says


def test_a_fresh_database_has_a_page(page: object) -> None:
    assert page("up", part="worker") == 0
    assert page("alerts", condition="held") == 0
    assert page("census_age_seconds") is None


def test_records_by_state_as_of_the_last_census(
    page: object, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = posted(acme, linkedin, 3)
    linkedin.next("task_failed", match=jobs[0].external_id, message="The posting was closed by original poster")
    ask("close", jobs[:2])
    work()
    driving.settle(linkedin)
    edit(jobs[2], title="Another title")
    ask("update", jobs[2:])
    look()
    at_jobs = {"destination": "linkedin", "kind": "job"}
    assert page("records", **at_jobs, state="failed", failure="rejected") == 1
    assert page("records", **at_jobs, state="synced", failure="") == 1
    assert page("records", **at_jobs, state="pending", failure="") == 1
    assert page("due", connection=str(at_linkedin.pk), kind="job") == 1
    assert 0 <= page("census_age_seconds") < 10


def test_a_costly_census_is_kept_a_hundred_times_as_long_as_it_took(
    page: object, acme: Customer, at_linkedin: Connection
) -> None:
    look()
    Watch.objects.update(census_seconds=3.0)
    ask("post", make_jobs(acme, 2))
    look()
    assert page("records", state="pending") is None
    look(seconds=300)
    assert page("records", state="pending") == 2


def test_calls_and_outcomes_only_grow_and_nothing_is_counted_twice(
    page: object, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    look()  # from now on is counted
    jobs = posted(acme, linkedin, 2)
    look(minutes=2)
    at_jobs = {"destination": "linkedin", "kind": "job", "step": "send"}
    assert page("call_seconds_count", **at_jobs, status="2xx") == 1
    assert page("outcomes_total", **at_jobs, outcome="submitted") == 2
    look()
    linkedin.next("status", status=503, endpoint="simpleJobPostings")
    ask("close", jobs)
    work()
    look(minutes=2)
    assert page("call_seconds_count", **at_jobs, status="5xx") == 1
    Attempt.objects.all().delete()  # as when they are pruned
    look(minutes=2)
    assert page("call_seconds_count", **at_jobs, status="2xx") == 1
    assert page("call_seconds_count", **at_jobs, status="5xx") == 1


def test_a_call_is_counted_in_every_bucket_that_it_fits_into(page: object, at_linkedin: Connection) -> None:
    look()
    for milliseconds in (40, 100, 101, 31_000):
        make_try(at_linkedin, milliseconds=milliseconds)
    make_try(at_linkedin, n_calls=0)  # it never left
    look(minutes=2)
    buckets = [page("call_seconds_bucket", le=str(limit)) for limit in (*tallies.BUCKETS, "+Inf")]
    assert buckets == [1, 2, 3, 3, 3, 3, 3, 3, 3, 4]
    assert page("call_seconds_sum") == 31.241
    assert page("call_seconds_count") == 4


def make_try(connection: Connection, **columns: object) -> Attempt:
    known = {"kind": "job", "step": "send", "at": timezone.now(), "status": 200}
    return Attempt.objects.create(connection=connection, **{**known, **columns})


def test_a_try_whose_number_is_lower_and_whose_commit_is_later_is_counted_once_it_is_there(
    page: object, at_linkedin: Connection
) -> None:
    """Numbers are given before a commit: whoever counts up to the newest one misses those still under way."""
    look()
    make_try(at_linkedin)
    late = make_try(at_linkedin)
    make_try(at_linkedin)
    Attempt.objects.filter(pk=late.pk).delete()  # another transaction does not see it yet
    look()
    assert page("call_seconds_count") is None
    make_try(at_linkedin, pk=late.pk, at=late.at)
    look(minutes=2)
    assert page("call_seconds_count") == 3


def test_an_old_try_behind_a_young_one_waits_for_it(page: object, at_linkedin: Connection) -> None:
    look()
    make_try(at_linkedin)
    make_try(at_linkedin, at=timezone.now() - timedelta(minutes=5))
    look()
    assert page("call_seconds_count") is None
    look(minutes=2)
    assert page("call_seconds_count") == 2


def test_two_who_add_up_at_the_same_time_count_once(at_linkedin: Connection) -> None:
    look()
    make_try(at_linkedin)
    driving.clock.shift(timedelta(minutes=2))
    seen = Watch.objects.get()
    tallies.add(Watch.objects.get(), timezone.now())
    tallies.add(seen, timezone.now())
    assert Watch.objects.get().tallies["calls"]["linkedin|job|send|2xx"][-2] == 1


def test_a_limit_is_shown_with_what_was_used_of_it_today(
    page: object, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    posted(acme, linkedin, 2)
    used = Budget.objects.get(endpoint="simpleJobPostings")
    assert page("limit_used", endpoint="simpleJobPostings", unit="calls") == used.calls > 0
    assert page("limit_allowed", endpoint="simpleJobPostings", unit="calls") > used.calls
    assert page("limit_blocked", endpoint="simpleJobPostings") == 0
    driving.clock.shift(timedelta(days=1))
    assert page("limit_used", endpoint="simpleJobPostings", unit="calls") == 0


def test_a_vendors_block_is_shown_while_it_lasts(page: object, at_linkedin: Connection) -> None:
    make_budget(at_linkedin, endpoint="simpleJobPostings", blocked_until=timezone.now() + timedelta(minutes=1))
    assert page("limit_blocked", endpoint="simpleJobPostings") == 1
    driving.clock.shift(timedelta(minutes=2))
    assert page("limit_blocked", endpoint="simpleJobPostings") == 0


def test_stops_are_counted_by_what_they_cover(page: object, acme: Customer, at_linkedin: Connection) -> None:
    person = make_user("rosa")
    stopping.stop(reason="everything", by=person)
    stopping.stop(customer=acme, reason="them", by=person)
    stopping.stop(connection=at_linkedin, reason="that", by=person)
    assert [page("holds", scope=scope, by="person") for scope in ("everything", "customer", "connection")] == [1, 1, 1]
    assert page("holds", by="TalentSync") is None


def test_heartbeats_have_an_age(page: object) -> None:
    heartbeats.beat("worker", now=timezone.now() - timedelta(seconds=90))
    heartbeats.beat("beat")
    assert 90 <= page("heartbeat_age_seconds", part="worker") < 100
    assert (page("up", part="worker"), page("up", part="beat")) == (0, 1)


# the oldest work


def make_due(connection: Connection, number: int = 1, *, kind: str = "job", **columns: object) -> None:
    Lane.objects.get_or_create(connection=connection, kind=kind)
    before = Delivery.objects.count()
    Delivery.objects.bulk_create(
        Delivery(
            connection=connection,
            kind=kind,
            object_id=before + n,
            entity_key=f"{before + n}",
            state="pending",
            operation="upsert",
            **columns,
        )
        for n in range(number)
    )


def test_the_oldest_work_of_a_lane_is_found_whatever_its_priority(page: object, at_linkedin: Connection) -> None:
    now = timezone.now()
    make_due(at_linkedin, due_at=now - timedelta(minutes=1), priority=Priority.CLICK)
    make_due(at_linkedin, due_at=now - timedelta(minutes=9), priority=Priority.ROUTINE)
    make_due(at_linkedin, due_at=now + timedelta(minutes=9), priority=Priority.BACKFILL)
    make_due(at_linkedin, due_at=None)
    make_due(at_linkedin, kind="candidate", due_at=now + timedelta(minutes=9))
    assert 540 <= page("oldest_due_seconds", connection=str(at_linkedin.pk), kind="job") < 550
    assert page("oldest_due_seconds", connection=str(at_linkedin.pk), kind="candidate") == 0


def test_work_at_a_connection_that_is_not_in_use_makes_no_age(page: object, at_linkedin: Connection) -> None:
    """It is sent no more, and would grow older for ever: a rule about the age would never be over."""
    make_due(at_linkedin, due_at=timezone.now() - timedelta(minutes=9))
    Connection.objects.update(is_current=False)
    assert page("oldest_due_seconds", connection=str(at_linkedin.pk), kind="job") is None


def test_the_page_reads_no_table_of_deliveries_from_end_to_end(page: object, at_linkedin: Connection) -> None:
    make_due(at_linkedin, 2_000, due_at=timezone.now() - timedelta(minutes=1))
    make_due(at_linkedin, 2_000, due_at=None)
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(database) as asked:
        page("up", part="worker")
        lateness.oldest()
    assert plans.scans(asked.captured_queries) == []
    assert len(asked) < 20


def test_the_census_is_one_statement(at_linkedin: Connection) -> None:
    Watch.objects.create(due_at=timezone.now())
    make_due(at_linkedin, 10, due_at=None)
    with CaptureQueriesContext(database) as asked:
        census.take(Watch.objects.get(), timezone.now())
    assert sum("sync_delivery" in query["sql"] for query in asked.captured_queries) == 1
    assert sum(row[-2] for row in Watch.objects.get().census) == 10


def test_signs_of_the_format_are_escaped() -> None:
    family = Family(name="talentsync_x", help="x.")
    family.add(1.5, {"what": 'a "b"\\c\nd'})
    [sample] = reading.read("\n".join(metrics.lines(family)) + "\n")
    assert (sample.labels, sample.value) == ((("what", 'a "b"\\c\nd'),), 1.5)
