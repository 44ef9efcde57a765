"""Canary secrets and canary persons go through every door, in fair weather and foul, and turn up nowhere (DESIGN 8)."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import connection as database
from django.test import Client
from django.utils import timezone

from connectors.base.errors import ConnectorError
from connectors.base.resource import Entry
from talentsync.core.models import AuditEvent
from talentsync.customers import clients
from talentsync.customers.models import AccessToken, Connection
from talentsync.monitoring import watching
from talentsync.monitoring.models import Watch
from talentsync.sync import kinds, stopping
from talentsync.sync.models import Attempt, AttemptItem, Delivery
from talentsync.sync.states import Operation
from tests.canary import flying, searching
from tests.canary.flying import Flock
from tests.canary.vendors import ListeningGreenhouse, ListeningLinkedin
from tests.crash.world import World
from tests.customers.making import make_user
from tests.monitoring.mail_server import Mailbox
from tests.monitoring.webhook_server import Receiver

pytestmark = pytest.mark.slow

CREDENTIALS = {flying.SECRET, flying.API_KEY}
AT_HOME = {
    ("jobs_job", "poster_email"),
    ("jobs_job", "owner_email"),
    ("jobs_job", "requisition_owner_email"),
    ("jobs_job", "requisition_owner_first_name"),
    ("jobs_job", "requisition_owner_last_name"),
    ("customers_connection", "acting_user_id"),
}
"""The only columns in which persons and acting users stand for people to read."""


@pytest.fixture
def flock(world: World, linkedin: ListeningLinkedin, greenhouse: ListeningGreenhouse, settings: object) -> Flock:
    settings.METRICS_TOKEN = "a-token-of-prometheus"
    world.environ |= {"DJANGO_SETTINGS_MODULE": "tests.canary.settings", "LOG_FORMAT": "json"}
    return Flock(world, linkedin, greenhouse)


def test_no_canary_is_seen_outside_of_its_cage(
    world: World,
    flock: Flock,
    mailbox: Mailbox,
    webhook: Receiver,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    flock.type_in_the_shell()
    flock.type_in_the_admin()
    flock.fly()
    secrets = CREDENTIALS | tokens(flock)
    people = {flying.PERSON, flying.ACTING}
    assert_that_they_flew(flock, secrets)

    searching.let_go_of_file()
    assert searching.in_files(world.folder, secrets) == {}
    columns = flock.seen | searching.in_columns(secrets | people)
    assert {place: around for place, around in columns.items() if place not in AT_HOME} == {}
    logs = "\n".join([caplog.text, *(path.read_text() for path in world.folder.glob("*.log"))])
    assert searching.found(logs, secrets | people) == []
    assert searching.found("\n".join(unquote(call.path) for call in heard(flock)), secrets | people) == []
    assert searching.found("\n".join(told_to_support()), secrets) == []
    assert '"vendor_request"' in logs  # ids are named, the vendor's among them

    ours = {
        settings.METRICS_TOKEN,
        settings.ALERT_WEBHOOK_SECRET,
        settings.ALERT_WEBHOOK_URL,
        settings.SECRET_KEY,
        str(database.settings_dict["NAME"]),
    }
    told = "\n".join(told_to_others(flock, mailbox, webhook))
    assert "Stopped: client-" in told
    assert "talentsync_call_seconds_bucket" in told
    assert searching.found(told, secrets | people | ours) == []
    logs = "\n".join([caplog.text, *(path.read_text() for path in world.folder.glob("*.log"))])
    assert searching.found(logs, secrets | people | ours) == []


def told_to_others(flock: Flock, mailbox: Mailbox, webhook: Receiver) -> Iterator[str]:
    """What programs and people outside are told: the pages for programs, a mail, a chat. A stop's reason and records
    hold a person.
    """
    stopping.stop(customer=flock.posts[0].customer, reason=f"{flying.PERSON} {flying.SECRET}", by=make_user("duty"))
    Watch.objects.get_or_create(pk=Watch.THE_ONE, defaults={"due_at": timezone.now()})
    Watch.objects.update(due_at=timezone.now(), tallied_upto=0)
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert watching.look(timezone.now())
    for path in ("/healthz", "/readyz", "/metrics"):
        answer = Client().get(path, headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"})
        yield f"{answer.status_code} {answer.headers} {answer.content.decode()}"
    yield from (f"{mail.sender} {mail.to} {mail.message}" for mail in mailbox.mails)
    yield from (f"{post.headers} {post.body.decode()}" for post in webhook.posts)
    assert len(mailbox.mails) == len(webhook.posts) == 1


def heard(flock: Flock) -> list[object]:
    return [*flock.linkedin.heard, *flock.greenhouse.heard]


def tokens(flock: Flock) -> set[str]:
    """Every access token that was ever used."""
    sent = [call.header("authorization") for call in heard(flock)]
    return {value.removeprefix("Bearer ") for value in sent if value.startswith("Bearer ")}


def assert_that_they_flew(flock: Flock, secrets: set[str]) -> None:
    """Otherwise it would be no wonder that nobody has seen them."""
    sent = "\n".join(f"{call.path} {call.headers} {call.body.decode()}" for call in heard(flock))
    people = {value for name, value in flying.PERSONAL.items() if name not in ("owner_email", "availability")}
    for canary in (*secrets, *people, flying.TYPED, flying.COMMANDED, flying.ACTING):
        assert searching.found(sent, {canary}), canary
    assert "on-behalf-of" in sent
    assert Connection.objects.filter(client_id=flock.fair[0].client_id).get().client_secret == flying.TYPED
    assert any(AccessToken.objects.values_list("token", flat=True))
    assert {"Unauthorized", "Unanswered", "Rejected"} <= set(Attempt.objects.values_list("error", flat=True))
    assert LogEntry.objects.exists()
    assert AuditEvent.objects.exists()


def told_to_support() -> Iterator[str]:
    """What is encrypted and shown to people: the vendors' words, requests and answers."""
    yield from Attempt.objects.values_list("words", flat=True)
    yield from Delivery.objects.values_list("words", flat=True)
    for item in AttemptItem.objects.all():
        yield f"{item.words} {item.request} {item.answer}"


def test_no_canary_is_in_the_text_of_an_exception(flock: Flock) -> None:
    errors = [error for connection in Connection.objects.all() for error in failures(connection)]
    assert len(errors) >= len(flying.WEATHER)
    texts = [f"{error} {error!r} {error.exchange}" for error in errors]
    tracebacks = ["".join(traceback.format_exception(error)) for error in errors]
    canaries = CREDENTIALS | tokens(flock) | {flying.PERSON, flying.ACTING}
    assert searching.found("\n".join(texts + tracebacks), canaries) == []


def failures(connection: Connection) -> Iterator[ConnectorError]:
    """What the vendor's two clients raise where the vendor throws everything back."""
    client = clients.open_client(connection)
    job = connection.customer.job_set.get()
    route = kinds.get("job").route(connection.destination)
    operation = Operation.UPSERT if connection.destination == "linkedin" else Operation.CLOSE
    payload = route.record(job, connection, operation, {})
    entry = Entry(key=job.external_id, verb=route.verb(operation, "absent"), payload=payload)
    resource = client.resources[route.resource]
    calls: list[Callable[[], object]] = [client.test, partial(resource.check, [entry]), partial(resource.send, [entry])]
    for call in calls:
        try:
            call()
        except ConnectorError as error:
            yield error
