"""The first minute of `bin/run`: keys, ports, and sentences instead of tracebacks."""

from __future__ import annotations

import re
import socket
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError

from talentsync import launch


def test_the_keys_are_random_and_for_the_owner_only(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    launch.write_env(first)
    launch.write_env(second)
    written, other = (dict(re.findall(r"^(\w+)=(.+)$", path.read_text(), re.MULTILINE)) for path in (first, second))
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert set(written) == {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ERASURE_HASH_KEY"}
    assert not set(written.values()) & set(other.values())
    Fernet(written["FIELD_ENCRYPTION_KEYS"])


def test_an_env_file_that_is_there_is_never_touched(tmp_path):
    path = tmp_path / ".env"
    mine = "".join(f"{name}=mine\n" for name in launch.KEYS)
    path.write_text(mine)
    launch.write_env(path)
    assert path.read_text() == mine


def test_an_env_file_without_keys_is_left_alone_and_said(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    path.write_text("PORT=8001\n")
    for name in launch.KEYS:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CommandError, match="SECRET_KEY, FIELD_ENCRYPTION_KEYS, ERASURE_HASH_KEY"):
        launch.write_env(path)
    assert path.read_text() == "PORT=8001\n"


@pytest.mark.parametrize(("name", "value"), [("PORT", "{}"), ("SIMULATOR_URL", "http://127.0.0.1:{}")])
def test_a_taken_port_is_one_sentence_that_says_what_to_do(python, name, value):
    with socket.create_server(("127.0.0.1", 0)) as other, socket.create_server(("127.0.0.1", 0)) as free:
        port = other.getsockname()[1]
        ports = {"PORT": str(free.getsockname()[1]), "SIMULATOR_URL": "http://127.0.0.1:8900"}
        free.close()
        done = python("-m", "talentsync.launch", **{**ports, name: value.format(port)})
    assert done.returncode == 1
    assert f"Port {port} is in use." in done.stderr
    assert f"{name}=" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_option_is_a_usage_error(python, elsewhere: Path):
    done = python("-m", "talentsync.launch", "--nonsense")
    assert done.returncode == 2
    assert not (elsewhere / ".env").exists()


def test_static_files_are_collected_again_only_when_they_changed(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    launch.collect_static()
    marker = settings.STATIC_ROOT / "admin" / "marker"
    assert marker.parent.is_dir()
    marker.touch()
    launch.collect_static()
    assert marker.exists()
    (settings.STATIC_ROOT / launch.COLLECTED_FROM).write_text("an older version")
    launch.collect_static()
    assert not marker.exists()
