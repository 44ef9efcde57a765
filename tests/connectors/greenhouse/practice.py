"""A client at work against the simulated Greenhouse, in either version."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.base.resource import Entry
from connectors.base.results import Answer, Outcome
from connectors.base.tokens import FixedToken, TokenProvider
from connectors.base.transport import Arrived, FunctionAdapter, Transport
from connectors.greenhouse.auth import basic_token, fetch_token
from connectors.greenhouse.client import GreenhouseClient
from connectors.greenhouse.simulator import Greenhouse

API, AUTH = "https://harvest.greenhouse.io", "https://auth.greenhouse.io"
ACTING_USER = "4410027"


class OneToken:
    """Keeps the one token of a credential, as the application's provider does."""

    def __init__(self, transport: Transport, *, acting_user_id: str = ACTING_USER) -> None:
        self._transport, self._acting_user_id = transport, acting_user_id
        self._value = ""

    def get(self) -> str:
        return self._value or self.replace("")

    def replace(self, refused: str) -> str:
        if self._value == refused:
            token = fetch_token(
                self._transport,
                client_id="sim-client",
                client_secret="sim-secret",
                acting_user_id=self._acting_user_id,
            )
            self._value = token.value
        return self._value


class Line:
    """The way between client and simulator, on which other things may happen between two calls."""

    def __init__(self, greenhouse: Greenhouse) -> None:
        self._greenhouse = greenhouse
        self._waiting: list[tuple[str, Callable[[], object]]] = []
        self._always: list[Callable[[], object]] = []

    def then(self, at: str, do: Callable[[], object]) -> None:
        """Do this once, right after the next call whose "METHOD path" mentions `at`."""
        self._waiting.append((at, do))

    def every(self, do: Callable[[], object]) -> None:
        """Do this with every call."""
        self._always.append(do)

    def handle(self, arrived: Arrived) -> Any:
        for do in self._always:
            do()
        due = next((each for each in self._waiting if each[0] in f"{arrived.method} {arrived.path}"), None)
        try:
            return self._greenhouse.handle(arrived)
        finally:
            if due:
                self._waiting.remove(due)
                due[1]()


@dataclass(frozen=True, kw_only=True)
class Practice:
    """The simulator, the line to it, and one client."""

    api: str
    greenhouse: Greenhouse
    line: Line
    client: GreenhouseClient

    def send(self, requisition_id: str = "R-1", **payload: Any) -> Outcome:
        return self.answer(requisition_id, **payload).outcomes["J"]

    def answer(self, requisition_id: str = "R-1", **payload: Any) -> Answer:
        wanted = {"requisition_id": requisition_id, **payload}
        return self.client.resources["jobs"].send([Entry(key="J", verb="CLOSE", payload=wanted)])

    def check(self, **wanted: dict[str, Any]) -> Answer:
        return self.client.resources["jobs"].check([Entry(key=key, payload=each) for key, each in wanted.items()])

    def patches(self) -> list[str]:
        return [call.path for call in self.greenhouse.calls if call.method == "PATCH"]


def client_of(
    line: Line | Greenhouse, api: str, *, acting_user_id: str = ACTING_USER, **options: Any
) -> GreenhouseClient:
    """A client with a token provider of its own, as another process would have."""
    harvest, auth = (Transport(url, adapter=FunctionAdapter(url, line.handle)) for url in (API, AUTH))
    tokens: TokenProvider = FixedToken(basic_token("sim-key"))
    if api == "v3":
        tokens = OneToken(auth, acting_user_id=acting_user_id)
    return GreenhouseClient(transport=harvest, tokens=tokens, api=api, acting_user_id=acting_user_id, **options)


def practice_of(api: str, *, clock: Callable[[], float] = time.monotonic, **settings: Any) -> Practice:
    greenhouse = Greenhouse(**settings)
    greenhouse.seed_credential()
    greenhouse.seed_key()
    greenhouse.seed_close_reason(512, "Filled")
    line = Line(greenhouse)
    return Practice(api=api, greenhouse=greenhouse, line=line, client=client_of(line, api, clock=clock))
