"""The token endpoint of simulated LinkedIn and the check of the bearer token (linkedin.md 1 and 8.1)."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from connectors.base.simulation import Document, Refused, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.linkedin.simulator.applications import Applications, digest
from connectors.linkedin.simulator.wire import (
    CODE_EMPTY_TOKEN,
    CODE_EXPIRED_TOKEN,
    CODE_INVALID_TOKEN,
    CODE_REVOKED_TOKEN,
    FORM,
    refuse,
)

LIFETIME_SECONDS = 1800  # linkedin.md 1.3
# A client that renews a little early is right to; one that mints with this much left on the old token is not.
WASTEFUL_SECONDS = 300


class Tokens:
    """Mints tokens per application and knows whom a bearer token stands for."""

    def __init__(self, world: World, applications: Applications) -> None:
        self._world = world
        self._applications = applications
        self._kept = world.collection("tokens")
        self._by_client = world.collection("tokens_by_client")
        self._warnings = world.collection("warnings")

    def mint(self, request: SimulatedRequest) -> SimulatedAnswer:
        """`POST /oauth/v2/accessToken`; errors have OAuth's shape and not the API's."""
        if request.method != "POST" or request.media_type != FORM or request.query:
            raise oauth_error(400, "invalid_request", "The request must be a POST with a form-encoded body")
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        application = self._authenticated(form)
        token = "AQX" + secrets.token_urlsafe(48)
        self._keep(application["client_id"], token)
        lifetime = str(LIFETIME_SECONDS) if self._world.settings["expires_in_as_text"] else LIFETIME_SECONDS
        return json_answer(200, {"access_token": token, "expires_in": lifetime})

    def application_of(self, request: SimulatedRequest) -> Document:
        """The application whose token the call carries."""
        kind, _, token = request.header("authorization").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise refuse(401, "Empty oauth2_access_token", code=CODE_EMPTY_TOKEN)
        kept = self._kept.get(digest(token.strip()))
        application = self._applications.get(kept["client_id"]) if kept else None
        if kept is None or application is None:
            raise refuse(401, "Invalid access token", code=CODE_INVALID_TOKEN)
        if kept["revoked"]:
            raise refuse(401, "The token used in the request has been revoked", code=CODE_REVOKED_TOKEN)
        if kept["expires_at"] <= self._world.clock.now():
            raise refuse(401, "The token used in the request has expired", code=CODE_EXPIRED_TOKEN)
        return application

    def revoke(self, client_id: str) -> None:
        """Every live token of the application stops working."""
        for key in self.live(client_id):
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.put(key, {**kept, "revoked": True})

    def live(self, client_id: str) -> list[str]:
        """The digests of the tokens that work now."""
        known = (self._by_client.get(client_id) or {"digests": []})["digests"]
        return [key for key in known if self._left(key) > 0]

    def warnings(self) -> list[str]:
        return [warning["text"] for warning in self._warnings.all()]

    def _authenticated(self, form: dict[str, str]) -> Document:
        if "grant_type" not in form:
            raise oauth_error(400, "invalid_request", 'A required parameter "grant_type" is missing')
        if form["grant_type"] != "client_credentials":
            raise oauth_error(400, "unsupported_grant_type", "Only client_credentials is supported here")
        if not form.get("client_id") or not form.get("client_secret"):
            raise oauth_error(400, "invalid_request", "A required parameter is missing")
        application = self._applications.with_secret(form["client_id"], form["client_secret"])
        if application is None:
            raise oauth_error(401, "invalid_client", "Client authentication failed")
        if not application["may_mint"]:
            text = "This application is not allowed to create application tokens"
            raise oauth_error(401, "access_denied", text)
        return application

    def _keep(self, client_id: str, token: str) -> None:
        live = self.live(client_id)
        if any(self._left(key) > WASTEFUL_SECONDS for key in live):
            number = self._world.next_number("warnings", first=1)
            text = f"{client_id} holds {len(live) + 1} live tokens; one is to be shared until it ends"
            self._warnings.put(str(number), {"text": text})
        expires_at = self._world.clock.now() + LIFETIME_SECONDS
        self._kept.put(digest(token), {"client_id": client_id, "expires_at": expires_at, "revoked": False})
        self._by_client.put(client_id, {"digests": [*live, digest(token)]})

    def _left(self, key: str) -> float:
        kept = self._kept.get(key)
        return 0.0 if kept is None or kept["revoked"] else kept["expires_at"] - self._world.clock.now()


def oauth_error(status: int, name: str, description: str) -> Refused:
    return Refused(json_answer(status, {"error": name, "error_description": description}))
