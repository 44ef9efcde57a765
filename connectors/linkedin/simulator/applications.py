"""Developer applications that simulated LinkedIn knows: their secret, organizations, contracts, slots and products."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from connectors.base.simulation import Document, World

JOBS = "simpleJobPostings"
RSC = "recruiterSystemConnect"  # the product behind every `ats…` endpoint (linkedin.md 0.2)
CRM = "crmConnect"  # the product behind `tcrm…` and the upload of files
ORGANIZATION = re.compile(r"urn:li:organization:\d+")
CONTRACT = re.compile(r"urn:li:contract:\d+")


class Applications:
    """One developer application per customer (linkedin.md 1.5); unknown client ids are refused."""

    def __init__(self, world: World) -> None:
        self._kept = world.collection("applications")

    def put(
        self,
        *,
        client_id: str,
        client_secret: str,
        organizations: Iterable[str],
        contracts: Iterable[str] = (),
        job_contracts: Iterable[str] | Mapping[str, int] = (),
        products: Iterable[str] = (JOBS, RSC, CRM),
        is_parent: bool = False,
        may_mint: bool = True,
        fed_by_xml: bool = False,
    ) -> None:
        """Add an application or change it; `job_contracts` may say how many premium slots each contract has."""
        slots = dict(job_contracts) if isinstance(job_contracts, Mapping) else dict.fromkeys(job_contracts)
        application = {
            "client_id": client_id,
            "secret_digest": digest(client_secret),
            "organizations": _urns(organizations, ORGANIZATION),
            "contracts": _urns(contracts, CONTRACT),
            "slots": dict(zip(_urns(slots, CONTRACT), slots.values(), strict=True)),
            "products": list(products),
            "is_parent": is_parent,
            "may_mint": may_mint,
            "fed_by_xml": fed_by_xml,
        }
        self._kept.put(client_id, application)

    def get(self, client_id: str) -> Document | None:
        return self._kept.get(client_id)

    def all(self) -> list[Document]:
        return self._kept.all()

    def with_secret(self, client_id: str, client_secret: str) -> Document | None:
        """The application, if this is its secret."""
        found = self.get(client_id)
        return found if found and found["secret_digest"] == digest(client_secret) else None


def digest(secret: str) -> str:
    """Secrets and tokens are kept only as digests: a copied file opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _urns(texts: Iterable[str], shape: re.Pattern[str]) -> list[str]:
    urns = list(texts)
    wrong = [urn for urn in urns if not shape.fullmatch(urn)]
    if wrong:
        raise ValueError(f"not of the form {shape.pattern}: {', '.join(wrong)}")
    return urns
