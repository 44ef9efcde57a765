"""What is wrong is noted once, and once more when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.core import heartbeats
from talentsync.core.models import Heartbeat
from talentsync.customers import services as customers
from talentsync.customers.models import Connection, Customer
from talentsync.monitoring import alerts, troubles, watching, words
from talentsync.monitoring.models import Alert, Notice
from talentsync.sync import budgets, stopping
from talentsync.sync.models import Delivery, Hold
from tests.customers.making import make_connection, make_customer, make_user
from tests.monitoring.test_metrics import make_due
from tests.sync import driving
from tests.sync.driving import ask, make_budget, make_jobs, posted, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alive")]

CANARY = "Wilhelmina Feather"


def wrong() -> list[str]:
    """What is wrong now, in words."""
    return sorted(words.of(alert) for alert in Alert.objects.filter(ended_at=None))


def look(**later: float) -> None:
    """Worker and beat live; time goes on, and somebody looks."""
    if later:
        driving.clock.shift(timedelta(**later))
    for part in Heartbeat.objects.all():
        heartbeats.beat(part.name)
    alerts.note(troubles.found(timezone.now()), timezone.now())


@pytest.fixture(autouse=True)
def somebody_watches() -> None:
    watching.look(timezone.now())


def told() -> list[tuple[str, bool]]:
    return [(words.of(notice.alert), notice.is_over) for notice in Notice.objects.order_by("pk")]


def test_when_all_is_well_nobody_is_told(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    posted(acme, linkedin, 2)
    look()
    assert told() == []


# once when it begins, once when it is over


def test_what_a_person_stops_that_has_stopped_by_itself_is_told_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Both before anybody looks; and it is not over as long as one of the two lasts."""
    linkedin.next("status", status=401, endpoint="jobPostingStatus", times=2)
    ask("post", make_jobs(acme, 1))
    work()
    stopping.stop(connection=at_linkedin, reason="We look into it.", by=make_user("rosa"))
    assert Hold.objects.count() == 2
    look()
    assert [is_over for _, is_over in told()] == [False]
    Hold.objects.filter(probed=True).delete()
    look(minutes=6)
    assert [is_over for _, is_over in told()] == [False]
    Hold.objects.all().delete()
    look(minutes=6)
    assert [is_over for _, is_over in told()] == [False, True]


def test_what_lasts_is_told_once_and_its_end_once(acme: Customer) -> None:
    hold = stopping.stop(customer=acme, reason="x", by=make_user("rosa"))
    for _ in range(5):
        look(minutes=10)
    assert told() == [("Stopped: Acme.", False)]
    stopping.release(hold, by=make_user("rosa2"))
    for _ in range(5):
        look(minutes=10)
    assert told() == [("Stopped: Acme.", False), ("Stopped: Acme.", True)]
    assert wrong() == []


def test_what_comes_and_goes_within_minutes_is_one_alert(acme: Customer) -> None:
    for _ in range(3):
        hold = stopping.stop(customer=acme, reason="x", by=make_user(f"rosa{timezone.now()}"))
        look(minutes=1)
        stopping.release(hold, by=make_user(f"max{timezone.now()}"))
        look(minutes=1)
    assert told() == [("Stopped: Acme.", False)]
    look(minutes=6)
    assert told()[1:] == [("Stopped: Acme.", True)]


def test_what_begins_again_is_told_again_in_the_same_row(acme: Customer) -> None:
    for _ in range(2):
        hold = stopping.stop(customer=acme, reason="x", by=make_user(f"rosa{timezone.now()}"))
        look(minutes=1)
        stopping.release(hold, by=make_user(f"max{timezone.now()}"))
        look(minutes=6)
    assert [is_over for _, is_over in told()] == [False, True, False, True]
    assert Alert.objects.count() == 1


# what is held


def test_stops_are_told_with_what_they_cover_and_without_their_reason(acme: Customer, at_linkedin: Connection) -> None:
    person = make_user("rosa")
    stopping.stop(reason=CANARY, by=person)
    stopping.stop(customer=acme, reason=CANARY, by=person)
    stopping.stop(connection=at_linkedin, reason=CANARY, by=person)
    look()
    assert wrong() == ["All sending is stopped.", "Stopped: Acme · LinkedIn (Practice).", "Stopped: Acme."]
    assert CANARY not in str(list(Alert.objects.values()))
    assert person.username not in str(list(Alert.objects.values()))


