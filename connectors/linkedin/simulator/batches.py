"""One batch call on a resource, read as a whole: keys, entities, rights (linkedin.md 2, 4.1, 8.1).

What is wrong here brings the whole call down with nothing done; what is wrong with one entity is found later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.base.simulation import Document, Refused, SimulatedRequest
from connectors.linkedin.simulator.dialects import Composite, Dialect, dialect_of, invalid_key
from connectors.linkedin.simulator.resources import CANDIDATES, Address, Resource
from connectors.linkedin.simulator.wire import JSON, check_method, no_permission, not_supported, refuse, too_many

MOST_RECORDS = 100  # 4.1
METHODS = {"PUT": "batch_update", "POST": "batch_partial_update", "GET": "batch_get", "DELETE": "batch_delete"}
WITH_ENTITIES = ("batch_update", "batch_partial_update")
ORGANIZATION = re.compile(r"urn:li:organization:\w+")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The records that a call is about, in its order, with their content where it brings any."""

    resource: Resource
    method: str
    dialect: Dialect
    parent: Address | None
    addresses: list[Address]
    entities: Mapping[Address, Document] = field(default_factory=dict)

    def written(self, address: Address, *, raw_composites: bool = False) -> str:
        """The key as answers write it (2.3)."""
        if self.resource.parent is not None:
            return address.external_id
        return self.dialect.composite_written(address.composite(self.resource), raw=raw_composites)


def read_batch(request: SimulatedRequest, resource: Resource, application: Document) -> Batch:
    """The call, unless it is refused as a whole."""
    return _Reader(request, resource, application).batch()


class _Reader:
    def __init__(self, request: SimulatedRequest, resource: Resource, application: Document) -> None:
        self._request = request
        self._resource = resource
        self._application = application
        self._dialect = dialect_of(request)

    def batch(self) -> Batch:
        method = self._method()
        parent = self._parent()
        named = self._addresses(parent)
        if not named:
            raise not_supported(self._request)
        if len(named) > MOST_RECORDS:
            raise refuse(400, too_many(len(named), MOST_RECORDS, method))
        batch = Batch(
            resource=self._resource,
            method=method,
            dialect=self._dialect,
            parent=parent,
            addresses=list(dict.fromkeys(named)),
            entities=self._entities(parent) if method in WITH_ENTITIES else {},
        )
        if method in WITH_ENTITIES:
            _check_match(batch, named)
        return batch

    def _method(self) -> str:
        """4.2 knows a partial update of candidates and of nothing else."""
        method = METHODS[self._request.method]
        check_method(self._request, method)
        if method == "batch_partial_update" and self._resource is not CANDIDATES:
            raise not_supported(self._request)
        return method

    def _parent(self) -> Address | None:
        above = self._resource.parent
        if above is None:
            return None
        segment = self._request.route.split("/")[-2]
        return self._address(above, self._dialect.composite_in_path(segment))

    def _addresses(self, parent: Address | None) -> list[Address]:
        if parent is None:
            composites = self._dialect.composite_ids(self._request)
            return [self._address(self._resource, composite) for composite in composites]
        return [_below(parent, external_id) for external_id in self._dialect.simple_ids(self._request)]

    def _address(self, resource: Resource, parts: Composite) -> Address:
        above = parts.get(resource.parent_name, "")
        if set(parts) != resource.key_parts or not parts[resource.id_name] or bool(above) != bool(resource.parent_name):
            raise invalid_key()
        organization = parts["integrationContext"]
        if not ORGANIZATION.fullmatch(organization):
            raise invalid_key()
        mine = organization in self._application["organizations"]
        if parts["dataProvider"] != resource.data_provider or not mine:
            raise no_permission(self._request.method, self._resource.endpoint)
        return Address(organization=organization, external_id=parts[resource.id_name], parent_id=above)

    def _entities(self, parent: Address | None) -> dict[Address, Document]:
        found: dict[Address, Document] = {}
        for text, content in _parsed(self._request).items():
            address = self._entity_address(parent, text)
            if address in found:
                raise _duplicate(text)
            found[address] = content
        return found

    def _entity_address(self, parent: Address | None, text: str) -> Address:
        if parent is None:
            return self._address(self._resource, self._dialect.composite_in_body(text))
        return _below(parent, text)


def _below(parent: Address, external_id: str) -> Address:
    if not external_id:
        raise invalid_key()
    return Address(organization=parent.organization, external_id=external_id, parent_id=parent.external_id)


def _check_match(batch: Batch, named: list[Address]) -> None:
    """The ids of the query and the keys of the body are the same set, or nothing is done (4.1)."""
    uris = set(named)
    for address in batch.entities:
        if address not in uris:
            words = f"Entity key '{batch.written(address)}' not found in the query parameter."
            raise refuse(400, f"Batch request mismatch. {words}")
    if set(batch.entities) != uris or len(uris) < len(named):
        uri_keys = ", ".join(map(batch.written, named))
        entity_keys = ", ".join(map(batch.written, batch.entities))
        raise refuse(400, f"Batch request mismatch. URI keys: '{uri_keys}' Entity keys: '{entity_keys}'")


def _parsed(request: SimulatedRequest) -> dict[str, Document]:
    if request.media_type not in ("", JSON):
        raise refuse(415, f"Unsupported Content-Type: {request.media_type}")
    try:
        content: Any = json.loads(request.body, object_pairs_hook=_without_duplicates)
    except ValueError:
        raise refuse(400, "Cannot parse request entity") from None
    entities = content.get("entities") if isinstance(content, dict) else None
    if not isinstance(entities, dict) or not all(isinstance(entity, dict) for entity in entities.values()):
        raise refuse(400, "Cannot parse request entity")
    # Half a letter cannot be stored and sent out again as UTF-8.
    if b"\\u" in request.body and LONE_SURROGATE.search(json.dumps(content, ensure_ascii=False)):
        raise refuse(400, "Cannot parse request entity")
    return entities


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _duplicate(name)
        found[name] = value
    return found


def _duplicate(key: str) -> Refused:
    return refuse(400, f"Duplicate key in batch request body: '{key}'")
