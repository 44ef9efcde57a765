"""Lists of simulated Harvest v3: filters, `ids`, `per_page` and the cursor that stands alone (greenhouse.md 2.5)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, json_answer
from connectors.greenhouse.simulator.wire import unprocessable

MOST_PER_PAGE = 500
USUAL_PER_PAGE = 100
MOST_IDS = 50
CURSOR_ALONE = "When passing a cursor, do not include other query params."

Filters = Mapping[str, Any]
Filter = Callable[[str, str], Any]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One collection: its filters, where the rows come from, and how a row looks outside."""

    name: str
    filters: Mapping[str, Filter]
    rows: Callable[[str, Filters], list[Document]]
    shown: Callable[[Document], Document]

    def answer(self, request: SimulatedRequest, *, account: str, url: str) -> SimulatedAnswer:
        parameters = dict(request.parameters)
        if len(request.parameters) != len(parameters):
            raise unprocessable("A query parameter was given twice.")
        after: int | None = None
        if "cursor" in parameters:
            if len(parameters) > 1:
                raise unprocessable(CURSOR_ALONE)
            parameters, after = self._resumed(parameters["cursor"])
        return self._page(parameters, after, account=account, url=url)

    def _page(self, parameters: dict[str, str], after: int | None, *, account: str, url: str) -> SimulatedAnswer:
        per_page = _per_page(parameters.get("per_page", str(USUAL_PER_PAGE)))
        rows = sorted(self.rows(account, self._understood(parameters)), key=lambda row: -int(row["id"]))
        rest = [row for row in rows if after is None or row["id"] < after]
        page = rest[:per_page]
        headers = {}
        if len(rest) > per_page:
            cursor = self._cursor(parameters, page[-1]["id"])
            headers["Link"] = f'<{url}/v3/{self.name}?cursor={quote(cursor, safe="")}>; rel="next"'
        return json_answer(200, [_selected(self.shown(row), parameters) for row in page], headers=headers)

    def _understood(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        found = {}
        for name, value in parameters.items():
            if name in ("per_page", "fields"):
                continue
            if name not in self.filters:
                raise unprocessable({name: "is not a known query parameter"})
            found[name] = self.filters[name](name, value)
        return found

    def _cursor(self, parameters: Mapping[str, str], after: int) -> str:
        content = {"of": self.name, "with": dict(parameters), "after": after}
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()

    def _resumed(self, cursor: str) -> tuple[dict[str, str], int]:
        try:
            content = json.loads(base64.urlsafe_b64decode(cursor))
            if content["of"] == self.name:
                return dict(content["with"]), int(content["after"])
        except (binascii.Error, ValueError, KeyError, TypeError):
            pass
        raise unprocessable({"cursor": "is not valid"})


def ids(name: str, value: str) -> list[int]:
    parts = value.split(",")
    if len(parts) > MOST_IDS:
        raise unprocessable({name: f"array size is greater than: {MOST_IDS}"})
    if not all(part.strip().isdecimal() for part in parts):
        raise unprocessable({name: "is not a list of ids"})
    return [int(part) for part in parts]


def text(name: str, value: str) -> str:
    return value


def flag(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise unprocessable({name: f"`{value}` is not a boolean"})
    return value == "true"


def one_of(*allowed: str) -> Filter:
    def check(name: str, value: str) -> str:
        if value not in allowed:
            raise unprocessable({name: f"`{value}` is not one of: {', '.join(allowed)}"})
        return value

    return check


def _per_page(value: str) -> int:
    if not value.lstrip("-").isdecimal():
        raise unprocessable({"per_page": f"`{value}` is not a number"})
    if int(value) > MOST_PER_PAGE:
        raise unprocessable({"per_page": f"`{value}` number is greater than: {MOST_PER_PAGE}"})
    if int(value) < 1:
        raise unprocessable({"per_page": f"`{value}` number is less than: 1"})
    return int(value)


def _selected(row: Document, parameters: Mapping[str, str]) -> Document:
    if "fields" not in parameters:
        return row
    wanted = parameters["fields"].split(",")
    return {name: value for name, value in row.items() if name in wanted}
