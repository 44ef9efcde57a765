"""Posting tasks of simulated LinkedIn: taken in at once, finished some seconds later, asked about in batches.

linkedin.md 3.7 (submission), 3.9 (states and asking), 3.10 (failures).
"""

from __future__ import annotations

import re
import uuid

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.linkedin.simulator.board import Board, Outcome, key_of
from connectors.linkedin.simulator.dialects import batch_keys
from connectors.linkedin.simulator.vetting import task_fault
from connectors.linkedin.simulator.wire import check_method, refuse

ENDPOINT = "simpleJobPostingTasks"
URN = re.compile(r"urn:li:simpleJobPostingTask:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_urn() -> str:
    return f"urn:li:simpleJobPostingTask:{uuid.uuid4()}"


class Tasks:
    """Every task by URN, and the row of those that are still being worked on."""

    def __init__(self, world: World, board: Board) -> None:
        self._world = world
        self._board = board
        self._kept = world.collection("tasks")
        self._running = world.collection("running_tasks")
        self._busy = world.collection("busy_postings")

    def submit(self, application: Document, element: Document, *, urn: str) -> None:
        """Take an operation in; it is carried out when its time has come."""
        client_id, external_id = application["client_id"], element["externalJobPostingId"]
        task = {"id": urn, "client_id": client_id, "external_id": external_id, "element": element}
        task.update(status="IN_PROGRESS", submitted_at=self._world.clock.now(), **self._fate(application, element))
        self._kept.put(urn, task)
        self._running.put(self._place(task["due_at"]), {"id": urn})
        busy = self._busy.get(key_of(client_id, external_id)) or {"tasks": []}
        self._busy.put(key_of(client_id, external_id), {"tasks": [*busy["tasks"], urn]})

    def settle(self, *, all_of_them: bool = False) -> None:
        """Finish what is due, in the order in which it became due."""
        until = "9" if all_of_them else f"{self._world.clock.now():017.3f}~"
        for place, row in self._running.through(until):
            task = self._kept.get(row["id"])
            if task is not None:
                self._finish(task)
            self._running.delete(place)

    def working_on(self, client_id: str, external_id: str) -> list[str]:
        """The operations on a posting that are not finished."""
        busy = self._busy.get(key_of(client_id, external_id)) or {"tasks": []}
        return [task["element"]["jobPostingOperationType"] for urn in busy["tasks"] if (task := self._kept.get(urn))]

    def premium_in_work(self, contract: str) -> int:
        """Premium posts on their way, which take a slot as soon as they are accepted."""
        return sum(
            1
            for _, row in self._running.through("9")
            if (task := self._kept.get(row["id"]))
            and task["element"]["jobPostingOperationType"] == "CREATE"
            and task["element"].get("contract") == contract
        )

    def answer(self, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        """`GET /v2/simpleJobPostingTasks?ids=…`"""
        check_method(request, "batch_get")
        keys = batch_keys(request)
        if any(not URN.fullmatch(key) for key in keys):
            raise refuse(400, "Batch key parameter value is invalid")
        results, errors = {}, {}
        for urn in keys:
            task = self._visible(urn, application)
            if task is None:
                errors[urn] = {"status": 404, "message": f"Task {urn} does not exist"}
            elif self._world.record_mood("forget", ENDPOINT, external_id=task["external_id"]) is None:
                results[urn] = _as_answered(task)
        return json_answer(200, {"results": results, "statuses": {}, "errors": errors})

    def latest(self, limit: int) -> list[Document]:
        """The newest tasks with their operation, which LinkedIn itself does not tell."""
        return [
            {**_as_answered(task), "operation": task["element"]["jobPostingOperationType"]}
            for task in self._kept.latest(limit)
        ]

    def of(self, external_id: str) -> list[Document]:
        """All tasks of one posting, oldest first, as LinkedIn would show them."""
        return [_as_answered(task) for task in self._kept.all() if task["external_id"] == external_id]

    def _fate(self, application: Document, element: Document) -> Document:
        """When the task will be finished, and the outcome if a mood or the payload decides it already."""
        external_id, title = element["externalJobPostingId"], element["title"]
        wait = float(self._world.settings["task_seconds"])
        slow = self._world.record_mood("slow_tasks", "", external_id=external_id, title=title)
        fate: Document = {"due_at": self._world.clock.now() + wait + (slow.seconds if slow else 0.0)}
        failed = self._world.record_mood("task_failed", "", external_id=external_id, title=title)
        processed = self._world.record_mood("task_processed", "", external_id=external_id, title=title)
        if failed is not None:
            fate["failure"] = failed.message or "An unexpected error occurred. This is a catch-all error."
        elif processed is not None or application["fed_by_xml"]:
            fate["processed"] = True
            fate["words"] = processed.message if processed else ""
        elif fault := task_fault(element):
            fate["failure"] = fault
        return fate

    def _finish(self, task: Document) -> None:
        if task.get("processed"):
            task.update(status="PROCESSED", error=task["words"])
        else:
            outcome = self._outcome(task)
            task["status"] = "FAILED" if outcome.failure else "SUCCEEDED"
            task.update(error=outcome.failure, posting_urn=outcome.posting_urn)
        self._kept.put(task["id"], task)
        busy_key = key_of(task["client_id"], task["external_id"])
        busy = self._busy.get(busy_key) or {"tasks": []}
        left = [urn for urn in busy["tasks"] if urn != task["id"]]
        if left:
            self._busy.put(busy_key, {"tasks": left})
        else:
            self._busy.delete(busy_key)

    def _outcome(self, task: Document) -> Outcome:
        if task.get("failure"):
            return Outcome(failure=task["failure"])
        return self._board.apply(task["client_id"], task["element"])

    def _visible(self, urn: str, application: Document) -> Document | None:
        """The task, unless it is somebody else's or forgotten after its lifetime."""
        task = self._kept.get(urn)
        if task is None or task["client_id"] != application["client_id"]:
            return None
        forgotten_at = task["submitted_at"] + self._world.settings["task_lifetime_seconds"]
        return task if self._world.clock.now() < forgotten_at else None

    def _place(self, due_at: float) -> str:
        return f"{due_at:017.3f}/{self._world.next_number('tasks', first=1):012d}"


def _as_answered(task: Document) -> Document:
    shown = {"id": task["id"], "externalJobPostingId": task["external_id"], "status": task["status"]}
    if task.get("posting_urn"):
        shown["jobPosting"] = task["posting_urn"]
    if task["element"].get("location"):
        shown["location"] = task["element"]["location"]
    if task.get("error"):
        shown["errorMessage"] = task["error"]
    return shown