def test_a_connection_that_stopped_by_itself_is_told(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.next("status", status=401, endpoint="jobPostingStatus", times=2)
    ask("post", make_jobs(acme, 1))
    work()
    look()
    assert wrong() == ["Stopped: Acme · LinkedIn (Practice)."]


def test_a_lane_that_stopped_by_itself_is_told_with_record_type_and_action(at_linkedin: Connection) -> None:
    Hold.objects.create(connection=at_linkedin, kind="job", operation="upsert", reason="x")
    look()
    assert wrong() == ["Stopped: Acme · LinkedIn (Practice), Jobs · Send or update."]


# what waits too long


def test_work_that_is_due_for_a_quarter_of_an_hour_is_told(at_linkedin: Connection) -> None:
    make_due(at_linkedin, due_at=timezone.now())
    look(minutes=14)
    assert wrong() == []
    look(minutes=2)
    assert wrong() == ["Waits for more than 15 minutes: Acme · LinkedIn (Practice), Jobs."]
    Delivery.objects.update(due_at=None, state="synced")
    look(minutes=6)
    assert wrong() == []


def test_work_behind_a_stop_is_explained_by_the_stop(at_linkedin: Connection) -> None:
    make_due(at_linkedin, due_at=timezone.now())
    stopping.stop(connection=at_linkedin, reason="x", by=make_user("rosa"))
    look(minutes=20)
    assert wrong() == ["Stopped: Acme · LinkedIn (Practice)."]


def test_work_beside_a_stopped_action_is_told(at_linkedin: Connection) -> None:
    Hold.objects.create(connection=at_linkedin, kind="job", operation="close", reason="x")
    make_due(at_linkedin, due_at=timezone.now())
    look(minutes=20)
    assert len(wrong()) == 2


def test_work_that_waits_for_a_vendors_limit_is_explained_by_it(at_linkedin: Connection) -> None:
    make_due(at_linkedin, due_at=timezone.now())
    make_budget(at_linkedin, endpoint="simpleJobPostings", blocked_until=timezone.now() + timedelta(hours=1))
    look(minutes=20)
    assert wrong() == []
    look(minutes=50)
    assert len(wrong()) == 1


def test_work_that_is_sent_no_more_because_another_connection_is_in_use_is_nobodys_alert(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ask("post", make_jobs(acme, 1))
    customers.use_connection(make_connection(acme, client_id="another", is_current=False), by=make_user("rosa"))
    work()
    look(minutes=20)
    assert wrong() == []


def test_work_of_a_kind_that_is_no_longer_declared_is_nobodys_alert(at_linkedin: Connection) -> None:
    make_due(at_linkedin, kind="telegram", due_at=timezone.now())
    look(minutes=20)
    assert wrong() == []


# parts and limits


@pytest.mark.parametrize(
    ("part", "sentence"), [("worker", "No worker is running"), ("beat", "The clock (beat) is not")]
)
def test_a_silent_part_is_told_and_its_return(part: str, sentence: str) -> None:
    Heartbeat.objects.get(name=part).delete()
    look()
    assert len(wrong()) == 1
    assert wrong()[0].startswith(sentence)
    heartbeats.beat(part)
    look(minutes=6)
    assert wrong() == []


def test_a_days_limit_is_told_beyond_four_fifths(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    budget = make_budget(at_linkedin, endpoint="simpleJobPostings", day=timezone.now().date())
    limit = budgets.quota_of("linkedin", "simpleJobPostings").calls_per_day
    budget.calls = limit * 80 // 100
    budget.save()
    look()
    assert wrong() == []
    budget.calls += 2
    budget.save()
    look()
    assert wrong() == ["80 % of today's limit was used: Acme · LinkedIn (Practice), simpleJobPostings."]
    look(days=1)
    assert wrong() == []


def test_a_limit_that_customers_share_names_none_of_them() -> None:
    for name in ("Acme", "Umbrella"):
        there = make_connection(make_customer(name))
    make_budget(there, endpoint="simpleJobPostings", day=timezone.now().date(), calls=10**9)
    look()
    assert wrong()[0].endswith(" % of today's limit was used: LinkedIn (Practice), simpleJobPostings.")
    assert Alert.objects.get().customer is None


# the page


def test_support_sees_what_concerns_its_customers_and_everybody(client: Client, acme: Customer) -> None:
    other = make_customer("Umbrella")
    person = make_user("rosa", of=(acme,), may=("monitoring.view_alert",))
    stopping.stop(customer=acme, reason=CANARY, by=person)
    stopping.stop(customer=other, reason=CANARY, by=person)
    Heartbeat.objects.get(name="beat").delete()
    look()
    client.force_login(person)
    page = client.get(reverse("admin:monitoring_alert_changelist")).content.decode()
    assert "Stopped: Acme." in page
    assert "The clock (beat) is not running" in page
    assert "Umbrella" not in page
    theirs = Alert.objects.get(customer=other)
    assert client.get(reverse("admin:monitoring_alert_change", args=[theirs.pk])).status_code == 302


def test_the_page_shows_what_is_over_and_what_is_not(client: Client, acme: Customer) -> None:
    person = make_user("root", is_superuser=True)
    stopping.release(stopping.stop(customer=acme, reason="x", by=person), by=person)
    hold = stopping.stop(reason="x", by=person)
    look()
    stopping.release(hold, by=person)
    look(minutes=6)
    stopping.stop(customer=acme, reason="x", by=person)
    look()
    client.force_login(person)
    address = reverse("admin:monitoring_alert_changelist")
    assert "All sending is stopped." not in client.get(f"{address}?over=no").content.decode().split("<main")[-1]
    assert "Stopped: Acme." in client.get(f"{address}?over=no").content.decode()
    assert "All sending is stopped." in client.get(f"{address}?over=yes").content.decode()


def test_an_alert_leads_to_where_something_can_be_done(client: Client, acme: Customer) -> None:
    stopping.stop(customer=acme, reason="x", by=make_user("rosa"))
    look()
    client.force_login(make_user("root", is_superuser=True))
    page = client.get(reverse("admin:monitoring_alert_change", args=[Alert.objects.get().pk])).content.decode()
    assert f'href="{reverse("admin:sync_hold_changelist")}">Open</a>' in page
    assert "held:" not in page.lower()


def test_without_alerts_the_page_says_so(client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    assert "No alerts" in client.get(reverse("admin:monitoring_alert_changelist")).content.decode()
