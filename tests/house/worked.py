"""A Celery application for the broker's tests, without Django: each task reports to a listener on this machine."""

from __future__ import annotations

import os
import socket

from celery import Celery

from talentsync import broker

broker.register()
app = Celery("worked", broker=os.environ.get("WORKED_BROKER_URL"), set_as_current=False, fixups=[])
app.conf.update(task_ignore_result=True, worker_enable_remote_control=False)


@app.task(name="worked.report")
def report(number: int, *, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(str(number).encode())
