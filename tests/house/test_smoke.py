"""`bin/run --smoke` as a newcomer and CI meet it: real processes, one table, an exit code, and nothing left behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PROGRAMS = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def test_two_jobs_are_posted_and_closed_at_both_vendors(python, elsewhere: Path):
    done = python("-m", "talentsync.smoke", PATH=PROGRAMS)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert {line[:3] for line in lines} == {"ok "}
    assert "ok   both jobs CLOSED at LinkedIn" in lines
    assert "ok   no open opening at Greenhouse" in lines
    assert not (elsewhere / "var").exists()
    assert not (elsewhere / ".env").exists()


def test_a_page_that_fails_is_told_with_the_servers_last_words(python, elsewhere: Path):
    (elsewhere / "talentsync" / "static" / "keyboard.js").unlink()  # every page of the admin names it
    done = python("-m", "talentsync.smoke", PATH=PROGRAMS)
    assert done.returncode == 1
    assert "NOT  HTTPError: HTTP Error 500" in done.stdout
    assert "keyboard.js" in done.stdout
    assert "Traceback" not in done.stderr
