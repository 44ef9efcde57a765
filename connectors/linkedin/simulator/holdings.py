"""The records of the Middleware Platform that simulated LinkedIn holds, and what leaves with a deleted one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.base.simulation import Document, World
from connectors.linkedin.simulator.matches import Matches
from connectors.linkedin.simulator.resources import CANDIDATES, RESOURCES, Address, Resource, children_of


class Holdings:
    """Records by resource and address, found by an index whatever their number."""

    def __init__(self, world: World, matches: Matches) -> None:
        self._world = world
        self._matches = matches
        self._kept = {endpoint: world.collection(one.collection) for endpoint, one in RESOURCES.items()}

    def get(self, resource: Resource, address: Address) -> Document | None:
        return self._kept[resource.endpoint].get(address.key)

    def replace(self, resource: Resource, address: Address, fields: Mapping[str, Any], *, client_id: str) -> None:
        """Keep exactly what was sent: a field that was left out is gone (4.1, 10.2)."""
        old = self.get(resource, address)
        kept: Document = {
            "organization": address.organization,
            "parent": address.parent_id,
            "external_id": address.external_id,
            "client_id": client_id,
            "sent_at": self._world.clock.now(),
            "fields": {name: value for name, value in fields.items() if value is not None},
        }
        if resource is CANDIDATES:
            kept.update(self._matches.remembered(old, kept["fields"]))
        self._kept[resource.endpoint].put(address.key, kept)

    def match(self, address: Address, members: list[str] | None) -> None:
        """LinkedIn's own opinion about a candidate; None leaves it to the rule."""
        candidate = self.get(CANDIDATES, address)
        if candidate is None:
            raise ValueError(f"there is no candidate {address.external_id}")
        self._kept[CANDIDATES.endpoint].put(address.key, {**candidate, "members": members})

    def delete(self, resource: Resource, address: Address) -> bool:
        """Whether it was there. What hangs on it leaves too; a candidate's applications stay, as 5 says nothing."""
        if self.get(resource, address) is None:
            return False
        self._kept[resource.endpoint].delete(address.key)
        for child in children_of(resource):
            self._kept[child.endpoint].delete_below(address.below)
        return True

    def count(self, resource: Resource) -> int:
        return self._kept[resource.endpoint].count()

    def latest(self, resource: Resource, limit: int) -> list[Document]:
        """The newest records, newest first."""
        return self._kept[resource.endpoint].latest(limit)
