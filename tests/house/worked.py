"""A Celery application for the broker's tests, without Django: each task reports to a listener on this machine."""

from __future__ import annotations

import os
from multiprocessing.connection import Client

from celery import Celery

from talentsync import broker

broker.register()
app = Celery("worked", broker=os.environ.get("WORKED_BROKER_URL"), set_as_current=False, fixups=[])
app.conf.update(task_ignore_result=True, worker_enable_remote_control=False)


@app.task(name="worked.report")
def report(number: int, *, host: str, port: int) -> None:
    with Client((host, port)) as connection:
        connection.send(number)
