"""Real worker processes, one, two and four of them, on four customers at once; and beside them one task a record."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter, sleep

from celery import current_app
from django.db import connection as database
from django.db.models import Min
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection
from talentsync.environment import PROJECT
from talentsync.sync import nudges
from talentsync.sync.models import Delivery, Lane
from tests.bench import crowd, one_by_one, sending, unlimited, world
from tests.bench.lines import Line

WORKERS = (1, 2, 4)
CUSTOMERS = 4
RECORDS = 12_000  # of all together: what a process does first takes it longer
RECORDS_ONE_BY_ONE = 800
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class _Took:
    seconds: float
    first: float  # seconds until the first answer was written down
    cpu: float  # seconds of all workers together
    memory: float  # megabytes of the largest worker


def lines() -> Iterator[Line]:
    world.without_limits()
    for number in WORKERS:
        connections = [world.practising(f"Working {number}-{place}") for place in range(CUSTOMERS)]
        lanes = [world.candidates_asked_for(each, RECORDS // CUSTOMERS, f"W{number}") for each in connections]
        bare = sending.bare_rate(lanes[0])
        took = _driven(lanes, connections, number)
        yield _line(f"{_processes(number)}, {CUSTOMERS} customers: records a second", RECORDS, took, bare)
    connection = world.practising("One by one")
    crowd.of_candidates(connection.customer, RECORDS_ONE_BY_ONE, "ONE")
    Candidate.objects.filter(customer=connection.customer).update(do_not_send=False)
    yield _queries_one_by_one(connection)
    for number in WORKERS:
        took = _one_by_one(connection, number)
        yield _line(f"{_processes(number)}, one task a record: records a second", RECORDS_ONE_BY_ONE, took, bare)


def _line(what: str, records: int, took: _Took, bare: float) -> Line:
    rate, cost = records / took.seconds, took.cpu / records * 100_000
    return Line(
        what=what,
        measured=f"{rate:,.0f} ({rate / bare:.2f} of a bare loop's {bare:,.0f}; {cost:,.0f} CPU seconds for 100,000;"
        f" first one sent after {took.first:.2f} s; at most {took.memory:.0f} MB a process)",
    )


def _processes(number: int) -> str:
    return "one worker process" if number == 1 else f"{number} worker processes"


def _driven(lanes: Sequence[Lane], connections: Sequence[Connection], number: int) -> _Took:
    mine = Delivery.objects.filter(connection__in=connections)
    keys = [lane.pk for lane in lanes]
    Lane.objects.filter(pk__in=keys).update(not_before=timezone.now() + PATIENCE)  # they were nudged already
    with workers(number, unlimited.__name__) as used:
        Lane.objects.filter(pk__in=keys).update(not_before=None)
        began, started = timezone.now(), perf_counter()
        nudges.nudge_lanes(keys)
        wait(lambda: not mine.exclude(state="synced").exists())
        return _took(perf_counter() - started, began, mine.aggregate(at=Min("settled_at"))["at"], used())


def _one_by_one(connection: Connection, number: int) -> _Took:
    mine = Candidate.objects.filter(customer=connection.customer)
    mine.update(sync_state="pending")
    keys = list(mine.values_list("pk", flat=True))
    one_by_one.token(connection)  # eight threads that want the first one would lose most of their records
    with workers(number) as used:
        began, started = timezone.now(), perf_counter()
        for key in keys:
            current_app.send_task(one_by_one.TASK, args=[key])
        wait(lambda: not mine.exclude(sync_state="synced").exists())
        return _took(perf_counter() - started, began, mine.aggregate(at=Min("synced_at"))["at"], used())


def _took(seconds: float, began: datetime, first: datetime, used: Used) -> _Took:
    return _Took(seconds=seconds, first=(first - began).total_seconds(), cpu=used.cpu, memory=used.memory)


def _queries_one_by_one(connection: Connection) -> Line:
    """As many for each of a hundred records, where a batch has its own number for all of them."""
    candidate = Candidate.objects.filter(customer=connection.customer).order_by("pk")[0]
    with CaptureQueriesContext(database) as captured:
        one_by_one.send_candidate(candidate.pk)
    return Line(what="one task a record: queries for a record", measured=f"{len(captured)}")


@dataclass(frozen=True, kw_only=True)
class Used:
    """What worker processes have needed."""

    cpu: float
    memory: float


@contextmanager
def workers(number: int, *including: str) -> Iterator[Callable[[], Used]]:
    """So many processes that are ready to work; gives what they have needed since."""
    processes = [_started(place, including) for place in range(number)]
    try:
        wait(lambda: all(_is_ready(each.pid) for each in processes))
        before = sum(_cpu(each.pid) for each in processes)
        yield lambda: Used(
            cpu=sum(_cpu(each.pid) for each in processes) - before,
            memory=max(_memory(each.pid) for each in processes),
        )
    finally:
        for each in processes:
            each.terminate()
        for each in processes:
            each.wait(timeout=60)


def _started(place: int, including: Sequence[str]) -> subprocess.Popen[bytes]:
    log = Path(os.environ["VAR_DIR"], f"bench-{place}.log")
    command = ["-m", "celery", "-A", "talentsync", "worker", "-P", "threads", "-c", "8", "-l", "warning"]
    command += ["-I", ",".join([one_by_one.__name__, *including])]
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *command, "-n", f"bench-{place}@localhost"],
            cwd=PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _is_ready(pid: int) -> bool:
    """It computes no more: what it imports and asks its broker for is done."""
    before = _cpu(pid)
    sleep(0.5)
    return before > 0.5 and _cpu(pid) - before < 0.05


def _cpu(pid: int) -> float:
    """Seconds that a process has computed."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Megabytes that a process has taken at most."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024  # type: ignore[index]


def wait(happened: Callable[[], bool], *, pause: float = 0.1) -> None:
    ends = monotonic() + PATIENCE.total_seconds()
    while not happened():
        if monotonic() > ends:
            raise TimeoutError("the workers did not finish")
        sleep(pause)
