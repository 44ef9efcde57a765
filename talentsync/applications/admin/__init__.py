"""The pages about applications and what hangs on them."""

from __future__ import annotations

from talentsync.applications.admin import applications, parts

__all__ = ["applications", "parts"]
