"""Whoever wrote a note or held an interview; LinkedIn knows nothing of them but the name (linkedin.md 4.3, 4.5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Person:
    first_name: str = ""
    last_name: str = ""
