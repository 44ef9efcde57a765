"""Builds the client of a connection: which address, which credential, which dialect. Alone in knowing both vendors.

Transports are pooled per base URL and process. Tests mount a function in front of a base URL (`mount`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from threading import Lock
from urllib.parse import urlsplit

from django.conf import settings

from connectors.base.quota import Quota
from connectors.base.resource import Client
from connectors.base.tokens import FixedToken, TokenProvider
from connectors.base.transport import FunctionAdapter, Transport
from connectors.greenhouse import auth as greenhouse_auth
from connectors.greenhouse.client import GreenhouseClient
from connectors.linkedin import auth as linkedin_auth
from connectors.linkedin.client import LinkedInClient
from talentsync.customers.models import Connection, Destination, GreenhouseApi
from talentsync.customers.tokens import SharedToken

_transports: dict[str, Transport] = {}
_guard = Lock()


def open_client(connection: Connection) -> Client:
    """The vendor as this connection sees it. Opens no socket; raises `Misconfigured` for a forbidden address."""
    if connection.destination == Destination.LINKEDIN:
        return _linkedin(connection)
    return _greenhouse(connection)


def quotas_at(destination: str) -> Mapping[str, Quota]:
    """What the vendor allows one credential, by endpoint; the same for every connection."""
    return LinkedInClient.quotas if destination == Destination.LINKEDIN else GreenhouseClient.quotas


def mount(base_url: str, adapter: FunctionAdapter) -> None:
    """Answer calls to a base URL by `adapter` instead of a socket. For tests."""
    with _guard:
        _transports[base_url.rstrip("/")] = Transport(base_url, adapter=adapter)


def unmount_all() -> None:
    """Forget every transport, mounted or pooled."""
    with _guard:
        _transports.clear()


def base_urls(connection: Connection) -> tuple[str, str]:
    """Where the connection's vendor and its token endpoint live."""
    practice = settings.SIMULATOR_URL.rstrip("/")
    match connection.destination, connection.is_practice:
        case Destination.LINKEDIN, True:
            return f"{practice}/linkedin", f"{practice}/linkedin-www"
        case Destination.LINKEDIN, False:
            return settings.LINKEDIN_API_URL, settings.LINKEDIN_AUTH_URL
        case _, True:
            return f"{practice}/greenhouse", f"{practice}/greenhouse-auth"
        case _:
            return settings.GREENHOUSE_API_URL, settings.GREENHOUSE_AUTH_URL


def upload_hosts(connection: Connection) -> list[str]:
    """Where files may be sent to: of practice exactly where the simulators are (DESIGN 8)."""
    return [urlsplit(settings.SIMULATOR_URL).netloc] if connection.is_practice else settings.LINKEDIN_UPLOAD_HOSTS


def _transport(base_url: str) -> Transport:
    key = base_url.rstrip("/")
    with _guard:
        if key not in _transports:
            _transports[key] = Transport(
                key, connect_timeout=settings.CONNECT_TIMEOUT_SECONDS, wall_deadline=settings.WALL_DEADLINE_SECONDS
            )
        return _transports[key]


def _linkedin(connection: Connection) -> Client:
    api, auth = map(_transport, base_urls(connection))
    fetch = partial(
        linkedin_auth.fetch_token, auth, client_id=connection.client_id, client_secret=connection.client_secret
    )
    return LinkedInClient(
        transport=api,
        tokens=SharedToken(connection.environment, connection.destination, connection.client_id, fetch),
        organization_urn=connection.organization_urn,
        job_contract_urn=connection.job_contract_urn,
        recruiter_contract_urn=connection.recruiter_contract_urn,
        upload_hosts=upload_hosts(connection),
        open_transport=_transport,
    )


def _greenhouse(connection: Connection) -> Client:
    return GreenhouseClient(
        transport=_transport(base_urls(connection)[0]),
        tokens=_greenhouse_tokens(connection),
        api=connection.api_version,
        acting_user_id=connection.acting_user_id,
    )


def _greenhouse_tokens(connection: Connection) -> TokenProvider:
    if connection.api_version == GreenhouseApi.V1:
        return FixedToken(greenhouse_auth.basic_token(connection.api_key))
    fetch = partial(
        greenhouse_auth.fetch_token,
        _transport(base_urls(connection)[1]),
        client_id=connection.client_id,
        client_secret=connection.client_secret,
        acting_user_id=connection.acting_user_id,
    )
    return SharedToken(connection.environment, connection.destination, connection.client_id, fetch)
