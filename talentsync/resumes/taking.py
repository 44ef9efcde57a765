"""The one door by which a file comes in: checked, scanned, stored, in this order."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import BinaryIO

from talentsync.resumes import checking, names, scanning, storage
from talentsync.resumes.checking import Checked
from talentsync.resumes.refusals import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Taken:
    name: str  # for people
    stored_as: str
    checked: Checked


def take(file: BinaryIO, name: str) -> Taken:
    """Raises `Refused`, and then nothing is left of the file. Not inside a transaction: it waits for scanner and disk.

    Whoever calls it writes the row that names the file at once; if that fails, the file becomes an orphan.
    """
    checked = checking.check(file, name)
    scanning.scan(file)
    try:
        stored_as = storage.keep(file)
    except OSError as error:
        log.error("A file could not be stored: %s", type(error).__name__)
        raise Refused("not_stored") from None
    return Taken(name=names.clean(name), stored_as=stored_as, checked=checked)
