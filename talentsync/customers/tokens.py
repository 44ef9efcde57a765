"""One access token per credential, shared by all workers and refreshed by one of them at a time.

The right to refresh is a lease on the token's row, taken by a conditional update. The vendor is asked outside any
transaction, and nobody sleeps: who finds the lease taken uses the old token while it is good, and otherwise comes back
later (`TokenBusy`).

Greenhouse revokes a credential's earlier token when it issues a new one, so two refreshes side by side would undo each
other.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from connectors.base.errors import TokenBusy
from connectors.base.tokens import FetchToken, Token
from talentsync.customers.models import AccessToken, Connection

REFRESH_BEFORE = timedelta(seconds=60)  # linkedin.md 1.3, greenhouse.md 2.2
LEASE_MARGIN = timedelta(seconds=10)  # how much the lease outlasts the one call that is made under it


class SharedToken:
    """Gives the shared token of a credential. `fetch` asks the vendor for a new one."""

    def __init__(self, environment: str, destination: str, client_id: str, fetch: FetchToken) -> None:
        self._key: dict[str, Any] = {"environment": environment, "destination": destination, "client_id": client_id}
        self._fetch = fetch

    def get(self) -> str:
        """Raises what the vendor's token endpoint raises, and `TokenBusy`."""
        now, row = timezone.now(), self._row()
        if _good_until(row) > now + REFRESH_BEFORE:
            return row.token
        if fetched := self._refreshed(row, now):
            return fetched
        return self._others(now)

    def replace(self, refused: str) -> str:
        """A token other than `refused`, after a 401. Raises as `get` does."""
        now, row = timezone.now(), self._row()
        if row.token != refused and _good_until(row) > now:
            return row.token  # another worker was faster
        if fetched := self._refreshed(row, now):
            return fetched
        return self._others(now, refused=refused)

    def _row(self) -> AccessToken:
        return AccessToken.objects.get_or_create(**self._key)[0]

    def _others(self, now: datetime, *, refused: str = "") -> str:
        """What the row holds by now; the lease is in other hands, or was a moment ago."""
        row = self._row()
        if row.token != refused and _good_until(row) > now:
            return row.token
        raise TokenBusy

    def _refreshed(self, row: AccessToken, now: datetime) -> str | None:
        """A new token, or None when another worker has the lease or has just refreshed."""
        lease_name = uuid.uuid4().hex
        if not self._leased(row, lease_name, now):
            return None
        mine = AccessToken.objects.filter(pk=row.pk, lease_name=lease_name)
        try:
            token = self._fetch()
        except BaseException:
            mine.update(lease_name="", lease_ends_at=None)
            raise
        return token.value if _stored(mine, token, now) else None

    def _leased(self, row: AccessToken, lease_name: str, now: datetime) -> bool:
        """Fails also when the row was refreshed since it was read: then there is nothing left to do."""
        free = Q(lease_ends_at=None) | Q(lease_ends_at__lte=now)
        unchanged = Q(expires_at=row.expires_at) if row.expires_at else Q(expires_at=None)
        ends_at = now + timedelta(seconds=settings.WALL_DEADLINE_SECONDS) + LEASE_MARGIN
        leasable = AccessToken.objects.filter(free & unchanged, pk=row.pk)
        return bool(leasable.update(lease_name=lease_name, lease_ends_at=ends_at))


def hold_still(connection: Connection) -> None:
    """Lock the credential until the transaction ends: two customers must not take the same one at the same moment."""
    row, _ = AccessToken.objects.get_or_create(
        environment=connection.environment, destination=connection.destination, client_id=connection.client_id
    )
    AccessToken.objects.select_for_update().only("pk").get(pk=row.pk)


def forget(connection: Connection) -> None:
    """Drop the token of a connection whose secret or acting user has changed."""
    AccessToken.objects.filter(
        environment=connection.environment, destination=connection.destination, client_id=connection.client_id
    ).update(token="", expires_at=None, lease_name="", lease_ends_at=None)


def _good_until(row: AccessToken) -> datetime:
    never = datetime.min.replace(tzinfo=timezone.now().tzinfo)
    return row.expires_at if row.token and row.expires_at else never


def _stored(mine: QuerySet[AccessToken], token: Token, now: datetime) -> bool:
    """Zero rows: the lease ran out and another worker's token came later, which may have revoked this one."""
    expires_at = now + timedelta(seconds=token.expires_in)
    return bool(mine.update(token=token.value, expires_at=expires_at, lease_name="", lease_ends_at=None))
