"""Simulated LinkedIn Talent Solutions, written from the vendor's pages and sharing nothing with the client."""

from __future__ import annotations

from connectors.linkedin.simulator.vendor import Linkedin

__all__ = ["Linkedin"]
