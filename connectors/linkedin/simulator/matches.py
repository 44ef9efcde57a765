"""Whom simulated LinkedIn takes a candidate for: `matchedMembers`, which clients can only read (linkedin.md 4.2).

A built-in rule makes practice worth looking at: who has a LinkedIn profile address, or an e-mail address at
example.com, is recognised some seconds after the sync. Controls may say otherwise for a candidate.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.base.simulation import Document, World
from connectors.linkedin.simulator.checks import person

PRACTICE_DOMAIN = "@example.com"


class Matches:
    """Answers for stored candidates; what it needs to remember stands in the candidate's own document."""

    def __init__(self, world: World) -> None:
        self._world = world

    def remembered(self, old: Document | None, fields: Mapping[str, Any]) -> Document:
        """What of a candidate's matches outlives a full replace: it is LinkedIn's own and no field of the client."""
        before = old or {"known_by": "", "known_since": 0.0, "members": None}
        known_by = _known_by(fields)
        same = known_by == before["known_by"]
        since = before["known_since"] if same else self._world.clock.now()
        return {"known_by": known_by, "known_since": since, "members": before["members"]}

    def of(self, candidate: Document) -> list[str]:
        """The matches as of now."""
        if candidate["members"] is not None:
            return list(candidate["members"])
        ready_at = candidate["known_since"] + float(self._world.settings["match_seconds"])
        known_by = candidate["known_by"]
        return [person_urn(known_by)] if known_by and self._world.clock.now() >= ready_at else []


def checked(members: Sequence[str] | None) -> list[str] | None:
    """Person URNs as controls bring them; None leaves it to the rule again."""
    if members is None:
        return None
    wrong = [words for member in members if (words := person(member))]
    if wrong:
        raise ValueError("; ".join(wrong))
    return list(members)


def person_urn(known_by: str) -> str:
    """The same person for the same address, whichever record it stands in."""
    return f"urn:li:person:{hashlib.sha256(known_by.encode()).hexdigest()[:10]}"


def _known_by(fields: Mapping[str, Any]) -> str:
    if profile := fields.get("linkedInProfileUrl"):
        return str(profile).rstrip("/").lower()
    emails = [str(address).lower() for address in fields.get("emailAddresses", [])]
    return next((address for address in emails if address.endswith(PRACTICE_DOMAIN)), "")
