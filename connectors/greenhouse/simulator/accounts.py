"""Greenhouse accounts in practice: their credentials (v3), keys (v1), users and close reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from connectors.base.simulation import Document, World, iso

ACCOUNT = "practice"
# greenhouse.md 2.3: the least that closing a job needs, and the users list that tests an acting user.
CLOSING_SCOPES = ("jobs:list", "openings:list", "close_reasons:list", "openings:update", "users:list")
FIRST_SERVICE_USER = 9_000_001
CLOSE_REASONS = {512: "On Hold", 513: "Hire - New Headcount", 514: "Not Filling", 515: "Hire - Backfill"}


class Accounts:
    """Who may speak for which account, and who works there."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._credentials = world.collection("credentials")
        self._keys = world.collection("keys")
        self._users = world.collection("users")
        self._reasons = world.collection("close_reasons")

    def put_credential(self, *, client_id: str, client_secret: str, account: str, scopes: Iterable[str]) -> None:
        """A v3 credential with a service user of its own, who is a Site Admin."""
        known = self._credentials.get(client_id)
        service_user = known["service_user"] if known else self._world.next_number("users", first=FIRST_SERVICE_USER)
        self.put_user(service_user, account=account, name=f"Service user of {client_id}", is_service=True)
        credential: Document = {"client_id": client_id, "secret_digest": digest(client_secret), "account": account}
        credential.update(scopes=[_full(scope) for scope in scopes], service_user=service_user)
        self._credentials.put(client_id, credential)
        self._open(account)

    def put_key(self, *, api_key: str, account: str, permissions: Iterable[str]) -> None:
        """A v1 key; permissions are named like scopes."""
        names = [_full(name) for name in permissions]
        self._keys.put(digest(api_key), {"account": account, "permissions": names})
        self._open(account)

    def put_user(
        self,
        user_id: int,
        *,
        account: str,
        name: str = "",
        site_admin: bool = True,
        may_edit_jobs: bool = True,
        deactivated: bool = False,
        is_service: bool = False,
    ) -> None:
        user: Document = {
            "id": user_id,
            "account": account,
            "name": name or f"User {user_id}",
            "site_admin": site_admin,
        }
        user.update(may_edit_jobs=may_edit_jobs, deactivated=deactivated, is_service=is_service)
        user["created_at"] = iso(self._world.clock.now())
        self._users.put(str(user_id), user)

    def put_close_reason(self, reason_id: int, name: str, *, account: str) -> None:
        now = iso(self._world.clock.now())
        reason = {"id": reason_id, "name": name, "account": account, "created_at": now, "updated_at": now}
        self._reasons.put(f"{account}|{reason_id}", reason)

    def credential(self, client_id: str) -> Document | None:
        return self._credentials.get(client_id)

    def credentials(self) -> list[Document]:
        return self._credentials.all()

    def key(self, api_key: str) -> Document | None:
        return self._keys.get(digest(api_key))

    def user(self, user_id: int, *, account: str) -> Document | None:
        found = self._users.get(str(user_id))
        return found if found and found["account"] == account and not found["deactivated"] else None

    def users(self, account: str) -> list[Document]:
        return [user for user in self._users.all() if user["account"] == account]

    def close_reason(self, reason_id: int, *, account: str) -> Document | None:
        return self._reasons.get(f"{account}|{reason_id}")

    def close_reasons(self, account: str) -> list[Document]:
        return [reason for reason in self._reasons.all() if reason["account"] == account]

    def _open(self, account: str) -> None:
        """A new account starts with the close reasons of every account."""
        if not self.close_reasons(account):
            for reason_id, name in CLOSE_REASONS.items():
                self.put_close_reason(reason_id, name, account=account)


def digest(secret: str) -> str:
    """Secrets and tokens are kept only as digests: a copied file opens nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _full(scope: str) -> str:
    return scope if scope.startswith("harvest:") else f"harvest:{scope}"
