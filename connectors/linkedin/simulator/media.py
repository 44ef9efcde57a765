"""`POST /v2/hireMediaUrl` of simulated LinkedIn: a signed address for one file (linkedin.md 6.2, seed 002).

An address is good for the application that asked, for so long and so often as the settings say; only its digest is
kept. Strict: what the page does not show is refused.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from connectors.base.simulation import Document, Refused, SimulatedAnswer, SimulatedRequest, World
from connectors.linkedin.simulator.applications import CONTRACT, digest
from connectors.linkedin.simulator.checks import enumeration, long, text
from connectors.linkedin.simulator.dialects import HEADER, Two
from connectors.linkedin.simulator.outcomes import worded
from connectors.linkedin.simulator.schema import Member, faults, leaf, record
from connectors.linkedin.simulator.wire import JSON, check_method, refuse

ENDPOINT = "hireMediaUrl"
AMBRY_PATH = "/ambry/"
SIGNATURE = "x-li-ambry-ep"
TYPES = {"text/plain": "txt", "application/pdf": "pdf", "application/msword": "doc"}

# A month and a year are not explained on the page: taken as most programs take them.
UNIT_MS = {
    "MILLISECOND": 1,
    "SECOND": 1_000,
    "MINUTE": 60_000,
    "HOUR": 3_600_000,
    "DAY": 86_400_000,
    "WEEK": 7 * 86_400_000,
    "MONTH": 30 * 86_400_000,
    "YEAR": 365 * 86_400_000,
}
LONGEST = 2**63 - 1


def _duration(value: Any) -> str:
    if words := long(value):
        return words
    return "" if 0 < value <= LONGEST else f"{value} is out of range 1...{LONGEST}"


def _contract(value: Any) -> str:
    right = isinstance(value, str) and CONTRACT.fullmatch(value)
    return text()(value) or ("" if right else f'"{value[:80]}" is not a valid urn:li:contract')


ASKED: dict[str, Member] = {
    "usageParameters": Member(rule=record({"tcrmResumeParameters": Member(rule=record({}))}), required=True),
    "contentType": leaf(enumeration(*TYPES), required=True),
    "hiringContext": leaf(_contract, required=True),
    "blobTtl": Member(
        rule=record(
            {
                "duration": leaf(_duration, required=True),
                "unit": leaf(enumeration(*UNIT_MS), required=True),
            }
        )
    ),
}


class SignedAddresses:
    """Makes them, and knows them again."""

    def __init__(self, world: World, *, api_prefix: str, www_prefix: str, www_url: str) -> None:
        self._world = world
        self._kept = world.collection("signed_addresses")
        self._prefixes = (api_prefix, www_prefix)
        self._www_url = www_url

    def answer(self, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        asked = _asked(request)
        if asked["hiringContext"] not in application["contracts"]:
            words = f"Caller is not authorized to access the contract: {asked['hiringContext']}"
            raise refuse(403, words, code=65600)
        signature = secrets.token_urlsafe(96)
        self._keep(signature, asked, application["client_id"])
        url = f"{self._host(request)}{AMBRY_PATH}?{SIGNATURE}={signature}"
        return SimulatedAnswer(status=201, headers=self._headers(url))

    def used(self, signature: str, client_id: str) -> Document:
        """What the address was made for; it is worn by that. Refused when it is unknown, foreign, too old or worn."""
        found = self._kept.get(digest(signature))
        if found is None or found["client_id"] != client_id:
            raise refuse(403, "The upload URL is not valid")
        if found["expires_at"] <= self._world.clock.now():
            raise refuse(403, "The upload URL has expired")
        if found["uses_left"] <= 0:
            raise refuse(403, "The upload URL has been used")
        self._kept.put(digest(signature), {**found, "uses_left": found["uses_left"] - 1})
        return found

    def _keep(self, signature: str, asked: Document, client_id: str) -> None:
        ttl = asked.get("blobTtl")
        settings, now = self._world.settings, self._world.clock.now()
        is_stale = self._world.record_mood("stale_address", ENDPOINT, external_id="") is not None
        kept = {
            "client_id": client_id,
            "contract": asked["hiringContext"],
            "content_type": asked["contentType"],
            "ttl_ms": ttl["duration"] * UNIT_MS[ttl["unit"]] if ttl else None,
            "expires_at": now if is_stale else now + float(settings["address_seconds"]),
            "uses_left": int(settings["address_uses"]),
        }
        self._kept.put(digest(signature), kept)

    def _host(self, request: SimulatedRequest) -> str:
        """Where the client finds the other host: through the served door, beside this one."""
        if told := str(self._world.settings["upload_url"]):
            return told.rstrip("/")
        api, www = self._prefixes
        return request.origin.removesuffix(api) + www if request.origin else self._www_url

    def _headers(self, url: str) -> dict[str, str]:
        """6.2: the id in a header that 2.0.0 does not use, and in the location; or one of them alone, as set."""
        location = f"/{ENDPOINT}/{quote(url, safe='=')}"
        match self._world.settings["address_header"]:
            case "location":
                return {"location": location}
            case name:
                return {str(name): url, "location": location}


def _asked(request: SimulatedRequest) -> Document:
    if request.header(HEADER).strip() != Two.version or request.query:
        raise refuse(400, f"POST operation not supported for URI: '{request.route}' without {HEADER}: {Two.version}")
    check_method(request, "create")
    if request.media_type != JSON:
        raise refuse(415, f"Unsupported Content-Type: {request.media_type}")
    content = _parsed(request)
    if found := list(_faults(content)):
        raise refuse(422, worded(found))
    return content


def _parsed(request: SimulatedRequest) -> Document:
    try:
        content = json.loads(request.body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise refuse(400, "Cannot parse request entity")
    return content


def _faults(content: Mapping[str, Any]) -> Iterator[str]:
    yield from faults(ASKED, content)
    if content.get("usageParameters") == {}:
        yield "/usageParameters :: a union has exactly one member"


def signature_in(part: str) -> str:
    """The signature of a query's first part; refused where it is not there."""
    found = re.fullmatch(rf"{SIGNATURE}=([A-Za-z0-9_-]+)", part)
    if found is None:
        raise _unsigned()
    return found[1]


def _unsigned() -> Refused:
    return refuse(400, f"The parameter {SIGNATURE} is missing")
