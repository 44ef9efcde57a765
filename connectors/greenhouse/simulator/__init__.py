"""Simulated Greenhouse Harvest, written from the vendor's pages and sharing nothing with the client."""

from __future__ import annotations

from connectors.greenhouse.simulator.vendor import Greenhouse

__all__ = ["Greenhouse"]
