"""The limits that LinkedIn publishes: where there is one, practice enforces the same."""

from __future__ import annotations

from connectors.base.quota import Quota
from connectors.base.resource import Resource
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.quotas import QUOTAS
from connectors.linkedin.simulator import Linkedin


def test_practice_allows_what_linkedin_says() -> None:
    settings = Linkedin().world.settings
    assert {
        name: Quota(
            calls_per_day=settings["calls_per_day"].get(name),
            records_per_day=settings["records_per_day"].get(name),
            records_per_minute=settings["records_per_minute"].get(name),
        )
        for name in settings["calls_per_day"]
    } == QUOTAS


def test_every_step_of_every_resource_counts_against_a_known_quota(client: LinkedInClient) -> None:
    resources: list[Resource] = list(client.resources.values())
    drawn_on = {endpoint for resource in resources for endpoint in resource.endpoints.values()}
    assert drawn_on - {"hireMediaUrl"} == set(client.quotas)  # LinkedIn publishes nothing of that one
