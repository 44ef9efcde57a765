from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.linkedin.auth import fetch_token
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.simulator import Linkedin
from tests.connectors.linkedin.builders import API, CONTRACT, ORGANIZATION, transport_to


class MintedTokens:
    """Tokens from the simulator's own token endpoint."""

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch, self._token = fetch, ""

    def get(self) -> str:
        self._token = self._token or self._fetch()
        return self._token

    def replace(self, refused: str) -> str:
        self._token = self._fetch()
        return self._token


@pytest.fixture
def linkedin() -> Linkedin:
    simulator = Linkedin()
    simulator.seed_application(
        client_id="sim-client",
        client_secret="s/e=c+r&et",
        organizations=[ORGANIZATION],
        contracts=[CONTRACT],
        job_contracts=[CONTRACT],
    )
    return simulator


@pytest.fixture
def client(linkedin: Linkedin) -> LinkedInClient:
    auth = transport_to(linkedin.handle, base_url="https://www.linkedin.example")

    def fetch() -> str:
        return fetch_token(auth, client_id="sim-client", client_secret="s/e=c+r&et").value

    return LinkedInClient(
        transport=transport_to(linkedin.handle, base_url=API),
        tokens=MintedTokens(fetch),
        organization_urn=ORGANIZATION,
        job_contract_urn=CONTRACT,
        recruiter_contract_urn=CONTRACT,
        upload_hosts=["www.linkedin.com"],
        open_transport=lambda base_url: transport_to(linkedin.handle, base_url=base_url),
    )
