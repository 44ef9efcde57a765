"""Programs that serve for the time of a block, and never outlive this process."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ANSWERS_WITHIN_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 30.0
PAUSE_SECONDS = 0.05
PR_SET_PDEATHSIG = 1  # of Linux: the signal that a process gets when its parent has ended


class Unavailable(Exception):
    """A server that cannot be had here; says why."""


class Server:
    """A program that serves. One that was killed can be started anew, in the same place."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        answers: Callable[[], bool],
        ends_by: signal.Signals,
        log: Path,
        user: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Without an `environ` it has ours."""
        self._command, self._answers, self._ends_by, self._log, self._user = command, answers, ends_by, log, user
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns with its first answer. Raises `Unavailable` where it ends before, or is silent for too long."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._log.parent,
                env=self._environ,
                **as_user(self._user),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the command: it may still need its servers
                preexec_fn=dying_with_us(self._ends_by),
            )
        _wait(self._process, self._answers, self._log)

    def start_again(self) -> None:
        """After it was killed. What it left behind, as PostgreSQL's processes of its connections, may take a moment to
        go, and it refuses to start beside that.
        """
        ends = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while True:
            try:
                return self.start()
            except Unavailable:
                if time.monotonic() > ends:
                    raise

    def kill(self) -> None:
        """SIGKILL: nothing is tidied up."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process is not None:
            _stop(self._process, self._ends_by)


@dataclass(frozen=True, kw_only=True)
class Served:
    """A server, and where it is."""

    url: str
    server: Server


@contextmanager
def serving(
    command: Sequence[str | Path],
    *,
    answers: Callable[[], bool],
    ends_by: signal.Signals,
    log: Path,
    user: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """From its first answer to the end of the block."""
    server = Server(command, answers=answers, ends_by=ends_by, log=log, user=user, environ=environ)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def dying_with_us(how: signal.Signals) -> Callable[[], None]:
    """To be called in a new process: whatever becomes of this one, also SIGKILL, the new one is told."""
    parent, prctl = os.getpid(), ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(how))
        if os.getppid() != parent:  # too late to be told
            os._exit(1)

    return ask


def as_user(name: str | None) -> dict[str, Any]:
    """What `subprocess` needs to know of another user; None is whoever we are."""
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []} if name else {}


def _wait(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: Path) -> None:
    ends = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > ends:
            raise Unavailable(f"{process.args[0]} does not serve:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(PAUSE_SECONDS)


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    try:
        process.wait(timeout=STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
