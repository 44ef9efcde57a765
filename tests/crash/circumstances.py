"""What a test may ask of the processes it starts: quotas that are small enough to be used up, and another time of day.

TEST_QUOTAS says in JSON what a vendor allows on each endpoint. TEST_CLOCK names a file that says by how many seconds
the clock is ahead; a process looks at it when it begins, and when it is told to by a signal.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import time_machine

from connectors.base.quota import Quota
from connectors.linkedin.client import LinkedInClient

LOOK_AT_THE_CLOCK = signal.SIGUSR2


def arrange() -> None:
    if quotas := os.environ.get("TEST_QUOTAS"):
        LinkedInClient.quotas = {endpoint: Quota(**numbers) for endpoint, numbers in json.loads(quotas).items()}
    clock = Path(os.environ["TEST_CLOCK"])
    be_ahead(clock)
    signal.signal(LOOK_AT_THE_CLOCK, lambda *_: be_ahead(clock))


def be_ahead(clock: Path) -> None:
    """Of the real time, whatever this process took for the time before."""
    if clock.exists():
        hatch = time_machine.escape_hatch
        now = hatch.time.time() if hatch.is_travelling() else time.time()
        ahead = clock.read_text()
        time_machine.travel(now + float(ahead), tick=True).start()
        seen_by(clock, os.getpid()).write_text(ahead)


def seen_by(clock: Path, pid: int) -> Path:
    """Where a process says what it has read."""
    return clock.with_suffix(f".{pid}")
