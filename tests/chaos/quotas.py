"""Limits so low that a run of minutes reaches them, known to us and kept by simulated LinkedIn.

Only what a minute allows is lowered: what a day allows could not be waited for.
"""

from __future__ import annotations

from dataclasses import replace

from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.quotas import QUOTAS
from connectors.linkedin.simulator import Linkedin

A_MINUTE = {"simpleJobPostings": 40, "atsCandidates": 60, "atsCandidates/notes": 40, "atsApplications": 40}


def lower() -> None:
    """As we know them."""
    LinkedInClient.quotas = {
        **QUOTAS,
        **{endpoint: replace(QUOTAS[endpoint], records_per_minute=number) for endpoint, number in A_MINUTE.items()},
    }


def lower_at(linkedin: Linkedin) -> None:
    """As LinkedIn keeps them. What is not lowered has the vendor's own numbers."""
    usual = linkedin.defaults["records_per_minute"]
    linkedin.configure(records_per_minute={**usual, **A_MINUTE})
