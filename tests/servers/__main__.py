"""Runs a command with the servers that its environment does not name: `python -m tests.servers COMMAND …`.

They are stopped when the command ends, and the command when this process is told to end. When this process is killed,
the kernel tells all of them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from types import FrameType

from tests.servers import wheels
from tests.servers.processes import Unavailable, dying_with_us

GRACE_SECONDS = 10.0  # for a command that was told to end
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """We were told to end; says by which signal."""

    def __init__(self, how: signal.Signals) -> None:
        super().__init__(how)
        self.how = how


def main(command: Sequence[str]) -> int:
    if not command:
        sys.stderr.write("Which command? python -m tests.servers COMMAND …\n")
        return 2
    for each in ENDS:
        signal.signal(each, _end)
    try:
        with servers() as named:
            for name, url in named.items():
                sys.stderr.write(f"== {name} was not set: it is {url} until the command ends\n")
            return run(command, {**os.environ, **named})
    except Unavailable as why:
        sys.stderr.write(f"{why}\n")
        return 1
    except Ended as told:
        return 128 + told.how


def _end(number: int, frame: FrameType | None) -> None:
    for each in ENDS:
        signal.signal(each, signal.SIG_IGN)  # once is enough, and stopping must not be disturbed
    raise Ended(signal.Signals(number))


@contextmanager
def servers() -> Iterator[dict[str, str]]:
    """Names and addresses of those that were started. What the environment names wins."""
    with ExitStack() as stack:
        missing = [name for name in wheels.SERVERS if not os.environ.get(name)]
        yield {name: stack.enter_context(wheels.SERVERS[name]()).url for name in missing}


def run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """The exit code, as a shell gives it."""
    process = subprocess.Popen(
        command,
        env=environ,
        start_new_session=True,  # so that it and all that it starts can be told to end at once
        preexec_fn=dying_with_us(signal.SIGTERM),
    )
    try:
        code = process.wait()
    except Ended as told:
        _stop(process, told.how)
        raise
    return code if code >= 0 else 128 - code


def _stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """The command, and what it left."""
    for each in (how, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, each)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
