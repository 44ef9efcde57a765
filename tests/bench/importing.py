"""Candidates through the command, with every rule checked, in a process of its own, so that its memory is its own."""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from django.db import connection as database

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.environment import PROJECT
from tests.bench.lines import Line

FEW, MANY = 5_000, 100_000
LEAST = {"sqlite": 3_000, "postgresql": 2_500}  # rows per second
MORE_MEMORY = 30  # megabytes: what twenty times the rows may take more
COLUMNS = (
    *("external_id", "first_name", "last_name", "email_addresses", "phone_numbers", "addresses"),
    *("external_profile_url", "current_company_name", "current_job_title", "ats_created_at", "ats_last_modified_at"),
)
THEN_TELL_MEMORY = """
import re, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""  # of Linux; `ru_maxrss` would count the memory of whoever started the process


def rows_per_second(customer: Customer) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        few, many = _file(Path(folder), FEW), _file(Path(folder), MANY)
        _, _, small = _imported(few, customer)
        seconds, computing, large = _imported(many, customer)
        again, _, _ = _imported(many, customer)
    rate = MANY / seconds
    yield Line(
        what=f"import: at least {LEAST[database.vendor]:,} new candidates a second",
        measured=f"{rate:,.0f} ({MANY:,} rows in {seconds:.1f} s, computing {computing:.1f} s)",
        good=rate >= LEAST[database.vendor],
    )
    yield Line(
        what=f"import: at least {LEAST[database.vendor]:,} rows a second of the same file again",
        measured=f"{MANY / again:,.0f}",
        good=MANY / again >= LEAST[database.vendor],
    )
    yield Line(
        what=f"import: constant memory, {FEW:,} rows and {MANY:,}",
        measured=f"{small} MB, {large} MB",
        good=large - small <= MORE_MEMORY,
    )


def _imported(path: Path, customer: Customer) -> tuple[float, float, int]:
    """Seconds, seconds of computing, and megabytes at most."""
    typed = ["import_records", "candidate", str(path), "--customer", customer.name]
    before, started = _computed(), perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", THEN_TELL_MEMORY, *typed], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    seconds = perf_counter() - started
    assert Candidate.objects.filter(customer=customer).count() >= FEW
    return seconds, _computed() - before, int(done.stdout.split()[-1])


def _computed() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _file(folder: Path, number: int) -> Path:
    path = folder / f"{number}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerows(_row(f"{number}-{index}") for index in range(number))
    return path


def _row(name: str) -> list[str]:
    address = {"line1": f"{name} Garden Lane", "city": "Graz", "postalCode": "8010", "country": "at"}
    return [
        *(f"C-{name}", "Kim", f"Example {name}", json.dumps([f"kim.{name}@example.com"])),
        *(json.dumps([{"number": "+43 316 555 0100"}]), json.dumps([address])),
        *(f"https://ats.example.com/candidates/{name}", "Example Gardens", "Gardener"),
        *("2026-02-01T08:00:00+01:00", "2026-02-02T08:00:00+01:00"),
    ]
