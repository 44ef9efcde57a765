"""The calls of one step to Harvest: token, headers, one deadline for all of them, pages, and what was exchanged.

A wire is made for one step and thrown away; what is shared between threads (connections, token) lies below it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from connectors.base.errors import ConnectorError, Unanswered
from connectors.base.paging import next_link, pages
from connectors.base.results import Exchange
from connectors.base.tokens import TokenProvider
from connectors.base.transport import Request, Response, Transport
from connectors.greenhouse.answers import Dialect, object_of, refusal, rows_of

# The share of a step's time after which no further write starts: what is left is for looking again.
WRITING_SHARE = 2 / 3


class Wire:
    """Sends the calls of one step, each with the token, none after the step's time is up."""

    def __init__(
        self,
        *,
        transport: Transport,
        tokens: TokenProvider,
        dialect: Dialect,
        step_deadline: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport, self._tokens, self._dialect, self._clock = transport, tokens, dialect, clock
        self._ends = clock() + step_deadline
        self._writing_ends = clock() + step_deadline * WRITING_SHARE
        self.exchanges: list[Exchange] = []

    @property
    def may_start_more(self) -> bool:
        """Whether there is time for another write and for looking again after it."""
        return self._clock() < self._writing_ends

    @contextmanager
    def telling(self) -> Iterator[None]:
        """What goes wrong inside tells of all calls of the step: the vendor has counted them."""
        try:
            yield
        except ConnectorError as error:
            error.earlier = tuple(each for each in self.exchanges if each is not error.exchange)
            raise

    def read(self, path: str, *, needs: str) -> Response:
        """One GET; without a body, because v1 refuses a GET that carries one."""
        return self._call(Request(method="GET", path=path, headers={"Accept": "application/json"}), needs=needs)

    def rows(self, path: str, *, needs: str) -> list[Any]:
        """All rows of a list. Follows the vendor's links verbatim and raises for any page that cannot be read."""

        def fetch(page: str) -> tuple[list[Any], str | None]:
            response = self.read(page, needs=needs)
            following = next_link(response.headers)
            return rows_of(response), self._transport.path_of(following) if following else None

        try:
            return [row for page in pages(path, fetch) for row in page]
        except Unanswered as error:
            if self.exchanges and error.exchange is None:  # the page that could not be read
                error.exchange = self.exchanges[-1]
            raise

    def patch(self, path: str, body: Mapping[str, Any], *, needs: str, headers: Mapping[str, str]) -> dict[str, Any]:
        """One PATCH and the object it answers with."""
        sent = {"Accept": "application/json", "Content-Type": "application/json", **headers}
        request = Request(method="PATCH", path=path, headers=sent, body=json.dumps(body).encode())
        return object_of(self._call(request, needs=needs))

    def _call(self, request: Request, *, needs: str) -> Response:
        token = self._tokens.get()
        response = self._send(request, token)
        if response.status == 401:
            fresh = self._tokens.replace(token)
            response = self._send(request, fresh) if fresh != token else response
        if response.status >= 400:
            raise refusal(response, needs=needs, dialect=self._dialect)
        return response

    def _send(self, request: Request, token: str) -> Response:
        remaining = self._ends - self._clock()
        if remaining <= 0:
            raise Unanswered("The time for this step is up.")
        headers = {**request.headers, "Authorization": f"{self._dialect.scheme} {token}"}
        timed = Request(method=request.method, path=request.path, headers=headers, body=request.body)
        try:
            response = self._transport.call(timed, wall_deadline=remaining)
        except ConnectorError as error:
            self._note(error.exchange)
            raise
        self._note(response.exchange)
        return response

    def _note(self, exchange: Exchange | None) -> None:
        if exchange:
            self.exchanges.append(exchange)
