"""One scenario's world: a folder, a database file, the served vendors, the embedded broker, and real processes.

The test itself is the web process: it clicks, by the services that the admin calls, on the same database and broker.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import time_machine
from celery import Celery, current_app
from django.conf import settings
from django.db import connections
from django.db.utils import load_backend
from django_celery_results.models import TaskResult

import talentsync.celery
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.settings import database as described
from talentsync.sync.models import Delivery, Run
from tests.crash import circumstances
from tests.crash.processes import Process, own_environment, started

WITHIN_SECONDS = 240  # for anything that a test waits for; on a quiet machine nothing takes a tenth of it
PAUSE_SECONDS = 0.05
SWEEP_SECONDS = 1


class World:
    """What a scenario consists of, and what it may do."""

    def __init__(
        self,
        folder: Path,
        named: Mapping[str, str],
        *,
        linkedin: Linkedin,
        greenhouse: Greenhouse,
        url: str,
        stack: ExitStack,
    ) -> None:
        """`named` is where its processes find database and queue."""
        self.folder, self.linkedin, self.greenhouse, self.url = folder, linkedin, greenhouse, url
        self._stack, self._clock, self._ahead = stack, folder / "clock", 0.0
        self.processes: list[Process] = []
        self.environ = own_environment(
            folder,
            DJANGO_SETTINGS_MODULE="tests.crash.settings",
            SECRET_KEY=settings.SECRET_KEY,
            FIELD_ENCRYPTION_KEYS=",".join(settings.FIELD_ENCRYPTION_KEYS),
            ERASURE_HASH_KEY=settings.ERASURE_HASH_KEY,
            SIMULATOR_URL=url,
            LINKEDIN_TASK_FIRST_POLL_SECONDS="1",
            SWEEP_SECONDS=str(SWEEP_SECONDS),
            UNDO_SECONDS="0",
            TEST_WALL_DEADLINE_SECONDS="3",
            TEST_LEASE_SECONDS="4",
            TEST_CLOCK=str(self._clock),
            **named,
        )

    @property
    def broker(self) -> Path:
        return self.folder / "broker"

    # processes

    def run_worker(self, *, threads: int = 8, **environ: str) -> Process:
        """A worker as the Procfile starts it; each has a name of its own, as two workers must."""
        name = f"worker{len(self.processes) + 1}"
        arguments = ["--quiet", "-A", "tests.crash.worker", "worker", "-P", "threads", "-c", str(threads)]
        arguments += ["-n", f"{name}@here"]
        return self.start(name, "celery", arguments, **environ)

    def run_beat(self) -> Process:
        schedule = self.folder / "beat.db"
        arguments = ["--quiet", "-A", "tests.crash.worker", "beat", "-s", str(schedule), "--pidfile="]
        return self.start("beat", "celery", arguments)

    def run_web(self, **environ: str) -> Process:
        """It has a child that answers, and another one when that was killed."""
        arguments = ["tests.crash.web", "--bind", "127.0.0.1:0", "--no-control-socket"]
        return self.start("web", "gunicorn", arguments, **environ)

    def run(self, name: str) -> Process:
        """A process of the Procfile, by its name there."""
        return {"worker": self.run_worker, "beat": self.run_beat, "web": self.run_web}[name]()

    def run_command(self, *arguments: str, **environ: str) -> Process:
        return self.start(f"command{len(self.processes) + 1}", "tests.crash.command", list(arguments), **environ)

    def start(self, name: str, module: str, arguments: list[str], **environ: str) -> Process:
        place = started(name, module, arguments, environ={**self.environ, **environ}, folder=self.folder)
        process = self._stack.enter_context(place)
        self.processes.append(process)
        return process

    def allow(self, endpoint: str, **numbers: int) -> None:
        """LinkedIn allows so much there and no more, and whoever is started from now on knows it."""
        self.linkedin.configure(**{limit: {endpoint: number} for limit, number in numbers.items()})
        self.environ["TEST_QUOTAS"] = json.dumps({endpoint: numbers})

    def move_clock(self, seconds: float) -> None:
        """For this process, the vendors, the workers that are ready, and whoever is started from now on."""
        self._ahead += seconds
        self._clock.with_suffix(".new").write_text(str(self._ahead))
        self._clock.with_suffix(".new").replace(self._clock)
        self._stack.enter_context(time_machine.travel(time.time() + seconds, tick=True))
        told = [process for process in self.processes if not process.has_ended]
        for process in told:
            process.tell(circumstances.LOOK_AT_THE_CLOCK)
        self.until(lambda: all(self._knows_the_time(process) for process in told), "everybody has looked at the clock")

    def _knows_the_time(self, process: Process) -> bool:
        seen = circumstances.seen_by(self._clock, process.pid)
        return seen.exists() and seen.read_text() == self._clock.read_text()

    def deadly(self, at: str, *, nth: int = 1, **batch: str) -> dict[str, str]:
        """The environment of a process that kills itself at this point; `batch` says of which step, operation and
        destination (see `killing`).
        """
        which = {f"KILL_{name.upper()}": value for name, value in batch.items()}
        return {"KILL_AT": at, "KILL_NTH": str(nth), "KILL_MARK": str(self.folder / "killed"), **which}

    # waiting

    def until(self, condition: Callable[[], bool], what: str, *, sweeping: bool = False) -> None:
        """Wait for a condition, and show what the processes wrote if it does not come. `sweeping`: as beat does."""
        ends, swept = time.monotonic() + WITHIN_SECONDS, 0.0
        while not condition():
            if time.monotonic() > ends:
                pytest.fail(f"Waited in vain: {what}\n{self.report()}")
            if sweeping and time.monotonic() - swept > SWEEP_SECONDS:
                self.send("sync.sweep")
                swept = time.monotonic()
            time.sleep(PAUSE_SECONDS)

    def until_ready(self, *workers: Process) -> None:
        """Celery has installed its handlers: a worker that is told to stop does so as it should."""
        self.until(lambda: all("ready." in worker.output for worker in workers), "the workers are ready")

    def until_finished(self, *, sweeping: bool = True) -> None:
        self.until(self.is_finished, "nothing is unfinished any more", sweeping=sweeping)

    def is_finished(self) -> bool:
        waiting = Run.objects.exclude(state__in=[Run.State.DONE, Run.State.UNDONE])
        return not (waiting.exists() or Delivery.objects.unfinished().exists())

    def send(self, task: str, *arguments: int, countdown: float | None = None) -> str:
        """Publish a message as a nudge does; answers the task's id."""
        return str(current_app.send_task(task, args=list(arguments), countdown=countdown).id)

    def until_done(self, task_ids: Collection[str]) -> None:
        done = TaskResult.objects.filter(task_id__in=task_ids, status="SUCCESS")
        self.until(lambda: done.count() == len(task_ids), "every message was worked on")

    def report(self) -> str:
        rows = Delivery.objects.values_list("entity_key", "operation", "step", "why", "state", "failure", "due_at")
        runs = Run.objects.values_list("action", "state", "total", "n_done", "n_failed", "n_skipped", "n_superseded")
        texts = [f"--- {process.name}\n{process.output[-6000:]}" for process in self.processes]
        return "\n".join([*texts, *map(str, rows.exclude(state="synced")[:20]), *map(str, runs)])


@contextmanager
def on_database(url: str) -> Iterator[None]:
    """Let this process work on a database of its own, by the settings that a real process has for it."""
    before = connections["default"]
    settled = connections.configure_settings({"default": described(url)})["default"]
    ours = load_backend(settled["ENGINE"]).DatabaseWrapper(settled, "default")
    connections["default"] = ours
    try:
        yield
    finally:
        ours.close()
        connections["default"] = before


@contextmanager
def on_broker(url: str, queue: str) -> Iterator[None]:
    """Let this process publish where the scenario's workers listen."""
    app = Celery("tests.crash")
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.update(broker_url=url, task_default_queue=queue)
    app.set_current()
    try:
        yield
    finally:
        talentsync.celery.app.set_current()
        app.close()
