"""Access tokens: how a client asks for one, and what a vendor's token endpoint gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, repr=False)
class Token:
    """A bearer token and for how many seconds from now it is good."""

    value: str
    expires_in: float


class TokenProvider(Protocol):
    """Gives one shared token per credential.

    `get` returns a token that is still good. `replace` is called once after a 401 with the token that was refused and
    returns a different one, fetched anew unless another worker already did. Both may raise what `FetchToken` raises,
    and `TokenBusy`.
    """

    def get(self) -> str: ...

    def replace(self, refused: str) -> str: ...


FetchToken = Callable[[], Token]
"""Asks the vendor's token endpoint. Raises `Unauthorized` for wrong credentials, otherwise any `ConnectorError`."""


class FixedToken:
    """A token that never changes (Greenhouse v1's Basic key); `replace` has nothing else to offer."""

    def __init__(self, value: str) -> None:
        self._value = value

    def get(self) -> str:
        return self._value

    def replace(self, refused: str) -> str:
        return self._value
