"""Who clicks while the broker is away waits for nothing: each nudge knocks once and is given up. Workers try again."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

import pytest
from celery import Celery
from celery.signals import celeryd_init
from django.db import transaction

from talentsync.sync import nudges
from tests.crash.world import on_broker

LANES = 3


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


def test_a_worker_is_more_patient() -> None:
    """Celery asks around while a worker starts: one that knocked once only would end there."""
    worker = Celery("worker")
    worker.config_from_object("django.conf:settings", namespace="CELERY")
    assert worker.conf.broker_transport_options == {"max_retries": 0}
    celeryd_init.send(sender="worker@here", instance=None, conf=worker.conf)
    assert worker.conf.broker_transport_options == {}
