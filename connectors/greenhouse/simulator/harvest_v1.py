"""Harvest v1 of simulated Greenhouse, the legacy way: the five calls of the vendor's article (greenhouse.md 1, 3.2).

Unlike v3 the key is checked before the address, and writes name their user in `On-Behalf-Of`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.greenhouse.simulator.accounts import Accounts, digest
from connectors.greenhouse.simulator.edits import V1_FIELDS, Edits, Unfit, body_of
from connectors.greenhouse.simulator.limits import Limits
from connectors.greenhouse.simulator.positions import Positions
from connectors.greenhouse.simulator.wire import error, invalid, refuse

MOST_PER_PAGE = 500
USUAL_PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call after its key was accepted."""

    request: SimulatedRequest
    account: str
    numbers: tuple[int, ...]
    url: str

    @property
    def parameters(self) -> dict[str, str]:
        return dict(self.request.parameters)


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: re.Pattern[str]
    permission: str
    answer: Callable[[Asked], SimulatedAnswer]


class HarvestV1:
    """The v1 endpoints that closing a job needs."""

    def __init__(self, world: World, *, accounts: Accounts, positions: Positions, edits: Edits, limits: Limits) -> None:
        self._world = world
        self._accounts = accounts
        self._positions = positions
        self._edits = edits
        self._limits = limits
        openings = r"/v1/jobs/(\d+)/openings"
        self._routes = [
            _route("GET", r"/v1/jobs", "jobs:list", self._jobs),
            _route("GET", r"/v1/jobs/(\d+)", "jobs:list", self._job),
            _route("GET", openings, "openings:list", self._openings),
            _route("GET", rf"{openings}/(\d+)", "openings:list", self._opening),
            _route("PATCH", rf"{openings}/(\d+)", "openings:update", self._patch),
            _route("GET", r"/v1/close_reasons", "close_reasons:list", self._close_reasons),
            _route("GET", r"/v1/users/(\d+)", "users:list", self._user),
        ]

    def answer(self, request: SimulatedRequest, *, url: str) -> SimulatedAnswer:
        key = self._key(request)
        self._limits.take("v1", caller_of(request))
        for route in self._routes:
            found = route.path.fullmatch(request.route)
            if found and route.method == request.method:
                self._check(request, route, key)
                numbers = tuple(int(number) for number in found.groups())
                return route.answer(Asked(request=request, account=key["account"], numbers=numbers, url=url))
        raise refuse(404)

    def _key(self, request: SimulatedRequest) -> Document:
        kind, _, value = request.header("authorization").partition(" ")
        if kind.lower() != "basic":
            raise refuse(401, "Invalid Basic Auth credentials")
        key, colon, password = _decoded(value).partition(":")
        # 1.1: a forgotten colon or base64 is 400 and not 401.
        if not colon:
            raise refuse(400)
        found = self._accounts.key(key) if not password else None
        if found is None:
            raise refuse(401, "Invalid Basic Auth credentials")
        return found

    def _check(self, request: SimulatedRequest, route: Route, key: Document) -> None:
        if route.permission not in key["permissions"] or (request.method == "GET" and request.body):
            raise refuse(403)
        if request.method != "GET":
            self._check_acting_user(request.header("on-behalf-of"), key["account"])

    def _check_acting_user(self, named: str, account: str) -> None:
        user = self._accounts.user(int(named), account=account) if named.isdecimal() else None
        if user is None:
            raise refuse(404)
        if not user["may_edit_jobs"]:
            raise refuse(403)

    def _jobs(self, asked: Asked) -> SimulatedAnswer:
        wanted = asked.parameters
        if "requisition_id" in wanted:
            rows = self._positions.jobs_with(wanted["requisition_id"], account=asked.account)
        else:
            rows = self._positions.jobs(asked.account)
        if wanted.get("status") in ("open", "closed", "draft"):
            rows = [job for job in rows if job["status"] == wanted["status"]]
        return _numbered_page([self._shown_job(job) for job in rows], asked)

    def _job(self, asked: Asked) -> SimulatedAnswer:
        job = self._positions.job(asked.numbers[0], account=asked.account)
        return json_answer(200, self._shown_job(job)) if job else error(404)

    def _openings(self, asked: Asked) -> SimulatedAnswer:
        if self._positions.job(asked.numbers[0], account=asked.account) is None:
            raise refuse(404)
        rows = self._positions.openings_of(asked.numbers[0])
        # 3.2: the documented values are these two; anything else filters nothing.
        if (named := asked.parameters.get("status")) in ("opened", "closed"):
            rows = [opening for opening in rows if opening["open"] == (named == "opened")]
        return _since_page([self._shown_opening(opening) for opening in rows], asked)

    def _opening(self, asked: Asked) -> SimulatedAnswer:
        opening = self._pair(asked)
        return json_answer(200, self._shown_opening(opening)) if opening else error(404)

    def _patch(self, asked: Asked) -> SimulatedAnswer:
        opening = self._pair(asked)
        if opening is None:
            raise refuse(404)
        body = body_of(asked.request)
        if body is None:
            raise refuse(400)
        try:
            self._edits.apply(opening, body, fields=V1_FIELDS)
        except Unfit as unfit:
            raise invalid((unfit.field, unfit.sentence)) from unfit
        # 1.6: a text and not a boolean.
        return json_answer(200, {"success": "true"})

    def _close_reasons(self, asked: Asked) -> SimulatedAnswer:
        rows = self._accounts.close_reasons(asked.account)
        return json_answer(200, [{"id": reason["id"], "name": reason["name"]} for reason in rows])

    def _user(self, asked: Asked) -> SimulatedAnswer:
        user = self._accounts.user(asked.numbers[0], account=asked.account)
        if user is None:
            return error(404)
        shown = {"id": user["id"], "name": user["name"], "site_admin": user["site_admin"], "disabled": False}
        return json_answer(200, shown)

    def _pair(self, asked: Asked) -> Document | None:
        job_id, opening_id = asked.numbers
        opening = self._positions.opening(opening_id, account=asked.account)
        return opening if opening and opening["job_id"] == job_id else None

    def _shown_job(self, job: Document) -> Document:
        shown = {"id": job["id"], "name": job["name"], "requisition_id": job["requisition_id"], "notes": None}
        shown.update(confidential=False, status=job["status"], is_template=False, copied_from_id=None)
        shown.update(
            {name: _to_the_second(job[name]) for name in ("created_at", "opened_at", "closed_at", "updated_at")}
        )
        shown.update(departments=[], offices=[], custom_fields={}, keyed_custom_fields={}, hiring_team={})
        shown["openings"] = [self._shown_opening(opening) for opening in self._positions.openings_of(job["id"])]
        return shown

    def _shown_opening(self, opening: Document) -> Document:
        shown = {name: opening[name] for name in ("id", "opening_id", "opened_at", "closed_at", "application_id")}
        shown["status"] = "open" if opening["open"] else "closed"
        reason_id = opening["close_reason_id"]
        reason = self._accounts.close_reason(reason_id, account=opening["account"]) if reason_id else None
        if reason:
            shown["close_reason"] = {"id": reason["id"], "name": reason["name"]}
        return {**shown, "custom_fields": {}, "keyed_custom_fields": {}}


