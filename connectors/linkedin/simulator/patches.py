"""Partial updates of simulated candidates: `{"patch": {"$set": {…}, "$delete": […]}}` (linkedin.md 2.2 and 4.2).

The page shows it for the person a candidate is linked to, and for no other field; nothing else is taken here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base.simulation import Document
from connectors.linkedin.simulator.checks import REQUIRED, UNRECOGNIZED, person, shown
from connectors.linkedin.simulator.people import LINK

COMMANDS = ("$set", "$delete")


def patch_faults(entity: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the patch itself."""
    patch = entity.get("patch")
    if not isinstance(patch, dict) or not patch:
        yield f"/patch :: {REQUIRED}"
        return
    yield from (f"/{name} :: {UNRECOGNIZED}" for name in entity if name != "patch")
    yield from (f"/patch/{name} :: {UNRECOGNIZED}" for name in patch if name not in COMMANDS)
    wished, dropped = patch.get("$set", {}), patch.get("$delete", [])
    if not isinstance(wished, dict) or not isinstance(dropped, list):
        yield f"/patch :: {shown(patch)} cannot be coerced to Record"
        return
    yield from (f"/{name} :: cannot be changed by a partial update" for name in (*wished, *dropped) if name != LINK)
    if LINK in wished:
        yield from (f"/{LINK} :: {words}" for words in [person(wished[LINK])] if words)
    if LINK in wished and LINK in dropped:
        yield f"/{LINK} :: is set and deleted in the same patch"


def patched(fields: Mapping[str, Any], entity: Mapping[str, Any]) -> Document:
    """The fields after a patch without faults."""
    patch = entity["patch"]
    left = {name: value for name, value in fields.items() if name not in patch.get("$delete", [])}
    return {**left, **patch.get("$set", {})}
