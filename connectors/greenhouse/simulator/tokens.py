"""The token endpoint of simulated Greenhouse and the check of a v3 bearer token (greenhouse.md 2.2)."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, iso, json_answer
from connectors.greenhouse.simulator.accounts import Accounts, digest
from connectors.greenhouse.simulator.wire import (
    EXPIRED_TOKEN,
    REVOKED_TOKEN,
    UNREADABLE_TOKEN,
    oauth_error,
    unauthorized,
    with_error_id,
)

LIFETIME_SECONDS = 3600
FORM = "application/x-www-form-urlencoded"
CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{4,}")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whom a token stands for: the credential as it is now, and the user it acts as."""

    credential: Document
    user: Document | None

    @property
    def account(self) -> str:
        return str(self.credential["account"])


class Tokens:
    """One live token per client: issuing a new one revokes the one before."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self._world = world
        self._accounts = accounts
        self._kept = world.collection("tokens")
        self._by_client = world.collection("token_of_client")

    def mint(self, request: SimulatedRequest) -> SimulatedAnswer:
        client_id, client_secret = _basic(request)
        if not CLIENT_ID.fullmatch(client_id):
            raise with_error_id(400, f"client_id={client_id} does not contain a valid client ID suffix")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"))) if request.media_type == FORM else {}
        if form.get("grant_type") != "client_credentials":
            raise with_error_id(400, "grant_type is missing or not supported")
        credential = self._accounts.credential(client_id)
        if credential is None or credential["secret_digest"] != digest(client_secret):
            raise oauth_error(401, "invalid_client")
        return self._issue(credential, self._acting(form, credential))

    def caller(self, request: SimulatedRequest) -> Caller:
        """Who speaks; raises 401 in v3's words."""
        kept = self._presented(request)
        credential = self._accounts.credential(kept["client_id"]) if kept else None
        if kept is None or credential is None:
            raise unauthorized(UNREADABLE_TOKEN)
        if kept["revoked"]:
            raise unauthorized(REVOKED_TOKEN)
        if kept["expires_at"] <= self._world.clock.now():
            raise unauthorized(EXPIRED_TOKEN)
        return Caller(credential=credential, user=self._accounts.user(kept["sub"], account=credential["account"]))

    def client_of(self, request: SimulatedRequest) -> str:
        """The client whose token this is, live or not; empty if nobody's."""
        kept = self._presented(request)
        return str(kept["client_id"]) if kept else ""

    def revoke(self, client_id: str) -> None:
        current = self._by_client.get(client_id)
        kept = self._kept.get(current["digest"]) if current else None
        if current is not None and kept is not None:
            self._kept.put(current["digest"], {**kept, "revoked": True})

    def _acting(self, form: dict[str, str], credential: Document) -> int:
        if "sub" not in form:
            return int(credential["service_user"])
        sub = form["sub"]
        if not sub.isdecimal() or self._accounts.user(int(sub), account=credential["account"]) is None:
            raise with_error_id(400, "sub is not a user of this organization")
        return int(sub)

    def _issue(self, credential: Document, sub: int) -> SimulatedAnswer:
        client_id, token = credential["client_id"], "eyJ" + secrets.token_urlsafe(60)
        self.revoke(client_id)
        expires_at = self._world.clock.now() + LIFETIME_SECONDS
        self._kept.put(digest(token), {"client_id": client_id, "sub": sub, "expires_at": expires_at, "revoked": False})
        self._by_client.put(client_id, {"digest": digest(token)})
        told: Document = {"token_type": "bearer", "access_token": token}
        name = self._world.settings["expiry_field"]
        told[name] = LIFETIME_SECONDS if name == "expires_in" else iso(expires_at)
        return json_answer(200, told)

    def _presented(self, request: SimulatedRequest) -> Document | None:
        kind, _, token = request.header("authorization").partition(" ")
        return self._kept.get(digest(token.strip())) if kind.lower() == "bearer" else None


def _basic(request: SimulatedRequest) -> tuple[str, str]:
    kind, _, value = request.header("authorization").partition(" ")
    if kind.lower() != "basic" or not value:
        raise with_error_id(401, "Unauthorized")
    try:
        client_id, _, client_secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise with_error_id(401, "Unauthorized") from None
    return client_id, client_secret