def caller_of(request: SimulatedRequest) -> str:
    """Whose window a call counts in; the key itself is not kept."""
    return digest(request.header("authorization"))


def _route(method: str, path: str, permission: str, answer: Callable[[Asked], SimulatedAnswer]) -> Route:
    return Route(method=method, path=re.compile(path), permission=f"harvest:{permission}", answer=answer)


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _number(parameters: Mapping[str, str], name: str, *, usual: int, most: int | None = None) -> int:
    value = parameters.get(name, str(usual))
    if not value.isdecimal() or int(value) < (0 if name == "since_id" else 1) or (most and int(value) > most):
        raise invalid((name, "is out of range"))
    return int(value)


def _numbered_page(rows: list[Document], asked: Asked) -> SimulatedAnswer:
    """A page by number with `next`, `prev` and `last`; `skip_count` leaves out the last (1.4)."""
    wanted = asked.parameters
    size = _number(wanted, "per_page", usual=USUAL_PER_PAGE, most=MOST_PER_PAGE)
    page = _number(wanted, "page", usual=1)
    last = max(1, -(-len(rows) // size))
    links = {"next": page + 1 if page < last else 0, "prev": page - 1}
    if wanted.get("skip_count") != "true":
        links["last"] = last if last > 1 else 0
    told = [_link(asked, {**wanted, "page": str(number)}, relation) for relation, number in links.items() if number]
    return json_answer(200, rows[(page - 1) * size : page * size], headers={"Link": ", ".join(told)} if told else {})


def _since_page(rows: list[Document], asked: Asked) -> SimulatedAnswer:
    """A page after an id, with `next` only; `page` means nothing here (1.4)."""
    wanted = {name: value for name, value in asked.parameters.items() if name != "page"}
    size = _number(wanted, "per_page", usual=USUAL_PER_PAGE, most=MOST_PER_PAGE)
    since = _number(wanted, "since_id", usual=0)
    rest = [row for row in sorted(rows, key=lambda row: int(row["id"])) if row["id"] > since]
    headers = {}
    if len(rest) > size:
        headers["Link"] = _link(asked, {**wanted, "since_id": str(rest[size - 1]["id"])}, "next")
    return json_answer(200, rest[:size], headers=headers)


def _link(asked: Asked, parameters: Mapping[str, str], relation: str) -> str:
    return f'<{asked.url}{asked.request.route}?{urlencode(parameters)}>; rel="{relation}"'


def _to_the_second(moment: str | None) -> str | None:
    """1.5: some moments come with milliseconds and some without; here jobs come without."""
    return moment and f"{moment.partition('.')[0]}Z"
