"""What a process that works for long takes of memory: after the first tenth of the records, and after all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from talentsync.candidates.models import Candidate
from talentsync.environment import PROJECT
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import Priority
from tests.bench import crowd, world
from tests.bench.lines import Line

SHORT, LONG = 20_000, 1_000_000
IN_PART = 200  # records of a request that are asked for at once
MORE = 10.0  # megabytes that count as flat
LIKE_A_WORKER = """
import json, re, resource, sys
from datetime import timedelta
from time import perf_counter
import django
django.setup()
from connectors.linkedin.client import LinkedInClient
LinkedInClient.quotas = {}
from django.utils import timezone
from talentsync.sync import engine
from talentsync.sync.models import Lane

def memory():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

lane = Lane.objects.select_related("connection__customer").get(pk=int(sys.argv[1]))
first, done, started, early = int(sys.argv[2]), 0, perf_counter(), None
while did := engine.run(lane, until=timezone.now() + timedelta(seconds=5)).records:
    done += did
    if early is None and done >= first:
        early = memory()
used = resource.getrusage(resource.RUSAGE_SELF)
spent = {"seconds": perf_counter() - started, "cpu": used.ru_utime + used.ru_stime}
print(json.dumps({"early": early, "late": memory(), "records": done, **spent}))
"""


def lines(*, million: bool) -> Iterator[Line]:
    """A million takes a quarter of an hour and 6 GB of disk."""
    number = LONG if million else SHORT
    world.without_limits()
    lane = _due(number)
    done = subprocess.run(
        [sys.executable, "-c", LIKE_A_WORKER, str(lane.pk), str(number // 10)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["records"] == number, told
    yield Line(
        what=f"memory is flat from {number // 10:,} to {number:,} records",
        measured=f"{told['early']:.0f} MB, {told['late']:.0f} MB"
        f" ({number / told['seconds']:,.0f} records a second, {told['cpu'] / number * 100_000:,.0f} CPU seconds"
        " for 100,000)",
        good=told["late"] - told["early"] < MORE,
    )


def _due(number: int) -> Lane:
    """Written by the database itself: a click of that size is another measurement. Their turns come as a large request
    gives them, a part of the records after the other.
    """
    connection = world.practising(f"Growing {number}")
    crowd.of_candidates(connection.customer, number, "G")
    mine = Candidate.objects.filter(customer=connection.customer)
    mine.update(do_not_send=False)
    now = timezone.now()
    pattern = Delivery(kind="candidate", operation="upsert", revision=1, state="pending", remote_state="absent")
    pattern.due_at, pattern.priority = now, Priority.BACKFILL
    with crowd.unchecked():
        crowd.of_deliveries(connection, mine, pattern)
    first = Delivery.objects.filter(connection=connection).order_by("pk").values_list("pk", flat=True)[0]
    for start in range(0, number, IN_PART):
        part = Delivery.objects.filter(pk__gte=first + start, pk__lt=first + start + IN_PART)
        part.update(due_at=now + timedelta(microseconds=start))
    crowd.analyze()
    lane, _ = Lane.objects.get_or_create(connection=connection, kind="candidate")
    return lane
