"""The message that says "go on with this import". A lost one costs a sweep."""

from __future__ import annotations

from talentsync.sync import nudges

CARRY_ON = "imports.carry_on"


def nudge(import_id: int) -> None:
    nudges.nudge(CARRY_ON, import_id)
