"""How many random histories are told, and in which parts: the cores of a machine share parts, not a single test.

`HISTORIES` in the environment asks for more of them; `HISTORIES_FROM` for others: each number is a part that is always
the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from math import ceil
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

OF_A_PART = 25
FIRST = int(os.environ.get("HISTORIES_FROM") or 0)
PARTS = range(FIRST, FIRST + ceil(int(os.environ.get("HISTORIES") or 50) / OF_A_PART))

WEATHER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("stall", {"applied": True}),
    ("garbled", {"applied": True}),
    ("token_revoked", {}),
    ("status", {"status": 429, "times": 4}),
    ("status", {"status": 503, "times": 4}),
)
"""What any call may meet: an answer that comes too late or breaks off, a token that is revoked, a storm, an outage."""


def of(events: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(events, min_size=3, max_size=12)


def tell(part: int, story: Callable[..., None], **told: st.SearchStrategy[Any]) -> None:
    """Tell the story with every history of one part."""
    whole_part = settings(max_examples=OF_A_PART, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    seed(part)(whole_part(given(**told)(story)))()
