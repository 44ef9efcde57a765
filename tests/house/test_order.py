"""A run that must be over in time leaves out what it cannot begin, says so, and is no failure for it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from talentsync.environment import PROJECT
from tests.order import OUT_OF_TIME

TESTS = """
import pytest

@pytest.mark.slow
def test_long():
    pass

def test_short():
    pass

def test_skipped():
    {skip}
"""


def ran(folder: Path, *, ends_in: float | None, skip: str = "pass") -> tuple[int, str]:
    """Exit code and output of a run on CI."""
    (folder / "test_some.py").write_text(TESTS.format(skip=skip))
    environ = {**os.environ, "CI_NO_SKIPS": "1", "TESTS_END_AT": "" if ends_in is None else str(time.time() + ends_in)}
    command = [
        "-m",
        "pytest",
        "-v",
        "-rs",
        "-p",
        "tests.order",
        "-p",
        "tests.skips",
        "-p",
        "no:django",
        "-p",
        "no:cacheprovider",
    ]
    command += ["-c", os.devnull, "--rootdir", str(folder), "-W", "ignore", str(folder / "test_some.py")]
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environ, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_without_a_time_what_takes_long_begins_first(tmp_path: Path) -> None:
    code, output = ran(tmp_path, ends_in=None)
    assert code == 0, output
    assert output.index("test_long") < output.index("test_short")


def test_with_one_it_comes_last(tmp_path: Path) -> None:
    code, output = ran(tmp_path, ends_in=600)
    assert code == 0, output
    assert output.index("test_short") < output.index("test_long")


def test_what_cannot_begin_in_time_is_left_out_and_named(tmp_path: Path) -> None:
    code, output = ran(tmp_path, ends_in=-1)
    assert code == 0, output
    assert "3 skipped" in output
    assert OUT_OF_TIME in output


@pytest.mark.parametrize("ends_in", [None, 600])
def test_any_other_skip_is_a_failure(tmp_path: Path, ends_in: float | None) -> None:
    code, output = ran(tmp_path, ends_in=ends_in, skip='pytest.skip("no server is named")')
    assert code != 0, output
    assert "a skip is a failure" in output
