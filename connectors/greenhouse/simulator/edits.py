"""Editing an opening: the rules that hold in both versions of simulated Harvest (greenhouse.md 3.1 to 3.4).

A refusal is raised as `Unfit`; each version words it in its own body.
"""

from __future__ import annotations

import json
from typing import Any

from connectors.base.simulation import Document, SimulatedRequest, World
from connectors.greenhouse.simulator.accounts import Accounts
from connectors.greenhouse.simulator.positions import Positions

V1_FIELDS = ("status", "close_reason_id", "opening_id", "custom_fields")
V3_FIELDS = (*V1_FIELDS, "target_start_on", "job_id")


class Unfit(ValueError):
    """A body that Greenhouse does not take: which field, and what is wrong with it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field, self.sentence = field, sentence


class Edits:
    """Carries out one `PATCH` of an opening."""

    def __init__(self, world: World, accounts: Accounts, positions: Positions) -> None:
        self._world = world
        self._accounts = accounts
        self._positions = positions

    def apply(self, opening: Document, body: Document, *, fields: tuple[str, ...]) -> Document:
        """The opening afterwards; nothing is changed when any field is unfit."""
        self._check(opening, body, fields)
        for name in ("opening_id", "target_start_on", "custom_fields"):
            if name in body:
                opening[name] = body[name]
        self._positions.keep(opening)
        if body.get("status") == "closed":
            return self._positions.close(opening, reason_id=body.get("close_reason_id"))
        if body.get("status") == "open" and not opening["open"]:
            return self._positions.reopen(opening)
        return opening

    def _check(self, opening: Document, body: Document, fields: tuple[str, ...]) -> None:
        for name in body:
            if name not in fields:
                raise Unfit(name, "is not a known field")
        if "status" in body and body["status"] not in ("open", "closed"):
            raise Unfit("status", "must be one of: open, closed")
        if body.get("job_id", opening["job_id"]) != opening["job_id"]:
            raise Unfit("job_id", "is not the job of this opening")
        if not isinstance(body.get("opening_id") or "", str):
            raise Unfit("opening_id", "must be a string")
        if not isinstance(body.get("custom_fields", []), list):
            raise Unfit("custom_fields", "must be an array")
        self._check_reason(opening, body)
        refuses = self._world.settings["closed_twice"] == "refuse"
        if refuses and body.get("status") == "closed" and not opening["open"]:
            raise Unfit("status", "must be 'open', is currently 'closed'")

    def _check_reason(self, opening: Document, body: Document) -> None:
        if "close_reason_id" not in body:
            return
        reason_id = body["close_reason_id"]
        if body.get("status") != "closed":
            raise Unfit("close_reason_id", "can only be set when closing an opening")
        known = isinstance(reason_id, int) and self._accounts.close_reason(reason_id, account=opening["account"])
        if not known:
            raise Unfit("close_reason_id", "is not a close reason of this organization")


def body_of(request: SimulatedRequest) -> Document | None:
    """The JSON object that was sent, or None."""
    try:
        content: Any = json.loads(request.body)
    except ValueError:
        return None
    return content if request.media_type == "application/json" and isinstance(content, dict) else None
