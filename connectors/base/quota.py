"""How much a vendor allows one credential on one endpoint, as its pages say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Quota:
    """None is not limited. Days are the vendor's: from 00:00 to 24:00 UTC. Whatever a minute is, every 60 s count."""

    calls_per_day: int | None = None
    records_per_day: int | None = None
    records_per_minute: int | None = None
