"""`bin/test --servers`: a command finds servers out of wheels by name, and they end with it, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

from talentsync.environment import PROJECT
from tests.crash import mortal
from tests.servers import rabbitmq, wheels
from tests.servers.processes import Unavailable, serving

WITHIN_SECONDS = 60
TELLS = """
import json, os, pathlib, sys, time
told = {"pid": os.getpid(), **{name: os.environ.get(name) for name in ("TEST_POSTGRES_URL", "TEST_REDIS_URL")}}
pathlib.Path(sys.argv[1] + ".part").write_text(json.dumps(told))
os.rename(sys.argv[1] + ".part", sys.argv[1])
"""
HAS_RABBITMQ = """
import json, os, pathlib, sys, time
from tests.servers.rabbitmq import of_rabbitmq
with of_rabbitmq() as served:
    pathlib.Path(sys.argv[1] + ".part").write_text(json.dumps({"url": served.url}))
    os.rename(sys.argv[1] + ".part", sys.argv[1])
    time.sleep(600)
"""
THEN_WORKS = "time.sleep(600)"

needs_wheels = pytest.mark.skipif(not wheels.are_installed(), reason="bin/test --servers was not asked for")


@contextmanager
def asked_for(folder: Path, script: str, **named: str) -> Iterator[subprocess.Popen[bytes]]:
    """Somebody who runs a command with servers, from a machine that names none but these."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
    told = str(folder / "told.json")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers", sys.executable, "-c", script, told],
        cwd=PROJECT,
        env={**environ, **named, "TMPDIR": str(folder)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


def what_it_was_told(folder: Path, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    path = folder / "told.json"
    until(lambda: path.exists() or process.poll() is not None, "the command began")
    assert path.exists(), "the command never began"
    return json.loads(path.read_text())


def is_running(pid: int) -> bool:
    """A process that ended and was not fetched by whoever inherited it is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def answers(url: str) -> bool:
    try:
        if url.startswith("redis"):
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        if url.startswith("amqp"):
            return rabbitmq.answers(url)
        psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres"))).close()
    except (redis.ConnectionError, psycopg.OperationalError):
        return False
    return True


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own, into which nobody else may look: PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory() as path:
        Path(path).chmod(0o711)
        yield Path(path)


@needs_wheels
def test_a_command_that_fails_says_so_and_leaves_no_server(folder: Path) -> None:
    with asked_for(folder, TELLS + "sys.exit(7)") as process:
        assert process.wait(timeout=WITHIN_SECONDS) == 7
    told = what_it_was_told(folder, process)
    assert not answers(told["TEST_POSTGRES_URL"])
    assert not answers(told["TEST_REDIS_URL"])
    assert list(folder.iterdir()) == [folder / "told.json"]


@needs_wheels
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_whoever_ends_it_ends_the_command_and_its_servers(folder: Path, how: signal.Signals) -> None:
    with asked_for(folder, TELLS + THEN_WORKS) as process:
        told = what_it_was_told(folder, process)
        assert answers(told["TEST_POSTGRES_URL"])
        assert answers(told["TEST_REDIS_URL"])
        process.send_signal(how)
        assert process.wait(timeout=WITHIN_SECONDS) == 128 + how
    assert not is_running(told["pid"])
    assert not answers(told["TEST_POSTGRES_URL"])
    assert not answers(told["TEST_REDIS_URL"])
    assert list(folder.iterdir()) == [folder / "told.json"]


@needs_wheels
def test_nothing_outlives_it_when_it_is_killed(folder: Path) -> None:
    with asked_for(folder, TELLS + THEN_WORKS) as process:
        told = what_it_was_told(folder, process)
        process.kill()
        until(lambda: not is_running(told["pid"]), "the command ended")
        until(lambda: not answers(told["TEST_POSTGRES_URL"]), "PostgreSQL ended")
        until(lambda: not answers(told["TEST_REDIS_URL"]), "Redis ended")


@pytest.mark.skipif(not rabbitmq.is_installed(), reason=mortal.NO_RABBITMQ)
def test_a_rabbitmq_of_ours_does_not_outlive_us(folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HAS_RABBITMQ, str(folder / "told.json")],
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    try:
        url = what_it_was_told(folder, process)["url"]
        assert answers(url)
    finally:
        process.kill()
        process.wait()
    until(lambda: not answers(url), "RabbitMQ ended")


@needs_wheels
def test_what_is_named_wins(folder: Path) -> None:
    named = "redis://127.0.0.1:1/0"
    with asked_for(folder, TELLS, TEST_REDIS_URL=named) as process:
        assert process.wait(timeout=WITHIN_SECONDS) == 0
    told = what_it_was_told(folder, process)
    assert told["TEST_REDIS_URL"] == named
    assert urlsplit(told["TEST_POSTGRES_URL"]).hostname == "127.0.0.1"


def test_where_all_are_named_none_is_needed(folder: Path) -> None:
    named = {"TEST_POSTGRES_URL": "postgres://127.0.0.1:1/none", "TEST_REDIS_URL": "redis://127.0.0.1:1/0"}
    with asked_for(folder, TELLS, **named) as process:
        assert process.wait(timeout=WITHIN_SECONDS) == 0
    told = what_it_was_told(folder, process)
    assert {name: told[name] for name in named} == named


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    command = ["sh", "-c", "echo the disk is full; exit 1"]
    serves = serving(command, answers=lambda: False, ends_by=signal.SIGTERM, log=tmp_path / "log")
    with pytest.raises(Unavailable, match="the disk is full"), serves:
        pass
