"""Whatever can happen has words, and the reasons for waiting are gathered for many at once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from connectors.base.errors import ConnectorError
from connectors.base.explain import Who
from connectors.base.results import News
from talentsync.core.models import Heartbeat
from talentsync.customers.models import Connection
from talentsync.sync import kinds, presenting, records_of_calls, why
from talentsync.sync.models import Attempt, Delivery, Hold, Run
from talentsync.sync.states import Failure, State, Why
from tests.sync.driving import ask, make_budget, make_job, make_jobs, settle, work
from tests.sync_admin.clicking import page
from tests.sync_admin.conftest import logged_in

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


ROUTES = [(kind.name, route) for kind in kinds.all_kinds() for route in kind.routes]


def possible(route):
    """The failures of a route that no vendor has a word in; only what an update replaces can be erased."""
    impossible = {Failure.REJECTED} | ({Failure.UNCONFIRMED} if route.erases is kinds.erases_nothing else set())
    return [failure for failure in Failure if failure not in impossible]


@pytest.mark.parametrize(
    ("route", "failure"),
    [
        pytest.param(route, failure, id=f"{name}-{route.destination}-{failure.value}")
        for name, route in ROUTES
        for failure in possible(route)
    ],
)
def test_every_failure_of_ours_is_explained_by_its_name(route, failure):
    said = route.explain(code=failure.value)

    assert failure.value in said.pattern
    assert said.meaning
    assert said.remedy


def test_an_action_without_a_title_is_still_called_something():
    action = kinds.Action(name="send_again", operation=None, destinations=(), skip=lambda *_: "")
    kind = kinds.Kind(
        name="plain",
        model=kinds.get("job").model,
        routes=(),
        absorb=lambda *_: None,
        summarise=lambda *_: (),
        actions=[action],
    )

    assert presenting.titled_action(kind, action, 3) == "Send again: 3 jobs"
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


def test_whatever_can_fail_a_call_has_words_and_a_filter():
    assert set(presenting.CALL_ERRORS) == {error.__name__ for error in leaves(ConnectorError)}
    assert str(presenting.call_error_words("ZeroDivisionError")) == "Fault in TalentSync"


def leaves(error: type[ConnectorError]) -> set[type[ConnectorError]]:
    """The errors that are raised: those that no other one refines."""
    refined = error.__subclasses__()
    return set().union(*map(leaves, refined)) if refined else {error}


def test_however_far_a_task_is_has_words():
    """What LinkedIn documents (linkedin.md 3.10), and what we write when it no longer knows a task."""
    assert set(presenting.TASKS) == {"IN_PROGRESS", "SUCCEEDED", "FAILED", "PROCESSED", "UNKNOWN"}


MACHINERY = (
    *("remote state", "remote_state", "entity key", "entity_key", "object id", "due at", "priority", "batch"),
    *("lane", "lease", "snapshot", "delivery", "deliveries", "attempt", "hold", "operation", "destination"),
    *("environment", "budget", "poll", "simulator", "exchange", "upsert", "settled_", "task_failed", "in_progress"),
)
OURS = re.compile(rf"\b({'|'.join(MACHINERY)})s?\b", re.IGNORECASE)


@pytest.mark.django_db
def test_no_page_of_support_speaks_the_machinerys_words(acme, at_linkedin, at_greenhouse, linkedin, sam):
    linkedin.next("task_failed", match="TS-1", message="Invalid Field: /description must be longer")
    ask("post", make_jobs(acme, 2))
    work()
    settle(linkedin)
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    ask("post", [make_job(acme, "TS-9")])
    work()
    client = logged_in(sam)
    models = {"delivery": Delivery, "attempt": Attempt, "hold": Hold, "run": Run}
    addresses = [(f"sync_{name}_changelist", ()) for name in models]
    addresses += [(f"sync_{name}_change", (pk,)) for name, model in models.items() for pk in pks(model)]
    addresses += [("customers_connection_changelist", ()), ("customers_connection_change", (at_linkedin.pk,))]

    said = {name: set(OURS.findall(seen(client, name, *args))) for name, args in addresses}

    assert {name: words for name, words in said.items() if words} == {}
    assert len(addresses) > 10


def pks(model: type[Model]) -> list[int]:
    return list(model._default_manager.values_list("pk", flat=True))


def seen(client, name: str, *args: int) -> str:
    """What stands on the page for people: no address, no code of the page, nothing of what is marked technical."""
    html = client.get(reverse(f"admin:{name}", args=args)).content.decode()
    html = html[html.index("<body") :]
    for hidden in ("script", "style", "details", "svg"):
        html = re.sub(rf"<{hidden}\b.*?</{hidden}>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", html)


@pytest.mark.django_db
def test_what_went_wrong_and_what_was_done_are_chosen_by_their_words(acme, at_linkedin, linkedin, sam):
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    ask("post", [make_job(acme, "TS-1")])
    work()
    client = logged_in(sam)

    for query in ({"error": "Forbidden"}, {"step__exact": "send"}):
        assert "simpleJobPostings" not in seen(client, "sync_attempt_changelist")
        assert "1 try" in page(client, "sync_attempt_changelist", **query)
    text = page(client, "sync_attempt_change", Attempt.objects.get(error="Forbidden").pk)
    assert "What went wrong Not allowed" in text
    assert "Not allowed" in page(client, "sync_attempt_changelist")
    assert "Try again" in page(client, "sync_run_changelist")
    assert "0 tries" in page(client, "sync_attempt_changelist", error="Throttled")


@pytest.mark.django_db
def test_how_far_linkedins_task_is_stands_there_in_words(acme, at_linkedin, linkedin, sam):
    linkedin.next("task_failed", match="TS-1", message="Invalid Field: /description must be longer")
    ask("post", [make_job(acme, "TS-1")])
    work()
    settle(linkedin)

    text = page(logged_in(sam), "sync_delivery_change", Delivery.objects.get().pk)

    assert "Send or update failed urn:li:simpleJobPostingTask:" in text


@pytest.mark.django_db
def test_a_job_that_was_only_looked_at_is_not_called_not_sent(acme, at_greenhouse, greenhouse, sam):
    greenhouse.seed_job("REQ-1", openings=1)
    run = ask("check_now", [make_job(acme, "TS-1", requisition_id="REQ-1")])
    work()

    text = page(logged_in(sam), "sync_run_change", run.pk)

    assert "Done" in text
    assert "Not sent" not in text
