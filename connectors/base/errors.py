"""What can go wrong with a whole call, by what it means and not by its status code.

    ConnectorError
    ├── NotSent                  nothing left this machine
    │   ├── Unmappable           the record cannot be said in the vendor's words
    │   ├── WouldErase           it would erase what the vendor holds, and nobody agreed
    │   ├── TooLong              over a documented size limit, and tunneling does not help
    │   ├── Misconfigured        the connection lacks what the call needs, or its address is not allowed
    │   └── TokenBusy            another worker is fetching the token right now
    ├── Unreachable              no connection: name, refusal, TLS; nothing was applied
    ├── Unanswered               sent, but no complete and readable answer: it may have been applied
    └── Refused                  a complete answer that says no to the whole call
        ├── Unauthorized         401: the token or the credentials
        ├── Forbidden            403: the right, the product, the contract, the scope
        ├── Throttled            429: too many calls
        └── Rejected             any other 4xx

A record's own failure inside a successful call is not an exception: it is an `Outcome` (see results).

`str(error)` never holds what a vendor wrote, because vendors quote the data they refuse. Their words are in `words`
and are encrypted before they are stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from connectors.base.results import Exchange


class ConnectorError(Exception):
    """Something went wrong between us and a vendor."""

    may_have_been_applied: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        status: int | None = None,
        code: str = "",
        words: str = "",
        exchange: Exchange | None = None,
    ) -> None:
        """`detail` is ours and safe to log; `words` are the vendor's and are not."""
        self.detail = detail
        self.status = status
        self.code = code
        self.words = words
        self.exchange = exchange
        self.earlier: tuple[Exchange, ...] = ()  # calls that were made before the one that went wrong
        super().__init__(detail)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        return (*self.earlier, self.exchange) if self.exchange else self.earlier

    def __str__(self) -> str:
        request_id = self.exchange.request_id if self.exchange else ""
        parts = [
            f"[{request_id}]" if request_id else "",
            (self.detail or (type(self).__doc__ or "").splitlines()[0]),
            f"(HTTP {self.status})" if self.status else "",
        ]
        return " ".join(part for part in parts if part)


@contextmanager
def after(*exchanges: Exchange) -> Iterator[None]:
    """What goes wrong inside tells of these calls, too: the vendor has counted them."""
    try:
        yield
    except ConnectorError as error:
        error.earlier = (*exchanges, *error.earlier)
        raise


class NotSent(ConnectorError):
    """Nothing was sent."""


class Unmappable(NotSent):
    """The record cannot be put into the vendor's words.

    `field` is our field's name, `detail` a sentence a person can act on (ours, without the value).
    """

    def __init__(self, detail: str, *, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


class WouldErase(NotSent):
    """The vendor holds values that this call would erase, and nobody has agreed to that.

    `fields` are their names as the vendor spells them, which hold no values.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class TooLong(NotSent):
    """The call is longer than the vendor accepts."""


class Misconfigured(NotSent):
    """The connection lacks something that this call needs."""


class TokenBusy(NotSent):
    """Another worker is fetching the access token; try again in a moment."""


class Unreachable(ConnectorError):
    """No connection could be made."""


class Unanswered(ConnectorError):
    """No complete answer came; the call may have been applied."""

    may_have_been_applied = True


class Refused(ConnectorError):
    """The vendor refused the whole call."""


class Unauthorized(Refused):
    """The vendor does not accept the credentials."""


class Forbidden(Refused):
    """The vendor does not allow this call."""


class Throttled(Refused):
    """Too many calls.

    `retry_after` is in seconds where the vendor said so; `daily` tells that the day's quota is used up.
    """

    def __init__(
        self, detail: str = "", *, retry_after: float | None = None, daily: bool = False, **luggage: object
    ) -> None:
        super().__init__(detail, **luggage)  # type: ignore[arg-type]
        self.retry_after = retry_after
        self.daily = daily


class Rejected(Refused):
    """The vendor finds the call wrong."""
