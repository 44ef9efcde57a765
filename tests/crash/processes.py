"""Real processes for a test: started with an environment of their own, stopped by their number, and what they wrote."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from talentsync import environment

STOPS_WITHIN_SECONDS = 120  # Celery's warm shutdown alone takes five, and a busy machine is no failure


class Process:
    """One running program. Its output goes to a file, so that it never blocks on a full pipe."""

    def __init__(self, name: str, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.name, self._popen, self._log = name, popen, log

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def has_ended(self) -> bool:
        return self._popen.poll() is not None

    @property
    def was_killed(self) -> bool:
        return self._popen.poll() == -signal.SIGKILL

    def terminate(self) -> None:
        """Ask it to end, as an operator or a restart does."""
        self.tell(signal.SIGTERM)

    def tell(self, signum: signal.Signals) -> None:
        self._popen.send_signal(signum)

    def kill(self) -> None:
        self._popen.kill()

    def wait(self) -> int:
        return self._popen.wait(timeout=STOPS_WITHIN_SECONDS)


@contextmanager
def started(
    name: str, module: str, arguments: Sequence[str], *, environ: Mapping[str, str], folder: Path
) -> Iterator[Process]:
    """Run a module of Python for the time of a block; whatever happens, it does not outlive it."""
    log = folder / f"{name}.log"
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=environment.PROJECT,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Process(name, popen, log)
    finally:
        popen.kill()
        popen.wait()


def own_environment(folder: Path, **named: str) -> dict[str, str]:
    """Everything that TalentSync reads, with its default: neither `.env` nor the shell of whoever runs the tests
    counts.
    """
    example = (environment.PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    defaults = dict(line.split("=", 1) for line in example if line and not line.startswith("#"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **defaults, "VAR_DIR": str(folder), "PYTHONUNBUFFERED": "1", **named}
