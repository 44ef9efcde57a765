"""The embedded broker, `embedded://`: a transport of files for kombu, like its own, but with an atomic publish.

Messages are files below `var/broker` (or `embedded:///another/folder`). It is for one machine, and may lose a message
when a process is killed: a message is only a nudge, and the sweep finds in the database whatever is due.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.json import dumps, loads

from talentsync import environment

SCHEME = "embedded"
REDIS = "talentsync.redis_broker:Transport"  # loaded only where it is used: Redis is no requirement
POLLING_SECONDS = 0.05  # a nudge starts its work well within the second that a click may take; 0.1 gave 101 ms at p95


def register() -> None:
    """Make `embedded://`, and Redis as we need it, known wherever kombu opens a connection."""
    TRANSPORT_ALIASES.update({SCHEME: f"{__name__}:Transport", "redis": REDIS, "rediss": REDIS})


class Channel(virtual.Channel):
    """A message is written in `new`, renamed into `queue`, and renamed into `taken` by the one consumer that gets it.

    The three are on one disk, so a rename is one step: nobody reads a file that is still being written, and no two
    consumers take the same one. Bindings live in memory: publishers declare their queue, and nothing is broadcast.
    """

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        folder = broker_folder(connection.client.virtual_host)
        self._new, self._queue, self._taken = (folder / name for name in ("new", "queue", "taken"))
        for path in (self._new, self._queue, self._taken):
            path.mkdir(parents=True, exist_ok=True)
        self._listed: dict[str, deque[str]] = {}

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        written = self._new / name
        written.write_text(dumps(message), encoding="utf-8")
        written.rename(self._queue / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        listed = self._listed.get(queue) or self._list(queue)
        while listed:
            with suppress(FileNotFoundError):  # another consumer was quicker
                return self._take(listed.popleft())
        raise Empty

    def _list(self, queue: str) -> deque[str]:
        """The waiting messages, oldest first; kept until used up, or a long queue would be listed once a message."""
        self._listed[queue] = deque(sorted(self._names(queue)))
        return self._listed[queue]

    def _names(self, queue: str) -> list[str]:
        return [name for name in os.listdir(self._queue) if name.endswith(f".{queue}.msg")]

    def _take(self, name: str) -> Any:
        taken = (self._queue / name).rename(self._taken / name)
        text = taken.read_text(encoding="utf-8")
        taken.unlink()
        return loads(text)

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self._queue / name).unlink(missing_ok=True)
        return len(names)


class Transport(virtual.Transport):
    """What kombu opens for `embedded://`."""

    Channel = Channel
    connection_errors = (*virtual.Transport.connection_errors, OSError)  # folder gone, disk full: workers connect anew
    polling_interval = POLLING_SECONDS
    global_state = virtual.BrokerState()  # bindings are the same for every connection of a process
    driver_type = driver_name = SCHEME
    default_connection_params: ClassVar[dict[str, Any]] = {}  # no host: kombu would warn that it made one up

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def driver_version(self) -> str:
        return "1"


def broker_folder(virtual_host: str) -> Path:
    """The folder named by the broker's URL, else the one in `var`."""
    path = virtual_host.strip("/")
    return Path("/", path) if path else environment.var_dir() / "broker"
