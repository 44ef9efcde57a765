"""What goes wrong in a chaos run: each method has the name that the plan has for it. `mend_everything` ends it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.chaos.plan import CUSTOMERS, WORKERS
from tests.crash.mortal import Mortal
from tests.crash.processes import Process
from tests.crash.proxy import Line
from tests.crash.world import World

RETRY_AFTER_SECONDS = 2
DATABASE_GONE = ("database killed", "database cut off")


class BrokerFolder:
    """The embedded broker, cut off: its messages are gone, and a file stands where its folder was."""

    def __init__(self, world: World) -> None:
        self._folder = world.broker

    def cut(self) -> None:
        while not self._folder.is_file():
            with suppress(FileNotFoundError):
                self._folder.rename(self._folder.with_name(f"gone-{uuid4().hex}"))
            with suppress(FileExistsError):  # a worker that is alive makes a new one at once
                self._folder.open("x").close()

    def mend(self) -> None:
        if self._folder.is_file():
            self._folder.unlink()


class Mishaps:
    """Processes that die, servers that cannot be reached, vendors in a mood."""

    def __init__(self, world: World, servers: Mapping[str, Line | BrokerFolder | Mortal]) -> None:
        """`servers` are those that can be cut off here, by name."""
        self._world, self._servers = world, servers
        self._vendors: dict[str, Linkedin | Greenhouse] = {"linkedin": world.linkedin, "greenhouse": world.greenhouse}
        self._workers: dict[int, Process] = {}
        self._beat: Process | None = None
        self._down: set[str] = set()
        self._switches: list[tuple[str, Path]] = []  # where a worker was to kill itself, and the mark that says it did
        self._started = 0
        self.ended: list[str] = []  # processes that ended though nobody killed them
        self.done: Counter[str] = Counter()

    def start_everything(self) -> None:
        for worker in range(WORKERS):
            self.start_worker(worker)
        self.start_beat()

    # processes

    def kill_worker(self, worker: int) -> None:
        if self._is_alive(self._workers.get(worker)):
            self._workers[worker].kill()
            self._workers[worker].wait()
            self.done["worker killed"] += 1

    def start_worker(self, worker: int, point: str = "", nth: int = 1) -> None:
        """One that is not running; with a `point`, one that kills itself there."""
        if self._is_alive(self._workers.get(worker)):
            return
        self._started += 1
        name = f"worker{self._started}"
        deadly = {}
        if point:
            mark = self._world.folder / f"{name}.killed"
            deadly = {**self._world.deadly(point, nth=nth), "KILL_MARK": str(mark)}
            self._switches.append((point, mark))
        arguments = ["--quiet", "-A", "tests.chaos.worker", "worker", "-P", "threads", "-c", "8", "-n", f"{name}@here"]
        self._workers[worker] = self._world.start(name, "celery", arguments, **deadly)

    def kill_beat(self) -> None:
        if self._beat is not None:
            self._beat.kill()
            self._beat.wait()
            self.done["beat killed"] += 1

    def start_beat(self) -> None:
        if not self._is_alive(self._beat):
            self._beat = self._world.run_beat()

    # servers

    def cut(self, server: str) -> None:
        if server in self._servers and server not in self._down:
            self._servers[server].cut()
            self._down.add(server)
            self.done[f"{server} {getattr(self._servers[server], 'how', 'cut off')}"] += 1

    @property
    def database_is_gone(self) -> bool:
        """Also for the people of this process, who reach it by a line of their own that is never cut."""
        return "database" in self._down and isinstance(self._servers["database"], Mortal)

    def mend(self, server: str) -> None:
        if server in self._down:
            self._servers[server].mend()
            self._down.discard(server)

    # vendors

    def mood(self, vendor: str, kind: str, **options: Any) -> None:
        self._vendors[vendor].next(kind, **options)
        self.done[f"{vendor}: {kind}{', applied' if options.get('applied') else ''}"] += 1

    def storm(self, vendor: str) -> None:
        self._vendors[vendor].always("status", status=429, retry_after=RETRY_AFTER_SECONDS)
        self.done[f"{vendor}: 429 storm"] += 1

    def outage(self, vendor: str) -> None:
        self._vendors[vendor].always("status", status=503)
        self.done[f"{vendor}: outage"] += 1

    def calm(self, vendor: str) -> None:
        self._vendors[vendor].calm()

    def revoke_tokens(self, vendor: str) -> None:
        for index in range(CUSTOMERS):
            client = f"chaos-{index}" if vendor == "linkedin" else f"gh-chaos-{index}"
            self._vendors[vendor].revoke_tokens(client)
        self.done[f"{vendor}: tokens revoked"] += 1

    # the end

    def mend_everything(self) -> None:
        for vendor in self._vendors.values():
            vendor.calm()
        for server in list(self._down):
            self.mend(server)
        for worker in range(WORKERS):
            self.kill_worker(worker)  # one may still carry a switch
            self.start_worker(worker)
        self.start_beat()

    @property
    def may_have_lost_a_token(self) -> bool:
        return any(
            self.done[what] for what in ("worker killed itself after the token", "worker killed", *DATABASE_GONE)
        )

    def count_switches(self) -> None:
        """Into what was done: the workers that killed themselves."""
        for point, mark in self._switches:
            if mark.exists():
                self.done[f"worker killed itself {point}"] += 1

    def _is_alive(self, process: Process | None) -> bool:
        if process is None or not process.has_ended:
            return process is not None
        if not process.was_killed and process.name not in self.ended:
            self.ended.append(process.name)
        return False
