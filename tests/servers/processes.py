"""Programs that serve for the time of a block, and never outlive this process."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ANSWERS_WITHIN_SECONDS = 60.0
STOPS_WITHIN_SECONDS = 30.0
PAUSE_SECONDS = 0.05
PR_SET_PDEATHSIG = 1  # of Linux: the signal that a process gets when its parent has ended


class Unavailable(Exception):
    """A server that cannot be had here; says why."""


@contextmanager
def serving(
    command: Sequence[str | Path],
    *,
    answers: Callable[[], bool],
    ends_by: signal.Signals,
    log: Path,
    user: str | None = None,
) -> Iterator[None]:
    """From its first answer to the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=log.parent,
            **as_user(user),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the command: it may still need its servers
            preexec_fn=dying_with_us(ends_by),
        )
    try:
        _wait(process, answers, log)
        yield
    finally:
        _stop(process, ends_by)


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
