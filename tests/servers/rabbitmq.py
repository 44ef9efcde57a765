"""A RabbitMQ of our own, where Debian's `rabbitmq-server` is installed: a node that shares nothing with the machine's.

It has a name server (epmd), a cookie, ports and a folder of its own, and listens on the loopback alone.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError

from tests.servers.places import free_port, own_folder
from tests.servers.processes import Served, Unavailable, serving

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # what is in the PATH wants to be root or rabbitmq
NAMES = Path("/usr/bin/epmd")
ON_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"


def is_installed() -> bool:
    return SERVER.exists() and NAMES.exists()


@contextmanager
def of_rabbitmq() -> Iterator[Served]:
    """The URL of its only user, who comes with it. What is durable is there again when it was killed."""
    if not is_installed():
        raise Unavailable(f"{SERVER} is not installed here (Debian: rabbitmq-server).")
    port, names_port = free_port(), free_port()
    url = f"amqp://guest:guest@127.0.0.1:{port}//"
    with (
        own_folder() as folder,
        serving(
            [NAMES, "-address", "127.0.0.1", "-port", str(names_port)],
            answers=partial(_listens, names_port),
            ends_by=signal.SIGTERM,
            log=folder / "epmd.log",
        ),
        serving(
            [SERVER],
            answers=partial(answers, url),
            ends_by=signal.SIGKILL,  # nobody needs what it holds, and in order it takes seconds
            log=folder / "rabbitmq.log",
            environ=_environ(folder, port, names_port),
        ) as server,
    ):
        yield Served(url=url, server=server)


def _environ(folder: Path, port: int, names_port: int) -> dict[str, str]:
    """All of it: the files of the machine's own node are not read."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),  # of the cookie
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names_port),
        "RUNNING_UNDER_SYSTEMD": "true",  # then the script becomes the server, and has its number
        "RABBITMQ_NODENAME": "talentsync@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ON_LOOPBACK,
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "none"),
    }


def answers(url: str) -> bool:
    with Connection(url) as connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=1)
        except (OperationalError, OSError):
            return False
    return True


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
