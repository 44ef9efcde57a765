"""What simulated LinkedIn takes of a resume: fields and rules of linkedin.md 6.4."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.linkedin.simulator.checks import moment, text
from connectors.linkedin.simulator.schema import Member, faults, leaf

FIRST_MILLISECONDS = 10**12  # 10.1, row 8: below it stand moments in seconds
BLOB = re.compile(r"urn:li:ambryBlob:/[!-~]+")


def _blob(value: Any) -> str:
    if words := text()(value):
        return words
    return "" if BLOB.fullmatch(value) else f'"{value[:80]}" is not a valid urn:li:ambryBlob'


def _milliseconds(value: Any) -> str:
    if words := moment(value):
        return words
    return "" if value >= FIRST_MILLISECONDS else f"{value} is not a moment in epoch milliseconds"


RESUME: dict[str, Member] = {
    "resumeFile": leaf(_blob, required=True),
    "tcrmCreatedAt": leaf(_milliseconds, required=True),
}


def resume_faults(content: Mapping[str, Any]) -> Iterator[str]:
    return faults(RESUME, content)
