"""What `celery -A` starts in a chaos run: the crash tests' application, with vendors that allow little a minute."""

from __future__ import annotations

from tests.chaos import quotas
from tests.crash.worker import app

quotas.lower()

__all__ = ["app"]
