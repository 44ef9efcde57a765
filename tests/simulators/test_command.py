"""`manage.py simulators`: what it refuses; that it serves is shown by the door's own tests and the smoke run."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_an_address_that_is_not_loopback_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="loopback only"):
        call_command("simulators", host="192.0.2.1", port=0, store=tmp_path / "simulator.sqlite3")


def test_a_port_that_is_taken_is_told_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="cannot be served"):
        call_command("simulators", host="127.0.0.1", port=taken.getsockname()[1], store=tmp_path / "simulator.sqlite3")
