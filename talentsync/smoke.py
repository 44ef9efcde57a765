"""`bin/run --smoke`: post two demo jobs through the admin, see them live, close them at both vendors, see them closed.

Everything is real and temporary: web server, worker, beat, database, broker and simulators, driven over HTTP as a
browser would. Prints a table; exits 0 when every line of it came true, else 1.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from talentsync import environment
from talentsync.browsing import Browser
from talentsync.stage import Impatient, Stage

JOBS = ("PP-001", "PP-002")  # two of the demo's that nothing is wrong with
World = dict[str, Any]


def main() -> int:
    table = Table()
    with Stage() as stage:
        try:
            _play(stage, table)
        except Impatient as error:
            table.line(str(error), good=False)
            return 1
        except (OSError, ValueError, HTTPException) as error:  # a page that is none, or not the one that was expected
            table.line(f"{type(error).__name__}: {error}\n{stage.last_words('web')}", good=False)
            return 1
        except KeyboardInterrupt:
            table.line("stopped before the end", good=False)
            return 1
    return 0


class Table:
    """What came true so far, printed as it does."""

    def line(self, what: str, *, good: bool = True) -> None:
        sys.stdout.write(f"{'ok ' if good else 'NOT'}  {what}\n")
        sys.stdout.flush()


def _play(stage: Stage, table: Table) -> None:
    password = secrets.token_urlsafe(16)
    stage.start("simulators")
    stage.wait_for("simulators answer", lambda: stage.is_listening(stage.simulator_port))
    _prepare(stage, password)
    table.line("database made, demo customers connected in practice")
    stage.start("worker", "beat", "web")
    stage.wait_for("web server answers", lambda: stage.is_listening(stage.port))
    browser = Browser(stage.url)
    browser.log_in("smoke", password)
    table.line("logged in")
    _tell(browser, table, "Post")
    _see(stage, table, "LISTED at LinkedIn", lambda: _at_linkedin(stage) == ["LISTED"] * len(JOBS))
    _see(stage, table, "Live in the admin", lambda: _reads(browser, "Live"))
    before = len(_closed_at_greenhouse(stage))
    _tell(browser, table, "Close")
    _see(stage, table, "CLOSED at LinkedIn", lambda: _at_linkedin(stage) == ["CLOSED"] * len(JOBS))
    _see(stage, table, "closed at Greenhouse", lambda: len(_closed_at_greenhouse(stage)) == before + len(JOBS))
    if any(job["open_openings"] for job in _closed_at_greenhouse(stage)):
        raise Impatient("a closed job has an open opening at Greenhouse")
    table.line("no open opening at Greenhouse")
    _see(stage, table, "Closed in the admin", lambda: _reads(browser, "Closed"))


def _prepare(stage: Stage, password: str) -> None:
    """As a newcomer gets it from bin/run, and a user whose password is known."""
    user = {"DJANGO_SUPERUSER_USERNAME": "smoke", "DJANGO_SUPERUSER_PASSWORD": password, "DJANGO_SUPERUSER_EMAIL": ""}
    for command in (["migrate"], ["collectstatic"], ["demo"], ["createsuperuser"]):
        quiet = [] if command == ["demo"] else ["--noinput", "--verbosity=0"]
        done = subprocess.run(
            [sys.executable, "manage.py", *command, *quiet],
            cwd=environment.PROJECT,
            env={**stage.environment, **user},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Impatient(f"manage.py {command[0]} failed: {done.stderr[-2000:]}")


def _tell(browser: Browser, table: Table, verb: str) -> None:
    """Select the jobs, choose the action, read the page that asks, and confirm it."""
    browser.act("/admin/jobs/job/", verb, [_row(browser, job) for job in JOBS])
    table.line(f"{verb}: {len(JOBS)} jobs selected, asked, confirmed")


def _row(browser: Browser, job: str) -> str:
    (row,) = browser.rows(f"/admin/jobs/job/?q={job}")
    return row


def _see(stage: Stage, table: Table, what: str, happened: Callable[[], bool]) -> None:
    stage.wait_for(f"both jobs {what}", happened)
    table.line(f"both jobs {what}")


def _reads(browser: Browser, status: str) -> bool:
    """Whether the list of jobs says so of each, as a person would read it."""
    for job in JOBS:
        browser.open(f"{browser.base}/admin/jobs/job/?q={job}")
        if status not in browser.page.partition('id="result_list"')[2]:
            return False
    return True


def _at_linkedin(stage: Stage) -> list[str]:
    postings = _world(stage)["linkedin"]["postings"]
    return [posting["status"] for posting in postings if posting["external_id"] in JOBS]


def _closed_at_greenhouse(stage: Stage) -> list[World]:
    return [job for job in _world(stage)["greenhouse"]["jobs"] if job["status"] == "closed"]


def _world(stage: Stage) -> World:
    with urllib.request.urlopen(f"{stage.simulator_url}/_control/state?limit=1000", timeout=10) as answer:
        world: World = json.load(answer)
    return world


if __name__ == "__main__":
    sys.exit(main())
