"""Numbers and choices of a simulated vendor that a test or a demonstration may change; kept with what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base.simulation.store import Collection


class Settings:
    """Defaults of the vendor's documents, overlaid by what somebody configured."""

    def __init__(self, kept: Collection, defaults: Mapping[str, Any]) -> None:
        self._kept = kept
        self._defaults = dict(defaults)

    def __getitem__(self, name: str) -> Any:
        return self.all()[name]

    def all(self) -> dict[str, Any]:
        return {**self._defaults, **(self._kept.get("settings") or {})}

    def configure(self, changes: Mapping[str, Any]) -> None:
        unknown = sorted(set(changes) - set(self._defaults))
        if unknown:
            raise ValueError(f"no such setting: {', '.join(unknown)}; there are {', '.join(sorted(self._defaults))}")
        self._kept.put("settings", {**(self._kept.get("settings") or {}), **changes})
