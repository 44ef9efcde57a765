"""Servers of our own, which are killed (SIGKILL) and started again where others are only cut off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from tests.crash import places
from tests.servers import rabbitmq, wheels
from tests.servers.processes import Served

NOT_HERE = "requirements/servers.txt is not installed here: bin/test --servers does that"
NO_RABBITMQ = "Debian's rabbitmq-server is not installed here"


class Mortal:
    """One of them. What this process held open to it is gone as well."""

    how = "killed"

    def __init__(self, served: Served) -> None:
        self.url, self._server = served.url, served.server

    def cut(self) -> None:
        connections.close_all()
        self._server.kill()

    def mend(self) -> None:
        self._server.start_again()


@contextmanager
def broker(place: str) -> Iterator[Mortal]:
    if place == "rabbitmq" and not rabbitmq.is_installed():
        pytest.skip(NO_RABBITMQ)
    if place == "redis" and not wheels.are_installed():
        pytest.skip(NOT_HERE)
    with {"rabbitmq": rabbitmq.of_rabbitmq, "redis": wheels.of_redis}[place]() as served:
        yield Mortal(served)


@contextmanager
def database() -> Iterator[Mortal]:
    """With an empty database in it."""
    if not wheels.are_installed():
        pytest.skip(NOT_HERE)
    with wheels.of_postgres() as served:
        places.create(served.url)
        yield Mortal(served)
