"""The embedded broker: nothing lost, nothing twice, nothing half-read, between real processes."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from talentsync import broker, environment
from tests.house import worked

PUBLISHERS, CONSUMERS, MESSAGES = 2, 2, 400
LARGE = "x" * 60_000  # one of three readers saw half a message of this size when it was written in place
LAST = -1

broker.register()
spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/broker"


@pytest.fixture
def queue(url: str) -> Iterator[object]:
    with Connection(url) as connection:
        yield connection.SimpleQueue("q")


def publish(url: str, start: int) -> None:
    with Connection(url) as connection:
        queue = connection.SimpleQueue("q")
        for number in range(start, start + MESSAGES):
            queue.put({"number": number, "text": LARGE})


def consume(url: str, seen: multiprocessing.Queue) -> None:
    """Reports every number it gets, until it gets the sign to end."""
    with Connection(url) as connection:
        queue = connection.SimpleQueue("q")
        number = 0
        while number != LAST:
            message = queue.get(timeout=20)
            number = message.payload["number"]
            assert message.payload["text"] == LARGE
            message.ack()
            seen.put(number)


def test_many_publishers_and_consumers_lose_nothing_and_see_nothing_twice(url):
    seen = spawn.Queue()
    consumers = [spawn.Process(target=consume, args=(url, seen)) for _ in range(CONSUMERS)]
    publishers = [spawn.Process(target=publish, args=(url, n * MESSAGES)) for n in range(PUBLISHERS)]
    for process in consumers + publishers:
        process.start()
    for process in publishers:
        process.join()
    with Connection(url) as connection:
        for _ in range(CONSUMERS):
            connection.SimpleQueue("q").put({"number": LAST, "text": LARGE})
    numbers = [seen.get(timeout=30) for _ in range(PUBLISHERS * MESSAGES + CONSUMERS)]
    for process in consumers:
        process.join()
    assert sorted(numbers) == [LAST] * CONSUMERS + list(range(PUBLISHERS * MESSAGES))
    assert [process.exitcode for process in consumers + publishers] == [0] * (CONSUMERS + PUBLISHERS)


def watch(folder: Path, end: multiprocessing.Event, reports: multiprocessing.Queue) -> None:
    """Reads every waiting message as soon as its name can be seen; reports how many it saw, and how many not whole."""
    seen, cut = set(), 0
    reports.put("watching")
    while not end.is_set():
        for name in set(os.listdir(folder)) - seen:
            seen.add(name)
            cut += not (folder / name).read_bytes().endswith(b"}")
    reports.put((len(seen), cut))


def test_a_waiting_message_is_always_whole(url, tmp_path):
    folder, end, reports = tmp_path / "broker/queue", spawn.Event(), spawn.Queue()
    folder.mkdir(parents=True)
    watcher = spawn.Process(target=watch, args=(folder, end, reports))
    watcher.start()
    assert reports.get(timeout=30) == "watching"
    publish(url, 0)
    end.set()
    seen, cut = reports.get(timeout=30)
    watcher.join()
    assert seen
    assert cut == 0


def test_a_message_that_is_still_being_written_is_not_seen(queue, tmp_path):
    (tmp_path / "broker/new/0_a.q.msg").write_text('{"body": "aGFs')
    queue.put("whole")
    assert queue.qsize() == 1
    assert queue.get_nowait().payload == "whole"
    with pytest.raises(Empty):
        queue.get_nowait()


def test_messages_come_in_the_order_they_were_sent(queue):
    for number in range(20):
        queue.put(number)
    assert [queue.get_nowait().payload for _ in range(20)] == list(range(20))


def test_a_message_taken_by_another_consumer_is_passed_over(url, tmp_path):
    with Connection(url) as ours, Connection(url) as theirs:
        mine, yours = ours.SimpleQueue("q"), theirs.SimpleQueue("q")
        for number in range(4):
            mine.put(number)
        got = [
            mine.get_nowait().payload,
            yours.get_nowait().payload,
            yours.get_nowait().payload,
            mine.get_nowait().payload,
        ]
    assert got == [0, 1, 2, 3]


def test_a_message_that_was_not_worked_on_goes_back_when_its_consumer_closes(url):
    with Connection(url) as connection:
        queue = connection.SimpleQueue("q")
        queue.put("work")
        queue.get_nowait()
    with Connection(url) as connection:
        message = connection.SimpleQueue("q").get_nowait()
        message.ack()
        assert message.payload == "work"


def test_a_finished_message_leaves_no_file(queue, tmp_path):
    queue.put("work")
    queue.get_nowait().ack()
    assert [path for path in (tmp_path / "broker").rglob("*") if path.is_file()] == []


def test_a_purge_empties_one_queue(queue, url):
    queue.put("work")
    with Connection(url) as connection:
        other = connection.SimpleQueue("other")
        other.put("work")
        assert queue.clear() == 1
        assert (queue.qsize(), other.qsize()) == (0, 1)


def test_queues_do_not_see_each_other(queue, url):
    queue.put("work")
    with Connection(url) as connection, pytest.raises(Empty):
        connection.SimpleQueue("other").get_nowait()


def test_without_a_folder_the_messages_are_in_var(monkeypatch, tmp_path):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    with Connection("embedded://") as connection:
        connection.SimpleQueue("q").put("work")
    assert len(list((tmp_path / "broker/queue").iterdir())) == 1


@pytest.fixture
def worker(url: str) -> Iterator[subprocess.Popen]:
    """A real worker, as the Procfile starts it."""
    command = [sys.executable, "-m", "celery", "-A", "tests.house.worked", "worker", "-P", "threads", "-c", "4"]
    environ = {**os.environ, "WORKED_BROKER_URL": url}
    process = subprocess.Popen(
        [*command, "-n", "talentsync@localhost"], cwd=environment.PROJECT, env=environ, stderr=subprocess.DEVNULL
    )
    yield process
    process.kill()  # a warm shutdown takes Celery five seconds, and the broker must bear this anyway
    process.wait()


def test_a_real_worker_does_every_task_that_was_published(worker, url):
    with socket.create_server(("127.0.0.1", 0)) as server, Connection(url) as connection:
        server.settimeout(30)
        port = server.getsockname()[1]
        for number in range(50):
            worked.report.apply_async((number,), {"port": port}, connection=connection)
        assert sorted(received(server) for _ in range(50)) == list(range(50))


def received(server: socket.socket) -> int:
    with server.accept()[0] as connection:
        return int(connection.recv(16))
