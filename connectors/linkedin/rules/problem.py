"""What is wrong with a field, in words a person can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One field that LinkedIn would not accept, and the rule, marked for translation."""

    field: str  # our spelling: an attribute of the record
    rule: str
