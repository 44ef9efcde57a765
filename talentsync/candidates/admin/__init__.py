"""The pages about candidates and their notes."""

from __future__ import annotations

from talentsync.candidates.admin import candidates, notes

__all__ = ["candidates", "notes"]
