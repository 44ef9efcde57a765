"""The pages about resumes."""

from __future__ import annotations

from talentsync.resumes.admin import resumes

__all__ = ["resumes"]
