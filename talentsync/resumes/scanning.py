"""Asks a scanner about a file before it is taken: a function of the operator's (`RESUME_SCANNER`) or ClamAV's daemon
(`CLAMAV_SOCKET`). With neither, nothing is scanned, and the form says so. A scanner that cannot say lets nothing in.
"""

from __future__ import annotations

import logging
from typing import BinaryIO

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from talentsync.resumes import clamd
from talentsync.resumes.refusals import Refused

NOT_SCANNED = _("Files are not scanned for viruses here. Take only those whose sender you trust.")
SCANNED = _("Files are scanned for viruses before they are taken.")
LONGEST_NAME = 100

log = logging.getLogger(__name__)


def is_on() -> bool:
    return bool(settings.RESUME_SCANNER or settings.CLAMAV_SOCKET)


def notice() -> str | Promise:
    """What the form says of scanning."""
    return SCANNED if is_on() else NOT_SCANNED


def scan(file: BinaryIO) -> None:
    """Raises `Refused`: `infected`, or `not_scanned` if the scanner could not say."""
    if is_on() and (found := _ask(file)):
        raise Refused("infected", found=_printable(found) or "?")


def _ask(file: BinaryIO) -> str:
    """What was found, in the scanner's words; nothing if the file is clean."""
    file.seek(0)
    try:
        found = import_string(settings.RESUME_SCANNER)(file) if settings.RESUME_SCANNER else _ask_clamd(file)
        if not isinstance(found, str):
            raise TypeError("a scanner returns a text: what it found, or an empty one")
    except Exception as error:  # whatever it is: what was not scanned is not taken
        log.error("A file could not be scanned: %s", error if isinstance(error, clamd.Unsure) else type(error).__name__)
        raise Refused("not_scanned") from None
    finally:
        file.seek(0)
    return found


def _ask_clamd(file: BinaryIO) -> str:
    return clamd.found_in(file, clamd.address(settings.CLAMAV_SOCKET))


def _printable(found: str) -> str:
    return "".join(each for each in found if each.isprintable())[:LONGEST_NAME]
