"""`manage.py simulators`: what it refuses; that it serves is shown by the door's own tests and the smoke run."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def test_an_address_that_is_not_loopback_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="loopback only"):
        call_command("simulators", host="192.0.2.1", port=0, store=tmp_path / "simulator.sqlite3")


def test_a_port_that_is_taken_is_told_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError, match="cannot be served"):
        call_command("simulators", host="127.0.0.1", port=taken.getsockname()[1], store=tmp_path / "simulator.sqlite3")


@pytest.mark.parametrize("where", [{"host": "192.0.2.1", "port": 0}, {"host": "127.0.0.1", "port": 99_999}])
def test_an_address_that_can_never_be_served_is_a_usage_error(tmp_path: Path, where: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("simulators", **where, store=tmp_path / "simulator.sqlite3")
    assert caught.value.returncode == 2


def test_a_file_that_holds_something_else_is_told_without_a_traceback(tmp_path: Path) -> None:
    store = tmp_path / "simulator.sqlite3"
    store.write_text("This is a letter and no database. " * 100)
    with pytest.raises(CommandError, match="cannot be served"):
        call_command("simulators", host="127.0.0.1", port=0, store=store)
