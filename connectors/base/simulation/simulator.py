"""What every simulated vendor has: one function from request to answer, moods, a clock, a call log, a store.

A vendor's own modules work on a `World`, so that each endpoint stands alone and a new one is a new module.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from connectors.base.simulation.calls import Call, CallLog, without_secrets
from connectors.base.simulation.clock import VirtualClock
from connectors.base.simulation.exchange import (
    Document,
    HangUp,
    Refused,
    Sent,
    SimulatedAnswer,
    SimulatedRequest,
    Stall,
)
from connectors.base.simulation.line import Line
from connectors.base.simulation.moods import CALL_MOODS, Mood, Moods
from connectors.base.simulation.settings import Settings
from connectors.base.simulation.store import Collection, Store

LEAVING: dict[str, type[HangUp | Stall]] = {"hang_up": HangUp, "stall": Stall}


@dataclass(frozen=True, kw_only=True)
class World:
    """All that one vendor holds and obeys."""

    name: str
    store: Store
    clock: VirtualClock
    settings: Settings
    moods: Moods

    def collection(self, name: str) -> Collection:
        return self.store.collection(f"{self.name}.{name}")

    def next_number(self, name: str, *, first: int) -> int:
        """The next of a row of numbers that goes on after a restart."""
        kept = self.collection("numbers")
        number = int((kept.get(name) or {"last": first - 1})["last"]) + 1
        kept.put(name, {"last": number})
        return number

    def record_mood(self, kind: str, endpoint: str, *, external_id: str, title: str = "") -> Mood | None:
        """The mood that waits for this record, used up by one; without an endpoint any will do."""

        def fits(mood: Mood) -> bool:
            about = not mood.match or mood.match == external_id or bool(title and mood.match in title)
            return about and (not endpoint or mood.endpoint in ("", endpoint))

        return self.moods.take({kind}, fits)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the page: a column named *Status* is shown as a mark."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    empty: str


@dataclass(frozen=True, kw_only=True)
class Door:
    """One host of a vendor: the prefix under which the served door offers it, and its public address."""

    prefix: str
    url: str


class Simulator:
    """A vendor in practice.

    In tests mount `handle` (it knows the paths of all the vendor's hosts) or, stricter, `door(name)` of each host::

        linkedin = Linkedin()
        linkedin.seed_application(client_id="sim-1", client_secret="s", organizations=["urn:li:organization:77"])
        linkedin.next("status", status=429, retry_after=7, endpoint="simpleJobPostings")
        linkedin.next("hang_up", applied=True, endpoint="simpleJobPostings", times=2)
        linkedin.calls[-1].status
        linkedin.advance(300)
    """

    name: ClassVar[str]
    doors: ClassVar[Mapping[str, Door]]
    defaults: ClassVar[Mapping[str, Any]]
    own_moods: ClassVar[Mapping[str, str]]
    endpoints: ClassVar[Sequence[str]]
    unnoted: ClassVar[Sequence[str]] = ("token",)  # whose addresses and bodies the call log leaves out

    def __init__(self, store: Store | None = None, **settings: Any) -> None:
        unknown = sorted(set(settings) - set(self.defaults))
        if unknown:
            raise TypeError(f"no such setting: {', '.join(unknown)}")
        store = store or Store()
        kept = store.collection(f"{self.name}.world")
        self.world = World(
            name=self.name,
            store=store,
            clock=VirtualClock(kept),
            settings=Settings(kept, {**self.defaults, **settings}),
            moods=Moods(
                store.collection(f"{self.name}.moods"), {**CALL_MOODS, **self.own_moods}, endpoints=self.endpoints
            ),
        )
        self._log = CallLog()

    # What tests and controls say and ask.

    @property
    def clock(self) -> VirtualClock:
        return self.world.clock

    @property
    def calls(self) -> list[Call]:
        """Every call so far, oldest first."""
        return self._log.all()

    def calls_to(self, endpoint: str, *, method: str = "") -> list[Call]:
        """The calls to one endpoint, by the method that was meant (a tunneled GET is a GET)."""
        return [call for call in self.calls if call.endpoint == endpoint and method in ("", call.method)]

    def next(self, kind: str, **options: Any) -> None:
        """The next matching call meets this mood; see `Mood` for the options and `moods.kinds` for the kinds."""
        with self.world.store.transaction():
            self.world.moods.add(Mood(kind=kind, **options))

    def always(self, kind: str, **options: Any) -> None:
        """As `next`, until `calm` or a reset."""
        self.next(kind, times=None, **options)

    def calm(self) -> None:
        """Forget every mood."""
        self.world.moods.clear()

    def configure(self, **settings: Any) -> None:
        """Change choices and numbers; the names stand in the vendor's `defaults`."""
        with self.world.store.transaction():
            self.world.settings.configure(settings)

    def advance(self, seconds: float) -> None:
        with self.world.store.transaction():
            self.world.clock.advance(seconds)

    def reset(self) -> None:
        """Forget everything: what was seeded, what was sent, moods, settings, time."""
        with self.world.store.transaction():
            self.world.store.wipe(f"{self.name}.")
        self._log.clear()

    # The one function.

    def handle(self, sent: Sent) -> SimulatedAnswer:
        """Answer a call to any host of the vendor; may raise `HangUp` or `Stall`."""
        return self.answer(sent, door="")

    def answer(self, sent: Sent, *, door: str) -> SimulatedAnswer:
        """Answer a call to one host (`door` names it; empty = whichever has the path)."""
        raw = SimulatedRequest.of(sent)
        with self.world.store.transaction():
            request = self.understood(raw)
            endpoint = self.endpoint_of(request, door)
            mood = self._mood(request, raw, endpoint)
            answer = self._answered(request, raw, mood, endpoint=endpoint, door=door)
            self._note(request, raw, endpoint, answer, mood)
        self._leave(mood)
        return answer

    def _mood(self, request: SimulatedRequest, raw: SimulatedRequest, endpoint: str) -> Mood | None:
        kinds = set(self.world.moods.kinds) - self.kinds_about_records()
        return self.world.moods.take(kinds, lambda mood: mood.fits(request, endpoint=endpoint, method=request.method))

    def _answered(
        self, request: SimulatedRequest, raw: SimulatedRequest, mood: Mood | None, *, endpoint: str, door: str
    ) -> SimulatedAnswer:
        replaced = None
        try:
            replaced = None if mood is None else self._in_place(mood, request, endpoint)
            if mood is not None and replaced is not None and not mood.applied:
                return self.dressed(replaced, request)
            answer = self.respond(request, raw, endpoint=endpoint, door=door)
        except Refused as refused:
            answer = refused.answer
        if mood is not None and mood.kind == "slow":
            answer = replace(answer, pause_seconds=mood.seconds)
        return self.dressed(replaced or answer, request)

    def _in_place(self, mood: Mood, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer | None:
        """What the mood answers; a vendor that leaves answers with status 0, which no client sees."""
        return SimulatedAnswer(status=0) if mood.kind in LEAVING else self.in_mood(mood, request, endpoint)

    def _leave(self, mood: Mood | None) -> None:
        if mood is not None and mood.kind in LEAVING:
            raise LEAVING[mood.kind](applied=mood.applied)

    def _note(
        self,
        request: SimulatedRequest,
        raw: SimulatedRequest,
        endpoint: str,
        answer: SimulatedAnswer,
        mood: Mood | None,
    ) -> None:
        is_noted = endpoint not in self.unnoted
        sent = _parsed(request.body) if is_noted else None
        call = Call(
            at=self.world.clock.now(),
            endpoint=endpoint,
            method=request.method,
            path=raw.path if is_noted else self.path_noted(request),
            override=raw.header("x-http-method-override"),
            headers=without_secrets(raw.headers),
            status=answer.status,
            records=self.records_in(request, sent),
            mood=mood.kind if mood else "",
            sent=sent,
        )
        self._log.add(call)

    # What a vendor fills in.

    def understood(self, request: SimulatedRequest) -> SimulatedRequest:
        """The request that was meant, where a vendor lets one travel inside another."""
        return request

    def endpoint_of(self, request: SimulatedRequest, door: str) -> str:
        """The short name of the resource, by which moods and tests speak of it; empty when there is none."""
        raise NotImplementedError

    def respond(self, request: SimulatedRequest, raw: SimulatedRequest, *, endpoint: str, door: str) -> SimulatedAnswer:
        raise NotImplementedError

    def error(self, status: int, *, message: str = "", code: int | None = None) -> SimulatedAnswer:
        """An error in the vendor's own shape."""
        raise NotImplementedError

    def in_mood(self, mood: Mood, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer | None:
        """The answer that a mood about a call puts in place of the ordinary one."""
        if mood.kind == "status":
            headers = dict(mood.headers)
            if mood.retry_after is not None:
                headers["Retry-After"] = str(mood.retry_after)
            answer = self.error(mood.status, message=mood.message, code=mood.code)
            return SimulatedAnswer(status=answer.status, headers={**answer.headers, **headers}, body=answer.body)
        return mood.replaced_answer()

    def kinds_about_records(self) -> set[str]:
        """The moods that wait for a record and not for a call."""
        return set()

    def dressed(self, answer: SimulatedAnswer, request: SimulatedRequest) -> SimulatedAnswer:
        """The answer as it leaves."""
        return answer.with_headers(self.common_headers(request))

    def common_headers(self, request: SimulatedRequest) -> dict[str, str]:
        return {"X-Request-Id": secrets.token_hex(8)}

    def path_noted(self, request: SimulatedRequest) -> str:
        """What the call log says of an address whose query is secret."""
        return request.route

    def line_of(self, request: SimulatedRequest, *, door: str) -> Line | None:
        """The line of a body that a served door lets through its hands without keeping it; None where it is kept."""
        return None

    def records_in(self, request: SimulatedRequest, sent: Any) -> int:
        return 0

    def state(self, *, limit: int = 100) -> Document:
        """What the vendor holds, for the page, the controls and the smoke run; without secrets."""
        return {
            "now": self.clock.now(),
            "settings": self.world.settings.all(),
            "moods": [{"kind": mood.kind, "times": mood.times} for mood in self.world.moods.waiting()],
            "calls": [_shown(call) for call in self.calls[-limit:]],
        }

    def tables(self, *, limit: int = 50) -> list[Table]:
        """What the page shows of the vendor's holdings."""
        raise NotImplementedError

    def seed(self, content: Mapping[str, Any]) -> Document:
        """Put in what the served door's `seed` control brings; raises ValueError for what it does not know."""
        raise NotImplementedError


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _shown(call: Call) -> Document:
    return {
        "at": call.at,
        "endpoint": call.endpoint,
        "method": call.method,
        "path": call.path,
        "override": call.override,
        "status": call.status,
        "records": call.records,
        "mood": call.mood,
    }
