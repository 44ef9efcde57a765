"""A whole TalentSync in a temporary folder: its own keys, database, broker, simulators, ports and processes.

For `bin/run --smoke` and `bin/bench`. It never touches `var/` or `.env`, and stops what it started by process id.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any, Self

from cryptography.fernet import Fernet

from talentsync import environment

PATIENCE_SECONDS = 60.0  # a slow machine needs 10 s to start everything
PROCESSES = {
    "simulators": [sys.executable, "manage.py", "simulators", "--task-seconds", "0.5"],
    "worker": ["celery", "--quiet", "-A", "talentsync", "worker", "-P", "threads", "-c", "8", "-n", "stage@localhost"],
    "beat": ["celery", "--quiet", "-A", "talentsync", "beat", "-s", "{var}/beat.db", "--pidfile="],
    "web": ["gunicorn", "-c", "python:talentsync.web", "--bind", "127.0.0.1:{port}", "--threads", "4"],
}


class Impatient(Exception):
    """Something did not happen in time; says what."""


class Stage:
    """The folder and its processes. Use it in a `with` statement; what the environment overrides is set on entry."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="talentsync-"))
        self.port, self.simulator_port = _free_port(), _free_port()
        self.url, self.simulator_url = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.simulator_port}"
        self.environment = {**_without_ours(), **self._settings(), **settings}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        os.environ.clear()
        os.environ.update(self.environment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(list(self._running)):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *names: str) -> None:
        """Start processes of `PROCESSES`; their output goes to one file each."""
        for name in names:
            command = [part.format(var=self.folder, port=self.port) for part in PROCESSES[name]]
            with open(self.log(name), "ab") as log:
                self._running[name] = subprocess.Popen(
                    command, cwd=environment.PROJECT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
                )

    def stop(self, name: str, *, how: signal.Signals = signal.SIGTERM) -> None:
        process = self._running.pop(name)
        process.send_signal(how)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=10)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def wait_for(self, what: str, happened: Callable[[], Any], *, at_most: float = PATIENCE_SECONDS) -> Any:
        """What `happened` returns once it is true. Raises `Impatient`, also when a process has ended meanwhile."""
        ends, pause = monotonic() + at_most, Event()
        while monotonic() < ends:
            if found := happened():
                return found
            for name, process in self._running.items():
                if process.poll() is not None:
                    raise Impatient(f"{what}: the process {name} has ended.\n{self.last_words(name)}")
            pause.wait(0.05)
        raise Impatient(f"{what}: not after {at_most:.0f} s.")

    def is_listening(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def last_words(self, name: str) -> str:
        """The end of what a process wrote; "" when it was never started."""
        log = self.log(name)
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def _settings(self) -> dict[str, str]:
        return {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "ERASURE_HASH_KEY": secrets.token_hex(32),
            "VAR_DIR": str(self.folder),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "SIMULATOR_URL": self.simulator_url,
            "DATABASE_URL": "",
            "CELERY_BROKER_URL": "",
            "DEBUG": "false",
            "LINKEDIN_TASK_FIRST_POLL_SECONDS": "1",
            "SWEEP_SECONDS": "1",
            "UNDO_SECONDS": "2",
            "PYTHONUNBUFFERED": "1",
        }


def _without_ours() -> dict[str, str]:
    """The caller's environment without anything that would lead to another installation."""
    led = {"DJANGO_SETTINGS_MODULE", "ALLOWED_HOSTS", "MEDIA_ROOT", "EXCHANGE_RETENTION_DAYS"}
    foreign = ("LINKEDIN_", "GREENHOUSE_", "RESUME", "CLAMAV_", "TEST_")
    return {name: value for name, value in os.environ.items() if name not in led and not name.startswith(foreign)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
