"""Scanning: a daemon over a real socket, a function of the operator's, or nothing, which the form says."""

from __future__ import annotations

import io
import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.checks import run_checks

from talentsync.resumes import clamd, scanning
from talentsync.resumes.refusals import Refused
from tests.resumes import clamd_server
from tests.resumes.clamd_server import EICAR, Daemon

MEGABYTE = 1024 * 1024


@pytest.fixture
def daemon(tmp_path: Path, settings: Any) -> Iterator[Daemon]:
    with clamd_server.on_a_path(tmp_path) as served:
        settings.CLAMAV_SOCKET = served.where
        yield served


def code_of(content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        scanning.scan(io.BytesIO(content))
    return caught.value.code


# ClamAV


def test_a_clean_file_is_sent_whole_and_passes(daemon):
    content = b"Rosa" * MEGABYTE
    file = io.BytesIO(content)
    file.seek(7)
    scanning.scan(file)
    assert daemon.streams == [content]
    assert file.tell() == 0


def test_what_the_daemon_finds_is_named(daemon):
    with pytest.raises(Refused) as caught:
        scanning.scan(io.BytesIO(b"Rosa " + EICAR))
    assert caught.value.code == "infected"
    assert "Eicar-Signature" in caught.value.sentence


@pytest.mark.parametrize(("server", "address"), [(clamd_server.Tcp, ("127.0.0.1", 0)), (clamd_server.Tcp6, ("::1", 0))])
def test_a_daemon_is_reached_by_host_and_port(server, address, settings):
    if server is clamd_server.Tcp6 and not has_ipv6():
        address, server = ("127.0.0.1", 0), clamd_server.Tcp
    with clamd_server.served(server, address) as daemon:
        settings.CLAMAV_SOCKET = daemon.where
        scanning.scan(io.BytesIO(b"Rosa"))
        assert code_of(EICAR) == "infected"


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    "answer",
    [b"", b"stream: Can't allocate memory ERROR", b"stream: OK and more", b"OK", b"stream: FOUND", b"x" * 10_000],
)
def test_an_answer_that_is_none_lets_nothing_in(daemon, answer):
    daemon.says = answer
    assert code_of(b"Rosa") == "not_scanned"


def test_a_file_that_is_too_large_for_the_daemon_is_not_taken(daemon, caplog):
    daemon.largest = MEGABYTE
    assert code_of(b"x" * 5 * MEGABYTE) == "not_scanned"
    assert "clamd" in caplog.text


def test_a_daemon_that_is_away_lets_nothing_in(settings, tmp_path, caplog):
    for settings.CLAMAV_SOCKET in (str(tmp_path / "nobody"), f"127.0.0.1:{free_port()}"):
        assert code_of(b"canary") == "not_scanned"
    assert caplog.text.count("A file could not be scanned") == 2
    assert "canary" not in caplog.text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_daemon_that_says_nothing_is_not_waited_for(daemon):
    daemon.is_mute = True
    with pytest.raises(clamd.Unsure, match="TimeoutError"):
        clamd.found_in(io.BytesIO(b"Rosa"), daemon.where, seconds=0.2)


def test_a_daemon_that_stops_reading_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(clamd.Unsure):
        clamd.found_in(io.BytesIO(b"x" * 10 * MEGABYTE), deaf.getsockname(), seconds=0.2)


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("localhost:3310", ("localhost", 3310)),
        ("[::1]:3310", ("::1", 3310)),
    ],
)
def test_an_address_is_read(setting, address):
    assert clamd.address(setting) == address


# A function


def nothing_found(file: BinaryIO) -> str:
    return ""


def found(file: BinaryIO) -> str:
    return f"Worm\n\0 {file.read().decode()} " + "x" * 1000


def fails(file: BinaryIO) -> str:
    raise RuntimeError(file.read())


def says_nothing(file: BinaryIO) -> None:
    """Forgotten to return."""


def test_a_function_is_given_the_file(settings):
    settings.RESUME_SCANNER = f"{__name__}.nothing_found"
    scanning.scan(io.BytesIO(b"Rosa"))
    settings.RESUME_SCANNER = f"{__name__}.found"
    with pytest.raises(Refused) as caught:
        scanning.scan(io.BytesIO(b"7"))
    assert "Worm 7 xxx" in caught.value.sentence
    assert len(caught.value.params["found"]) == scanning.LONGEST_NAME


@pytest.mark.parametrize("name", ["fails", "says_nothing", "is_not_there"])
def test_a_function_that_cannot_say_lets_nothing_in(settings, name, caplog):
    settings.RESUME_SCANNER = f"{__name__}.{name}"
    with caplog.at_level(logging.ERROR):
        assert code_of(b"canary") == "not_scanned"
    assert "could not be scanned" in caplog.text
    assert "canary" not in caplog.text


# Without


def test_without_a_scanner_files_pass_and_the_form_says_so(settings):
    scanning.scan(io.BytesIO(EICAR))
    assert not scanning.is_on()
    assert "not scanned" in str(scanning.notice())
    settings.CLAMAV_SOCKET = "/run/clamav/clamd.ctl"
    assert "are scanned" in str(scanning.notice())


# Settings


@pytest.mark.parametrize(
    ("names", "id"),
    [
        ({"RESUME_SCANNER": "a.b", "CLAMAV_SOCKET": "/x"}, "resumes.E001"),
        ({"RESUME_SCANNER": "no.such.function"}, "resumes.E002"),
        ({"RESUME_SCANNER": f"{__name__}.MEGABYTE"}, "resumes.E002"),
        ({"CLAMAV_SOCKET": "clamd.ctl"}, "resumes.E003"),
        ({"CLAMAV_SOCKET": "localhost:0"}, "resumes.E003"),
        ({"RESUMES_S3_BUCKET": "x"}, "resumes.E004"),
        ({"RESUMES_S3_ACCESS_KEY": "x"}, "resumes.E005"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(settings, names, id, monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)  # as if it were not installed
    for name, value in names.items():
        setattr(settings, name, value)
    assert [message.id for message in run_checks()] == [id]


def test_settings_that_work_pass(settings):
    settings.RESUME_SCANNER = f"{__name__}.found"
    assert run_checks() == []
    settings.RESUME_SCANNER, settings.CLAMAV_SOCKET = "", "localhost:3310"
    assert run_checks() == []
