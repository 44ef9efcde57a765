"""The pages around requests, and what Support sees of deliveries, tries and stops."""

from __future__ import annotations

from talentsync.sync import banners
from talentsync.sync.admin import attempts, daily_limits, deliveries, holds, runs

__all__ = ["attempts", "banners", "daily_limits", "deliveries", "holds", "runs"]
