"""The pages around requests, and what Support sees of deliveries, tries and stops."""

from __future__ import annotations

from talentsync.sync import banners
from talentsync.sync.admin import attempts, deliveries, holds, runs

__all__ = ["attempts", "banners", "deliveries", "holds", "runs"]
