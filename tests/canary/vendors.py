"""The simulated vendors with two habits more: they remember every byte that was sent, and may throw it back."""

from __future__ import annotations

import json
from typing import Any

from connectors.base.simulation import Mood, SimulatedAnswer, SimulatedRequest
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin

MIRROR = {"mirror": "an error page that holds all that was sent (status; message = html or json)"}


class Listening:
    """Mixed into a simulator."""

    heard: list[SimulatedRequest]

    def answer(self, sent: Any, *, door: str) -> SimulatedAnswer:
        self.heard.append(SimulatedRequest.of(sent))
        return super().answer(sent, door=door)

    def in_mood(self, mood: Mood, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer | None:
        return reflection(mood, request) if mood.kind == "mirror" else super().in_mood(mood, request, endpoint)


class ListeningLinkedin(Listening, Linkedin):
    own_moods = {**Linkedin.own_moods, **MIRROR}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.heard = []


class ListeningGreenhouse(Listening, Greenhouse):
    own_moods = {**Greenhouse.own_moods, **MIRROR}

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.heard = []


def reflection(mood: Mood, request: SimulatedRequest) -> SimulatedAnswer:
    """Everything that was sent, in every place of an error where a client looks for words and codes."""
    said = "\n".join(
        [request.path, request.body.decode(), *(f"{name}: {value}" for name, value in request.headers.items())]
    )
    if mood.message == "html":
        page = f"<html><body><h1>{mood.status}</h1><pre>{said}</pre></body></html>".encode()
        return SimulatedAnswer(status=mood.status, headers={"Content-Type": "text/html"}, body=page)
    places = ("message", "error", "error_description", "code", "serviceErrorCode")
    error = {**dict.fromkeys(places, said), "errors": [{"message": said, "field": said}], "status": mood.status}
    told = {"Content-Type": "application/json", "X-Request-Id": "mirror"}
    return SimulatedAnswer(status=mood.status, headers=told, body=json.dumps(error).encode())
