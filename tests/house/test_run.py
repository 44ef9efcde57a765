"""bin/run from the first start to Ctrl-C and the next start, in a copy of the project."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from threading import Event

import pytest

STARTED = 90  # seconds; a busy machine needs 40


class Run:
    """One bin/run, past the installation of packages; stopped as Ctrl-C stops it."""

    def __init__(self, folder: Path, ports: tuple[int, int]) -> None:
        self.port, self.ports = ports[0], ports
        self.output = folder / f"run-{ports[0]}.log"
        names = ("PATH", "HOME", "LANG")
        environment = {name: os.environ[name] for name in names if name in os.environ}
        environment |= {"PORT": str(ports[0]), "SIMULATOR_URL": f"http://127.0.0.1:{ports[1]}"}
        environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
        with self.output.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "talentsync.launch"],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for_login_page(self) -> str:
        pause = Event()
        for _ in range(STARTED * 2):
            assert self.process.poll() is None, self.output.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/admin/login/", timeout=5) as answer:
                    return answer.read().decode()
            except OSError:
                pause.wait(0.5)
        raise AssertionError(self.output.read_text())

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=30)

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_it_starts_stops_with_ctrl_c_and_goes_on_where_it_stopped(elsewhere: Path) -> None:
    first = Run(elsewhere, free_ports())
    try:
        assert 'name="password"' in first.wait_for_login_page()
        first.press_ctrl_c()
    finally:
        first.end()
    assert not any(is_listening(port) for port in first.ports)
    keys = (elsewhere / ".env").read_text()
    assert (elsewhere / ".env").stat().st_mode & 0o777 == 0o600
    assert "recruiter" in first.output.read_text()  # with a password, shown once

    second = Run(elsewhere, free_ports())
    try:
        second.wait_for_login_page()
        second.press_ctrl_c()
    finally:
        second.end()
    assert (elsewhere / ".env").read_text() == keys
    said = second.output.read_text()
    passwords = [
        line.split()[-1] for line in first.output.read_text().splitlines() if line.strip().startswith("recruiter")
    ]
    assert passwords
    assert not any(password in said for password in passwords)
