"""Points at which a process kills itself, once, as a power cut would: SIGKILL, so that nothing is tidied up.

Which point is said by KILL_AT, for which batches by KILL_KIND, KILL_STEP, KILL_OPERATION and KILL_DESTINATION (empty:
any), at which occasion by KILL_NTH. The file KILL_MARK says that it has happened; a process that finds it lives on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from celery import Celery

from connectors.linkedin import auth
from connectors.linkedin.uploads import Uploads
from talentsync.candidates import services as people
from talentsync.core import rotation
from talentsync.imports import filing
from talentsync.imports import services as imports
from talentsync.resumes import taking
from talentsync.sync import engine, erasing, erasures, records_of_calls, runs, services, settling
from talentsync.sync.calling import Batch


@dataclass(frozen=True, kw_only=True)
class Point:
    """Before or after one function of the engine, as it is called in `place`."""

    place: ModuleType | type
    name: str
    when: Literal["before", "after"]


POINTS = {
    "before the stamp": Point(place=engine, name="_stamp", when="before"),  # the lane is leased, nothing is committed
    "after the lease": Point(
        place=engine, name="send", when="before"
    ),  # lease and stamp are committed, nothing is sent
    "after the token": Point(place=auth, name="fetch_token", when="after"),  # LinkedIn gave one, it is not stored
    "before the upload": Point(place=Uploads, name="send", when="before"),  # LinkedIn signed an address, for nothing
    "after the vendor's answer": Point(place=engine, name="call", when="after"),  # applied there, not stored here
    "inside settle": Point(place=records_of_calls, name="record", when="after"),  # rows are written, none committed
    "after settle": Point(place=settling, name="settle", when="after"),  # committed, nobody was nudged
    "inside a chunk": Point(place=services, name="ask", when="after"),  # a run is half expanded
    "inside a load": Point(place=filing, name="load", when="after"),  # a file's rows are written, none committed
    "after a load": Point(place=imports, name="_step", when="after"),  # a thousand rows of a file are committed
    "inside a rotation": Point(place=rotation, name="_write", when="after"),  # values are rewritten, none committed
    "after a rotated chunk": Point(place=rotation, name="_rewrite", when="after"),
    "after a file is stored": Point(place=taking, name="take", when="after"),  # no row names it yet
    "while a resume is written": Point(place=people, name="add_record", when="after"),  # nothing is committed
    "before a request begins": Point(place=runs, name="start_small", when="before"),  # what is asked for is committed
    "before the nudge": Point(place=Celery, name="send_task", when="before"),  # the click is committed
    "while an erasure is asked for": Point(place=erasures, name="note", when="after"),
    "while an erasure is accepted": Point(place=erasures, name="heard", when="after"),
    "before records are removed": Point(place=erasing._Removal, name="_remove", when="before"),
    "while records are removed": Point(place=erasing._Removal, name="_write_down", when="after"),
    "after records were removed": Point(place=erasing, name="_roots", when="before"),
}


def arm() -> None:
    """Set the switch that the environment asks for."""
    point = POINTS.get(os.environ.get("KILL_AT", ""))
    if point is not None:
        setattr(point.place, point.name, _deadly(getattr(point.place, point.name), point))


def _deadly(original: Callable[..., Any], point: Point) -> Callable[..., Any]:
    occasions = iter(range(1, 1_000_000))

    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = None if point.when == "before" else original(*arguments, **named)
        if _is_meant([*arguments, result]) and next(occasions) == int(os.environ.get("KILL_NTH", "1")):
            _die_once()
        return original(*arguments, **named) if point.when == "before" else result

    return wrapped


def _is_meant(values: list[Any]) -> bool:
    """Where a batch is in sight it must be of the right sort."""
    return all(_fits(value) for value in values if isinstance(value, Batch))


def _fits(batch: Batch) -> bool:
    lane = batch.lane
    is_as = {"KIND": lane.kind, "DESTINATION": lane.connection.destination}
    is_as |= {"STEP": batch.step, "OPERATION": batch.operation}
    return all(os.environ.get(f"KILL_{name}", "") in ("", value) for name, value in is_as.items())


def _die_once() -> None:
    try:
        Path(os.environ["KILL_MARK"]).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
