"""What the page's forms do: set a mood, calm everybody, move the clock. Each is a POST from this very page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from connectors.base.simulation.controls import Controls, is_same_origin
from connectors.base.simulation.exchange import SimulatedAnswer, SimulatedRequest, json_answer
from connectors.base.simulation.page import page
from connectors.base.simulation.simulator import Simulator

NUMBERS: dict[str, Callable[[str], Any]] = {"times": int, "status": int, "seconds": float}


class Forms:
    """The page and its three forms."""

    def __init__(self, simulators: Sequence[Simulator], controls: Controls) -> None:
        self._simulators = simulators
        self._controls = controls
        self._posts: dict[str, Callable[[dict[str, str]], str]] = {
            "/mood": self._mood,
            "/calm": self._calm,
            "/clock": self._clock,
        }

    def answer(self, request: SimulatedRequest) -> SimulatedAnswer:
        if request.method in ("GET", "HEAD") and request.route == "/":
            return page(self._simulators, notice=dict(request.parameters).get("told", ""))
        if request.method == "POST" and request.route in self._posts:
            return self._post(request)
        return json_answer(404, {"error": "there is a page at / and the vendors under their prefixes"})

    def _post(self, request: SimulatedRequest) -> SimulatedAnswer:
        if not is_same_origin(request):
            return json_answer(403, {"error": "this form is sent from its own page only"})
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        try:
            told = self._posts[request.route](form)
        except ValueError as error:
            told = f"Not done: {error}"
        return SimulatedAnswer(status=303, headers={"Location": f"/?{urlencode({'told': told})}"})

    def _mood(self, form: dict[str, str]) -> str:
        vendor = form.pop("vendor", "")
        self._controls.add_mood(vendor, _mood_values(form))
        return "The mood is set."

    def _calm(self, form: dict[str, str]) -> str:
        self._controls.calm()
        return "All moods are forgotten."

    def _clock(self, form: dict[str, str]) -> str:
        hours = float(form.get("hours", "0"))
        self._controls.advance(hours * 3600)
        return f"The vendors' clocks moved forward by {hours:g} hours."


def _mood_values(form: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: NUMBERS.get(name, str)(value) for name, value in form.items()}
    return {**values, "applied": "applied" in form}
