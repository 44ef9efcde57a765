"""Where a scenario takes place: SQLite with the embedded broker, or, where servers are named, PostgreSQL with RabbitMQ
and with Redis. Each scenario has a database and a queue of its own, and leaves neither.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from kombu import Connection

BROKERS = {"rabbitmq": "TEST_AMQP_URL", "redis": "TEST_REDIS_URL"}
EMBEDDED = "embedded"


def first() -> list[str]:
    """Where a scenario takes place for which one broker is as good as another, or takes long: a short one of its sort
    shows that everywhere.
    """
    return everywhere()[:1]


def everywhere() -> list[str]:
    """What the environment lets us use. On PostgreSQL each server that is named, else what needs none."""
    if not os.environ.get("TEST_POSTGRES_URL"):
        return [EMBEDDED]
    return [name for name, variable in BROKERS.items() if os.environ.get(variable)] or [EMBEDDED]


# databases


@contextmanager
def template(folder: Path) -> Iterator[str]:
    """The URL of a database to be migrated once, and then copied."""
    if not is_on_postgres():
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    with _database() as url:
        yield url


@contextmanager
def copy(of: str, folder: Path) -> Iterator[str]:
    """The URL of a database of one scenario's own."""
    if not is_on_postgres():
        shutil.copy(of.removeprefix("sqlite:///"), folder / "db.sqlite3")
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    with _database(like=name_of(of)) as url:
        yield url


def is_on_postgres() -> bool:
    return bool(os.environ.get("TEST_POSTGRES_URL"))


def name_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


@contextmanager
def _database(*, like: str = "template1") -> Iterator[str]:
    server = os.environ["TEST_POSTGRES_URL"]
    url = urlunsplit(urlsplit(server)._replace(path=f"/crash_{uuid4().hex}"))
    create(url, like=like)
    try:
        yield url
    finally:
        _tell(url, f'DROP DATABASE "{name_of(url)}" WITH (FORCE)')  # killed processes may have left connections


def create(url: str, *, like: str = "template1") -> None:
    _tell(url, f'CREATE DATABASE "{name_of(url)}" TEMPLATE "{like}"')


def _tell(server: str, statement: str) -> None:
    everyones = urlunsplit(urlsplit(server)._replace(path="/postgres"))  # the one that is named may not be there yet
    with psycopg.connect(everyones, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


# brokers


@contextmanager
def broker(place: str, folder: Path) -> Iterator[tuple[str, str]]:
    """URL and queue of one scenario's own."""
    if place == EMBEDDED:
        yield f"embedded://{folder}/broker", "talentsync"
        return
    url, queue = os.environ[BROKERS[place]], f"crash-{uuid4().hex}"
    try:
        yield url, queue
    finally:
        with Connection(url) as connection, suppress(Exception):  # nobody may have used it
            channel = connection.channel()
            channel.queue_delete(queue)
            if place == "rabbitmq":
                channel.exchange_delete(queue)
