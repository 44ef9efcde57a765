"""A pytest plugin: says at the end what was skipped and why, and with CI_NO_SKIPS=1 makes a skip a failure. One for
want of time (tests/order.py) is said, and no more.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.order import OUT_OF_TIME

SKIPPED = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--skips-file", type=Path, help="append to this file why tests were skipped")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[SKIPPED] = Counter()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Runs in the process that started the run: workers of xdist report to it and skip nothing by themselves."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    config.stash[SKIPPED].update(reason(report) for report in reporter.stats.get("skipped", []))
    write(config.stash[SKIPPED], to=config.getoption("skips_file"))
    if _is_failure(config.stash[SKIPPED]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.config.stash[SKIPPED]
    if _is_failure(skipped):
        terminalreporter.section("CI_NO_SKIPS=1: a skip is a failure", red=True)
        terminalreporter.write_line("\n".join(lines(skipped)))


def _is_failure(skipped: Counter[str]) -> bool:
    return os.environ.get("CI_NO_SKIPS") == "1" and any(why != OUT_OF_TIME for why in skipped)


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why this one was skipped, in the words of the test."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return words.removeprefix("Skipped: ")


def write(skipped: Counter[str], *, to: Path | None) -> None:
    if to and skipped:
        with to.open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines(skipped)))


def lines(skipped: Counter[str]) -> list[str]:
    return [f"  {n} × {why}" for why, n in sorted(skipped.items())]
