"""`POST /v2/simpleJobPostings` of simulated LinkedIn: batch_create of posting operations (linkedin.md 3.1 to 3.8).

A call is vetted as a whole before anything of it becomes a task: what is refused has done nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.linkedin.simulator.applications import JOBS
from connectors.linkedin.simulator.board import ALREADY_CLOSED, Board
from connectors.linkedin.simulator.extensions import total_budget
from connectors.linkedin.simulator.fields import check_enumerations, faults
from connectors.linkedin.simulator.tasks import Tasks, new_urn
from connectors.linkedin.simulator.throttle import Throttle
from connectors.linkedin.simulator.vetting import check_whole_call, moment_fault, workplace_fault
from connectors.linkedin.simulator.wire import no_permission, refuse, too_many

MOST_RECORDS = 100  # 3.1
UNPERMITTED = (
    "Unpermitted fields present in REQUEST_BODY: Data Processing Exception while processing fields "
    "[/elements/onsiteApplyConfiguration]"
)  # 3.8 gives the words for the whole of /elements; that a single field is named is a guess


@dataclass(frozen=True, kw_only=True)
class Vetted:
    """One element with the task it will become, or the error it gets instead."""

    element: Document
    urn: str
    error: Document | None = None


class Postings:
    """The intake of posting operations."""

    def __init__(self, world: World, board: Board, tasks: Tasks, throttle: Throttle) -> None:
        self._world = world
        self._board = board
        self._tasks = tasks
        self._throttle = throttle

    def answer(self, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        # 3.8: without the header the documented answer is about permissions.
        if request.header("x-restli-method").strip().lower() != "batch_create":
            raise no_permission("POST", JOBS)
        elements = self._elements(request)
        self._throttle.count_records(application["client_id"], JOBS, len(elements))
        vetted = [self._vet(element) for element in elements]
        accepted = [one for one in vetted if one.error is None]
        self._check_rights([one.element for one in accepted], application)
        self._check_closes([one.element for one in accepted], application)
        for one in accepted:
            self._tasks.submit(application, one.element, urn=one.urn)
        shown = [_as_answered(one) for one in vetted if not self._is_forgotten(one.element)]
        return json_answer(200, {"elements": shown})

    def _elements(self, request: SimulatedRequest) -> list[Document]:
        if request.media_type not in ("", "application/json"):
            raise refuse(415, f"Unsupported Content-Type: {request.media_type}")
        elements = _parsed(request.body)
        if len(elements) > MOST_RECORDS:
            raise refuse(400, too_many(len(elements), MOST_RECORDS, "batch_create"))
        # 3.8: a number in place of the id is answered with nothing better than this.
        if any(isinstance(element.get("externalJobPostingId"), int) for element in elements):
            raise refuse(500)
        ids = Counter(str(element.get("externalJobPostingId")) for element in elements)
        twice = [name for name, count in ids.items() if count > 1 and name != "None"]
        if twice:
            raise refuse(400, f"Duplicate key in batch request body: '{twice[0]}'")
        return elements

    def _vet(self, element: Document) -> Vetted:
        urn = new_urn()
        check_enumerations(element)
        error = self._error_of(element)
        if error is None:
            check_whole_call(element, urn)
        return Vetted(element=element, urn=urn, error=error)

    def _error_of(self, element: Document) -> Document | None:
        required = bool(self._world.settings["poster_email_required"])
        found = faults(element, poster_email_required=required)
        if found:
            return {"status": 422, "message": "".join(f"ERROR :: {fault}\n" for fault in found)}
        status, words = workplace_fault(element)
        if status:
            return {"status": status, "message": words}
        code, words = moment_fault(element, self._world.clock.milliseconds())
        if code:
            return _newer_error(element, code, words)
        return self._rejection(element)

    def _rejection(self, element: Document) -> Document | None:
        """What a mood has in store for this posting."""
        external_id, title = element["externalJobPostingId"], element["title"]
        mood = self._world.record_mood("reject", JOBS, external_id=external_id, title=title)
        if mood is None:
            return None
        return {"status": mood.status or 422, "message": mood.message or "ERROR :: /title :: is not acceptable\n"}

    def _check_rights(self, elements: list[Document], application: Document) -> None:
        for element in elements:
            organization, contract = element.get("integrationContext"), element.get("contract")
            if organization and organization not in application["organizations"]:
                raise no_permission("POST", JOBS)
            if contract and contract not in application["slots"]:
                raise refuse(403, f"Caller is not authorized to access the jobs for contract: {contract}", code=65600)
        self._check_slots(elements, application)
        self._check_extensions(elements, application)

    def _check_extensions(self, elements: list[Document], application: Document) -> None:
        """What needs an agreement of its own (3.4, 3.8)."""
        settings = self._world.settings
        if not settings["apply_connect"] and any("onsiteApplyConfiguration" in element for element in elements):
            raise refuse(403, UNPERMITTED)
        posts = [element for element in elements if total_budget(element) and _is_put_up(element)]
        if posts and not settings["pay_for_performance"]:
            raise refuse(403, "Caller is not authorized to access the fp4p contract")
        for element in posts if settings["lifetime_budget"] is not None else ():
            if self._spent(elements, element["contract"], application) > settings["lifetime_budget"]:
                raise refuse(402, f"Insufficient lifetime budget for contract: {element['contract']}")

    def _spent(self, elements: list[Document], contract: str, application: Document) -> float:
        """What the budgets of a contract come to, with those of this call."""
        sent = {element["externalJobPostingId"]: element for element in elements if _is_put_up(element)}
        mine = [one for one in self._board.all() if one["client_id"] == application["client_id"]]
        held = {one["external_id"]: one["fields"] for one in mine if self._board.status_of(one) == "LISTED"}
        budgets = [total_budget(one) for one in {**held, **sent}.values() if one.get("contract") == contract]
        return sum(float(budget["amount"]) for budget in budgets if budget)

    def _check_slots(self, elements: list[Document], application: Document) -> None:
        wanted = Counter(element["contract"] for element in elements if self._takes_a_slot(element, application))
        for contract, count in wanted.items():
            slots = application["slots"][contract]
            used = self._board.premium_in_use(contract) + self._tasks.premium_in_work(contract)
            if slots is not None and used + count > slots:
                raise refuse(402, f"Insufficient job slots for contract = {contract} for purchase flow")

    def _takes_a_slot(self, element: Document, application: Document) -> bool:
        if element.get("listingType") != "PREMIUM" or not _is_put_up(element):
            return False
        posting = self._board.find(application["client_id"], element["externalJobPostingId"])
        had_one = posting is not None and posting["contract"] and self._board.status_of(posting) == "LISTED"
        return not had_one

    def _check_closes(self, elements: list[Document], application: Document) -> None:
        """One posting that cannot be closed brings the whole call down (3.8), unless set otherwise (10.1, row 26)."""
        if self._world.settings["close_conflict"] != "call":
            return
        closes = [element for element in elements if element["jobPostingOperationType"] == "CLOSE"]
        for element in closes:
            if not self._board.is_live(application["client_id"], element["externalJobPostingId"]):
                raise refuse(409, ALREADY_CLOSED)

    def _is_forgotten(self, element: Document) -> bool:
        external_id = str(element.get("externalJobPostingId", ""))
        return self._world.record_mood("forget", JOBS, external_id=external_id) is not None


def _is_put_up(element: Document) -> bool:
    return element["jobPostingOperationType"] in ("CREATE", "UPDATE")


def _parsed(body: bytes) -> list[Document]:
    try:
        content: Any = json.loads(body)
    except ValueError:
        raise refuse(400, "Cannot parse request entity") from None
    elements = content.get("elements") if isinstance(content, dict) else None
    if not isinstance(elements, list) or not all(isinstance(element, dict) for element in elements):
        raise refuse(400, "Cannot parse request entity")
    return elements


def _as_answered(one: Vetted) -> Document:
    if one.error is not None:
        return {"status": one.error["status"], "error": one.error}
    return {"status": 202, "id": one.urn, "location": f"/simpleJobPostings/{quote(one.urn, safe='')}"}


def _newer_error(element: Document, code: str, words: str) -> Document:
    """The error object of 2025 (3.7)."""
    return {
        "status": 422,
        "code": code,
        "message": f"ERROR :: {words}\n",
        "errorDetailType": "com.linkedin.restli.common.ErrorDetails",
        "errorDetails": {"externalJobPostingId": element["externalJobPostingId"]},
    }
