"""The JSON controls of the served door under `/_control/`: seed, mood, clock, reset and state.

They are for this machine only: JSON in, no foreign origin, so that no page elsewhere can drive them through a browser.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.base.simulation.exchange import Document, Refused, SimulatedAnswer, SimulatedRequest, json_answer
from connectors.base.simulation.moods import mood_from
from connectors.base.simulation.simulator import Simulator

PREFIX = "/_control/"
USUAL_LIMIT = 100


class Controls:
    """What a test, a command or a smoke run may tell the simulators from another process."""

    def __init__(self, simulators: Sequence[Simulator]) -> None:
        self._simulators = {simulator.name: simulator for simulator in simulators}
        self._posts: dict[str, Callable[[Document], Any]] = {
            "seed": self._seed,
            "mood": self._mood,
            "clock": self._clock,
            "reset": self._reset,
        }

    def answer(self, request: SimulatedRequest) -> SimulatedAnswer:
        name = request.route.removeprefix(PREFIX)
        try:
            if request.method == "GET" and name == "state":
                return json_answer(200, self.state(request))
            if request.method == "POST" and name in self._posts:
                return json_answer(200, {"done": self._posts[name](_content(request))})
        except (ValueError, TypeError) as error:
            return json_answer(400, {"error": str(error)})
        except Refused as refused:
            return refused.answer
        return json_answer(404, {"error": "there are seed, mood, clock and reset (POST) and state (GET)"})

    def state(self, request: SimulatedRequest) -> Document:
        limit = int(dict(request.parameters).get("limit", USUAL_LIMIT))
        return {name: simulator.state(limit=limit) for name, simulator in self._simulators.items()}

    def add_mood(self, vendor: str, values: Mapping[str, Any]) -> None:
        mood = mood_from(values)
        self._vendor(vendor).world.moods.add(mood)

    def calm(self) -> None:
        for simulator in self._simulators.values():
            simulator.calm()

    def advance(self, seconds: float) -> None:
        for simulator in self._simulators.values():
            simulator.advance(seconds)

    def _seed(self, content: Document) -> Document:
        """`{"linkedin": {…}, "greenhouse": {…}}`; all of one vendor's part is put in, or nothing."""
        done = {}
        for name, part in content.items():
            simulator = self._vendor(name)
            with simulator.world.store.transaction():
                done[name] = simulator.seed(part)
        return done

    def _mood(self, content: Document) -> bool:
        """`{"vendor": …, "kind": …, …}` as in `Mood`, or `{"calm": true}` to forget all of them."""
        if content.pop("calm", False):
            self.calm()
        else:
            self.add_mood(content.pop("vendor", ""), content)
        return True

    def _clock(self, content: Document) -> Document:
        """`{"advance_seconds": n}`, `{"freeze": true}` or `{"thaw": true}`, for one `vendor` or for all."""
        for simulator in self._meant(content):
            with simulator.world.store.transaction():
                if content.get("freeze"):
                    simulator.clock.freeze()
                if content.get("thaw"):
                    simulator.clock.thaw()
                simulator.clock.advance(float(content.get("advance_seconds", 0)))
        return {name: simulator.clock.now() for name, simulator in self._simulators.items()}

    def _reset(self, content: Document) -> bool:
        for simulator in self._meant(content):
            simulator.reset()
        return True

    def _meant(self, content: Document) -> list[Simulator]:
        named = content.get("vendor")
        return [self._vendor(named)] if named else list(self._simulators.values())

    def _vendor(self, name: str) -> Simulator:
        if name not in self._simulators:
            raise ValueError(f"no such vendor: {name}; there are {', '.join(self._simulators)}")
        return self._simulators[name]


def is_same_origin(request: SimulatedRequest) -> bool:
    """Whether a browser says that the page it shows is ours; silence counts as no."""
    origin = request.header("origin")
    return origin == f"http://{request.header('host')}" if origin else request.header("sec-fetch-site") == "same-origin"


def _content(request: SimulatedRequest) -> Document:
    if request.media_type != "application/json" or (request.header("origin") and not is_same_origin(request)):
        raise Refused(json_answer(403, {"error": "controls take JSON and no foreign origin"}))
    content = json.loads(request.body)
    if not isinstance(content, dict):
        raise ValueError("a control takes a JSON object")
    return content
