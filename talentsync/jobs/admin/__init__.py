"""The pages about jobs."""

from __future__ import annotations

from talentsync.jobs.admin import jobs

__all__ = ["jobs"]
