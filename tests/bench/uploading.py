"""Sixteen large files, four at a time, through the engine in a process of its own: how much memory, and how fast beside
a bare streaming upload of the same bytes to the same simulator.

The bare upload does what nobody can leave out, and nothing else: it asks for an address for each file, because an
address is good for one and must be used at once, and streams the file from the disk. It is given its token, and keeps
nothing.
"""

from __future__ import annotations

import http.client
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.environment import PROJECT
from talentsync.resumes import services
from talentsync.sync.models import Delivery
from tests.bench.lines import Line
from tests.candidates.making import make_candidate

FILES, AT_A_TIME = 16, 4
SIZE = 10 * 1024 * 1024
MOST_MEMORY = 32  # megabytes
SLOWER = 1.3
A_LINE = 125_000_000  # bytes a second: 1 Gbit/s
PIECE = 64 * 1024
Control = Callable[[str, dict[str, Any]], Any]
LIKE_A_WORKER = """
import json, re, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter
import django
django.setup()
from django.utils import timezone
from talentsync.sync import engine
from talentsync.sync.models import Lane

def memory(name):
    return int(re.search(name + r":\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024

lanes = list(Lane.objects.filter(kind="resume_file").select_related("connection__customer"))
def run(lane):
    engine.run(lane, until=timezone.now() + timedelta(minutes=5))
before, started = memory("VmRSS"), perf_counter()
with ThreadPoolExecutor(len(lanes)) as pool:
    list(pool.map(run, lanes))
print(json.dumps({"seconds": perf_counter() - started, "grown": memory("VmHWM") - before}))
"""


def sixteen_files(customer: Customer, connection: Connection, control: Control) -> Iterator[Line]:
    """Through the loopback alone a file takes some milliseconds, and whatever is written down about it is most of its
    time: that only informs. The limit holds for a line of a gigabit, and for all slower ones (decision 0036).
    """
    content = _content()
    told, bare = _both(customer, connection, content, "quick")
    yield Line(
        what=f"resumes: {FILES} files of 10 MB, {AT_A_TIME} at a time, in less than {MOST_MEMORY} MB more",
        measured=f"{told['grown']:.0f} MB",
        good=told["grown"] < MOST_MEMORY,
    )
    yield _beside(told, bare, "resumes: beside a bare streaming upload, through the loopback alone", judged=False)
    control("seed", {"linkedin": {"settings": {"upload_bytes_per_second": A_LINE}}})
    told, bare = _both(customer, connection, content, "line")
    control("seed", {"linkedin": {"settings": {"upload_bytes_per_second": None}}})
    what = f"resumes: within {SLOWER} times of a bare streaming upload, on a line of 1 Gbit/s that all files share"
    yield _beside(told, bare, what, judged=True)


def _beside(told: Mapping[str, float], bare: float, what: str, *, judged: bool) -> Line:
    measured = f"{told['seconds'] / bare:.2f} ({told['seconds']:.1f} s, {bare:.1f} s)"
    return Line(what=what, measured=measured, good=told["seconds"] <= SLOWER * bare if judged else None)


def _both(customer: Customer, connection: Connection, content: bytes, prefix: str) -> tuple[dict[str, float], float]:
    """What the engine needed, and the seconds of the bare upload."""
    bare = _bare(connection, content)
    for number in range(FILES):
        candidate: Candidate = make_candidate(customer, f"{prefix}-{number}")
        services.upload(candidate, io.BytesIO(content), f"{number}.pdf", by=None)
    done = subprocess.run(
        [sys.executable, "-c", LIKE_A_WORKER], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert not Delivery.objects.filter(kind="resume_file").exclude(state="synced").exists()
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told, bare


def _content() -> bytes:
    head, end = b"%PDF-1.4\n%", b"\nstartxref\n0\n%%EOF\n"
    return head + b"x" * (SIZE - len(head) - len(end)) + end


def _bare(connection: Connection, content: bytes) -> float:
    """Seconds."""
    client = clients.open_client(connection)
    wire = client.resources["resume_files"]._wire  # type: ignore[attr-defined]
    token = wire._tokens.get()
    with tempfile.NamedTemporaryFile() as file, ThreadPoolExecutor(AT_A_TIME) as pool:
        file.write(content)
        file.flush()
        started = perf_counter()
        answers = pool.map(lambda _: _post(_signed(connection, token), token, file.name), range(FILES))
        assert set(answers) == {201}
        return perf_counter() - started


def _signed(connection: Connection, token: str) -> str:
    base = urlsplit(clients.base_urls(connection)[0])
    asked = {
        "usageParameters": {"tcrmResumeParameters": {}},
        "contentType": "application/pdf",
        "hiringContext": connection.recruiter_contract_urn,
    }
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "X-RestLi-Protocol-Version": "2.0.0",
    }
    line = http.client.HTTPConnection(base.netloc)
    line.request("POST", f"{base.path}/v2/hireMediaUrl", json.dumps(asked), headers)
    return line.getresponse().headers["x-linkedin-id"]


def _post(address: str, token: str, path: str) -> int:
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/pdf", "Content-Length": str(SIZE)}
    with open(path, "rb") as file:
        pieces = iter(partial(file.read, PIECE), b"")
        line.request("POST", f"{parts.path}?{parts.query}&x-ambry-filename=bare.pdf", pieces, headers)
        return line.getresponse().status
