"""Whatever can happen has words, and the reasons for waiting are gathered for many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from connectors.base.explain import Who
from connectors.base.results import News
from talentsync.core.models import Heartbeat
from talentsync.customers.models import Connection
from talentsync.sync import kinds, presenting, records_of_calls, why
from talentsync.sync.models import Delivery, RunItem
from talentsync.sync.states import Failure, State, Why
from tests.sync.driving import ask, make_budget, make_job, make_jobs, work

OWN_NEWS = {"internal", "call_failed", "not_mentioned"}  # records_of_calls._news


def test_whatever_is_said_of_a_record_has_words():
    assert set(presenting.NEWS) == set(News) | OWN_NEWS


def test_whatever_is_a_success_is_no_trouble():
    assert not set(presenting.TROUBLES) & records_of_calls.SAMPLED
    assert set(presenting.TROUBLES) | records_of_calls.SAMPLED == set(News) | OWN_NEWS


def test_every_state_has_a_colour_and_everybody_who_can_help_is_named():
    assert set(presenting.COLOURS) == set(State)
    assert set(presenting.WHO) == set(Who)
    assert set(why.ASKING) == set(Why)


@pytest.mark.parametrize("destination", ["linkedin", "greenhouse"])
@pytest.mark.parametrize("failure", [failure for failure in Failure if failure != Failure.REJECTED])
def test_every_failure_of_ours_is_explained_by_its_name(destination, failure):
    said = kinds.get("job").route(destination).explain(code=failure.value)

    assert failure.value in said.pattern
    assert said.meaning
    assert said.remedy


def test_an_action_without_a_title_is_still_called_something(monkeypatch):
    kind = kinds.Kind(
        name="plain",
        model=kinds.get("job").model,
        routes=(),
        absorb=lambda *_: None,
        summarise=lambda *_: (),
        actions=[kinds.Action(name="send_again", operation=None, destinations=(), skip=lambda *_: "")],
    )
    monkeypatch.setitem(kinds._kinds, "plain", kind)

    assert (
        presenting.titled(RunItem.run.field.related_model(kind="plain", action="send_again"), 3) == "Send again: 3 jobs"
    )
    assert presenting.skipped_words(kind, "not_wanted") == "Not wanted"


@pytest.mark.django_db
def test_a_blocked_endpoint_stops_only_the_steps_that_use_it(acme, at_linkedin, linkedin):
    """LinkedIn counts posting and asking about tasks apart (linkedin.md 8.3)."""
    ask("post", [make_job(acme, "TS-1")])
    work()
    linkedin.next("status", endpoint="simpleJobPostings", status=429, retry_after=90)
    ask("post", [make_job(acme, "TS-2")])
    work()
    Delivery.objects.filter(entity_key="TS-2").update(step="send", why="", due_at=timezone.now())
    rows = list(Delivery.objects.select_related("connection__customer").order_by("entity_key"))

    reasons = why.gather(rows, now=timezone.now())

    assert str(reasons.of(rows[0])).startswith("LinkedIn is working on it.")
    assert str(reasons.of(rows[1])).startswith("LinkedIn allows no more calls until 12:01")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("n_records", "sentence"), [(47_999, "Next in line"), (48_600, "LinkedIn's daily limit for jobs")]
)
def test_a_day_that_is_used_up_is_told_to_those_whose_share_it_was(acme, at_linkedin, linkedin, n_records, sentence):
    """90 % of 54,000, which are 60,000 records less the headroom (linkedin.md 8.3)."""
    make_budget(at_linkedin, endpoint="simpleJobPostings", day=timezone.now().date(), records=n_records)
    ask("post", [make_job(acme)])
    Delivery.objects.update(step="send", why="")
    rows = list(Delivery.objects.select_related("connection__customer"))

    assert str(why.gather(rows, now=timezone.now()).of(rows[0])).startswith(sentence)


@pytest.mark.django_db
def test_what_was_used_up_yesterday_keeps_nobody_waiting(acme, at_linkedin, linkedin):
    yesterday = timezone.now().date() - timedelta(days=1)
    make_budget(at_linkedin, endpoint="simpleJobPostings", day=yesterday, records=54_000)
    ask("post", [make_job(acme)])
    Delivery.objects.update(step="send", why="")
    rows = list(Delivery.objects.select_related("connection__customer"))

    assert str(why.gather(rows, now=timezone.now()).of(rows[0])) == "Next in line for LinkedIn."


@pytest.mark.django_db
def test_a_silent_worker_is_told_to_whoever_waits(acme, at_linkedin, linkedin):
    ask("post", [make_job(acme, "TS-1")])
    Heartbeat.objects.filter(name="worker").delete()
    rows = list(Delivery.objects.select_related("connection__customer"))

    assert str(why.gather(rows, now=timezone.now()).of(rows[0])) == str(why.NO_WORKER)


@pytest.mark.django_db
def test_reasons_cost_the_same_for_one_and_for_many(acme, at_linkedin, linkedin, django_assert_num_queries):
    ask("post", make_jobs(acme, 60))
    rows = list(Delivery.objects.select_related("connection__customer"))

    for some in (rows[:1], rows):
        with django_assert_num_queries(5):
            reasons = why.gather(some, now=timezone.now())
            assert all(str(reasons.of(row)) for row in some)


def test_a_connection_whose_address_is_not_allowed_has_no_limits_to_speak_of(settings):
    settings.LINKEDIN_API_URL = "http://linkedin.example"
    connection = Connection(destination="linkedin", environment="live", client_id="77", organization_urn="urn")

    assert why.endpoint_of(connection, "job", "send") == ""
