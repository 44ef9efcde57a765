"""Who clicks while the broker is away waits for nothing, and for seconds where its host is silent: a nudge knocks once
and is given up, and where that took long, so are the next ones without a knock. Workers try again.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from celery import Celery
from celery.signals import celeryd_init
from django.db import connection as database
from django.db import transaction

from talentsync.celery import timetable
from talentsync.jobs.models import Job
from talentsync.sync import nudges
from talentsync.sync.models import Delivery
from talentsync.sync.states import State
from tests.crash import places
from tests.crash.proxy import line_to
from tests.crash.world import on_broker
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import make_jobs
from tests.sync_admin.clicking import drafted, press
from tests.sync_admin.conftest import logged_in

LANES = 3
HOUR, DAY = 3_600, 86_400  # seconds
LONG_ENOUGH = 60  # for a page that waits a few seconds; without limits it would be minutes, or for ever


@pytest.fixture
def knocks() -> Iterator[tuple[int, list[int]]]:
    """A port where every connection is closed at once, and a list that grows with each."""
    heard: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            with suppress(OSError):  # it was closed
                while True:
                    connection, (_, port) = listener.accept()
                    heard.append(port)
                    connection.close()

        thread = Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
@pytest.mark.django_db(transaction=True)
def test_a_nudge_knocks_once_at_a_broker_that_is_away(scheme: str, knocks: tuple[int, list[int]]) -> None:
    port, heard = knocks
    with on_broker(f"{scheme}://127.0.0.1:{port}/", "nudges"), transaction.atomic():
        nudges.nudge_lanes(range(1, LANES + 1))
    assert len(heard) == LANES


@contextmanager
def that_says_nothing() -> Iterator[int]:
    """A port at which the system takes every connection, and nobody ever says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def that_is_not_there() -> Iterator[int]:
    """A port at which a call is not even refused: as many as may wait do so already, and the system drops the rest."""
    with socket.socket() as listener, socket.socket() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


SILENT: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "says nothing": that_says_nothing,
    "is not there": that_is_not_there,
}


def n_given_up(caplog: pytest.LogCaptureFixture) -> int:
    """Nudges that knocked in vain."""
    return sum("on_commit()" in record.getMessage() for record in caplog.records)


@pytest.fixture
def awake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has waited in vain yet, and nobody after this has."""
    monkeypatch.setattr(nudges, "_rests_until", 0.0)


@pytest.mark.parametrize("host", SILENT)
@pytest.mark.parametrize("scheme", ["amqp", "redis"])
@pytest.mark.django_db(transaction=True)
def test_a_page_is_answered_while_the_brokers_host_is_silent(
    scheme: str, host: str, awake: None, caplog: pytest.LogCaptureFixture
) -> None:
    """Jobs of several customers: each has a lane, and so a nudge."""
    for number in range(LANES):
        make_jobs(make_connection(make_customer(f"Customer {number}")).customer, 1)
    root = make_user("root", is_superuser=True)
    run = drafted("post", Job.objects.all(), by=root)
    client, answers = logged_in(root), list[int]()

    def presses(port: int) -> None:
        with closing(database), on_broker(f"{scheme}://127.0.0.1:{port}/", "nudges"):
            answers.append(press(client, "sync_run_confirm", run.pk, follow=False).status_code)

    with SILENT[host]() as port:
        thread = Thread(target=presses, args=[port], daemon=True)
        thread.start()
        thread.join(LONG_ENOUGH)
        assert answers == [302]
    assert n_given_up(caplog) == 1
    assert Delivery.objects.filter(state=State.PENDING).count() == LANES


if SERVERS := [place for place in places.everywhere() if place != places.EMBEDDED]:  # a folder falls never silent

    @pytest.mark.parametrize("place", SERVERS)
    @pytest.mark.django_db(transaction=True)
    def test_a_nudge_is_given_up_where_the_host_falls_silent_later(place: str, awake: None, tmp_path: Path) -> None:
        """RabbitMQ says nothing to a message that is sent, and so nobody waits for that either."""
        ended = Event()

        def sends(url: str, queue: str) -> None:
            with closing(database), line_to(url) as line, on_broker(line.url, queue):
                nudges.nudge_lanes([1])
                line.fall_silent()
                nudges.nudge_lanes(range(LANES))
                ended.set()

        with places.broker(place, tmp_path) as (url, queue):
            Thread(target=sends, args=[url, queue], daemon=True).start()
            assert ended.wait(LONG_ENOUGH)


@pytest.mark.parametrize("scheme", ["amqp", "redis"])
@pytest.mark.django_db(transaction=True)
def test_nudges_are_sent_again_after_a_rest(
    scheme: str, awake: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with that_says_nothing() as port, on_broker(f"{scheme}://127.0.0.1:{port}/", "nudges"):
        for number in (1, 2):
            nudges.nudge_lanes(range(LANES))
            assert n_given_up(caplog) == number
            monkeypatch.setattr(nudges, "_rests_until", nudges._rests_until - nudges.REST_SECONDS)


def test_a_worker_is_more_patient() -> None:
    """Celery asks around while a worker starts: one that knocked once only would end there."""
    worker = Celery("worker")
    worker.config_from_object("django.conf:settings", namespace="CELERY")
    assert worker.conf.broker_transport_options["max_retries"] == 0
    celeryd_init.send(sender="worker@here", instance=None, conf=worker.conf)
    assert worker.conf.broker_transport_options == {}


@pytest.mark.parametrize("name", timetable(sweep_seconds=30))
def test_what_beat_asks_for_is_dropped_where_no_worker_took_it_before_it_is_asked_for_again(name: str) -> None:
    """Else a worker that was away for a night comes back to do everything once for each hour, before any click."""
    entry = timetable(sweep_seconds=30)[name]
    times = entry["schedule"]
    again = times if isinstance(times, int) else (DAY if len(times.hour) == 1 else HOUR) / len(times.minute)
    assert entry["options"]["expires"] == again
