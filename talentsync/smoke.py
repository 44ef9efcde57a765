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
from typing import Any

from talentsync import environment
from talentsync.browsing import Browser
from talentsync.stage import Impatient, Stage

JOBS = 2
World = dict[str, Any]


def main() -> int:
    table = Table()
    try:
        with Stage() as stage:
            _play(stage, table)
    except Impatient as error:
        table.line(str(error), good=False)
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
    _tell(browser, table, "Post", _not_posted(browser))
    jobs = _see(stage, table, f"{JOBS} jobs LISTED at LinkedIn", _listed)
    _tell(browser, table, "Close", _live(stage, browser))
    _see(stage, table, f"{JOBS} jobs CLOSED at LinkedIn", lambda world: _with_status(world, jobs, "CLOSED"))
    _see(stage, table, f"{JOBS} jobs closed at Greenhouse, no open opening", _closed_at_greenhouse)
    closed = "/admin/jobs/job/?posting_status__exact=closed"
    stage.wait_for(f"{JOBS} jobs read Closed in the admin", lambda: len(browser.rows(closed)) == JOBS)
    table.line(f"{JOBS} jobs read Closed in the admin")


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


def _not_posted(browser: Browser) -> list[str]:
    """The first jobs that are open in Greenhouse and not at LinkedIn."""
    rows = browser.rows("/admin/jobs/job/?posting_status__exact=not_posted")
    if len(rows) < JOBS:
        raise Impatient(f"only {len(rows)} demo jobs can be posted")
    return rows[:JOBS]


def _live(stage: Stage, browser: Browser) -> list[str]:
    live = "/admin/jobs/job/?posting_status__in=live,private_live"
    found: list[str] = stage.wait_for(f"{JOBS} jobs read Live in the admin", lambda: _exactly(JOBS, browser.rows(live)))
    return found


def _exactly(number: int, found: list[str]) -> list[str]:
    return found if len(found) == number else []


def _tell(browser: Browser, table: Table, verb: str, rows: list[str]) -> None:
    """Select the rows, choose the action, read the page that asks, and confirm it."""
    browser.act("/admin/jobs/job/", verb, rows)
    table.line(f"{verb}: {len(rows)} jobs selected, asked, confirmed")


def _see(stage: Stage, table: Table, what: str, found: Callable[[World], Any]) -> Any:
    seen = stage.wait_for(what, lambda: found(_world(stage)))
    table.line(what)
    return seen


def _world(stage: Stage) -> World:
    with urllib.request.urlopen(f"{stage.simulator_url}/_control/state?limit=1000", timeout=10) as answer:
        world: World = json.load(answer)
    return world


def _listed(world: World) -> list[str]:
    listed = [posting["external_id"] for posting in world["linkedin"]["postings"] if posting["status"] == "LISTED"]
    return _exactly(JOBS, listed)


def _with_status(world: World, jobs: list[str], status: str) -> bool:
    statuses = {posting["external_id"]: posting["status"] for posting in world["linkedin"]["postings"]}
    return {statuses.get(job) for job in jobs} == {status}


def _closed_at_greenhouse(world: World) -> bool:
    """As many closed jobs as we closed, and none of their openings is open."""
    closed = [job for job in world["greenhouse"]["jobs"] if job["status"] == "closed"]
    return len(closed) >= JOBS and not any(job["open_openings"] for job in closed)


if __name__ == "__main__":
    sys.exit(main())
