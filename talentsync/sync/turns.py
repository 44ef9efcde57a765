"""Files of one process are written down one after the other.

Four that end their uploads together, and are written down at once, are ready together, too, since Python computes one
at a time; they begin again at the same moment, share the line, and end together again: whenever something is written
down, the line is idle. One after the other, the first is on the line while the next is written down.

It is a courtesy, and no lock: nothing depends on it. Who waits for rows that somebody else has locked holds up the
others for a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from connectors.base.resource import Resource, is_of_files

PATIENCE_SECONDS = 1.0

_writing = Lock()


@contextmanager
def taken(resource: Resource) -> Iterator[None]:
    """For the lease of a batch, or for settling it; anything but a file goes without. To be taken outside of any
    transaction: who is inside one may have locked what the holder of the turn waits for.
    """
    mine = is_of_files(resource) and _writing.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield
    finally:
        if mine:
            _writing.release()
