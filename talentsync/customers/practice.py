"""Makes a practice connection known to the simulators, as a vendor's administrator would in real life."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from connectors.base.errors import Rejected
from connectors.base.transport import Request, Transport
from talentsync.customers.models import Connection, Destination, GreenhouseApi


def seed_application(connection: Connection) -> None:
    """Idempotent. Raises a `ConnectorError` when the simulators do not run or do not understand."""
    seed({connection.destination: content_of(connection)})


def seed(content: Mapping[str, Any]) -> None:
    """Put something into the simulators, by vendor. Raises as `seed_application` does."""
    transport = Transport(settings.SIMULATOR_URL)
    body = json.dumps(content).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    response = transport.call(Request(method="POST", path="/_control/seed", headers=headers, body=body))
    if response.status >= 300:
        detail = "The simulators do not take this."
        raise Rejected(detail, status=response.status, exchange=response.exchange)


def content_of(connection: Connection) -> dict[str, Any]:
    """The connection's credential as its simulator is told about it."""
    if connection.destination == Destination.LINKEDIN:
        return {"applications": [_application(connection)]}
    acting_users = [int(connection.acting_user_id)]
    if connection.api_version == GreenhouseApi.V1:
        return {"keys": [{"api_key": connection.api_key, "acting_users": acting_users}]}
    credential = {"client_id": connection.client_id, "client_secret": connection.client_secret}
    return {"credentials": [{**credential, "acting_users": acting_users}]}


def _application(connection: Connection) -> dict[str, Any]:
    return {
        "client_id": connection.client_id,
        "client_secret": connection.client_secret,
        "organizations": [connection.organization_urn],
        "contracts": [urn for urn in (connection.recruiter_contract_urn,) if urn],
        "job_contracts": [urn for urn in (connection.job_contract_urn,) if urn],
    }
